"""Where work puts what it tells, for the window to fetch in its own time."""

import time
from collections import deque
from collections.abc import Callable, Iterator


class Inbox:
    """`put` is called on any thread, `take` on the window's.

    One signal per event would be delivered in one go, however many have piled up, and hold the window up for as long.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._events: deque[object] = deque()
        self._clock = clock

    def put(self, event: object) -> None:
        self._events.append(event)

    def take(self, seconds: float) -> Iterator[object]:
        """What has arrived, oldest first, for at most about `seconds`; the rest waits for the next call."""
        until = self._clock() + seconds
        while self._events and self._clock() < until:
            yield self._events.popleft()
