"""A practice scenario as one look would see it, without any connection: observations straight from the deployment, judged for real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from oauthcert.casework.diagnose import judged
from oauthcert.certs.issuing import KeyPool
from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.probes import Probe, probes_of
from oauthcert.fixes.planning import plan_for
from oauthcert.fixes.situation import Given
from oauthcert.lab.answers import answer
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import USERNAME, build
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.errors import ErrorRecord, unknown_command
from oauthcert.lab.machines import Front, Machine
from oauthcert.lab.network import KERBEROS_TOLERANCE
from oauthcert.lab.scenario import Scenario
from oauthcert.lab.scenarios import load_scenario
from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, ClockSeen, NotSeen, Observation, ReachSeen, Seen, SignInSeen
from oauthcert.model.plan import Plan
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Target
from oauthcert.remote.wire import answer_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_UNREACHED = {Front.REFUSED: "refused", Front.SILENT: "timed-out", Front.WEB_SERVER: "not-wsman"}

_SHOWN = {
    "sha256": "0" * 64,
    "subject": "CN=fe02.contoso.lab",
    "issuer": "CN=Somebody",
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2027-01-01T00:00:00Z",
    "why": "unknown issuer",
}


@cache
def _keys() -> KeyPool:
    return KeyPool()


@dataclass(frozen=True, slots=True)
class Played:
    """`deployment` may be changed; `look` then sees it as it is at that moment."""

    scenario: Scenario
    deployment: Deployment
    authority: LabAuthority

    @classmethod
    def of(cls, scenario: str | Scenario, now: datetime = NOW) -> "Played":
        plan = load_scenario(scenario) if isinstance(scenario, str) else scenario
        authority = LabAuthority(plan.sip_domain, now, _keys())
        return cls(plan, build(plan, now, authority), authority)

    def look(self, now: datetime = NOW) -> Case:
        targets = tuple(Target(server.name) for server in self.scenario.looked_at())
        observed = tuple(self._observe(self.deployment.machines[target.name], now) for target in targets)
        return judged(Case(now, now, f"practice:{self.scenario.id}", targets, observed, tool_version="test"))

    def _observe(self, machine: Machine, now: datetime) -> Observation:
        winrm, offset = machine.winrm, machine.clock.at(now).offset
        reason = "tls-not-trusted" if winrm.scheme == "https" else _UNREACHED.get(winrm.front)
        clock = Seen(ClockSeen(offset.total_seconds(), 0.6, 4))
        if reason is not None:
            unreached = NotSeen(reason, _SHOWN if winrm.scheme == "https" else {})
            unseen = clock if winrm.front is Front.WEB_SERVER else unreached
            return Observation(machine.name, unreached, unreached, unseen, lost=unreached, started=now, finished=now)
        reach = Seen(ReachSeen("127.0.0.1", 5985, "http"))
        refused = self.scenario.settings.kerberos_rule and abs(offset) > KERBEROS_TOLERANCE
        if refused or not winrm.accepts or not winrm.authorised:
            why = NotSeen("sign-in-refused" if winrm.authorised else "not-authorized", {"username": USERNAME})
            return Observation(machine.name, reach, why, clock, lost=why, started=now, finished=now)
        probes = probes_of(Target(machine.name))
        answers = {probe.id: self._answer(machine, probe, now) for probe in probes}
        return Observation(machine.name, reach, Seen(SignInSeen(USERNAME, "ntlm")), clock, answers, started=now, finished=now)

    def _answer(self, machine: Machine, probe: Probe, now: datetime) -> Answer:
        found = answer(Cmdlets(self.deployment, machine, now), probe.function, probe.arguments)
        found = unknown_command(probe.function) if found is None else found
        fault = found.as_json() if isinstance(found, ErrorRecord) else None
        frame: dict[str, Any] = {"probe": probe.id, "ok": fault is None, "value": found if fault is None else [], "fault": fault}
        return answer_of(frame)


def evidence(case: Case) -> tuple[ServerEvidence, ...]:
    by_name = {target.name: target for target in case.targets}
    return tuple(evidence_of(one, by_name[one.server]) for one in case.observations)


def planned(case: Case, *wanted: str, answers: Mapping[str, Given] | None = None, now: datetime | None = None) -> Plan:
    return plan_for(case, evidence(case), wanted, answers or {}, now or case.finished)


def told(plan: Plan) -> list[str]:
    """One line for each step: what it is, where, and what it runs."""
    return [f"{step.id} {step.manner.value} {step.words}{f' {step.action.function}' if step.action else ''}" for step in plan.steps]


def without(plan: Plan) -> list[tuple[str, str]]:
    """What the plan leaves out for another reason than its cause."""
    return [(one.finding, one.reason) for one in plan.left_out if one.reason != "explained-by"]
