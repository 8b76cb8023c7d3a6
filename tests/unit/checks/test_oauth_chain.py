"""The chain on each server, from that server's own stores and at its own time."""

from datetime import timedelta

from oauthcert.model.evidence import ClockSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import MisplacedRoot, StoreCertificate
from tests.builders.evidence import NOW, certificate, deployment, fields, found, issuing, store, stored
from tests.unit.checks.examples_step_3 import authority, issued_by


def test_that_the_missing_link_is_named_by_who_wants_it() -> None:
    finding = deployment().but("fe02", store=fields(intermediate=())).finding("oauth-chain", "fe02")

    assert finding.facts["missing_subject"] == issuing().parsed.subject
    assert finding.facts["wanted_by"] == certificate().parsed.subject
    assert finding.fixes == ("install-chain",)


def test_that_a_broken_chain_on_one_server_accuses_no_other() -> None:
    judgement = deployment().but("fe02", store=fields(intermediate=())).judged()

    assert found(judgement, "oauth-chain", "fe03").verdict is Verdict.PASS
    assert [cause.finding for cause in judgement.causes] == ["oauth-chain@fe02.contoso.lab"]


def test_that_the_dates_of_the_certificate_itself_are_not_judged_here() -> None:
    for days in ((-20, -1), (1, 700)):
        ill = deployment().assigned(certificate(*days))
        assert ill.finding("oauth-chain", "fe02").verdict is Verdict.PASS


def test_that_a_link_is_judged_at_the_servers_own_time_and_the_clock_is_blamed() -> None:
    ill, _ = issued_by(lambda: authority(-1, 2000))()
    assert ill.finding("oauth-chain", "fe02").verdict is Verdict.PASS
    slow = ill.but("fe02", clock=ClockSeen(-2 * 86400, 1, 5), time=fields(dc_offset_seconds=2 * 86400.0))

    judgement = slow.judged()

    assert found(judgement, "oauth-chain", "fe02").words == "oauth-chain.not-yet-valid-link"
    assert found(judgement, "oauth-chain", "fe02").because == ("time-skew@fe02.contoso.lab",)


def test_that_an_expired_link_is_not_the_clocks_fault_where_it_is_expired_for_all() -> None:
    ill, _ = issued_by(lambda: authority(-1000, -1))()
    drifting = ill.but("fe02", clock=ClockSeen(400, 1, 5), time=fields(dc_offset_seconds=-400.0))

    assert found(drifting.judged(), "oauth-chain", "fe02").because == ()


def test_that_hostile_bytes_beside_a_good_chain_do_not_matter() -> None:
    junk = tuple(StoreCertificate(f"{n:040X}", bytes([n]) * n) for n in range(40))
    ill = deployment().but("fe02", store=lambda seen: fields(intermediate=(*junk, *seen.intermediate), my=(*seen.my, *junk))(seen))

    assert ill.finding("oauth-chain", "fe02").verdict is Verdict.PASS


def test_that_the_hundredth_root_is_not_too_many() -> None:
    assert deployment().but("fe02", store=fields(root_count=100)).finding("oauth-chain", "fe02").verdict is Verdict.PASS


def test_that_a_broken_link_weighs_more_than_the_state_of_the_root_store() -> None:
    misplaced = (MisplacedRoot("AB" * 20, "CN=x", "CN=y"),)
    both = deployment().but("fe02", store=store(stored(certificate()), intermediate=(), misplaced_roots=misplaced, root_count=300))
    assert both.finding("oauth-chain", "fe02").words == "oauth-chain.missing-link"

    later = both.but("fe02", store=fields(intermediate=(stored(issuing()),)))
    assert later.finding("oauth-chain", "fe02").facts["misplaced"] == ("CN=x",)
    assert later.seen_at(NOW + timedelta(days=1)).finding("oauth-chain", "fe02").words == "oauth-chain.misplaced-root"
