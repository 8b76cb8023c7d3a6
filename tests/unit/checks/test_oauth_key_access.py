"""Who may read the key: the list is read as Windows reads it, and nobody is accused of what is not known."""

from dataclasses import replace

import pytest

from oauthcert.model.certificate_evidence import AccessRule, ServiceAccount
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Finding, Verdict
from tests.builders.evidence import ADMINISTRATORS_READ, NETWORK_SERVICE, SERVICE_READS, access, certificate, deployment, key_access

SID = "S-1-5-20"


def rule(sid: str, account: str | None, *, allow: bool = True, read: bool = True) -> AccessRule:
    return AccessRule(sid, account, allow, read)


def judged(*rules: AccessRule, accounts: tuple[ServiceAccount, ...] = (NETWORK_SERVICE,)) -> Finding:
    seen = replace(access(), accounts=accounts, keys=(key_access(certificate(), *rules),))
    return deployment().but("fe02", access=seen).finding("oauth-key-permissions", "fe02")


@pytest.mark.parametrize(
    "through",
    [
        rule("S-1-1-0", "Jeder"),
        rule("S-1-5-11", "NT-AUTORITÄT\\Authentifizierte Benutzer"),
        rule("S-1-5-6", None),
        rule("S-1-5-32-545", "VORDEFINIERT\\Benutzer"),
        rule("S-1-5-21-1-2-3-1001", "FE02\\RTC Component Local Group"),
    ],
)
def test_that_a_group_with_all_services_or_of_the_product_is_enough(through: AccessRule) -> None:
    assert judged(ADMINISTRATORS_READ, through).verdict is Verdict.PASS


def test_that_a_right_without_reading_is_none() -> None:
    assert judged(ADMINISTRATORS_READ, rule(SID, "NETWORK SERVICE", read=False)).words == "oauth-key-permissions.cannot-read"


def test_that_a_denial_counts_only_before_what_allows() -> None:
    denial = rule("S-1-1-0", "Everyone", allow=False)
    first = judged(denial, SERVICE_READS)
    assert (first.words, first.facts["denied_by"]) == ("oauth-key-permissions.denied", "Everyone")
    assert judged(SERVICE_READS, denial).verdict is Verdict.PASS
    assert judged(rule(SID, None, allow=False, read=False), SERVICE_READS).verdict is Verdict.PASS


def test_that_a_group_nobody_knows_leaves_the_question_open() -> None:
    finding = judged(ADMINISTRATORS_READ, rule("S-1-5-21-1-2-3-1105", "CONTOSO\\Key Readers"))
    assert (finding.verdict, finding.facts["reason"]) == (Verdict.UNKNOWN, "not-told")
    orphan = judged(ADMINISTRATORS_READ, rule("S-1-5-21-1-2-3-1106", None))
    assert orphan.words == "oauth-key-permissions.cannot-read"


def test_that_another_account_of_the_services_is_named_with_its_sid() -> None:
    other = ServiceAccount("CONTOSO\\svc-lync", "S-1-5-21-1-2-3-1200", ("RTCSRV",))
    finding = judged(ADMINISTRATORS_READ, SERVICE_READS, accounts=(NETWORK_SERVICE, other))
    assert (finding.words, finding.facts["accounts"]) == ("oauth-key-permissions.cannot-read", (other.account,))
    alone = judged(ADMINISTRATORS_READ, accounts=(NETWORK_SERVICE, other))
    assert alone.facts["account_sids"] == (NETWORK_SERVICE.sid, other.sid)


def test_that_the_system_reads_as_an_administrator_does() -> None:
    system = ServiceAccount("NT AUTHORITY\\SYSTEM", "S-1-5-18", ("RTCSRV",))
    assert judged(ADMINISTRATORS_READ, accounts=(system,)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("problem", "verdict", "reason"),
    [
        ("access-denied", Verdict.UNKNOWN, "access-denied"),
        ("no-key-file", Verdict.UNKNOWN, "not-told"),
        ("other", Verdict.UNKNOWN, "not-told"),
        ("missing-key-file", Verdict.NOT_APPLICABLE, None),
    ],
)
def test_that_a_list_that_was_not_read_accuses_nobody(problem: str, verdict: Verdict, reason: str | None) -> None:
    seen = replace(access(), keys=(key_access(certificate(), problem=problem, rules=()),))
    finding = deployment().but("fe02", access=seen).finding("oauth-key-permissions", "fe02")
    assert (finding.verdict, finding.facts.get("reason")) == (verdict, reason)


def test_that_a_case_from_before_the_question_leaves_it_open() -> None:
    finding = deployment().but(access=NotSeen("not-asked", {"probe": "access"})).finding("oauth-key-permissions", "fe02")
    assert (finding.verdict, finding.facts["reason"]) == (Verdict.UNKNOWN, "not-asked")
