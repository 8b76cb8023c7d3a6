"""How answers are written: lists of flat objects, times in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime

Answers = list[Mapping[str, object]]


def utc(moment: datetime | None) -> str | None:
    """As .NET writes it with the format 'o': seven digits and Z. None stays None."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
