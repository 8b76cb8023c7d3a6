"""Carries what work tells, on any thread, to the window's thread: the only file that knows both threads and Qt."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled

Tell = Callable[[object], None]
Work = Callable[[CancelToken, Tell], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How work ended: its value, or the error it ended with."""

    value: object = None
    error: BaseException | None = None
    cancelled: bool = False


class _Line:
    """Whether the bridge still stands. Telling and taking down exclude each other: an emit in the middle of a deletion is a crash."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.whole = True

    def cut(self) -> None:
        with self.lock:
            self.whole = False


class JobBridge(QObject):
    """Runs one piece of work at a time on a thread of its own; `told` and `finished` arrive on the thread that made the bridge."""

    told = Signal(object)
    finished = Signal(object)
    _arrived = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = _Line()
        # Not a method of ours: when this is called, Python's half of the bridge may be gone already.
        self.destroyed.connect(self._line.cut)
        self._arrived.connect(self._on_arrived)
        self._token: CancelToken | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._token is not None

    def start(self, work: Work, name: str = "work") -> None:
        """Starts work; what an earlier piece still tells is not heard any more."""
        if self._token is not None:
            self._token.cancel()
        token = CancelToken()
        self._token = token
        self._thread = threading.Thread(target=self._run, args=(work, token), name=f"oauthcert-{name}", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        if self._token is not None:
            self._token.cancel()

    def wait(self, seconds: float) -> bool:
        """For closing the window: whether the work ended within `seconds`."""
        if self._thread is not None:
            self._thread.join(seconds)
            return not self._thread.is_alive()
        return True

    def _run(self, work: Work, token: CancelToken) -> None:
        try:
            outcome = Outcome(value=work(token, lambda event: self._send(token, event)))
        except Cancelled:
            outcome = Outcome(cancelled=True)
        except Exception as error:  # told to the window, which shows its words or the crash page
            outcome = Outcome(error=error)
        self._send(token, outcome)

    def _send(self, token: CancelToken, event: object) -> None:
        with self._line.lock:
            if self._line.whole:
                try:
                    self._arrived.emit(token, event)
                except RuntimeError:
                    # The window was closed meanwhile and Qt has deleted this object.
                    self._line.whole = False
            if not self._line.whole:
                token.cancel()  # nobody is left to tell

    def _on_arrived(self, token: CancelToken, event: object) -> None:
        if token is not self._token:
            return
        if isinstance(event, Outcome):
            self._token = None
            self.finished.emit(event)
        else:
            self.told.emit(event)
