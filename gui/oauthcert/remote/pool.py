"""Lanes: a bounded number of threads that take jobs, one server's work staying on one thread from beginning to end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled

LANES = 32  # more only helps where an answer takes longer than 20 ms; 64 is the sensible most
_MOST_LANES = 256

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The job returned this."""

    value: T


@dataclass(frozen=True, slots=True)
class Failed:
    """The job raised this; Cancelled for one that was never begun."""

    error: Exception


Outcome = Done[T] | Failed


def run_all(jobs: Iterable[Callable[[], T]], lanes: int, token: CancelToken) -> list[Outcome[T]]:
    """Runs every job once, at most `lanes` at a time, and returns what came of each, in their order.

    Lanes take the next job when they are free, so nothing is queued up by the caller. After `token` is cancelled no job is begun;
    those that run are waited for, they have the token themselves. A job's exception costs that job only.
    """
    from concurrent.futures import ThreadPoolExecutor

    waiting = list(jobs)
    outcomes: list[Outcome[T]] = [Failed(Cancelled()) for _ in waiting]
    numbers = iter(range(len(waiting)))
    lock = Lock()

    def lane() -> None:
        while not token.cancelled:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            outcomes[number] = _outcome(waiting[number])

    count = max(1, min(lanes, _MOST_LANES, len(waiting)))
    with ThreadPoolExecutor(count, thread_name_prefix="lane") as executor:
        running = [executor.submit(lane) for _ in range(count)]
        try:
            for future in running:
                future.result()
        except BaseException:
            token.cancel()  # interrupted from the keyboard, or a lane itself broke: let the others end soon
            raise
    return outcomes


def _outcome(job: Callable[[], T]) -> Outcome[T]:
    try:
        return Done(job())
    except Exception as error:  # kept as a value for the caller to judge
        return Failed(error)
