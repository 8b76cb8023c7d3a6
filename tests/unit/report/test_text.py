"""The terminal report: the cause first, within its width, and no control character from a server."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from tests.unit.model.strategies import cases
from tests.unit.report.cases import a_case, a_finding, large, passing, replica_stopped
from tests.unit.report.test_html import NASTY, hostile

from oauthcert.model.case import Case
from oauthcert.model.finding import Cause
from oauthcert.report import render_text
from oauthcert.words import Catalogue

ENGLISH = Catalogue("en")


def test_that_the_news_comes_first_and_the_cause_next() -> None:
    lines = render_text(replica_stopped(), ENGLISH).splitlines()
    assert lines[0] == "One cause explains most of it"
    assert lines[1] == "4 servers were looked at, 1 could not be looked at."
    assert lines[3] == "Fix this first (explains 4 other findings)"
    assert lines[4].strip() == "x failed: The replica service is stopped on fe02"


def test_that_explained_findings_are_indented_by_what_explains_them() -> None:
    lines = render_text(replica_stopped(), ENGLISH, width=120).splitlines()[4:14]
    indents = [len(line) - len(line.lstrip()) for line in lines if line.lstrip().startswith("x failed")]
    assert indents == [2, 4, 6, 8, 10]


def test_that_what_passed_is_counted_and_listed_only_on_request() -> None:
    brief, full = render_text(replica_stopped(), ENGLISH), render_text(replica_stopped(), ENGLISH, everything=True)
    assert "+ passed: fe01 answers" not in brief
    assert re.search(r"fe03\.contoso\.lab: [0-9]{2} checks passed", brief)
    assert "+ passed: fe01 answers" in full


def test_that_a_server_nobody_could_look_at_is_not_called_failed() -> None:
    finding = a_finding("server-reachable", "could-not-look", "fe01.contoso.lab")
    text = render_text(a_case([finding], (Cause(finding.id),)), ENGLISH)
    assert text.startswith("No problem was found, but not everything could be looked at")
    assert "failed" not in text


def test_that_all_in_order_takes_few_lines() -> None:
    text = render_text(a_case(passing("fe01.contoso.lab", {}) + passing(None, {})), ENGLISH)
    assert text.startswith("Everything that was looked at is in order")
    assert len(text.splitlines()) < 8


@pytest.mark.parametrize("width", [20, 40, 80, 120, 999])
@pytest.mark.parametrize("language", ["en", "de"])
def test_that_lines_keep_to_the_width(width: int, language: str) -> None:
    bound = max(40, min(width, 120))
    for line in render_text(replica_stopped(), Catalogue(language), width=width).splitlines():
        assert len(line) <= bound or len(line.split()) <= 3  # a name longer than the line


def test_that_colour_is_only_used_when_asked_for() -> None:
    assert "\x1b" not in render_text(replica_stopped(), ENGLISH)
    coloured = render_text(replica_stopped(), ENGLISH, colour=True)
    assert "\x1b[31mx failed:\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured).splitlines()[4:] == render_text(replica_stopped(), ENGLISH).splitlines()[4:]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_that_servers_cannot_steer_the_terminal(text: str) -> None:
    shown = render_text(hostile(text), ENGLISH, everything=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert len(shown) < 60_000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases)
def test_that_any_case_can_be_told(case: Case) -> None:
    render_text(case, Catalogue("de"), everything=True).encode("utf-8")


def test_that_two_hundred_servers_with_the_same_fault_are_one_cause() -> None:
    text = render_text(large(), ENGLISH)
    assert "The same on 56 more servers: fe006, fe009" in text
    assert text.count("Fix this first") == 1
    assert text.startswith("The same cause on 57 servers explains most of it")


def test_that_unrelated_problems_are_counted_in_the_headline() -> None:
    findings = [
        a_finding("time-skew", "drifting", "fe01.contoso.lab"),
        a_finding("product-build", "out-of-support", "fe02.contoso.lab"),
        a_finding("replica-service", "stopped", "fe03.contoso.lab"),
    ]
    case = a_case(findings, tuple(Cause(finding.id) for finding in findings))
    assert render_text(case, ENGLISH).startswith("3 problems, 3 causes\n")
    assert render_text(case, Catalogue("de")).startswith("3 Probleme, 3 Ursachen\n")


def test_that_a_cause_stands_above_what_it_explains_whatever_the_order_of_findings() -> None:
    late = a_finding("oauth-in-store", "missing", "fe02.contoso.lab", ("local-store-current@fe02.contoso.lab",))
    middle = a_finding("local-store-current", "missing", "fe02.contoso.lab", ("replica-service@fe02.contoso.lab",))
    first = a_finding("replica-service", "stopped", "fe02.contoso.lab")
    text = render_text(a_case([late, middle, first], (Cause(first.id, (late.id, middle.id)),)), ENGLISH)
    titles = ["replica service is stopped", "names no OAuth certificate", "not installed on fe02"]
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)


def test_that_reasons_that_run_in_a_circle_do_no_harm() -> None:
    one = a_finding("replica-service", "stopped", "fe02.contoso.lab", ("replication-arrived@fe02.contoso.lab",))
    other = a_finding("replication-arrived", "not-arrived", "fe02.contoso.lab", ("replica-service@fe02.contoso.lab",))
    causes = (Cause(one.id, (other.id, one.id, "gone@nowhere")), Cause("gone@nowhere", (one.id,)))
    assert "replica service is stopped" in render_text(a_case([one, other], causes), ENGLISH)


def test_that_a_single_problem_is_the_headline() -> None:
    finding = a_finding("time-skew", "drifting", "fe03.contoso.lab", offset_seconds=-131.0)
    assert render_text(a_case([finding], (Cause(finding.id),)), ENGLISH).startswith("The clock of fe03 is 2 min 11 s behind")
