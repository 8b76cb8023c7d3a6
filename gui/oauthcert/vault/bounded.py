"""Runs one call at a time in a thread of its own and stops waiting for it when its time is up."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

from oauthcert.vault.failures import VaultLocked

T = TypeVar("T")


class BoundedCalls:
    """A locked Secret Service answers only after someone typed its password into a prompt; without a desktop, never.

    Nothing can end a thread that waits so, but nobody has to wait with it. While such a thread is still stuck, further calls
    fail at once instead of each waiting its turn.
    """

    def __init__(self, seconds: float, place: str) -> None:
        self._seconds = seconds
        self._place = place
        self._lock = Lock()
        self._stuck: Thread | None = None

    def __call__(self, work: Callable[[], T]) -> T:
        """The result of `work`, or its exception. Raises VaultLocked when it took longer than the bound."""
        with self._lock:
            if self._stuck is not None and self._stuck.is_alive():
                raise self._locked()
            answer: Future[T] = Future()
            # daemon: a prompt that nobody answers must not keep the program from ending
            thread = Thread(target=_settle, args=(answer, work), name="vault", daemon=True)
            thread.start()
            try:
                return answer.result(self._seconds)
            except TimeoutError:
                if answer.done():
                    return answer.result()
                self._stuck = thread
                raise self._locked() from None

    def _locked(self) -> VaultLocked:
        seconds = f"{self._seconds:g}"
        return VaultLocked(f"the password store did not answer within {seconds} s; it may be locked", place=self._place, seconds=seconds)


def _settle(answer: Future[T], work: Callable[[], T]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:
        answer.set_exception(error)
