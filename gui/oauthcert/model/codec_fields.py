"""The parts every field of a case is read with: each takes a plain JSON value and where it stands, and raises DamagedCase."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import TypeVar

from oauthcert.model.errors import CaseFileError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_LARGEST = 2**63 - 1


class DamagedCase(CaseFileError):
    """`where` names the field (`findings[3].verdict`), `problem` what is wrong with it."""

    words = "case-file-damaged"

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}", where=where[:120], problem=problem[:120])


def exactly(value: object, where: str, names: str) -> Mapping[str, object]:
    """The mapping, when it has exactly the fields `names`."""
    found, wanted = mapping(value, where), set(names.split())
    if missing := wanted - set(found):
        raise DamagedCase(where, f"{min(missing)} is missing")
    if unknown := set(found) - wanted:
        raise DamagedCase(where, f"{min(unknown)[:60]} is not a field of it")
    return found


def mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DamagedCase(where, "is not an object")
    return value


def each(value: object, where: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise DamagedCase(where, "is not a list")
    return tuple(read(part, f"{where}[{index}]") for index, part in enumerate(value))


def perhaps(value: object, where: str, read: Callable[[object, str], T]) -> T | None:
    return None if value is None else read(value, where)


def text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise DamagedCase(where, "is not text")
    return value


def whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise DamagedCase(where, "is not a whole number of 64 bits")
    return value


def number(value: object, where: str) -> float:
    if not isinstance(value, float):
        return float(whole(value, where))
    if not isfinite(value):  # 1e999 is valid JSON
        raise DamagedCase(where, "is larger than any number")
    return value


def one_of(kind: type[E], value: object, where: str) -> E:
    try:
        return kind(text(value, where))
    except ValueError:
        raise DamagedCase(where, f"is none of {', '.join(kind)}") from None


def moment(value: object, where: str) -> datetime:
    try:
        when = datetime.fromisoformat(text(value, where))
        if when.tzinfo is not None:
            return when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DamagedCase(where, "is not a time") from None
    raise DamagedCase(where, "is a time without its zone")
