"""Runs a look in a thread of its own, so that the terminal stays alive: progress, and an interrupt that is heard at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, Protocol, TypeVar, cast

from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences
from oauthcert.model.cancel import CancelToken

T = TypeVar("T")

# Windows delivers Ctrl+C only between waits of the main thread
_TICK_SECONDS = 0.2


class Follower(Protocol):
    """Shows what is told; called in the thread of the terminal."""

    def take(self, event: Any, /) -> None: ...
    def tick(self) -> None: ...
    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Ended(Generic[T]):
    value: T | None = None
    error: BaseException | None = None


def run_look(
    work: Callable[[Callable[[Any], None], CancelToken], T],
    console: Console,
    sentences: Sentences,
    progress: Follower,
    stopping: str = "stopping",
) -> tuple[T, bool]:
    """What `work` found, and whether it was interrupted. Raises what `work` raised; KeyboardInterrupt at the second interrupt.

    `stopping` is the sentence said at the first.
    """
    token = CancelToken()
    arrived: SimpleQueue[Any] = SimpleQueue()
    outcome: list[_Ended[T]] = []

    def run() -> None:
        try:
            outcome.append(_Ended(work(arrived.put, token)))
        except BaseException as error:  # handed to the thread that waits, and raised there
            outcome.append(_Ended(error=error))
        finally:
            arrived.put(None)

    thread = threading.Thread(target=run, name="look", daemon=True)
    thread.start()
    try:
        _follow(arrived, progress, token, lambda: console.say(sentences(stopping)))
    finally:
        progress.clear()
    thread.join()
    ended = outcome[0]
    if ended.error is not None:
        raise ended.error
    return cast(T, ended.value), token.cancelled


def _follow(arrived: "SimpleQueue[Any]", progress: Follower, token: CancelToken, say_stopping: Callable[[], None]) -> None:
    while True:
        try:
            event = arrived.get(timeout=_TICK_SECONDS)
            if event is None:
                return
            progress.take(event)
        except Empty:
            progress.tick()
        except KeyboardInterrupt:
            if token.cancelled:
                raise
            token.cancel()
            progress.clear()
            say_stopping()
