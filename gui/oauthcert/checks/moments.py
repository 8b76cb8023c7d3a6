"""Times that cannot go wrong: whatever a server claims, shifting and printing it never raises."""

from datetime import UTC, datetime, timedelta
from math import isfinite

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def shifted(moment: datetime, seconds: float) -> datetime:
    """`moment` plus `seconds`, held within the years 1 to 9999. A figure that is no number shifts by nothing."""
    if not isfinite(seconds):
        return moment
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return _LATEST if seconds > 0 else _EARLIEST


def seconds_between(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()


def iso(moment: datetime | None) -> str:
    """ISO 8601 in UTC to the second; empty when there is none."""
    if moment is None:
        return ""
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        in_utc = moment.replace(tzinfo=UTC)
    return in_utc.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def tenth(figure: float) -> float:
    """Rounded to a tenth for reading; -0.0 becomes 0.0."""
    return round(figure, 1) + 0.0
