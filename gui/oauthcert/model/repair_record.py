"""What a case keeps of a repair: who did what when, and what became of it. No scripts, no arguments, no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from oauthcert.model.case import Case
from oauthcert.model.evidence import Seen
from oauthcert.model.finding import Fact, Verdict
from oauthcert.model.plan import Consent, Manner, Plan, Step
from oauthcert.model.repair import Outcome, Repair, StepResult


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step that was begun; times in UTC.

    `words` and `facts` fill its texts as in a Step; `reason` and `reason_facts` say why it did not go well.
    """

    step: str
    fix: str
    server: str
    manner: Manner
    words: str
    outcome: Outcome
    started: datetime
    finished: datetime
    consent: Consent = Consent.CHANGE
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reason: str = ""
    reason_facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def as_step(self) -> Step:
        """A step that says the same, without anything to run."""
        return Step(self.step, self.fix, self.server, self.manner, self.words, self.consent, self.facts)


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """Findings that failed and that warned."""

    failed: int
    warned: int


@dataclass(frozen=True, slots=True)
class RepairRecord:
    """`run` is its id in the journal; a run that was taken up again has a record for each time. Times in UTC; steps as they ended.

    `accounts` are those the servers had accepted. `before` is None when nothing had been judged, `after` when nothing was judged again.
    """

    run: str
    started: datetime
    finished: datetime
    steps: tuple[StepRecord, ...]
    accounts: tuple[str, ...] = ()
    before: ProblemCount | None = None
    after: ProblemCount | None = None


def record_of(repair: Repair) -> RepairRecord | None:
    """None when no step was begun."""
    planned = {step.id: step for step in repair.plan.steps}
    results = sorted((one for one in repair.results if one.step in planned), key=lambda one: one.finished)
    if not results:
        return None
    return RepairRecord(
        run=repair.run,
        started=min(one.started for one in results),
        finished=max(one.finished for one in results),
        steps=tuple(_step(planned[one.step], one) for one in results),
        accounts=_accounts(repair, {planned[one.step].server for one in results}),
        before=_problems(repair.before),
        after=None if repair.after is None else _problems(repair.after),
    )


def recorded(repair: Repair) -> Repair:
    """The same repair, the record of it in the case after it, behind those of earlier ones."""
    return repair if repair.after is None else replace(repair, after=_with_record(repair.after, repair))


def case_left_by(repair: Repair) -> Case:
    """What is known now: the look after it, or, when it was stopped before that, the case before it with what was done since."""
    return repair.after or _with_record(repair.before, repair)


def recorded_again(plan: Plan, results: tuple[StepResult, ...], before: Case, after: Case | None, run: str) -> Case | None:
    """`after` with the record of a run that was taken up again."""
    return recorded(Repair(plan, results, before, after, run)).after


def _with_record(case: Case, repair: Repair) -> Case:
    record = record_of(repair)
    known = repair.before.repairs if record is None else (*repair.before.repairs, record)
    return case if known == case.repairs else replace(case, repairs=known)


def _step(step: Step, result: StepResult) -> StepRecord:
    return StepRecord(
        step=step.id,
        fix=step.fix,
        server=step.server,
        manner=step.manner,
        words=step.words,
        outcome=result.outcome,
        started=result.started,
        finished=result.finished,
        consent=step.consent,
        facts=dict(step.facts),
        reason=result.reason,
        reason_facts=dict(result.facts),
    )


def _accounts(repair: Repair, servers: set[str]) -> tuple[str, ...]:
    """Those that were signed in on the servers of the steps, before or after."""
    cases = (repair.before,) if repair.after is None else (repair.before, repair.after)
    looks = (one for case in cases for one in case.observations if one.server in servers)
    return tuple(dict.fromkeys(one.sign_in.value.username for one in looks if isinstance(one.sign_in, Seen)))


def _problems(case: Case) -> ProblemCount | None:
    if not case.findings:
        return None
    verdicts = [finding.verdict for finding in case.findings]
    return ProblemCount(verdicts.count(Verdict.FAIL), verdicts.count(Verdict.WARN))
