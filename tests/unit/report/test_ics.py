"""The calendar of a case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Severity, Verdict
from oauthcert.report.ics import reminders, render_ics
from oauthcert.words.catalogue import Catalogue

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
THUMB = "5B" * 20
VALID = Finding(
    "oauth-validity",
    "fe01.contoso.lab",
    Verdict.PASS,
    Severity.INFO,
    "oauth-validity.pass",
    {"thumbprint": THUMB, "not_before": "2025-03-04T10:00:00Z", "not_after": "2027-03-04T10:00:00Z", "days_left": 103},
)


def case(*findings: Finding) -> Case:
    return Case(NOW, NOW, "live", (), (), findings)


def lines(text: str) -> list[str]:
    """Unfolded content lines, as a calendar reads them."""
    return text.replace("\r\n ", "").split("\r\n")


def test_that_renewal_and_end_of_a_certificate_are_remembered_once_for_all_servers() -> None:
    found = reminders(case(VALID, replace(VALID, server="fe02.contoso.lab")), Catalogue("en"))
    assert [one.when for one in found] == [datetime(2027, 1, 18, 10, tzinfo=UTC), datetime(2027, 3, 4, 10, tzinfo=UTC)]
    assert all(THUMB[:8] in one.title for one in found)


def test_that_what_has_passed_is_not_remembered() -> None:
    soon = replace(VALID, facts={**VALID.facts, "not_after": "2026-12-01T10:00:00Z"})
    assert [one.when for one in reminders(case(soon), Catalogue("en"))] == [datetime(2026, 12, 1, 10, tzinfo=UTC)]
    assert render_ics(case(replace(VALID, facts={**VALID.facts, "not_after": "2026-01-01T10:00:00Z"})), Catalogue("en")) == ""


@pytest.mark.parametrize(
    "facts", [{}, {"thumbprint": THUMB}, {"thumbprint": THUMB, "not_after": "soon"}, {"not_after": "2027-03-04T10:00:00Z"}]
)
def test_that_a_finding_without_its_dates_brings_no_entry(facts: dict[str, str]) -> None:
    assert render_ics(case(replace(VALID, facts=facts)), Catalogue("en")) == ""


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_the_text_is_a_calendar_as_the_standard_wants_it(language: str) -> None:
    text = render_ics(case(VALID), Catalogue(language))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    content = lines(text)
    assert content[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert content.count("BEGIN:VEVENT") == content.count("END:VEVENT") == 2
    uids = [line for line in content if line.startswith("UID:")]
    assert len(set(uids)) == 2
    assert "DTSTART:20270304T100000Z" in content
    assert "DTSTAMP:20261121T140000Z" in content


def test_that_the_same_dates_keep_their_ids_so_that_a_calendar_replaces_them() -> None:
    later = replace(case(VALID), finished=NOW + timedelta(days=3))
    ids = [[line for line in lines(render_ics(one, Catalogue("en"))) if line.startswith("UID:")] for one in (case(VALID), later)]
    assert ids[0] == ids[1]


def test_that_hostile_facts_stay_inside_their_line() -> None:
    nasty = replace(VALID, facts={**VALID.facts, "thumbprint": "A;B,C\\\r\nBEGIN:VALARM"})
    content = lines(render_ics(case(nasty), Catalogue("en")))
    assert content.count("BEGIN:VALARM") == 2


def test_that_a_staged_change_is_remembered_with_the_removal_after_it() -> None:
    staged = Finding(
        "oauth-rollover",
        None,
        Verdict.PASS,
        Severity.INFO,
        "oauth-rollover.staged",
        {"thumbprint": THUMB, "effective_date": "2026-12-05T03:00:00Z"},
    )
    found = reminders(case(staged), Catalogue("en"))
    assert [one.when for one in found] == [datetime(2026, 12, 5, 3, tzinfo=UTC), datetime(2026, 12, 7, 3, tzinfo=UTC)]
