"""One look at one server: connect, ask one round, keep whatever came. Never raises for what a server does."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from oauthcert.casework.events import Answered, Connecting, Event, ServerFinished
from oauthcert.casework.sharing import SharedAnswers
from oauthcert.casework.sign_in_gate import SHOWS_PASSWORD, SignInGate, SignInSpared
from oauthcert.casework.survey import Identify
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled, RemoteError
from oauthcert.model.evidence import Answer, ClockSeen, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.port import Connection, Gateway
from oauthcert.remote.wire import HELLO, Question

if TYPE_CHECKING:
    from oauthcert.remote.identify import Identified

log = logging.getLogger(__name__)

T = TypeVar("T")

CANCELLED = NotSeen("cancelled")


class Look:
    """What is known of one server so far; `observation` may be read at any time, also while the look still runs."""

    def __init__(
        self,
        target: Target,
        total: int,
        tell: Callable[[Event], None],
        now: Callable[[], datetime],
        shared: SharedAnswers,
        gate: SignInGate | None = None,
        identify: Identify | None = None,
    ) -> None:
        """`identify` looks from outside where the `gate` spares the account."""
        self._target = target
        self._total = total
        self._tell = tell
        self._now = now
        self._shared = shared
        self._gate = gate
        self._identify = identify
        self._outside: Identified | None = None
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
            account = credential(self._target)
            self._connection = gateway.connect(self._target, account)
            if self._gate is not None and account is not None and account.method in SHOWS_PASSWORD:
                self._gate.enter(server, self._connection, token)
            try:
                self._connection.ask(questions, library, deadline_seconds=seconds, token=token, on_answer=self._take)
                self._lost = None
            finally:
                self._connection.close()
        except SignInSpared as error:
            self._lost = NotSeen(error.reason, dict(error.facts))
            self._look_from_outside(token)
        except Cancelled:
            self._lost = CANCELLED
        except RemoteError as error:
            self._lost = NotSeen(error.reason, dict(error.facts))
        except Exception as error:
            # a bug here must cost this one server, not the other hundred; the log has the rest
            log.exception("the look at %s broke", server)
            self._lost = NotSeen("unexpected", {"type": type(error).__name__})
        if self._gate is not None:
            self._gate.leave(server, self._lost.reason if self._lost else None)
        self._finished = self._now()
        self._tell(ServerFinished(server, self._lost.reason if self._lost else None))

    def _look_from_outside(self, token: CancelToken) -> None:
        """Whether it answers at all, and its clock, can be known without an account."""
        if self._identify is None:
            return
        try:
            self._outside = self._identify(self._target, token)
        except Cancelled:
            self._lost = CANCELLED

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
        outside = self._outside or _Unconnected()
        reach = _seen(connection.reached or outside.reached, _told(self._outside) or lost)
        return Observation(
            server=self._target.name,
            reach=reach,
            sign_in=_seen(connection.signed_in, lost),
            clock=_seen(connection.clock or outside.clock, lost),
            answers=dict(self._answers),
            lost=lost,
            tls=connection.tls or outside.tls,
            started=self._started,
            finished=self._finished,
        )


class _Unconnected:
    """Stands for the connection that was never made."""

    reached: ReachSeen | None = None
    signed_in: SignInSeen | None = None
    clock: ClockSeen | None = None
    tls: TlsSeen | None = None


def _told(outside: "Identified | None") -> NotSeen | None:
    """Why the server did not even answer from outside."""
    failure = outside.failure if outside else None
    return NotSeen(failure.reason, dict(failure.facts)) if failure else None


def _seen(value: T | None, lost: NotSeen | None) -> Seen[T] | NotSeen:
    """A connection that brought everything and does not say this was not asked for it."""
    return Seen(value) if value is not None else lost or NotSeen("not-asked")
