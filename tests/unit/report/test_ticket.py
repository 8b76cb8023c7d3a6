"""The ticket text: everything a second person needs, nothing that can pass for a line of ours."""

import re
from dataclasses import replace

import pytest
from tests.unit.report.cases import THUMBPRINT, a_case, a_finding, large, passing, replica_stopped

from oauthcert.model.case import Case
from oauthcert.model.finding import Cause, Fact, Finding
from oauthcert.report.fact_lines import label_of
from oauthcert.report.ticket import LONGEST_FACT, MOST_FINDINGS, MOST_NAMES, case_ticket, finding_ticket
from oauthcert.words.catalogue import Catalogue

ENGLISH, GERMAN = Catalogue("en"), Catalogue("de")
TWO = "fe02.contoso.lab"
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def one(finding: str = f"replica-service@{TWO}", catalogue: Catalogue = ENGLISH) -> str:
    case = replica_stopped()
    return finding_ticket(case, case.finding(finding), catalogue)


def with_fact(value: Fact, name: str = "provider") -> tuple[Case, Finding]:
    finding = a_finding("replica-service", "stopped", TWO, (), **{name: value})
    return a_case([finding], (Cause(finding.id),)), finding


def test_that_a_ticket_names_server_verdict_check_and_what_to_do() -> None:
    text = one()
    assert text.startswith("[failed] The replica service is stopped on fe02\n")
    assert f"Server: {TWO}\n" in text
    assert "Check: replica-service (high)" in text
    assert "What to do: " in text


def test_that_a_ticket_holds_every_fact_and_whole_thumbprints() -> None:
    case = replica_stopped()
    finding = case.finding(f"oauth-in-store@{TWO}")
    text = finding_ticket(case, finding, ENGLISH)
    assert all(f"  {label_of(name, ENGLISH)}: " in text for name in finding.facts)
    assert THUMBPRINT in text


def test_that_a_ticket_tells_when_and_with_which_version_in_utc() -> None:
    text = one()
    assert "OAuthCert Wizard 0.1.0" in text
    assert "Looked at 21 Nov 2026 14:29 UTC, finished 21 Nov 2026 14:30 UTC" in text
    assert "Practice lab, scenario replica-stopped; no real server" in text


def test_that_a_ticket_says_what_the_finding_explains_and_what_explains_it() -> None:
    assert "explains 4 other findings:\n- [failed] " in one()
    assert "Because: The replica service is stopped on fe02" in one(f"replication-up-to-date@{TWO}")


def test_that_missing_answers_are_counted_not_listed() -> None:
    gone = "server-reachable@old-server-with-a-rather-long-name.branch.contoso.lab"
    text = one(gone)
    assert "answers are missing: " in text
    assert text.count("\n- ") == 1


def test_that_alike_servers_are_named_in_full() -> None:
    case = replica_stopped()
    text = finding_ticket(case, case.finding(f"replica-service@{TWO}"), ENGLISH, ("fe03.contoso.lab", "fe04.contoso.lab"))
    assert f"Servers: {TWO}, fe03.contoso.lab, fe04.contoso.lab\n" in text


def test_that_names_without_end_are_cut_and_counted() -> None:
    case = replica_stopped()
    text = finding_ticket(case, case.finding(f"replica-service@{TWO}"), ENGLISH, tuple(f"s{n}.lab" for n in range(MOST_NAMES + 7)))
    assert "and 7 more" in text


def test_that_a_finding_about_the_deployment_says_so() -> None:
    assert "Server: Deployment\n" in one("cms-master@deployment")


def test_that_a_whole_case_tells_news_causes_the_rest_and_what_passed() -> None:
    case = replica_stopped()
    text = case_ticket(case, ENGLISH)
    headline, counts, *_ = text.splitlines()
    assert "most of it" in headline or "causes" in headline
    assert counts == "4 servers were looked at, 1 could not be looked at."
    assert text.index("The replica service is stopped") < text.index("The clock of fe03") < text.index(f"{TWO}:")
    assert re.search(r"^\d+ checks passed\.$", text, re.MULTILINE)


def test_that_a_cause_is_told_once() -> None:
    text = case_ticket(replica_stopped(), ENGLISH)
    assert text.count("] The replica service is stopped on fe02") == 1


def test_that_a_ticket_of_a_case_without_findings_is_calm() -> None:
    text = case_ticket(a_case([]), ENGLISH)
    assert text.startswith("Nothing was looked at\n")
    assert "0 checks passed." in text


def test_that_a_ticket_of_a_healthy_case_lists_no_finding() -> None:
    text = case_ticket(a_case(passing("fe01.contoso.lab", {}) + passing(None, {})), ENGLISH)
    assert text.startswith("Everything that was looked at is in order\n")
    assert "- [" not in text


def test_that_german_tickets_hold_no_english_labels() -> None:
    text = one(catalogue=GERMAN)
    assert "Was zu tun ist: " in text
    assert "What to do" not in text
    assert "findings." not in text


@pytest.mark.parametrize("value", ["a\nServer: fe99\r\n[failed] x", "\x1b[31mred", "x\u202egnp.exe", "a\x00b", ("one\ntwo", "\u2066z")])
def test_that_what_servers_print_stays_on_its_line(value: Fact) -> None:
    case, finding = with_fact(value)
    for text in (finding_ticket(case, finding, ENGLISH), case_ticket(case, ENGLISH)):
        assert not CONTROLS.search(text)
        assert not [line for line in text.splitlines() if line.startswith(("Server: fe99", "[failed] x"))]


def test_that_a_fact_of_64_kilobytes_is_cut() -> None:
    case, finding = with_fact("x" * 65_536)
    lines = finding_ticket(case, finding, ENGLISH).splitlines()
    assert max(map(len, lines)) <= LONGEST_FACT + 80


def test_that_markup_is_copied_as_it_is() -> None:
    case, finding = with_fact("<b>bold</b> & more")
    assert "Key provider: <b>bold</b> & more" in finding_ticket(case, finding, ENGLISH)


def test_that_a_reason_that_is_not_in_the_case_is_left_out() -> None:
    finding = a_finding("replica-service", "stopped", TWO, ("nothing@nowhere",))
    text = finding_ticket(a_case([finding], (Cause(finding.id, ("gone@there",)),)), finding, ENGLISH)
    assert "Because" not in text
    assert "explains" not in text


def test_that_hundreds_of_findings_fit_into_one_text() -> None:
    text = case_ticket(large(), ENGLISH)
    assert len(text) < 2_000_000
    assert "fe198.contoso.lab" in text


def test_that_findings_without_end_are_cut_and_counted() -> None:
    findings = [a_finding("replica-service", "stopped", f"s{number}.lab") for number in range(MOST_FINDINGS + 30)]
    text = case_ticket(a_case(findings), ENGLISH)
    assert text.count("- [failed] ") == MOST_FINDINGS
    assert "and 30 more" in text


def test_that_a_case_of_unknown_origin_counts_as_saved() -> None:
    case = replace(replica_stopped(), source="case")
    assert "From a saved case" in case_ticket(case, ENGLISH)
