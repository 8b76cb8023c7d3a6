"""Dates: the bounds in days, and whose clock they are counted by."""

from datetime import timedelta

import pytest

from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import StoreCertificate
from tests.builders.evidence import NOW, Deployment, assignment, certificate, deployment, fields, found, key_of, store

SECOND = 1 / 86400


def ending(days: float) -> Deployment:
    """Every clock is right to the second, so that bounds can be met exactly."""
    right = deployment().but(clock=ClockSeen(0, 0, 5), time=fields(dc_offset_seconds=None))
    return right.assigned(certificate(-20, days))


@pytest.mark.parametrize(
    ("days", "variant"),
    [
        (90 + SECOND, "pass"),
        (90, "renewal-due"),
        (30 + SECOND, "renewal-due"),
        (30, "expires-soon"),
        (SECOND, "expires-soon"),
        (0, "expires-soon"),
        (-SECOND, "expired"),
    ],
)
def test_that_the_bounds_belong_to_the_worse_side(days: float, variant: str) -> None:
    assert ending(days).finding("oauth-validity", "fe02").words == f"oauth-validity.{variant}"


def test_that_the_cms_servers_finding_stands_for_all_of_the_same_certificate() -> None:
    judgement = ending(-1).judged()

    (cause,) = judgement.causes
    assert cause.finding == "oauth-validity@fe01.contoso.lab"
    assert cause.explains == ("oauth-validity@fe02.contoso.lab", "oauth-validity@fe03.contoso.lab")


def test_that_the_first_server_stands_for_all_where_the_cms_server_says_nothing_of_it() -> None:
    unread = ending(-1).without("fe01").judged()

    assert found(unread, "oauth-validity", "fe03").because == ("oauth-validity@fe02.contoso.lab",)


def test_that_a_certificate_not_valid_yet_for_a_slow_clock_only_is_the_clocks_fault() -> None:
    slow = deployment().assigned(certificate(-1), NOW - timedelta(hours=23))
    slow = slow.but("fe02", clock=ClockSeen(-2 * 86400, 1, 5), time=fields(dc_offset_seconds=2 * 86400.0))

    judgement = slow.judged()

    assert found(judgement, "oauth-validity", "fe02").words == "oauth-validity.not-yet-valid"
    assert found(judgement, "oauth-validity", "fe02").because == ("time-skew@fe02.contoso.lab",)
    assert found(judgement, "oauth-validity", "fe03").verdict is Verdict.PASS


def test_that_a_certificate_expired_for_all_is_not_the_fault_of_one_clock() -> None:
    slow = ending(-1).but("fe02", clock=ClockSeen(600, 1, 5))

    judgement = slow.judged()

    assert found(judgement, "time-skew", "fe02").verdict is Verdict.FAIL
    assert found(judgement, "oauth-validity", "fe02").because == ("oauth-validity@fe01.contoso.lab",)


def test_that_the_assignment_tells_the_dates_where_the_store_was_not_seen() -> None:
    unread = ending(12).but("fe02", store=NotSeen("access-denied"))

    assert unread.finding("oauth-validity", "fe02").words == "oauth-validity.expires-soon"
    nothing = unread.but("fe01", "fe02", "fe03", oauth=(assignment(certificate(-20, 12), not_after=None),))
    assert nothing.finding("oauth-validity", "fe02").words == "oauth-validity.could-not-look"


def test_that_a_certificate_that_cannot_be_parsed_is_unknown_unless_the_assignment_tells() -> None:
    made = certificate()
    broken = StoreCertificate(made.parsed.thumbprint, b"\x30\x82junk", has_private_key=True)
    ill = deployment().but("fe02", store=store(broken), keys=(key_of(made),))
    assert ill.finding("oauth-validity", "fe02").verdict is Verdict.PASS
    assert ill.finding("oauth-chain", "fe02").facts["reason"] == "unparsable-certificate"

    dateless = ill.but("fe01", "fe02", "fe03", oauth=(assignment(made, not_before=None),))
    assert dateless.finding("oauth-validity", "fe02").facts["reason"] == "unparsable-certificate"
    assert dateless.finding("oauth-validity", "fe03").verdict is Verdict.PASS


def test_that_other_thresholds_can_be_set() -> None:
    assert ending(40).finding("oauth-validity", "fe02", expiry_fail_days=45).words == "oauth-validity.expires-soon"
