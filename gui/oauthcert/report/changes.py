"""What repairs have changed, as every report tells it: when, by which account, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.model.repair import Outcome
from oauthcert.model.repair_record import RepairRecord, StepRecord
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

_TOLD = {
    Outcome.CHANGED: ("outcome_changed", Verdict.PASS),
    Outcome.ALREADY: ("outcome_already", Verdict.PASS),
    Outcome.REFUSED: ("outcome_refused", Verdict.FAIL),
    Outcome.FAILED: ("outcome_failed", Verdict.FAIL),
    Outcome.UNCERTAIN: ("outcome_uncertain", Verdict.UNKNOWN),
    Outcome.ARRIVED: ("outcome_arrived", Verdict.PASS),
    Outcome.STILL_ON_ITS_WAY: ("outcome_still_on_its_way", Verdict.WARN),
    Outcome.BY_HAND: ("outcome_by_hand", Verdict.PASS),
    Outcome.SKIPPED: ("outcome_skipped", Verdict.NOT_APPLICABLE),
    Outcome.UNDONE: ("outcome_undone", Verdict.PASS),
}
"""Outcome -> its label, and the verdict whose shape and colour it takes."""
_TOUCHED = (Outcome.CHANGED, Outcome.UNDONE, Outcome.UNCERTAIN, Outcome.BY_HAND)


@dataclass(frozen=True, slots=True)
class StepTold:
    """`like` is the verdict whose shape and colour the outcome takes; `reason` is empty where it went well."""

    like: Verdict
    outcome: str
    title: str
    server: str
    reason: str


@dataclass(frozen=True, slots=True)
class RepairTold:
    """`when` names times and accounts, `result` what was wrong before and after it."""

    when: str
    result: str
    steps: tuple[StepTold, ...]


def changes(case: Case, catalogue: Catalogue) -> tuple[RepairTold, ...]:
    """Oldest first; empty when nothing was repaired. All texts are visible, bounded and on one line."""
    return tuple(RepairTold(_when(one, catalogue), _result(one, catalogue), _steps(one, catalogue)) for one in case.repairs)


def assurance(case: Case, catalogue: Catalogue) -> str:
    """One sentence: that nothing was changed, or on how many servers."""
    touched = {step.server for one in case.repairs for step in one.steps if step.outcome in _TOUCHED}
    return catalogue.label("changed_on", count=len(touched)) if touched else catalogue.label("nothing_changed")


def change_lines(case: Case, catalogue: Catalogue, most: int) -> Iterator[str]:
    """For plain text: one line for each repair, its result and its steps, those indented by two columns. `most` steps in all."""
    left = most
    for told in changes(case, catalogue):
        yield told.when
        yield told.result
        for step in told.steps[: max(0, left)]:
            why = f" ({step.reason})" if step.reason else ""
            yield f"  {step.outcome}: {step.title} · {step.server}{why}"
        left -= len(told.steps)
    if left < 0:
        yield f"  {catalogue.label('and_more', count=-left)}"


def _when(record: RepairRecord, catalogue: Catalogue) -> str:
    formats = catalogue.formats
    start, end = record.started.astimezone(UTC), record.finished.astimezone(UTC)
    same_day = start.date() == end.date()
    began = f"{formats.date(start)} {start:%H:%M}" if same_day else formats.moment(start)
    ended = f"{end:%H:%M} UTC" if same_day else formats.moment(end)
    if not record.accounts:
        return catalogue.label("change_when", started=began, finished=ended)
    accounts = formats.listed(tuple(visible(account, 80) for account in record.accounts))
    return catalogue.label("change_when_by", started=began, finished=ended, accounts=accounts)


def _result(record: RepairRecord, catalogue: Catalogue) -> str:
    before, after = record.before, record.after
    if after is None:
        return catalogue.label("change_not_judged")
    if before is None:
        return catalogue.label("change_after", failed=after.failed, warned=after.warned)
    return catalogue.label(
        "change_before_after", failed_before=before.failed, failed=after.failed, warned_before=before.warned, warned=after.warned
    )


def _steps(record: RepairRecord, catalogue: Catalogue) -> tuple[StepTold, ...]:
    return tuple(_step(step, catalogue) for step in record.steps)


def _step(step: StepRecord, catalogue: Catalogue) -> StepTold:
    reason = catalogue.reason(step.reason, step.reason_facts).title if step.reason else ""
    label, like = _TOLD[step.outcome]
    return StepTold(
        like,
        catalogue.label(label),
        catalogue.step(step.as_step).title,
        visible(step.server, 255),
        reason,
    )
