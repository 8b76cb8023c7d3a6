"""Reads fields out of what a server printed, strictly and with bounds: it is believed only as far as its answer has the agreed shape."""

import math
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from oauthcert.model.evidence import JsonValue

T = TypeVar("T")

TEXT_LIMIT = 8_000
"""Characters of one text; the scripts keep messages to 2000 or 4000."""
LIST_LIMIT = 5_000
WHOLE_LIMIT = 2**53
DER_LIMIT = 64 * 1024

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z")
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")


class UnreadableError(Exception):
    """An answer is not of the agreed shape. `where` names the field, `what` says what was wrong; neither quotes the server."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class Fields:
    """One printed object. Every reader raises UnreadableError when the field is missing or of another type."""

    def __init__(self, value: JsonValue, where: str) -> None:
        if not isinstance(value, dict):
            raise UnreadableError(where, "not an object")
        self._value = value
        self._where = where

    def _get(self, name: str) -> tuple[JsonValue, str]:
        where = f"{self._where}.{name}"
        if name not in self._value:
            raise UnreadableError(where, "missing")
        return self._value[name], where

    def text(self, name: str) -> str:
        return _text(*self._get(name))

    def maybe_text(self, name: str) -> str | None:
        value, where = self._get(name)
        return None if value is None else _text(value, where)

    def flag(self, name: str) -> bool:
        value, where = self._get(name)
        if not isinstance(value, bool):
            raise UnreadableError(where, "not true or false")
        return value

    def maybe_flag(self, name: str) -> bool | None:
        value, _ = self._get(name)
        return None if value is None else self.flag(name)

    def whole(self, name: str) -> int:
        value, where = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > WHOLE_LIMIT:
            raise UnreadableError(where, "not a whole number")
        return value

    def maybe_whole(self, name: str) -> int | None:
        value, _ = self._get(name)
        return None if value is None else self.whole(name)

    def count(self, name: str) -> int:
        value = self.whole(name)
        if value < 0:
            raise UnreadableError(f"{self._where}.{name}", "below zero")
        return value

    def maybe_number(self, name: str) -> float | None:
        value, where = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadableError(where, "not a number")
        # Compared before the conversion: a whole number may have more digits than a float can hold.
        if not abs(value) <= WHOLE_LIMIT or not math.isfinite(value):
            raise UnreadableError(where, "not a number in range")
        return float(value)

    def time(self, name: str) -> datetime:
        return _time(*self._get(name))

    def maybe_time(self, name: str) -> datetime | None:
        value, where = self._get(name)
        return None if value is None else _time(value, where)

    def thumbprint(self, name: str) -> str:
        return _thumbprint(*self._get(name))

    def maybe_thumbprint(self, name: str) -> str | None:
        value, where = self._get(name)
        return None if value is None else _thumbprint(value, where)

    def der(self, name: str) -> bytes:
        """Base64 of at most DER_LIMIT bytes. What is inside is not looked at."""
        value, where = self._get(name)
        if not isinstance(value, str) or len(value) > DER_LIMIT * 2:
            raise UnreadableError(where, "not base64")
        try:
            der = b64decode(value, validate=True)
        except ValueError:
            raise UnreadableError(where, "not base64") from None
        if not 0 < len(der) <= DER_LIMIT:
            raise UnreadableError(where, "empty or too long")
        return der

    def later_flag(self, name: str) -> bool:
        """A flag that earlier versions of the scripts did not print: then it is False."""
        return name in self._value and self.flag(name)

    def maybe_inner(self, name: str, read: Callable[["Fields"], T]) -> T | None:
        value, _ = self._get(name)
        return None if value is None else read(self.inner(name))

    def inner(self, name: str) -> "Fields":
        return Fields(*self._get(name))

    def objects(self, name: str, read: Callable[["Fields"], T]) -> tuple[T, ...]:
        value, where = self._get(name)
        return tuple(read(Fields(item, f"{where}[{number}]")) for number, item in enumerate(_items(value, where)))

    def texts(self, name: str) -> tuple[str, ...]:
        value, where = self._get(name)
        return tuple(_text(item, f"{where}[{number}]") for number, item in enumerate(_items(value, where)))

    def thumbprints(self, name: str) -> tuple[str, ...]:
        value, where = self._get(name)
        return tuple(_thumbprint(item, f"{where}[{number}]") for number, item in enumerate(_items(value, where)))


def one(values: tuple[JsonValue, ...], read: Callable[[Fields], T]) -> T:
    """The reading of a probe that answers exactly one object."""
    if len(values) != 1:
        raise UnreadableError("answer", f"{min(len(values), LIST_LIMIT)} objects instead of one")
    return read(Fields(values[0], "answer"))


def every(values: tuple[JsonValue, ...], read: Callable[[Fields], T]) -> tuple[T, ...]:
    """The reading of a probe that answers any number of objects."""
    if len(values) > LIST_LIMIT:
        raise UnreadableError("answer", "too many objects")
    return tuple(read(Fields(value, f"answer[{number}]")) for number, value in enumerate(values))


def _items(value: JsonValue, where: str) -> list[JsonValue]:
    if not isinstance(value, list):
        raise UnreadableError(where, "not a list")
    if len(value) > LIST_LIMIT:
        raise UnreadableError(where, "too long a list")
    return value


def _text(value: JsonValue, where: str) -> str:
    if not isinstance(value, str):
        raise UnreadableError(where, "not text")
    if len(value) > TEXT_LIMIT:
        raise UnreadableError(where, "too long a text")
    return value


def _time(value: JsonValue, where: str) -> datetime:
    """ISO 8601 in UTC as .NET's format 'o' writes it, with up to seven digits of a second; microseconds are kept."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise UnreadableError(where, "not a time in UTC")
    try:
        moment = datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise UnreadableError(where, "not a time in UTC") from None
    return moment.replace(microsecond=int((match[2] or "")[:6].ljust(6, "0")))


def _thumbprint(value: JsonValue, where: str) -> str:
    text = _text(value, where).strip().upper()
    if _THUMBPRINT.fullmatch(text) is None:
        raise UnreadableError(where, "not a thumbprint")
    return text
