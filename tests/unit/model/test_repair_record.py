"""The trace of a repair: what was begun, what became of it, what was wrong before and after; no script and no secret."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.report.cases import NOW
from tests.unit.report.repairs_at_hand import SEND, START, a_record, a_repair, a_result, repaired

from oauthcert.model.codec import from_text, to_text
from oauthcert.model.codec_fields import DamagedCase
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Action, Plan
from oauthcert.model.repair import Outcome
from oauthcert.model.repair_record import case_left_by, record_of, recorded
from oauthcert.model.secret import Secret


def test_that_a_record_says_what_was_begun_and_how_it_ended() -> None:
    repair = a_repair()
    record = record_of(repair)
    assert record is not None
    assert [(one.step, one.server, one.outcome) for one in record.steps] == [
        (START.id, "fe02.contoso.lab", Outcome.CHANGED),
        (SEND.id, "fe01.contoso.lab", Outcome.REFUSED),
    ]
    assert (record.run, record.started, record.finished) == (repair.run, repair.results[0].started, repair.results[1].finished)
    assert record.accounts == ("CONTOSO\\admin",)
    assert record.before is not None
    assert record.before.failed == sum(one.verdict is Verdict.FAIL for one in repair.before.findings)
    assert record.steps[0].as_step.facts == START.facts


def test_that_steps_stand_in_the_order_they_ended_with_an_undoing_behind_what_it_undid() -> None:
    record = record_of(
        a_repair(a_result(START, Outcome.UNDONE, 90), a_result(SEND, Outcome.CHANGED, 30), a_result(START, Outcome.CHANGED, 0))
    )
    assert record is not None
    assert [one.outcome for one in record.steps] == [Outcome.CHANGED, Outcome.CHANGED, Outcome.UNDONE]


def test_that_the_record_stands_behind_earlier_ones() -> None:
    once = recorded(a_repair())
    assert once.after is not None
    again = recorded(replace(a_repair(), before=once.after, run="later"))
    assert again.after is not None
    assert [one.run for one in again.after.repairs] == [a_record().run, "later"]


def test_that_a_stopped_repair_leaves_its_trace_in_what_is_known() -> None:
    stopped = replace(a_repair(), after=None)
    left = case_left_by(stopped)
    assert left.findings == stopped.before.findings
    assert left.repairs[0].after is None


def test_that_a_repair_of_which_nothing_was_begun_leaves_the_case_as_it_is() -> None:
    nothing = replace(a_repair(), results=(), after=None)
    assert case_left_by(nothing) is nothing.before
    assert record_of(nothing) is None
    strange = replace(a_repair(), plan=Plan(NOW, ()))
    assert record_of(strange) is None


def test_that_neither_arguments_nor_secrets_get_into_it() -> None:
    step = replace(START, action=Action("Start-StoppedService", ("x.ps1",), {"Password": Secret("CANARY"), "Name": "ARGUMENT"}))
    repair = replace(a_repair(), plan=replace(a_repair().plan, steps=(step, SEND)))
    after = recorded(repair).after
    assert after is not None
    assert not {"CANARY", "ARGUMENT", "Start-StoppedService", "x.ps1"} & set(to_text(after).replace('"', " ").split())


REPAIRS: Any = json.loads(to_text(repaired()))["repairs"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"run": 1}, "repairs[0].run"),
        ({"started": "yesterday"}, "repairs[0].started"),
        ({"accounts": "me"}, "repairs[0].accounts"),
        ({"before": {"failed": -1, "warned": 0}}, "repairs[0].before"),
        ({"before": {"failed": 1}}, "repairs[0].before"),
        ({"steps": [{**REPAIRS[0]["steps"][0], "outcome": "splendid"}]}, "repairs[0].steps[0].outcome"),
        ({"steps": [{**REPAIRS[0]["steps"][0], "script": "rm"}]}, "repairs[0].steps[0]"),
        ({"steps": [{**REPAIRS[0]["steps"][0], "facts": {"a": {}}}]}, "repairs[0].steps[0].facts.a"),
        ({"surprise": 1}, "repairs[0]"),
    ],
)
def test_that_a_damaged_record_is_refused_with_its_place(change: dict[str, object], where: str) -> None:
    document = json.loads(to_text(repaired()))
    document["repairs"] = [{**REPAIRS[0], **change}]
    with pytest.raises(DamagedCase) as caught:
        from_text(json.dumps(document))
    assert caught.value.facts["where"] == where


def test_that_an_older_file_without_repairs_opens() -> None:
    document = json.loads(to_text(repaired()))
    del document["repairs"]
    assert from_text(json.dumps(document)).repairs == ()
