"""The server's clock, read from the Date headers of its answers. Pure: times are handed in.

An answer stamped D (whole seconds, cut off) that was asked for at `sent` and had come at `received` by our clock was
stamped in between, so server minus workstation lies in [D - received, D + 1 - sent]. All such intervals must overlap.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from oauthcert.model.evidence import ClockSeen

_YEARS = range(1990, 2200)
_STEP = 0.5  # seconds by which wall and monotonic clock may part before we say that ours was set


@dataclass(frozen=True, slots=True)
class Moment:
    """This computer's time by both of its clocks: `wall` in seconds since 1970 UTC, `monotonic` in seconds since whenever."""

    wall: float
    monotonic: float


@dataclass(frozen=True, slots=True)
class _Interval:
    low: float
    high: float


class ServerClock:
    """Intersects what every answer tells. `jumped` counts the times that what was known had to be thrown away, whichever clock was set."""

    def __init__(self) -> None:
        self.jumped = 0
        self._farthest = 0.0
        self._samples = 0
        self._interval: _Interval | None = None
        self._last: Moment | None = None

    def heard(self, date: str | None, sent: Moment, received: Moment) -> None:
        """Takes one answer's Date header, missing or malformed as it may be."""
        self._watch_our_own(sent)
        self._watch_our_own(received)
        stamped = parse_date(date)
        if stamped is None or received.monotonic < sent.monotonic:
            return
        # Wall time is taken once, so that a step of our clock during the wait cannot turn the interval inside out.
        waited = received.monotonic - sent.monotonic
        stamp = stamped.timestamp()
        fresh = _Interval(stamp - received.wall, stamp + 1 - (received.wall - waited))
        known = self._interval
        if known is None:
            self._interval, self._samples = fresh, 1
            return
        low, high = max(known.low, fresh.low), min(known.high, fresh.high)
        if low > high:
            # The server's clock was set in between (ours is watched by its monotonic twin): only what was seen since then counts.
            self.jumped += 1
            gap = fresh.low - known.high if fresh.low > known.high else fresh.high - known.low
            self._farthest = max(self._farthest, gap, key=abs)
            self._interval, self._samples = fresh, 1
        else:
            self._interval, self._samples = _Interval(low, high), self._samples + 1

    def _watch_our_own(self, moment: Moment) -> None:
        """When this computer's clock was set (or it slept), nothing seen before can be compared with it any more."""
        last, self._last = self._last, moment
        if last is None or self._interval is None:
            return
        step = (moment.wall - last.wall) - (moment.monotonic - last.monotonic)
        if abs(step) > _STEP:
            self.jumped += 1
            self._interval, self._samples = None, 0

    @property
    def seen(self) -> ClockSeen | None:
        """The offset now known, server minus workstation; None before the first usable header."""
        if self._interval is None:
            return None
        middle = (self._interval.low + self._interval.high) / 2
        return ClockSeen(middle, self._interval.high - middle, self._samples, self._farthest)


def parse_date(text: str | None) -> datetime | None:
    """An HTTP date as an aware datetime in UTC; None when it is missing, malformed or absurd."""
    if text is None or len(text) > 60:
        return None
    try:
        date = parsedate_to_datetime(text)
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.year in _YEARS else None
