"""Somebody repairs a practice deployment: looks, plans, carries out, does by hand what only a person can, and looks again."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from oauthcert.casework.diagnose import Limits, diagnose
from oauthcert.casework.events import Event, RepairEvent, StepEnded
from oauthcert.casework.planning import plan_of
from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Given, RepairParts
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.plan import Ask, AskKind, Consent, Plan, Step
from oauthcert.model.repair import Repair, StepResult
from oauthcert.model.secret import Secret
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway

LONGEST_SECONDS = 8.0
POLL_SECONDS = 0.15
SETTLING_SECONDS = 0.5
"""Whoever opens a port does not look again in the same moment."""
LOOK_PAUSES = (0.2, 0.5)
PFX_PASSWORD = Secret("Canary für die Datei 4711")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Administrator:
    """Knows the deployment, has the files, and does what the steps say. `tries` bounds how often one thing is done in vain."""

    lab: PracticeLab
    done: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    request: str = ""
    tries: int = 2

    def heard(self, event: Event | RepairEvent) -> None:
        if isinstance(event, StepEnded) and "request" in event.result.after:
            self.request = str(event.result.after["request"])

    def has_done(self, step: Step, token: CancelToken) -> bool:
        del token
        deed = (step.fix, step.server)
        if self.done.count(deed) >= self.tries:
            return False
        self.done.append(deed)
        if step.words != "carry-request":
            self.lab.by_hand(step.fix, step.server)
            time.sleep(SETTLING_SECONDS)
        return True

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        del token
        self.asked.append(ask.id)
        if ask.kind is AskKind.SECRET:
            return PFX_PASSWORD
        if ask.kind is AskKind.FILE and ask.id.endswith(".answer"):
            return self.lab.answer_request(self.request, chain=True) if self.request else None
        if ask.kind is AskKind.FILE:
            return self.lab.pfx(ask.choices[0], PFX_PASSWORD) if ask.choices else self.lab.new_pfx(PFX_PASSWORD)[1]
        return ask.default or None


@dataclass
class Walk:
    """What was planned and what became of it, one after the other."""

    lab: PracticeLab
    journals: Path
    person: Administrator = field(init=False)
    repairs: list[Repair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.person = Administrator(self.lab)

    def look(self, targets: tuple[Target, ...] = ()) -> Case:
        return diagnose(
            targets or self.lab.targets,
            lambda _target: self.lab.credential,
            WinrmGateway(),
            limits=Limits(lanes=16),
            token=CancelToken(),
            tell=lambda _event: None,
            now=now,
            source=f"practice:{self.lab.scenario.id}",
        )

    def plan(self, case: Case, *wanted: str) -> Plan:
        """Answers what can be answered beforehand, then plans once more with it; waits are cut short."""
        answers = self.beforehand(plan_of(case, wanted, {}, now()))
        plan = plan_of(case, wanted, answers, now())
        return replace(plan, steps=tuple(replace(step, longest_seconds=min(step.longest_seconds, LONGEST_SECONDS)) for step in plan.steps))

    def beforehand(self, plan: Plan) -> dict[str, Given]:
        given = {ask.id: self.person.answer(ask, CancelToken()) for ask in plan.asks if not ask.id.endswith(".answer")}
        return {name: value for name, value in given.items() if value is not None}

    def carry_out(self, case: Case, plan: Plan) -> Repair:
        parts = RepairParts(
            WinrmGateway(),
            lambda _target: self.lab.credential,
            self.journals,
            now,
            self.person,
            limits=Limits(lanes=16),
            poll_seconds=POLL_SECONDS,
            look_pauses=LOOK_PAUSES,
        )
        done = repair(
            case,
            plan,
            parts,
            self.beforehand(plan),
            consent=Consent.IRREVERSIBLE,
            token=CancelToken(),
            tell=self.person.heard,
        )
        self.repairs.append(done)
        return done

    def mend(self, plans: int) -> Case:
        """Plan after plan until nothing is left to do, at most so many."""
        case = self.look()
        for _ in range(plans):
            plan = self.plan(case)
            if not plan.steps:
                break
            case = self.carry_out(case, plan).after or case
        return case

    def results(self) -> list[StepResult]:
        """Of all plans, in order."""
        return [result for done in self.repairs for result in done.results]

    def told(self) -> str:
        """What happened, for a test that failed."""
        lines = []
        for number, done in enumerate(self.repairs, start=1):
            lines.append(f"plan {number}: left out {[(one.finding, one.reason) for one in done.plan.left_out]}")
            results = {result.step: result for result in done.results}
            for step in done.plan.steps:
                result = results.get(step.id)
                became = f"{result.outcome} {result.reason} {dict(result.facts)}" if result else "not begun"
                lines.append(f"  {step.id} {step.words}: {became}")
            if done.after is not None:
                lines += [f"    {one.verdict} {one.id} {one.words}" for one in done.after.findings if one.verdict.value not in GOOD]
        return "\n".join(lines)


GOOD = ("pass", "not-applicable")
