"""A small repair for tests of its pages: a stopped replica service, a wait, and something a person has to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from oauthcert.casework.events import RepairStarted, StepEnded, StepSaid, StepStarted, StepWaiting, VerifyStarted
from oauthcert.flow.state import Account, WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.finding import Cause, Finding, Severity, Verdict
from oauthcert.model.plan import Action, Ask, AskKind, Consent, LeftOut, Manner, Plan, Step
from oauthcert.model.repair import Outcome, Repair, StepResult
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.ui.desk import Given, Person, StepScript, Tell
from tests.fakes.desk import FakeDesk

NOW = datetime(2026, 11, 21, 14, 26, tzinfo=UTC)
FE01, FE02 = "fe01.contoso.lab", "fe02.contoso.lab"


def finding(check: str, server: str | None, verdict: Verdict, variant: str, **facts: object) -> Finding:
    return Finding(check, server, verdict, Severity.HIGH, f"{check}.{variant}", facts, fixes=("start-replica",))  # type: ignore[arg-type]


STOPPED = finding("replica-service", FE02, Verdict.FAIL, "stopped", state="Stopped", start_mode="Manual")
LATE = finding("replication-arrived", FE02, Verdict.FAIL, "not-arrived")
BEFORE = Case(NOW, NOW, "live", (Target(FE01), Target(FE02)), (), (STOPPED, LATE), (Cause(STOPPED.id, (LATE.id,)),), tool_version="test")
AFTER = replace(
    BEFORE,
    finished=NOW + timedelta(minutes=8),
    findings=(replace(STOPPED, verdict=Verdict.PASS, words="replica-service.pass"), replace(LATE, verdict=Verdict.PASS)),
    causes=(),
)

START = Step(
    id=f"start-replica@{FE02}/1",
    fix="start-replica",
    server=FE02,
    manner=Manner.DOES,
    words="start-service",
    consent=Consent.CHANGE,
    facts={"service": "REPLICA"},
    action=Action("Start-StoppedService", ("fixes/services.ps1",), {"Name": "REPLICA"}),
    undo=Action("Stop-StartedService", ("fixes/services.ps1",), {"Name": "REPLICA"}),
    settles=(STOPPED.id,),
)
WAIT = Step(
    id=f"start-replica@{FE02}/2",
    fix="start-replica",
    server=FE02,
    manner=Manner.WAITS,
    words="wait-replication",
    consent=Consent.LOOK,
    typical_seconds=180,
    longest_seconds=600,
    settles=(LATE.id,),
)
RESTART = replace(
    START, id=f"start-services@{FE02}/3", fix="start-services", consent=Consent.DISRUPTIVE, facts={"service": "RTCSRV"}, undo=None
)
GUIDE = replace(
    WAIT,
    id=f"open-replication-port@{FE02}/4",
    fix="open-replication-port",
    manner=Manner.GUIDES,
    words="open-replication-port",
    facts={"port": 445},
    settles=(),
)
PLAN = Plan(NOW, (START, WAIT, RESTART), left_out=(LeftOut(LATE.id, "explained-by", {"cause": STOPPED.id}),))
ASK = Ask("pfx", "import-oauth-pfx", AskKind.FILE, "pfx-file")
SECRET = Ask("pfx-password", "import-oauth-pfx", AskKind.SECRET, "pfx-password")

Repairing = Callable[[Plan, Mapping[str, Given], Person, CancelToken, Tell], Repair]


def state(desk: FakeDesk, case: Case = BEFORE) -> WizardState:
    """The wizard in front of a repair, signed in."""
    desk.hold(Credential("CONTOSO\\admin", Secret("a password")))
    desk.scripts[START.id] = StepScript("function Start-StoppedService {\n    Start-Service -Name $Name\n}", (("Name", "REPLICA"),))
    return WizardState(targets=case.targets, account=Account("CONTOSO\\admin", ready=True), case=case)


def ended(step: Step, outcome: Outcome, reason: str = "", **facts: str) -> StepResult:
    return StepResult(step.id, outcome, NOW, NOW + timedelta(seconds=4), reason, facts)


def repaired(plan: Plan, *outcomes: Outcome, after: Case | None = AFTER, reasons: tuple[str, ...] = ()) -> Repair:
    names = (*reasons, *("",) * len(outcomes))
    results = tuple(ended(step, outcome, reason) for step, outcome, reason in zip(plan.steps, outcomes, names, strict=False))
    return Repair(plan, results, BEFORE, after, "20261121-142600")


def all_goes_well(plan: Plan, answers: Mapping[str, Given], person: Person, token: CancelToken, tell: Tell) -> Repair:
    """Every step ends well, with the events a real repair tells."""
    tell(RepairStarted("20261121-142600"))
    results = []
    for step in plan.steps:
        tell(StepStarted(step.id))
        outcome = Outcome.CHANGED
        if step.manner is Manner.WAITS:
            tell(StepWaiting(step.id, NOW, NOW + timedelta(minutes=10), (LATE,)))
            outcome = Outcome.ARRIVED
        if step.manner is Manner.GUIDES:
            outcome = Outcome.BY_HAND if person.has_done(step, token) else Outcome.SKIPPED
        tell(StepSaid(step.id, "the server says\nsomething"))
        results.append(ended(step, outcome))
        tell(StepEnded(results[-1]))
    tell(VerifyStarted((FE02,)))
    return Repair(plan, tuple(results), BEFORE, AFTER, "20261121-142600")
