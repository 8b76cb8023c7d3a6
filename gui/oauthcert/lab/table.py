"""A TOML table that is read key by key; what nobody read is refused at the end."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NoReturn, TypeVar

from oauthcert.model.errors import ScenarioError

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))+")
_LONGEST = 2000
_MOST = 2000


class Table:
    """Every reader raises ScenarioError with the facts file, key and allowed. `where` is the path of this table in the file."""

    def __init__(self, content: Mapping[str, object], file: str, where: str = "") -> None:
        self._content = content
        self._file = file
        self._where = where
        self._read: set[str] = set()

    def fail(self, key: str, allowed: str) -> NoReturn:
        path = f"{self._where}.{key}" if self._where else key
        raise ScenarioError(f"{self._file}: {path}: must be {allowed}", file=self._file, key=path, allowed=allowed)

    def end(self) -> None:
        """Refuses keys that were never asked for."""
        for key in self._content:
            if key not in self._read:
                self.fail(key, f"left out: it is unknown here; known are {', '.join(sorted(self._read))}")

    def has(self, key: str) -> bool:
        self._read.add(key)
        return key in self._content

    def text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, default, "a text")
        if not isinstance(value, str) or (default is None and not value.strip()) or len(value) > _LONGEST:
            self.fail(key, f"a text of at most {_LONGEST} characters" + ("" if default is not None else ", not empty"))
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """A fully qualified server name in lower case."""
        value = self.text(key, default)
        if not _NAME.fullmatch(value):
            self.fail(key, 'a full server name in lower case, such as "fe01.contoso.lab"')
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self._value(key, None, "one of " + ", ".join(allowed))
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, "one of " + ", ".join(allowed))
        return value

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        value = self._value(key, default, f"a whole number from {least} to {most}")
        if type(value) is not int or not least <= value <= most:
            self.fail(key, f"a whole number from {least} to {most}")
        return value

    def flag(self, key: str) -> bool:
        value = self._value(key, False, "true or false")
        if not isinstance(value, bool):
            self.fail(key, "true or false")
        return value

    def option(self, key: str, kind: type) -> str | int | float | bool:
        """A value of this type; a whole number does where a broken one may stand."""
        value = self._value(key, None, kind.__name__)
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is not kind or not isinstance(value, str | int | float | bool):
            self.fail(key, {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false"}[kind.__name__])
        return value

    def texts(self, key: str, default: Sequence[str] | None = None) -> list[str]:
        """A list of texts, not empty unless the default is."""
        value = self._value(key, default, "a list of texts")
        if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(one, str) for one in value):
            self.fail(key, "a list of texts")
        if not value and default != []:
            self.fail(key, "a list of texts, not empty")
        return [str(one) for one in value]

    def parsed(self, key: str, parse: Callable[[str], T], default: str | None) -> T:
        text = self.text(key, default)
        try:
            return parse(text)
        except (ValueError, OverflowError) as problem:
            self.fail(key, str(problem))

    def each(self, key: str, parse: Callable[[str], T], default: Sequence[str]) -> list[T]:
        """A list of texts, each parsed; it may be empty."""
        found = []
        for text in [] if self._value(key, default, "a list of texts") == [] else self.texts(key, default):
            try:
                found.append(parse(text))
            except (ValueError, OverflowError) as problem:
                self.fail(key, str(problem))
        return found

    def table(self, key: str, default: Mapping[str, object] | None = None) -> "Table":
        value = self._value(key, default, "a table")
        if not isinstance(value, Mapping):
            self.fail(key, "a table")
        return Table(value, self._file, f"{self._where}.{key}" if self._where else key)

    def tables(self, key: str) -> list["Table"]:
        """A list of tables; none when the key is absent."""
        value = self._value(key, [], "a list of tables")
        if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(one, Mapping) for one in value):
            self.fail(key, "a list of tables")
        path = f"{self._where}.{key}" if self._where else key
        return [Table(one, self._file, f"{path}[{number}]") for number, one in enumerate(value, start=1)]

    def part(self, key: str, from_text: Callable[[str], T], from_table: Callable[["Table"], T]) -> T:
        """Something that may stand as a text or as a table."""
        return self._part(key, self._value(key, None, "a text or a table"), from_text, from_table)

    def parts(self, key: str, from_text: Callable[[str], T], from_table: Callable[["Table"], T]) -> list[T]:
        value = self._value(key, [], "a list of texts and tables")
        if not isinstance(value, list) or len(value) > _MOST:
            self.fail(key, "a list of texts and tables")
        return [self._part(key, one, from_text, from_table) for one in value]

    def _part(self, key: str, value: object, from_text: Callable[[str], T], from_table: Callable[["Table"], T]) -> T:
        if isinstance(value, str):
            try:
                return from_text(value)
            except ValueError as problem:
                self.fail(key, str(problem))
        if isinstance(value, Mapping):
            return from_table(Table(value, self._file, f"{self._where}.{key}" if self._where else key))
        return self.fail(key, "a text or a table")

    def _value(self, key: str, default: object, allowed: str) -> object:
        self._read.add(key)
        if key in self._content:
            return self._content[key]
        if default is None:
            self.fail(key, f"{allowed}; it is missing")
        return default
