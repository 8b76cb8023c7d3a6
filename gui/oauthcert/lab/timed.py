"""Values that change at known moments, and arithmetic on the spans of time in which they hold. All moments are aware and in UTC."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, but not including, `end`."""

    start: datetime
    end: datetime


class Timed(Generic[T]):
    """What a value was, is and will be: `at(moment)` tells, however late the changes were noted down."""

    __slots__ = ("_moments", "_values")

    def __init__(self, initial: T) -> None:
        self._moments: list[datetime] = [BEGINNING]
        self._values: list[T] = [initial]

    def set(self, moment: datetime, value: T) -> None:
        """From `moment` until the next change. Of two changes noted for one moment the later noted counts."""
        if moment < BEGINNING:
            raise ValueError("before the beginning of time")
        place = bisect_right(self._moments, moment)
        if place and self._moments[place - 1] == moment:
            self._values[place - 1] = value
            return
        self._moments.insert(place, moment)
        self._values.insert(place, value)

    def at(self, moment: datetime) -> T:
        return self._values[max(bisect_right(self._moments, moment) - 1, 0)]

    def changed(self, moment: datetime) -> datetime:
        """When it became what it is at `moment`; BEGINNING when it has always been so."""
        return self._moments[max(bisect_right(self._moments, moment) - 1, 0)]

    def spans(self, holds: Callable[[T], bool]) -> tuple[Span, ...]:
        """The spans in which `holds` is true of the value, oldest first, neighbours joined."""
        found: list[Span] = []
        ends = [*self._moments[1:], END]
        for start, end, value in zip(self._moments, ends, self._values, strict=True):
            if not holds(value):
                continue
            if found and found[-1].end == start:
                found[-1] = Span(found[-1].start, end)
            else:
                found.append(Span(start, end))
        return tuple(found)


def common(groups: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """The spans in which all groups hold at once; every group sorted and without overlaps. No group at all holds always."""
    shared: tuple[Span, ...] = (Span(BEGINNING, END),)
    for group in groups:
        shared = tuple(
            Span(max(left.start, right.start), min(left.end, right.end))
            for left in shared
            for right in group
            if max(left.start, right.start) < min(left.end, right.end)
        )
    return shared


@dataclass(frozen=True, slots=True)
class Tempo:
    """How long things take: until `since` as long as in real life, after that `factor` times as fast."""

    since: datetime = END
    factor: float = 1.0

    def end(self, start: datetime, length: timedelta) -> datetime:
        """When something that begins at `start` and takes `length` in real life is over."""
        if start >= self.since:
            return start + length / self.factor
        left = start + length - self.since
        return start + length if left <= timedelta() else self.since + left / self.factor


def first_room(spans: Sequence[Span], earliest: datetime, needed: timedelta, tempo: Tempo | None = None) -> datetime | None:
    """The first moment from `earliest` on after which `needed` time passes within one span; None when there never is."""
    pace = tempo or Tempo()
    for span in spans:
        start = max(span.start, earliest)
        if start < span.end and pace.end(start, needed) < span.end:
            return start
    return None
