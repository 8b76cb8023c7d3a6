"""A case that two steps led to: one done, one refused; and the same with one text in every field."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.report.cases import NOW, replica_stopped

from oauthcert.model.case import Case
from oauthcert.model.plan import Consent, Manner, Plan, Step
from oauthcert.model.repair import Outcome, Repair, StepResult
from oauthcert.model.repair_record import RepairRecord, recorded

RUN = "20261121-143000-1a2b"


def a_step(number: int, fix: str, words: str, server: str, manner: Manner = Manner.DOES, **facts: str | tuple[str, ...]) -> Step:
    return Step(f"{fix}@{server}/{number}", fix, server, manner, words, Consent.CHANGE, facts)


def a_result(step: Step, outcome: Outcome, seconds: float, reason: str = "", **facts: str) -> StepResult:
    return StepResult(step.id, outcome, NOW + timedelta(seconds=seconds), NOW + timedelta(seconds=seconds + 5), reason, facts)


START = a_step(1, "start-replica", "start-service", "fe02.contoso.lab", service="REPLICA", state="Stopped", start_mode="Disabled")
SEND = a_step(2, "force-replication", "force-replication", "fe01.contoso.lab", servers=("fe02.contoso.lab",))


def a_repair(*results: StepResult) -> Repair:
    before = replica_stopped()
    given = results or (
        a_result(START, Outcome.CHANGED, 0),
        a_result(SEND, Outcome.REFUSED, 60, "changed-meanwhile", earlier=START.id, server="fe02.contoso.lab"),
    )
    return Repair(Plan(NOW, (START, SEND)), given, before, replace(before, finished=NOW), RUN)


def a_record() -> RepairRecord:
    return repaired().repairs[0]


def repaired() -> Case:
    after = recorded(a_repair()).after
    assert after is not None
    return after


def hostile_repair(text: str) -> Case:
    """The same text wherever a server, or whoever changed the file, could put one."""
    steps = tuple(
        replace(
            step, step=text, fix=text, server=text, words=words, facts={text: text, "service": text}, reason=text, reason_facts={text: text}
        )
        for step, words in zip(a_record().steps, (text, "start-service"), strict=True)
    )
    return replace(repaired(), repairs=(replace(a_record(), run=text, accounts=(text,), steps=steps),))
