"""The practice lab: a scenario played by real WinRM servers on the loopback interface."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from oauthcert.certs.key_pool import KeyPool
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import USERNAME, build
from oauthcert.lab.by_hand import do_by_hand
from oauthcert.lab.deployment import Deed, Deployment
from oauthcert.lab.enrollment import BACKDATED, VALID
from oauthcert.lab.faults import FAULTS, Option, Strike
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.network import Network, NetworkSettings
from oauthcert.lab.oracle import Oracle
from oauthcert.lab.scenario import Scenario
from oauthcert.lab.scenarios import load_scenario
from oauthcert.lab.timed import Tempo
from oauthcert.lab.wsman import Snapshot, WsmanListener
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target

PACE = 20.0
"""How many times as fast as in real life the configuration travels while somebody practises: seconds in place of minutes."""


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
        keys: KeyPool | None = None,
    ) -> None:
        self.scenario = scenario
        self.started = now or datetime.now(UTC)
        self._monotonic = time.monotonic()
        self._password = Secret(secrets.token_urlsafe(18))
        authority = LabAuthority(scenario.sip_domain, self.started, keys)
        self.deployment: Deployment = build(scenario, self.started, authority)
        self.deployment.tempo = Tempo(self.started, pace)
        self._authority = authority
        settings = NetworkSettings(latency_seconds, probe_seconds, scenario.settings.kerberos_rule)
        self._network = Network(self.deployment, authority, self._password, self.now, settings)
        try:
            machines = (self.deployment.machines[plan.name] for plan in scenario.looked_at())
            self.targets: tuple[Target, ...] = tuple(self._network.start(machine) for machine in machines)
        except BaseException:
            self._network.close()
            raise

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
        keys: KeyPool | None = None,
    ) -> "PracticeLab":
        """Starts a scenario, with healthy servers added up to `servers`. Labs may share their keys. Raises ScenarioError."""
        scenario = load_scenario(scenario_id)
        if servers is not None:
            try:
                scenario = scenario.scaled(servers)
            except ValueError as problem:
                raise ScenarioError(str(problem), file="", key="servers", allowed=str(problem)) from problem
        return cls(scenario, latency_seconds=latency_seconds, probe_seconds=probe_seconds, now=now, pace=pace, keys=keys)

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
        return self._network.listeners[server]

    def counters(self) -> Mapping[str, Snapshot]:
        """What each server counted so far, by name."""
        return {name: listener.snapshot() for name, listener in self._network.listeners.items()}

    def by_hand(self, fix: str, server: str) -> None:
        """Does what a person does for a guided step, and does away with what it was for. Raises KeyError for an unknown fix or server."""
        self._network.follow(do_by_hand(self.deployment, fix, server, self.now()))

    def happens(self, fault: str, server: str, **options: Option) -> None:
        """What scenarios have happen happens now: somebody else renews the certificate, stops a service, … Raises KeyError, ValueError."""
        with self.deployment.lock:
            machine = self.deployment.machines[server]
            FAULTS[fault].apply(Strike(self.deployment, machine, self.now(), options))
        self._network.follow(machine)

    def meanwhile(self, deed: Callable[[Deployment, datetime], None]) -> None:
        """Changes the deployment while nothing else reads or changes it."""
        with self.deployment.lock:
            deed(self.deployment, self.now())

    def disturb(self, server: str, function: str, quirk: ProbeQuirk) -> None:
        """From now on this function goes wrong on this server, as often as the quirk says."""
        with self.deployment.lock:
            self.deployment.machines[server].quirks[function] = quirk

    def cut(self, server: str) -> None:
        """Breaks the connections to this server and every one that comes, until `mend`."""
        self._network.cut(server)

    def mend(self, server: str) -> None:
        """The server can be reached again."""
        self._network.mend(server)

    def answer_request(self, request: str, *, chain: bool = False) -> bytes:
        """What the authority answers to a request that one of these servers made: a .cer, or with `chain` a .p7b."""
        now = self.now()
        with self.deployment.lock:
            return self._authority.answer(request.encode(), now - BACKDATED, now + VALID, chain=chain)

    def pfx(self, thumbprint: str, password: Secret) -> bytes:
        """A certificate of this lab with its key, as an administrator exports it. Raises KeyError."""
        with self.deployment.lock:
            return self._authority.pfx(thumbprint, password)

    def new_pfx(self, password: Secret) -> tuple[str, bytes]:
        """A new OAuth certificate with its key in a file, as a public authority hands it out, and its thumbprint."""
        now = self.now()
        with self.deployment.lock:
            certificate = self._authority.enroll(self._authority.fresh_key(2048), now - BACKDATED, now + VALID)
            return certificate.thumbprint, self._authority.pfx(certificate.thumbprint, password)

    def description(self) -> Mapping[str, object]:
        """What `oauthcert lab` prints as one line of JSON, the password included."""
        servers = [{"name": one.name, "address": one.address, "port": one.port, "scheme": one.scheme} for one in self.targets]
        return {"scenario": self.scenario.id, "username": USERNAME, "password": self._password.reveal(), "servers": servers}

    def close(self) -> None:
        """Ends all servers. May be called twice."""
        self._network.close()
