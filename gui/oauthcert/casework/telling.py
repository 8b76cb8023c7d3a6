"""Passes what happens on to one listener, one event at a time; a listener that breaks costs its news, never the work."""

import logging
from collections.abc import Callable
from threading import Lock

from oauthcert.casework.events import Event, RepairEvent

log = logging.getLogger(__name__)


class Telling:
    """May be called by several threads."""

    def __init__(self, tell: Callable[[Event | RepairEvent], None]) -> None:
        self._tell = tell
        self._lock = Lock()

    def __call__(self, event: Event | RepairEvent) -> None:
        with self._lock:
            try:
                self._tell(event)
            except Exception:
                log.exception("a listener broke on %s", type(event).__name__)
