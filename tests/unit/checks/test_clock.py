"""The clock: who is the reference, where the bounds are, and what the error bound does to them."""

from datetime import timedelta
from typing import Any

import pytest

from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import NOW, Deployment, deployment, fields


def without_controllers() -> Deployment:
    return deployment().but(time=fields(dc_offset_seconds=None, dc_offset_error=None), clock=ClockSeen(0, 0, 5))


def off_by(seconds: float, error: float = 0) -> Deployment:
    return without_controllers().but("fe02", clock=ClockSeen(seconds, error, 5))


@pytest.mark.parametrize(
    ("seconds", "error", "variant"),
    [
        (120, 0, "pass"),
        (-120, 0, "pass"),
        (120.5, 0, "drifting"),
        (-121, 0, "drifting"),
        (300, 0, "drifting"),
        (300.5, 0, "too-large"),
        (-301, 0, "too-large"),
        (310, 10, "drifting"),
        (311, 10, "too-large"),
        (130, 10, "pass"),
        (131, 10, "drifting"),
    ],
)
def test_that_a_clock_is_accused_only_beyond_the_bound_and_its_error(seconds: float, error: float, variant: str) -> None:
    assert off_by(seconds, error).finding("time-skew", "fe02").words == f"time-skew.{variant}"


@pytest.mark.parametrize(
    ("seconds", "jumped", "variant"),
    [
        (0, 1.9, "pass"),
        (0, -2, "jumped"),
        (0, 299, "jumped"),
        (-200, 200, "drifting"),
        (420, 420, "too-large"),
        (0, float("nan"), "pass"),
        (0, float("inf"), "pass"),
    ],
)
def test_that_a_clock_set_during_the_look_is_told_unless_it_is_off_now(seconds: float, jumped: float, variant: str) -> None:
    finding = without_controllers().but("fe02", clock=ClockSeen(seconds, 0, 5, jumped)).finding("time-skew", "fe02")

    assert finding.words == f"time-skew.{variant}"
    assert finding.facts.get("jumped_seconds") == (jumped if variant == "jumped" else None)


def test_that_the_workstation_is_one_voice_and_not_the_judge() -> None:
    together = without_controllers().but(clock=ClockSeen(-500, 1, 5))

    finding = together.finding("time-skew", "fe02")

    assert finding.verdict is Verdict.PASS
    assert finding.facts["reference"] == "median"
    assert finding.facts["reference_voices"] == 5


def test_that_a_single_server_is_measured_against_the_workstation_and_not_against_half_way() -> None:
    alone = off_by(420).without("fe01", "fe03", "edge01")

    assert alone.finding("time-skew", "fe02").facts["offset_seconds"] == 420.0


def test_that_domain_controllers_overrule_the_median() -> None:
    """All four and the workstation agree, but the domain controllers are 400 seconds ahead of them."""
    wrong_together = deployment().but("fe01", "fe02", "fe03", time=fields(dc_offset_seconds=400.0), clock=ClockSeen(0, 1, 5))

    finding = wrong_together.finding("time-skew", "fe02")

    assert finding.words == "time-skew.too-large"
    assert finding.facts["reference"] == "domain-controllers"
    assert finding.facts["offset_seconds"] == -400.0
    assert finding.facts["reference_voices"] == 3


def test_that_one_controller_that_is_off_does_not_decide() -> None:
    odd = deployment().but("fe02", time=fields(dc_offset_seconds=900.0))

    assert odd.finding("time-skew", "fe02").verdict is Verdict.PASS


def test_that_a_time_server_outside_the_domain_counts_only_without_a_better_one() -> None:
    asked_elsewhere = deployment().but("edge01", time=fields(dc_offset_seconds=4000.0))

    assert asked_elsewhere.finding("time-skew", "fe02").facts["reference_voices"] == 3


@pytest.mark.parametrize("clock", [ClockSeen(float("nan"), 1, 3), ClockSeen(9000, float("inf"), 3), ClockSeen(9000, 1, 0)])
def test_that_a_measurement_that_is_none_is_unknown(clock: ClockSeen) -> None:
    finding = deployment().but("fe02", clock=clock).finding("time-skew", "fe02")

    assert finding.verdict is Verdict.UNKNOWN
    assert finding.facts["reason"] == "not-told"


def test_that_a_clock_is_judged_although_the_server_refused_the_account() -> None:
    refused = deployment().refused("fe02", "clock-skew").but("fe02", clock=ClockSeen(-420, 1, 2))

    assert refused.finding("time-skew", "fe02").words == "time-skew.too-large"


@pytest.mark.parametrize(
    ("changes", "variant"),
    [
        ({"service_state": None}, "pass"),
        ({"source": "LOCAL CMOS CLOCK"}, "local-clock"),
        ({"source": "Free-running System Clock"}, "local-clock"),
        ({"stratum": 0}, "unsynchronised"),
        ({"stratum": 16}, "unsynchronised"),
        ({"leap": 2}, "pass"),
        ({"last_sync": NOW - timedelta(hours=24)}, "pass"),
        ({"last_sync": NOW - timedelta(hours=24, minutes=1)}, "stale"),
        ({"last_sync": None}, "pass"),
        ({"last_sync": None, "source": None, "leap": None, "stratum": None}, "could-not-look"),
        ({"source": "VM IC Time Synchronization Provider", "domain_joined": False}, "pass"),
        ({"vmic_enabled": True}, "pass"),
        ({"service_state": "Stopped", "source": "Local CMOS Clock"}, "service-stopped"),
    ],
)
def test_that_the_time_source_is_judged_from_what_the_service_says(changes: dict[str, Any], variant: str) -> None:
    assert deployment().but("fe02", time=fields(**changes)).finding("time-source", "fe02").words == f"time-source.{variant}"


def test_that_the_age_of_a_synchronisation_is_counted_by_the_servers_own_clock() -> None:
    """Its clock and its last synchronisation are both a day behind: that was minutes ago."""
    behind = fields(utc=NOW - timedelta(days=2), last_sync=NOW - timedelta(days=2, minutes=5))

    assert deployment().but("fe02", time=behind).finding("time-source", "fe02").verdict is Verdict.PASS


def test_that_a_server_without_a_clock_sample_is_no_voice() -> None:
    finding = without_controllers().but("fe02", clock=NotSeen("answer-damaged")).finding("time-skew", "fe01")

    assert finding.facts["reference_voices"] == 4
