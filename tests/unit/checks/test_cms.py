"""The CMS server: which one it is, and what is a fault there and nowhere else."""

from datetime import timedelta

import pytest

from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import NOW, deployment, fields, found, service, services


@pytest.mark.parametrize(("minutes", "variant"), [(14.9, "pass"), (15, "pass"), (15.1, "heartbeat-old")])
def test_that_a_heartbeat_may_be_a_quarter_of_an_hour_old(minutes: float, variant: str) -> None:
    ill = deployment().but("fe01", replication=fields(last_heartbeat=NOW - timedelta(minutes=minutes)))

    # the CMS server's clock is 0.2 s ahead of the workstation's
    ill = ill.but("fe01", clock=ClockSeen(0, 0.5, 5))
    assert ill.finding("cms-master").words == f"cms-master.{variant}"


def test_that_a_heartbeat_is_as_old_as_the_server_that_wrote_it_thinks() -> None:
    behind = deployment().but("fe01", replication=fields(last_heartbeat=NOW - timedelta(hours=1)), clock=ClockSeen(-3600, 1, 5))

    assert behind.finding("cms-master").verdict is Verdict.PASS


def test_that_a_missing_heartbeat_accuses_nobody() -> None:
    assert deployment().but("fe01", replication=fields(last_heartbeat=None)).finding("cms-master").verdict is Verdict.PASS


def test_that_a_stopped_master_elsewhere_is_a_stand_by() -> None:
    stand_by = deployment().but("fe02", services=lambda seen: (*seen, service("MASTER", "Stopped"), service("FTA", "Stopped")))

    assert stand_by.finding("cms-master").verdict is Verdict.PASS


def test_that_a_file_transfer_agent_may_sit_on_another_server() -> None:
    split = deployment().but(
        "fe01", services=services("FTA", state="Stopped"), replication=fields(active_file_transfer_agents=("fe02.contoso.lab",))
    )

    assert split.finding("cms-master").verdict is Verdict.PASS


def test_that_an_idle_master_explains_what_does_not_replicate() -> None:
    ill = (
        deployment().but("fe01", services=services("MASTER", state="Stopped")).row("fe02", up_to_date=False).row("edge01", up_to_date=False)
    )

    judgement = ill.judged()

    assert found(judgement, "cms-master").facts["stopped_services"] == ("MASTER",)
    assert judgement.causes[0].finding == "cms-master@deployment"
    assert judgement.causes[0].explains == ("replication-up-to-date@fe02.contoso.lab", "replication-up-to-date@edge01.contoso.lab")


def test_that_the_table_decides_which_server_is_active_and_not_the_topology() -> None:
    moved = deployment().but("fe02", services=lambda seen: (*seen, service("MASTER"), service("FTA")))
    moved = moved.but("fe01", replication=fields(active_master="fe02.contoso.lab", active_file_transfer_agents=("fe02.contoso.lab",)))
    moved = moved.but("fe01", services=services("MASTER", state="Stopped"))

    assert moved.finding("cms-master").verdict is Verdict.PASS
    assert moved.finding("replication-transport", "fe02").words == "replication-transport.cms-server-itself"


def test_that_services_that_were_not_seen_leave_the_master_unknown() -> None:
    finding = deployment().but("fe01", services=NotSeen("probe-deadline")).finding("cms-master")

    assert finding.verdict is Verdict.UNKNOWN
    assert finding.facts["look"] == "services"


def test_that_an_empty_master_is_a_fault_although_the_services_were_not_seen() -> None:
    ill = deployment().but("fe01", services=NotSeen("probe-deadline"), replication=fields(active_master=""))

    assert ill.finding("cms-master").words == "cms-master.no-active-master"
