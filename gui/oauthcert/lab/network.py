"""The network side of a practice deployment: one listener for each server, as its WinRM service is set up at that moment."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock

from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import USERNAME
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.engine import Engine
from oauthcert.lab.machines import Front, Machine, Winrm
from oauthcert.lab.wsman import (
    Account,
    BlackHole,
    ClosedPort,
    Injection,
    ListenerSettings,
    LoopThread,
    Refusal,
    Reset,
    TlsSettings,
    WebPage,
    When,
    WsmanListener,
)
from oauthcert.model.secret import Secret
from oauthcert.model.target import Target

ADDRESS = "127.0.0.1"
KERBEROS_TOLERANCE = timedelta(minutes=5)
_INJECTIONS: Mapping[Front, tuple[Injection, ...]] = {Front.WEB_SERVER: (WebPage(),), Front.SILENT: (BlackHole(),)}
_CUT = Reset(When(times=None))


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """`latency_seconds` for each answer, `probe_seconds` for each function that runs; `kerberos_rule`: a clock too far off is refused."""

    latency_seconds: float = 0.0
    probe_seconds: float = 0.0
    kerberos_rule: bool = False


class Network:
    """Starts and restarts the listeners. Call it from any thread but the one they run on."""

    def __init__(
        self, deployment: Deployment, authority: LabAuthority, password: Secret, now: Callable[[], datetime], settings: NetworkSettings
    ) -> None:
        self._deployment = deployment
        self._authority = authority
        self._password = password
        self._now = now
        self._settings = settings
        self._stack = ExitStack()
        self._loop = self._stack.enter_context(LoopThread())
        self._lock = RLock()
        self._listeners: dict[str, WsmanListener] = {}
        self._closed: dict[str, ClosedPort] = {}
        self._played: dict[str, Winrm] = {}

    @property
    def listeners(self) -> Mapping[str, WsmanListener]:
        return self._listeners

    def start(self, machine: Machine, port: int = 0) -> Target:
        """Plays this machine's WinRM service. Port 0 picks a free one. Raises OSError when the port is taken."""
        winrm = machine.winrm
        self._played[machine.name] = replace(winrm)
        if winrm.front is Front.REFUSED:
            closed = self._closed[machine.name] = ClosedPort(port)
            return Target(machine.name, winrm.scheme, closed.port, ADDRESS)
        settings = ListenerSettings(
            accounts=(Account(USERNAME, self._password, winrm.authorised),),
            hostname=machine.name,
            port=port,
            clock=lambda: machine.local_time(self._now()),
            refuse=self._refuse(machine),
            tls=TlsSettings(*self._authority.listener(machine.name)) if winrm.scheme == "https" else None,
            latency=self._settings.latency_seconds,
            os_version=machine.product.os_version,
        )
        engine = Engine(self._deployment, machine, self._now, self._settings.probe_seconds, lambda: self._break(machine.name))
        listener = self._loop.listen(engine, settings, _INJECTIONS.get(winrm.front, ()))
        self._listeners[machine.name] = listener
        return Target(machine.name, winrm.scheme, listener.port, ADDRESS)

    def follow(self, machine: Machine) -> None:
        """Starts the service anew on its port when something about it was changed since it was started."""
        with self._lock:
            if self._played.get(machine.name) in (None, machine.winrm):
                return
            listener, closed = self._listeners.pop(machine.name, None), self._closed.pop(machine.name, None)
            port = 0
            if listener is not None:
                port = listener.port
                self._loop.stop(listener)
            if closed is not None:
                port = closed.port
                closed.close()
            self.start(machine, port)

    def cut(self, server: str) -> None:
        """From now on every request to this server breaks its connection, until `mend`."""
        self._loop.call(self._break(server))

    def mend(self, server: str) -> None:
        """The server can be reached again."""
        self._listeners[server].inject()

    def close(self) -> None:
        """Ends all listeners. May be called twice."""
        for closed in self._closed.values():
            closed.close()
        self._stack.close()

    async def _break(self, server: str) -> None:
        listener = self._listeners[server]
        listener.inject(_CUT)
        await listener.drop_connections()

    def _refuse(self, machine: Machine) -> Callable[[str], Refusal | None]:
        """The lab speaks NTLM; with the rule of Kerberos a clock that is too far off refuses all the same."""

        def refuse(_username: str) -> Refusal | None:
            if not machine.winrm.accepts:
                return Refusal("refused by the scenario")
            if self._settings.kerberos_rule and abs(machine.clock.at(self._now()).offset) > KERBEROS_TOLERANCE:
                return Refusal("clock-skew")
            return None

        return refuse
