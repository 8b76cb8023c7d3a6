"""A practice server's clock: the lab's time, and jumps injected on top of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    return datetime.now(UTC)


class ServerClock:
    """`source` gives aware times in UTC."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self._source = source
        self._shift = timedelta()

    def now(self) -> datetime:
        return self._source() + self._shift

    def jump(self, seconds: float) -> None:
        """From now on the clock is this much further; negative goes back."""
        self._shift += timedelta(seconds=seconds)
