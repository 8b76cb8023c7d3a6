"""The narrow port to a server. Everything above `remote/` knows servers only through this."""

from collections.abc import Callable, Sequence
from typing import Protocol

from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer, ClockSeen, ReachSeen, SignInSeen, TlsSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.wire import Question


class Connection(Protocol):
    """One server, used by one thread at a time: signs in once, then takes any number of rounds."""

    def ask(
        self,
        questions: Sequence[Question],
        library: str,
        *,
        deadline_seconds: float,
        token: CancelToken,
        on_answer: Callable[[Answer], None],
        once: bool = False,
    ) -> None:
        """Puts the questions in one round; `on_answer` gets each answer as it comes, in this thread, the first being `hello`.

        Raises a RemoteError (see `failures`) or Cancelled; the answers that came before it have been delivered.

        With `once` the questions are never handed over a second time. Whatever goes wrong after they may have reached the server raises
        AnswerLost; any other error then means that nothing of them was run.
        """

    @property
    def reached(self) -> ReachSeen | None:
        """Where WS-Management answered; like the other three set as soon as it is known, and kept after a failure."""

    @property
    def left_running(self) -> bool:
        """Whether something that was started here may still run on the server: a round was lost, and so was its end."""

    @property
    def signed_in(self) -> SignInSeen | None: ...

    @property
    def clock(self) -> ClockSeen | None: ...

    @property
    def tls(self) -> TlsSeen | None: ...

    def close(self) -> None:
        """Removes what this left on the server. Takes bounded time and never raises."""


class Gateway(Protocol):
    def connect(self, target: Target, credential: Credential | None) -> Connection:
        """A connection that has not been opened yet: the first `ask` does that."""
