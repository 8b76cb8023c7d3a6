"""Replication: ages, bounds, and whose clock a time is from."""

from datetime import timedelta
from typing import Any

import pytest

from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import ASSIGNED, NOW, Deployment, deployment, event, fields, found
from tests.unit.checks.examples_step_1 import just_assigned


@pytest.mark.parametrize(
    ("hours", "variant"),
    [(23.9, "pass"), (24, "pass"), (24.1, "stale-report")],
)
def test_that_a_report_may_be_a_day_older_than_the_newest_change_of_anybody(hours: float, variant: str) -> None:
    newest = NOW - timedelta(minutes=10)
    ill = deployment().row("fe03", last_update_creation=newest).row("fe02", last_status_report=newest - timedelta(hours=hours))

    assert ill.finding("replication-up-to-date", "fe02").words == f"replication-up-to-date.{variant}"


@pytest.mark.parametrize(
    ("minutes", "variant"),
    [
        (0, "still-arriving"),
        (4.9, "still-arriving"),
        (5, "not-up-to-date"),
        (5.1, "not-up-to-date"),
        (-4, "still-arriving"),
        (-6, "not-up-to-date"),
    ],
)
def test_that_false_is_no_fault_within_five_minutes_of_the_assignment(minutes: float, variant: str) -> None:
    ill = just_assigned(minutes).row(
        "fe02", last_update_creation=NOW + timedelta(minutes=10), last_status_report=NOW + timedelta(minutes=10)
    )

    assert ill.finding("replication-up-to-date", "fe02").words == f"replication-up-to-date.{variant}"


def test_that_a_snapshot_of_the_very_moment_of_the_assignment_holds_it() -> None:
    assert deployment().row("fe02", last_update_creation=ASSIGNED).finding("replication-up-to-date", "fe02").verdict is Verdict.PASS


def test_that_a_good_status_with_an_old_snapshot_is_not_believed() -> None:
    ill = deployment().row("fe02", last_update_creation=ASSIGNED - timedelta(seconds=1))

    assert ill.finding("replication-up-to-date", "fe02").words == "replication-up-to-date.older-than-assignment"


def test_that_rows_are_matched_by_name_in_any_case_and_by_short_name() -> None:
    def renamed(seen: Any) -> Any:
        first, second, third, edge = seen.replicas
        names = ("FE01.CONTOSO.LAB", "fe02", "Fe03.contoso.lab.", "edge01.contoso.lab")
        rows = tuple(fields(fqdn=name)(row) for name, row in zip(names, (first, second, third, edge), strict=True))
        return fields(replicas=rows)(seen)

    judgement = deployment().but("fe01", replication=renamed).judged()

    assert {found(judgement, "replication-up-to-date", name).verdict for name in ("fe01", "fe02", "fe03", "edge01")} == {Verdict.PASS}


def test_that_a_server_known_by_address_only_is_not_accused_of_missing_in_the_table() -> None:
    by_address = deployment().with_server("fe02").judged()
    assert found(by_address, "replication-up-to-date", "fe02").verdict is Verdict.PASS

    typed = deployment().servers["fe02.contoso.lab"]
    nameless = deployment().without("fe02").with_server("10.0.0.2", fields(server="10.0.0.2", session=NotSeen("unreadable"))(typed))
    nameless = nameless.but("10.0.0.2", hello=NotSeen("unreadable"))
    finding = nameless.finding("replication-up-to-date", "10.0.0.2")
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.facts["reason"] == "name-not-matched"


def test_that_nobody_is_accused_where_the_cms_server_was_not_looked_at() -> None:
    judgement = deployment().without("fe01").judged()

    status = found(judgement, "replication-up-to-date", "fe02")
    assert status.facts["reason"] == "cms-not-looked-at"
    assert status.facts["cms_server"] == "fe01.contoso.lab"
    assert status.because == ("cms-master@deployment",)
    assert found(judgement, "replication-arrived", "fe02").verdict is Verdict.PASS, "the event is on fe02 itself"


def test_that_what_bars_the_cms_server_explains_the_unknown_status_of_all() -> None:
    judgement = deployment().unreached("fe01").judged()

    for check, server in (("cms-master", None), ("replication-up-to-date", "fe02"), ("replication-transport", "edge01")):
        assert found(judgement, check, server).because == ("server-reachable@fe01.contoso.lab",)


# --- what arrived -------------------------------------------------------------------------------------------------------------


def arrived(after_assignment: timedelta, **row: Any) -> Deployment:
    events = (event(3038, ASSIGNED + after_assignment), event(3038, ASSIGNED - timedelta(days=3)), event(1017, NOW))
    return deployment().but("fe02", events=events).row("fe02", up_to_date=False, **row)


@pytest.mark.parametrize(("seconds", "variant"), [(0, "pass"), (1, "pass"), (-1, "not-arrived")])
def test_that_only_an_arrival_after_the_assignment_counts(seconds: int, variant: str) -> None:
    assert arrived(timedelta(seconds=seconds)).finding("replication-arrived", "fe02").words == f"replication-arrived.{variant}"


def test_that_an_arrival_is_counted_by_the_right_time_and_not_by_the_servers() -> None:
    """fe02 is ten minutes behind: what it logged five minutes before the assignment came five minutes after it."""
    slow = arrived(timedelta(minutes=-5)).but("fe02", clock=ClockSeen(-600, 1, 5), time=fields(dc_offset_seconds=600.0))

    assert slow.finding("replication-arrived", "fe02").words == "replication-arrived.pass"


def test_that_silence_of_one_witness_is_no_proof() -> None:
    unread = arrived(timedelta(days=-1)).but("fe02", events=NotSeen("access-denied"))
    assert unread.finding("replication-arrived", "fe02").verdict is Verdict.UNKNOWN

    without_table = arrived(timedelta(days=-1)).but("fe01", replication=NotSeen("second-hop"))
    finding = without_table.finding("replication-arrived", "fe02")
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.because == ("second-hop@fe01.contoso.lab",)


def test_that_no_arrival_can_be_judged_where_the_time_of_the_assignment_was_left_out() -> None:
    timeless = deployment().but("fe01", oauth=lambda seen: tuple(fields(update_time=None)(one) for one in seen))

    assert timeless.finding("replication-arrived", "fe02").facts["reason"] == "not-told"
