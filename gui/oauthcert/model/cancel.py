"""A token that work asks whether it should stop."""

from threading import Event

from oauthcert.model.errors import Cancelled


class CancelToken:
    """Set once, from any thread; work calls `raise_if_cancelled` wherever it may stop."""

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleeps up to `seconds`; True as soon as it is cancelled."""
        return self._event.wait(seconds)
