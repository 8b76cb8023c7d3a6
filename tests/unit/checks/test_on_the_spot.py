"""Answers that were collected on the servers themselves: judged by their own moments, and by the domain controller's clock alone."""

from dataclasses import replace
from datetime import datetime, timedelta

from oauthcert.model.evidence import ClockSeen, ReachSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import NOW, Deployment, deployment, fields, fqdn


def collected_at(moment: datetime, *names: str) -> Deployment:
    """All on the spot, these servers at another moment."""
    whole = deployment().on_the_spot()
    for name in map(fqdn, names):
        whole = whole.with_server(name, replace(whole.servers[name], started=moment, finished=moment))
    return whole


def test_that_everything_but_the_way_to_the_server_is_judged_as_in_a_live_look() -> None:
    live, collected = deployment().judged(), deployment().on_the_spot().judged()

    said = {finding.id: finding.words for finding in live.findings}
    different = {finding.id: finding.words for finding in collected.findings if said[finding.id] != finding.words}
    names = ("fe01", "fe02", "fe03", "edge01")
    expected = {f"{check}@{fqdn(name)}": f"{check}.not-applicable" for check in ("server-reachable", "sign-in-accepted") for name in names}
    assert different == {**expected, f"time-skew@{fqdn('edge01')}": "time-skew.not-applicable"}
    assert collected.causes == live.causes


def test_that_a_clock_is_judged_by_what_the_server_measured_against_its_domain_controller() -> None:
    off = deployment().on_the_spot().but("fe02", time=fields(dc_offset_seconds=420.0, dc_offset_error=0.02))

    finding = off.finding("time-skew", "fe02")

    assert finding.words == "time-skew.too-large"
    assert (finding.facts["offset_seconds"], finding.facts["reference_voices"]) == (-420.0, 1)
    assert off.finding("time-skew", "fe03").verdict is Verdict.PASS


def test_that_the_heartbeat_and_the_dates_are_judged_by_the_moment_of_their_own_file() -> None:
    later = collected_at(NOW + timedelta(days=2), "fe02", "fe03", "edge01").seen_at(NOW + timedelta(days=2))

    assert later.finding("cms-master").verdict is Verdict.PASS
    assert later.finding("oauth-validity", "fe02").facts["server_time"] == "2026-11-23T12:00:00Z"
    assert later.finding("oauth-validity", "fe01").facts["server_time"] == "2026-11-21T12:00:04Z"


def test_that_a_file_of_the_far_future_spoils_only_its_own_server() -> None:
    odd = collected_at(NOW + timedelta(days=4000), "fe03")

    assert odd.finding("oauth-validity", "fe03").verdict is Verdict.FAIL
    assert odd.finding("oauth-validity", "fe02").verdict is Verdict.PASS
    assert odd.finding("cms-master").verdict is Verdict.PASS


def test_that_collected_answers_do_not_count_as_an_accepted_account() -> None:
    off = {"clock": ClockSeen(420, 1, 5), "reach": ReachSeen("192.0.2.7", 5985, "http")}
    alone = deployment().on_the_spot().refused("fe02").but("fe02", **off)
    beside_one_that_accepted = alone.with_server("fe03", deployment().servers[fqdn("fe03")])

    assert alone.finding("time-skew", "fe02").verdict is Verdict.FAIL
    assert alone.finding("sign-in-accepted", "fe02").because == ()
    assert beside_one_that_accepted.finding("sign-in-accepted", "fe02").because == (f"time-skew@{fqdn('fe02')}",)
