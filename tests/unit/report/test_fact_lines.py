"""Facts as people read them: labels for all that texts rely on, codes as words, times on this machine's clock."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.unit.report.cases import THUMBPRINT, a_case, a_finding

from oauthcert.model.finding import Fact
from oauthcert.report.fact_lines import DECLARED, FactLine, label_of, lines_of, local_moment, pairs_of
from oauthcert.report.ticket import finding_ticket
from oauthcert.words.catalogue import Catalogue

ENGLISH = Catalogue("en")
TWO = "fe02.contoso.lab"


def lines(**facts: Fact) -> list[FactLine]:
    return lines_of(a_finding("replica-service", "stopped", TWO, (), **{"state": None, "start_mode": None, **facts}), ENGLISH)


@pytest.fixture
def east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine stands where clocks are five and a half hours ahead."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change the zone of one program")
    monkeypatch.setenv("TZ", "XST-5:30")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_declared_fact_has_a_label(language: str) -> None:
    catalogue = Catalogue(language)
    assert [name for name in sorted(DECLARED) if label_of(name, catalogue).startswith("fact.")] == []


def test_that_an_undeclared_fact_goes_by_its_own_name() -> None:
    assert [(line.label, line.value) for line in lines(odd_new_fact=3)] == [("odd new fact", "3")]


def test_that_facts_that_say_nothing_are_left_out() -> None:
    assert lines(nothing=None, empty="", none=()) == []
    assert [line.value for line in lines(left=0, trusted=False)] == ["0", "no"]


def test_that_codes_are_shown_as_words() -> None:
    finding = a_finding("time-skew", "could-not-look", TWO, reason="timed-out", look="clock", asked_servers=())
    told = {line.label: line.value for line in lines_of(finding, ENGLISH)}
    assert told == {"Reason": "The server did not answer in time.", "Missing": "the clock"}
    assert "  Missing: the clock\n" in finding_ticket(a_case([finding]), finding, ENGLISH)


@pytest.mark.parametrize(
    ("value", "machine"), [("Stopped", True), (THUMBPRINT, True), (3, False), (True, False), ("2023-04-11", False), (("a", "b"), False)]
)
def test_that_only_what_a_machine_printed_is_marked_so(value: Fact, machine: bool) -> None:
    assert [line.machine for line in lines(odd=value)] == [machine]


def test_that_times_are_told_on_this_machines_clock_and_in_utc(east: None) -> None:
    assert lines(odd="2026-11-20T20:58:00Z") == [FactLine("odd", "21 Nov 2026 02:28 UTC+05:30", utc="20 Nov 2026 20:58 UTC")]
    assert local_moment(datetime(2026, 11, 20, 20, 58, tzinfo=UTC), ENGLISH) == "21 Nov 2026 02:28 UTC+05:30"


def test_that_exports_tell_times_in_utc_and_leave_out_what_says_nothing(east: None) -> None:
    finding = a_finding("replica-service", "stopped", TWO, state="Stopped", start_mode=None, odd="2026-11-20T20:58:00Z")
    assert pairs_of(finding, ENGLISH) == (("State", "Stopped"), ("odd", "20 Nov 2026 20:58 UTC"))
