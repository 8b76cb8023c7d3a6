"""Keeps equal parts of many answers once: thousands of servers print the same topology, issuers, services and field names."""

from typing import TypeVar, cast

from oauthcert.model.evidence import JsonValue

T = TypeVar("T", bound=JsonValue | tuple[JsonValue, ...])

DEEPEST = 32
"""Levels of lists and objects, as on the wire."""
MOST = 100_000
"""Parts in one generation; two are remembered. Every server adds about 50 that are its own and never come again."""
LONGEST_TEXT = 1024 * 1024
"""Characters of one text. The longest that a script prints is a certificate of 64 KB."""

Key = tuple[object, ...]


class UnfitValueError(ValueError):
    """A value that no server prints: nested too deeply, or a text beyond all measure."""


class EqualValues:
    """For one thread. What it hands out is never changed, so that any number of readers can hold the same object."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # Containers are known by the identity of their parts. Each entry holds its parts, so no identity is given away anew meanwhile.
        self._known: dict[Key, JsonValue | tuple[JsonValue, ...]] = {}
        self._older: dict[Key, JsonValue | tuple[JsonValue, ...]] = {}

    def once(self, value: JsonValue, levels: int = DEEPEST) -> JsonValue:
        """An equal value, the same object for equal ones; lone surrogates, which no file can hold, become U+FFFD.

        Equal means equal as JSON text: 1, 1.0 and true differ. Raises UnfitValueError.
        """
        if isinstance(value, list | dict) and levels <= 0:
            raise UnfitValueError("nested too deeply")
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            parts = [self.once(part, levels - 1) for part in value]
            return self._kept(("list", *map(id, parts)), parts)
        if isinstance(value, dict):
            named = {self._text(name): self.once(part, levels - 1) for name, part in value.items()}
            return self._kept(("dict", *(mark for name, part in named.items() for mark in (name, id(part)))), named)
        if value is None or isinstance(value, bool):
            return value
        return self._kept((type(value), repr(value)), value)

    def printed(self, value: tuple[JsonValue, ...]) -> tuple[JsonValue, ...]:
        """The same for the values of one answer, whose parts `once` has handed out already."""
        return self._kept(("printed", *map(id, value)), value)

    def _text(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise UnfitValueError("a text is too long")
        return self._kept(
            ("text", text), text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        )

    def _kept(self, key: Key, value: T) -> T:
        """What is known by this key, of the same kind as `value`; else `value`, from now on."""
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._most:
                self._older, self._known = self._known, {}
            known = self._known[key] = self._older.get(key, value)
        return cast(T, known)
