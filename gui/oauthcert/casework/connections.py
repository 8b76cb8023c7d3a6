"""The connections of one repair: one for each server, signed in once, kept until the repair is over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import UsageError
from oauthcert.model.evidence import Answer, ClockSeen, ReachSeen, SignInSeen, TlsSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.port import Connection, Gateway
from oauthcert.remote.wire import Question


class UnknownServer(UsageError):
    """A step is for a server that is not among those that were looked at. Facts: `server`."""

    words = "unknown-server"


class KeptConnections:
    """Also a `Gateway`, whose connections stay open when they are closed. Each is used by one thread at a time."""

    def __init__(self, gateway: Gateway, credential: Callable[[Target], Credential | None], targets: Sequence[Target]) -> None:
        self._gateway = gateway
        self._credential = credential
        self._targets = {target.name: target for target in targets}
        self._open: dict[str, Connection] = {}
        self._lock = Lock()

    def of(self, server: str) -> Connection:
        """Raises UnknownServer."""
        target = self._targets.get(server)
        if target is None:
            raise UnknownServer(f"{server} was not looked at", server=server)
        with self._lock:
            if server not in self._open:
                self._open[server] = self._gateway.connect(target, self._credential(target))
            return self._open[server]

    def renew(self, server: str, fingerprint: str | None = None) -> None:
        """The next use of this server signs in anew, with nothing known of it, and believes this certificate. Never raises."""
        with self._lock:
            if fingerprint is not None and server in self._targets:
                self._targets[server] = replace(self._targets[server], fingerprint=fingerprint)
            left = self._open.pop(server, None)
        if left is not None:
            left.close()

    def connect(self, target: Target, credential: Credential | None) -> "Connection":
        """See `port.Gateway`."""
        del credential
        return _StaysOpen(self.of(target.name))

    def close(self) -> None:
        """Removes what is left on the servers. Never raises."""
        with self._lock:
            for connection in self._open.values():
                connection.close()
            self._open.clear()


class _StaysOpen:
    """See `port.Connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        self._connection.ask(questions, library, deadline_seconds=deadline_seconds, token=token, on_answer=on_answer, once=once)

    @property
    def reached(self) -> ReachSeen | None:
        return self._connection.reached

    @property
    def signed_in(self) -> SignInSeen | None:
        return self._connection.signed_in

    @property
    def clock(self) -> ClockSeen | None:
        return self._connection.clock

    @property
    def tls(self) -> TlsSeen | None:
        return self._connection.tls

    @property
    def left_running(self) -> bool:
        return self._connection.left_running

    def close(self) -> None:
        """Nothing: the next step needs it."""
