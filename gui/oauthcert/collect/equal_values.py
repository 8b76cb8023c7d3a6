"""Keeps equal parts of many answers once: thousands of servers print the same topology, issuers, services and field names."""

from oauthcert.model.evidence import JsonValue

DEEPEST = 32
"""Levels of lists and objects, as on the wire."""
MOST = 400_000
"""Parts remembered; what comes later is still read, only no longer shared."""
LONGEST_TEXT = 1024 * 1024
"""Characters of one text. The longest that a script prints is a certificate of 64 KB."""

Key = tuple[object, ...]


class UnfitValueError(ValueError):
    """A value that no server prints: nested too deeply, or a text beyond all measure."""


class EqualValues:
    """For one thread. What it hands out is never changed, so that any number of readers can hold the same object."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # Containers are known by the identity of their parts. Each entry holds its parts, so no identity is ever given away anew.
        self._known: dict[Key, JsonValue] = {}
        self._printed: dict[int, tuple[JsonValue, tuple[JsonValue, ...]]] = {}

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
            return self._keep(("list", *map(id, parts)), parts)
        if isinstance(value, dict):
            named = {self._text(name): self.once(part, levels - 1) for name, part in value.items()}
            return self._keep(("dict", *(mark for name, part in named.items() for mark in (name, id(part)))), named)
        if value is None or isinstance(value, bool):
            return value
        return self._keep((type(value), repr(value)), value)

    def printed(self, value: tuple[JsonValue, ...]) -> tuple[JsonValue, ...]:
        """The same for the values of one answer, whose parts `once` has handed out already."""
        key: Key = ("printed", *map(id, value))
        kept = self._known.get(key)
        if kept is None:
            kept = self._keep(key, list(value))
        if id(kept) not in self._printed:
            if len(self._printed) >= self._most:
                return value
            self._printed[id(kept)] = (kept, value)
        return self._printed[id(kept)][1]

    def _text(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise UnfitValueError("a text is too long")
        known = self._known.get(("text", text))
        if isinstance(known, str):
            return known
        clean = text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self._keep(("text", text), clean)
        return clean

    def _keep(self, key: Key, value: JsonValue) -> JsonValue:
        if len(self._known) < self._most:
            return self._known.setdefault(key, value)
        return self._known.get(key, value)
