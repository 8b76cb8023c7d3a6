"""What was changed stands in every report: who, when, what became of it; and nothing of it where nothing was."""

import json
from collections.abc import Callable
from dataclasses import replace

import jsonschema
import pytest
from tests.unit.report.cases import NOW, replica_stopped
from tests.unit.report.repairs_at_hand import START, a_record, a_repair, a_result, hostile_repair, repaired
from tests.unit.report.test_html import NASTY, assert_harmless

from oauthcert import assets
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text
from oauthcert.model.repair import Outcome
from oauthcert.model.repair_record import case_left_by, recorded
from oauthcert.report import render_html, render_json, render_text
from oauthcert.report.changes import changes
from oauthcert.report.markdown import render_markdown
from oauthcert.report.masking import masked
from oauthcert.report.print_html import render_print
from oauthcert.report.ticket import case_ticket, finding_ticket
from oauthcert.words import Catalogue

Render = Callable[[Case, Catalogue], str]


def in_print(case: Case, catalogue: Catalogue) -> str:
    return "\n".join(render_print(case, catalogue).pieces)


FORMATS: dict[str, Render] = {
    "text": lambda case, words: render_text(case, words, width=120),
    "html": render_html,
    "markdown": render_markdown,
    "print": in_print,
    "ticket": case_ticket,
}
every_format = pytest.mark.parametrize("render", FORMATS.values(), ids=FORMATS.keys())


@every_format
def test_that_every_format_says_who_changed_what_and_how_it_ended(render: Render) -> None:
    told = render(repaired(), Catalogue("en")).replace("\\\\", "\\")
    for said in ("What was changed", "21 Nov 2026 14:30 to 14:31 UTC", "CONTOSO\\admin", "Start REPLICA on fe02", "Done", "Refused"):
        assert said in told
    assert "Somebody changed this on the server" in told
    assert ("Something was changed on 1 server." in told) is (render is not FORMATS["text"])  # which has no such line
    assert "Nothing was changed" not in told
    assert told.index("What was changed") < told.rindex("The local store of fe02 names no OAuth certificate")


@every_format
def test_that_it_is_told_in_german(render: Render) -> None:
    told = render(repaired(), Catalogue("de"))
    for said in ("Was geändert wurde", "Erledigt", "Abgelehnt", "REPLICA auf fe02 starten", "durch "):
        assert said in told


@every_format
def test_that_there_is_no_section_where_nothing_was_repaired(render: Render) -> None:
    told = render(replica_stopped(), Catalogue("en"))
    assert "What was changed" not in told
    assert "Something was changed" not in told


@every_format
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_that_hostile_facts_stay_text(render: Render, text: str) -> None:
    told = render(hostile_repair(text), Catalogue("en"))
    assert not any(letter in told for letter in "\x00\x1b\u202e\r")
    assert "<script" not in told.replace("\\<script", "") or render is FORMATS["text"] or render is case_ticket
    assert all(line.strip() != text.strip() or not text.strip() for line in told.splitlines() if "\n" in text)
    told.encode("utf-8")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_that_hostile_facts_leave_the_page_whole(text: str) -> None:
    assert_harmless(render_html(hostile_repair(text), Catalogue("de")))


@every_format
@pytest.mark.parametrize("language", ["en", "de"])
def test_that_a_masked_case_names_nobody(render: Render, language: str) -> None:
    told = render(masked(repaired()), Catalogue(language)).casefold()
    assert "contoso" not in told
    assert "fe02" not in told
    assert "account-1" in told


def test_that_masking_gives_the_steps_the_names_of_the_findings() -> None:
    hidden = masked(repaired())
    first, second = hidden.repairs[0].steps
    server = hidden.finding(f"replica-service@{first.server}").server
    assert first.step == f"start-replica@{server}/1"
    assert second.facts["servers"] == (server,)
    assert second.reason_facts["earlier"] == first.step
    assert hidden.repairs[0].accounts != a_record().accounts
    assert hidden.repairs[0].run == a_record().run


def test_that_the_json_carries_the_repair_as_its_schema_says() -> None:
    schema = json.loads(assets.text("schema/case-1.json"))
    for case in (repaired(), masked(repaired()), hostile_repair(NASTY[0])):
        text = render_json(case, Catalogue("en"))
        jsonschema.Draft202012Validator(schema).validate(json.loads(text))
        assert from_text(text) == case


def test_that_a_case_without_repairs_is_written_as_ever() -> None:
    assert "repairs" not in json.loads(render_json(replica_stopped(), Catalogue("en")))


def test_that_one_finding_for_a_ticket_says_that_something_was_changed() -> None:
    case = repaired()
    assert "Something was changed on 1 server." in finding_ticket(case, case.finding("replica-service@fe02.contoso.lab"), Catalogue("en"))


def test_that_a_run_that_changed_nothing_is_told_and_nothing_is_called_changed() -> None:
    already = recorded(a_repair(a_result(START, Outcome.ALREADY, 0))).after
    assert already is not None
    told = render_text(already, Catalogue("en"))
    assert "Was so already" in told
    assert "Nothing was changed on any server." in render_markdown(already, Catalogue("en"))


def test_that_a_stopped_repair_says_that_nothing_was_judged_since() -> None:
    stopped = case_left_by(replace(a_repair(), after=None))
    assert "stopped before the servers were looked at again" in " ".join(render_text(stopped, Catalogue("en")).split())


def test_that_many_steps_stay_bounded_in_a_ticket_and_laid_out_in_pieces_on_paper() -> None:
    many = tuple(replace(a_record().steps[0], step=f"x@fe02/{number}") for number in range(1000))
    case = replace(repaired(), repairs=(replace(a_record(), steps=many),))
    assert "and 800 more" in case_ticket(case, Catalogue("en"))
    assert max(len(piece) for piece in render_print(case, Catalogue("en")).pieces) < 60_000


def test_that_a_repair_over_midnight_names_both_days() -> None:
    late = replace(a_record(), finished=NOW.replace(day=22, hour=0, minute=5))
    told = render_text(replace(repaired(), repairs=(late,)), Catalogue("en"))
    assert "21 Nov 2026 14:30 UTC to 22 Nov 2026 00:05 UTC" in told


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_outcome_has_words_of_its_own(language: str) -> None:
    words = Catalogue(language)
    steps = tuple(replace(a_record().steps[0], outcome=outcome) for outcome in Outcome)
    (told,) = changes(replace(repaired(), repairs=(replace(a_record(), steps=steps),)), words)
    assert len({step.outcome for step in told.steps}) == len(Outcome)
    assert not any("outcome" in step.outcome for step in told.steps)
