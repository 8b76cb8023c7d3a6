"""Servers that answer as told, without a network: the port of `remote/` implemented in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer, ClockSeen, ReachSeen, SignInSeen, TlsSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.wire import Question

REACHED = ReachSeen("127.0.0.1", 5985, "http")
SIGNED_IN = SignInSeen("CONTOSO\\admin", "ntlm")
CLOCK = ClockSeen(0.0, 0.5, 4)


@dataclass(frozen=True)
class FakeServer:
    """How one server behaves. `answers` come in this order; then `failure` is raised, if any.

    `waits` blocks after the answers until cancelled (`stubborn`: not even then, until `release` of the gateway is set).
    """

    answers: Sequence[Answer] = ()
    failure: Exception | None = None
    reached: ReachSeen | None = REACHED
    signed_in: SignInSeen | None = SIGNED_IN
    clock: ClockSeen | None = CLOCK
    tls: TlsSeen | None = None
    waits: bool = False
    during: Callable[[], None] = lambda: None


@dataclass
class FakeConnection:
    server: FakeServer
    reached: ReachSeen | None = None
    signed_in: SignInSeen | None = None
    clock: ClockSeen | None = None
    tls: TlsSeen | None = None
    closed: int = 0
    questions: Sequence[Question] = ()
    library: str = ""
    deadline_seconds: float = 0
    left_running: bool = False

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
        self.questions, self.library, self.deadline_seconds = questions, library, deadline_seconds
        self.reached, self.signed_in = self.server.reached, self.server.signed_in
        self.clock, self.tls = self.server.clock, self.server.tls
        self.server.during()
        for answer in self.server.answers:
            on_answer(answer)
        if self.server.waits:
            token.wait(30)
            token.raise_if_cancelled()
        if self.server.failure is not None:
            raise self.server.failure

    def close(self) -> None:
        self.closed += 1


@dataclass
class FakeGateway:
    """Servers by name; `connections` are those that were made, `credentials` what each was given."""

    servers: Mapping[str, FakeServer]
    connections: dict[str, list[FakeConnection]] = field(default_factory=dict)
    credentials: dict[str, Credential | None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def connect(self, target: Target, credential: Credential | None) -> FakeConnection:
        connection = FakeConnection(self.servers[target.name])
        with self._lock:
            self.connections.setdefault(target.name, []).append(connection)
            self.credentials[target.name] = credential
        return connection
