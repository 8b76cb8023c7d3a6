"""What servers printed, as JSON and back: bounded, and what several of them printed alike stands in the file once.

`{"shared_value": 3}` in place of a printed value refers to the table `shared_values`, `{"shared_text": 3}` in place of a text inside
one to `shared_texts`. What stands in the tables is meant literally, so that no reference leads to another and none in a circle.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import NamedTuple, TypeVar

from oauthcert.model.codec_fields import DamagedCase, each, exactly, number, text, whole
from oauthcert.model.evidence import JsonValue

T = TypeVar("T")

DEEPEST = 40
"""Levels of lists and objects inside one printed value; the scripts print flat objects."""
SHORTEST_SHARED = 100
"""Characters. Below that a reference saves little and only makes the file harder to read."""
LONGEST_MEANT = 512 * 1024 * 1024
"""Characters that all references to texts in one file may stand for together: a small file must not keep its reader busy for hours.
References to whole values need no such bound, because a value that many servers printed is one object and taken apart once."""

_VALUE, _TEXT = "shared_value", "shared_text"

Printed = tuple[JsonValue, ...]


class _Key(NamedTuple):
    """Equal for equal values. `literal` when it holds what would be taken for a reference outside of the tables."""

    digest: bytes
    literal: bool


class SharedWriting:
    """Finds what repeats among the printed values of one case, and puts references in its place."""

    def __init__(self, printed: Iterable[Printed]) -> None:
        self._printed = tuple(printed)  # held, because values are known again by their identity
        self._keys: dict[int, _Key | None] = {}
        first: dict[_Key, Printed] = {}
        times: Counter[_Key] = Counter()
        for value in self._printed:
            if id(value) not in self._keys:
                self._keys[id(value)] = _key(value)
            if key := self._keys[id(value)]:
                first.setdefault(key, value)
                times[key] += 1
        self._values = {key: index for index, key in enumerate(key for key in first if key.literal or times[key] > 1)}
        alone = (value for key, value in first.items() if key not in self._values)
        texts = Counter(long for value in alone for part in value for long in _long_texts(part, DEEPEST))
        self._texts = {long: index for index, long in enumerate(long for long, count in texts.items() if count > 1)}
        self._first = first

    def value(self, value: Printed) -> object:
        """The value or the reference to it. Raises KeyError for one that was not handed in at the beginning."""
        key = self._keys[id(value)]
        if key in self._values:
            return {_VALUE: self._values[key]}
        return [_writable(part, DEEPEST, self._texts) for part in value]

    @property
    def values(self) -> Iterator[JsonValue]:
        """The table of values, one after the other."""
        return (_literal(self._first[key]) for key in self._values)

    @property
    def texts(self) -> Iterator[str]:
        """The table of texts."""
        return iter(self._texts)


def _key(value: Printed) -> _Key | None:
    """None for what is too short to be shared. By its text and not by ==, for which 1 and true are the same."""
    written = json.dumps(value)
    literal = f'"{_TEXT}"' in written
    return _Key(sha256(written.encode("ascii")).digest(), literal) if literal or len(written) >= SHORTEST_SHARED else None


def _literal(value: Printed) -> JsonValue:
    return [_writable(part, DEEPEST, {}) for part in value]


def _writable(value: JsonValue, levels: int, texts: Mapping[str, int]) -> JsonValue:
    """What a server printed, as it came, except what JSON cannot hold and what is nested beyond sense: those become null."""
    if isinstance(value, str):
        return {_TEXT: texts[value]} if value in texts else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_writable(part, levels - 1, texts) for part in value] if levels else None
    if isinstance(value, dict):
        return {name: _writable(part, levels - 1, texts) for name, part in value.items()} if levels else None
    return value


def _long_texts(value: JsonValue, levels: int) -> Iterator[str]:
    """The texts worth sharing, each as often as it stands there."""
    if isinstance(value, str):
        if len(value) >= SHORTEST_SHARED:
            yield value
    elif isinstance(value, list | dict) and levels:
        for part in value if isinstance(value, list) else value.values():
            yield from _long_texts(part, levels - 1)


class SharedReading:
    """The tables of one file, and what refers to them: the same object wherever the same is meant. All raise DamagedCase."""

    def __init__(self, values: object, texts: object) -> None:
        self._values = each(values, "shared_values", partial(each, read=partial(_readable, levels=DEEPEST, tables=None)))
        self._texts = each(texts, "shared_texts", text)
        self._left = LONGEST_MEANT

    def value(self, value: object, where: str) -> Printed:
        """A list of what a server printed, or the reference to one."""
        if isinstance(value, dict):
            return _referred(self._values, exactly(value, where, _VALUE)[_VALUE], where)
        return each(value, where, partial(_readable, levels=DEEPEST, tables=self))

    def text(self, index: object, where: str) -> str:
        found = _referred(self._texts, index, where)
        self._left -= len(found)
        if self._left < 0:
            raise DamagedCase(where, "refers to more text than a case can hold")
        return found


def _referred(table: tuple[T, ...], index: object, where: str) -> T:
    place = whole(index, where)
    if not 0 <= place < len(table):
        raise DamagedCase(where, "refers to nothing")
    return table[place]


def _readable(value: object, where: str, levels: int, tables: SharedReading | None) -> JsonValue:
    if isinstance(value, dict) and tables is not None and value.keys() == {_TEXT}:
        return tables.text(value[_TEXT], where)
    if isinstance(value, list | dict) and not levels:
        raise DamagedCase(where, "is nested too deeply")
    if isinstance(value, list):
        return [_readable(part, where, levels - 1, tables) for part in value]
    if isinstance(value, dict):
        return {name: _readable(part, where, levels - 1, tables) for name, part in value.items()}
    if isinstance(value, float):
        return number(value, where)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise DamagedCase(where, "is no JSON value")
