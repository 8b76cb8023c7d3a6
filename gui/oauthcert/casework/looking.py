"""One look at one server: connect, ask one round, keep whatever came. Never raises for what a server does."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from oauthcert.casework.events import Answered, Connecting, Event, ServerFinished
from oauthcert.casework.sharing import SharedAnswers
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled, RemoteError
from oauthcert.model.evidence import Answer, ClockSeen, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.port import Connection, Gateway
from oauthcert.remote.wire import HELLO, Question

log = logging.getLogger(__name__)

T = TypeVar("T")

CANCELLED = NotSeen("cancelled")


class Look:
    """What is known of one server so far; `observation` may be read at any time, also while the look still runs."""

    def __init__(
        self, target: Target, total: int, tell: Callable[[Event], None], now: Callable[[], datetime], shared: SharedAnswers
    ) -> None:
        self._target = target
        self._total = total
        self._tell = tell
        self._now = now
        self._shared = shared
        self._answers: dict[str, Answer] = {}
        self._connection: Connection | None = None
        self._started: datetime | None = None
        self._finished: datetime | None = None
        self._lost: NotSeen | None = CANCELLED

    def run(
        self,
        gateway: Gateway,
        credential: Callable[[Target], Credential | None],
        questions: Sequence[Question],
        library: str,
        seconds: float,
        token: CancelToken,
    ) -> None:
        """Connects, asks, closes. `seconds` is the deadline for all of it together."""
        server = self._target.name
        self._started = self._now()
        self._tell(Connecting(server))
        try:
            token.raise_if_cancelled()
            self._connection = gateway.connect(self._target, credential(self._target))
            try:
                self._connection.ask(questions, library, deadline_seconds=seconds, token=token, on_answer=self._take)
                self._lost = None
            finally:
                self._connection.close()
        except Cancelled:
            self._lost = CANCELLED
        except RemoteError as error:
            self._lost = NotSeen(error.reason, dict(error.facts))
        except Exception as error:
            # a bug here must cost this one server, not the other hundred; the log has the rest
            log.exception("the look at %s broke", server)
            self._lost = NotSeen("unexpected", {"type": type(error).__name__})
        self._finished = self._now()
        self._tell(ServerFinished(server, self._lost.reason if self._lost else None))

    def _take(self, answer: Answer) -> None:
        if answer.probe in self._answers:
            log.warning("%s answered %s twice; the first answer counts", self._target.name, answer.probe[:60])
            return
        self._answers[answer.probe] = self._shared.shared(answer)
        if answer.probe != HELLO:
            done = len(self._answers) - (HELLO in self._answers)
            self._tell(Answered(self._target.name, answer.probe, answer.ok, done, self._total))

    @property
    def observation(self) -> Observation:
        lost = self._lost
        connection = self._connection or _Unconnected()
        reach = _seen(connection.reached, lost)
        return Observation(
            server=self._target.name,
            reach=reach,
            sign_in=_seen(connection.signed_in, lost),
            clock=_seen(connection.clock, lost),
            answers=dict(self._answers),
            lost=lost,
            tls=connection.tls,
            started=self._started,
            finished=self._finished,
        )


class _Unconnected:
    """Stands for the connection that was never made."""

    reached: ReachSeen | None = None
    signed_in: SignInSeen | None = None
    clock: ClockSeen | None = None
    tls: TlsSeen | None = None


def _seen(value: T | None, lost: NotSeen | None) -> Seen[T] | NotSeen:
    """A connection that brought everything and does not say this was not asked for it."""
    return Seen(value) if value is not None else lost or NotSeen("not-asked")
