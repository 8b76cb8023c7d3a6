"""The practice lab: a scenario played by real WinRM servers on the loopback interface."""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import USERNAME, build
from oauthcert.lab.deployment import Deed, Deployment
from oauthcert.lab.engine import Engine
from oauthcert.lab.machines import Front, Machine
from oauthcert.lab.oracle import Oracle
from oauthcert.lab.scenario import Scenario
from oauthcert.lab.scenarios import load_scenario
from oauthcert.lab.timed import Tempo
from oauthcert.lab.wsman import (
    Account,
    BlackHole,
    ClosedPort,
    Injection,
    ListenerSettings,
    LoopThread,
    Refusal,
    Snapshot,
    TlsSettings,
    WebPage,
    WsmanListener,
)
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target

ADDRESS = "127.0.0.1"
PACE = 20.0
"""How many times as fast as in real life the configuration travels while somebody practises: seconds in place of minutes."""
KERBEROS_TOLERANCE = timedelta(minutes=5)


class PracticeLab:
    """Servers that answer real WinRM until `close`. One thread, any number of servers; state is computed when it is asked for."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        latency_seconds: float = 0.0,
        probe_seconds: float = 0.0,
        now: datetime | None = None,
        pace: float = PACE,
    ) -> None:
        self.scenario = scenario
        self.started = now or datetime.now(UTC)
        self._monotonic = time.monotonic()
        self._password = Secret(secrets.token_urlsafe(18))
        authority = LabAuthority(scenario.sip_domain, self.started)
        self.deployment: Deployment = build(scenario, self.started, authority)
        self.deployment.tempo = Tempo(self.started, pace)
        self._listeners: dict[str, WsmanListener] = {}
        self._stack = ExitStack()
        targets = []
        try:
            loop = self._stack.enter_context(LoopThread())
            for plan in scenario.looked_at():
                machine = self.deployment.machines[plan.name]
                targets.append(self._start(loop, machine, authority, latency_seconds, probe_seconds))
        except BaseException:
            self._stack.close()
            raise
        self.targets: tuple[Target, ...] = tuple(targets)

    @classmethod
    def open(
        cls,
        scenario_id: str,
        *,
        servers: int | None = None,
        latency_seconds: float = 0.0,
        probe_seconds: float = 0.0,
        now: datetime | None = None,
        pace: float = PACE,
    ) -> "PracticeLab":
        """Starts a scenario, with healthy servers added up to `servers`. Raises ScenarioError."""
        scenario = load_scenario(scenario_id)
        if servers is not None:
            try:
                scenario = scenario.scaled(servers)
            except ValueError as problem:
                raise ScenarioError(str(problem), file="", key="servers", allowed=str(problem)) from problem
        return cls(scenario, latency_seconds=latency_seconds, probe_seconds=probe_seconds, now=now, pace=pace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def credential(self) -> Credential:
        """The one account of the lab; its password is new in every run."""
        return Credential(USERNAME, self._password)

    @property
    def oracle(self) -> Oracle:
        """What a look at this lab has to find."""
        return self.scenario.oracle()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Every change that was made through a fix or by hand, in order."""
        with self.deployment.lock:
            return tuple(self.deployment.deeds)

    def now(self) -> datetime:
        """The true time of the lab: it runs on from the moment handed in."""
        return self.started + timedelta(seconds=time.monotonic() - self._monotonic)

    def listener(self, server: str) -> WsmanListener:
        """The network side of one server, to count or inject faults; raises KeyError where nothing listens."""
        return self._listeners[server]

    def counters(self) -> Mapping[str, Snapshot]:
        """What each server counted so far, by name."""
        return {name: listener.snapshot() for name, listener in self._listeners.items()}

    def description(self) -> Mapping[str, object]:
        """What `oauthcert lab` prints as one line of JSON, the password included."""
        servers = [{"name": one.name, "address": one.address, "port": one.port, "scheme": one.scheme} for one in self.targets]
        return {"scenario": self.scenario.id, "username": USERNAME, "password": self._password.reveal(), "servers": servers}

    def close(self) -> None:
        """Ends all servers. May be called twice."""
        self._stack.close()

    def _start(self, loop: LoopThread, machine: Machine, authority: LabAuthority, latency_seconds: float, probe_seconds: float) -> Target:
        winrm = machine.winrm
        if winrm.front is Front.REFUSED:
            closed = self._stack.enter_context(ClosedPort())
            return Target(machine.name, winrm.scheme, closed.port, ADDRESS)
        settings = ListenerSettings(
            accounts=(Account(USERNAME, self._password, winrm.authorised),),
            hostname=machine.name,
            clock=self._clock(machine),
            refuse=self._refuse(machine),
            tls=TlsSettings(*authority.listener(machine.name)) if winrm.scheme == "https" else None,
            latency=latency_seconds,
            os_version=machine.product.os_version,
        )
        engine = Engine(self.deployment, machine, self.now, probe_seconds)
        listener = loop.listen(engine, settings, _INJECTIONS.get(winrm.front, ()))
        self._listeners[machine.name] = listener
        return Target(machine.name, winrm.scheme, listener.port, ADDRESS)

    def _clock(self, machine: Machine) -> Callable[[], datetime]:
        return lambda: machine.local_time(self.now())

    def _refuse(self, machine: Machine) -> Callable[[str], Refusal | None]:
        """The lab speaks NTLM; with the rule of Kerberos a clock that is too far off refuses all the same."""

        def refuse(_username: str) -> Refusal | None:
            if not machine.winrm.accepts:
                return Refusal("refused by the scenario")
            if self.scenario.settings.kerberos_rule and abs(machine.clock.at(self.now()).offset) > KERBEROS_TOLERANCE:
                return Refusal("clock-skew")
            return None

        return refuse


_INJECTIONS: Mapping[Front, tuple[Injection, ...]] = {Front.WEB_SERVER: (WebPage(),), Front.SILENT: (BlackHole(),)}
