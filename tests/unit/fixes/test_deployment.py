"""What a first deployment is told to do next, from the first request to the last service, and in the trap of Step 3."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oauthcert.fixes.deployment import guidance
from oauthcert.fixes.deployment_board import CellState, Role
from oauthcert.fixes.deployment_record import EVERYWHERE, How, Sent
from oauthcert.fixes.situation import Situation
from oauthcert.lab.machines import Front
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Manner
from tests.builders.played import evidence
from tests.unit.fixes.deploying import FE01, FE02, FE03, NOTHING_YET, STUCK, Deploying, states


def sent(server: str, deploying: Deploying, how: How = How.RUNNING, minutes: int = 1) -> None:
    mark = Sent(server, deploying.at - timedelta(minutes=minutes), how)
    deploying.known = replace(deploying.known, sent=(*deploying.known.sent, mark))


def test_that_the_whole_way_leads_from_nothing_to_ready() -> None:
    here = Deploying.of(NOTHING_YET)
    found = here.look()
    assert states(found) == ["ndll", "ldll", "ldll"]
    assert found.now is not None
    assert (found.now.id, found.now.servers, found.refused) == ("start-replica", (FE01,), None)
    here.start(FE01, "REPLICA")
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.step, found.now.servers) == ("request-certificate", 3, (FE01,))
    assert states(found)[0] == "ddnl"
    here.assign(FE01, here.request(FE01))
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.servers, found.now.confirmed) == ("finish-step-3", (FE01,), True)
    here.known = here.known.with_finished([FE01])
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.step) == ("start-services", 4)
    assert {"cms-master@deployment", f"services-started@{FE01}"} <= set(found.now.wanted)
    here.start(FE01, "MASTER", "FTA", "RTCSRV")
    sent(EVERYWHERE, here)
    found = here.look()
    assert found.now is not None
    # the first server still waits for its own replica; the others need not wait for that
    assert (found.now.id, found.now.servers) == ("start-replica", (FE02, FE03))
    here.start(FE02, "REPLICA")
    here.start(FE03, "REPLICA")
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.manner) == ("replication", Manner.WAITS)
    assert found.now.since is not None
    assert found.now.until is not None
    assert found.now.until - found.now.since == timedelta(minutes=10)
    assert states(found)[1:] == ["wdll", "wdll"]
    here.later(minutes=8)
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.servers) == ("finish-step-3", (FE02,))
    assert [one.servers for one in found.then] == [(FE03,)]
    assert states(found) == ["dddd", "ddnl", "ddll"]
    here.known = here.known.with_finished([FE02, FE03])
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.servers) == ("start-services", (FE02, FE03))
    here.start(FE02, "RTCSRV")
    here.start(FE03, "RTCSRV")
    found = here.look()
    assert found.ready
    assert found.now is None
    assert found.count(CellState.DONE) == 12


def test_that_in_the_trap_of_step_3_nothing_is_requested_and_the_configuration_is_brought_over() -> None:
    here = Deploying.of(STUCK)
    found = here.look()
    assert states(found) == ["dddd", "ndll", "ndll"]
    assert found.now is not None
    assert (found.now.id, found.refused is not None and found.refused.why.value) == ("start-replica", "assigned")
    assert not any("request" in wanted for wanted in found.now.wanted)


@pytest.mark.parametrize(
    ("how", "minutes", "move"),
    [
        (How.RUNNING, 3, "replication"),
        (How.RUNNING, 11, "force-replication"),
        (How.FORCED, 3, "replication"),
        (How.FORCED, 11, "refresh-local-store"),
        (How.LOADED, 11, "force-replication-again"),
    ],
)
def test_that_what_does_not_arrive_is_helped_more_firmly_each_time(how: How, minutes: int, move: str) -> None:
    here = Deploying.of(STUCK)
    here.start(FE02, "REPLICA")
    here.start(FE03, "REPLICA")
    for server in (FE02, FE03):
        sent(server, here, how, minutes)
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.servers) == (move, (FE02, FE03))


def test_that_without_a_memory_the_configuration_is_sent_and_never_waited_for_in_vain() -> None:
    here = Deploying.of(STUCK)
    here.start(FE02, "REPLICA")
    found = here.look()
    assert found.now is not None
    assert {one.id for one in (found.now, *found.then)} == {"start-replica", "force-replication"}


def test_that_a_server_nobody_can_look_at_does_not_hold_up_the_others() -> None:
    here = Deploying.of(STUCK)
    here.played.deployment.machines[FE02].winrm.front = Front.REFUSED
    found = here.look()
    assert states(found) == ["dddd", "????", "ndll"]
    assert found.now is not None
    assert (found.now.id, found.now.servers) == ("start-replica", (FE03,))
    assert [(one.id, one.servers) for one in found.then] == [("reach", (FE02,))]
    assert not found.ready


def test_that_the_first_server_comes_first_when_it_cannot_be_reached() -> None:
    here = Deploying.of(NOTHING_YET)
    here.played.deployment.machines[FE01].winrm.front = Front.REFUSED
    found = here.look()
    assert found.now is not None
    assert found.now.id in {"reach", "add-home"}
    assert not any("request-oauth" in one.wanted for one in (found.now, *found.then))
    assert found.refused is not None


def test_that_a_server_on_which_step_1_never_ran_is_told_so() -> None:
    here = Deploying.of(STUCK)
    seen = tuple(
        replace(one, words="replica-service.missing") if one.id == f"replica-service@{FE02}" else one for one in here.case.findings
    )
    case = replace(here.case, findings=seen)
    found = guidance(Situation.of(case, evidence(case), {}, here.at), here.known)
    moves = {one.servers: one for one in (found.now, *found.then) if one is not None}
    assert (moves[FE02,].id, moves[FE02,].manner) == ("run-step-1", Manner.GUIDES)


def test_that_a_server_without_components_is_led_through_step_2() -> None:
    found = Deploying.of("components-missing").look()
    moves = [one for one in (found.now, *found.then) if one is not None]
    assert ("install-components", 2) in [(one.id, one.step) for one in moves]


def test_that_an_edge_server_has_no_oauth_certificate_to_wait_for() -> None:
    here = Deploying.of("edge-never-reported")
    found = here.look()
    assert found.rows[-1].role is Role.EDGE
    assert found.rows[0].role is Role.CENTRAL
    assert found.rows[-1].cells[2].state in (CellState.DONE, CellState.NOT_NEEDED)


def test_that_a_deployment_that_runs_is_ready_although_nobody_said_that_step_3_is_finished() -> None:
    found = Deploying.of("healthy-lync").look()
    assert found.ready
    assert found.now is None


@pytest.mark.parametrize("scenario", ["cms-master-down", "services-stopped", "components-missing", "requested-twice", "helpdesk-view-only"])
def test_that_every_trouble_has_a_move_or_is_no_step_of_the_deployment_wizard(scenario: str) -> None:
    found = Deploying.of(scenario).look()
    assert found.ready or found.now is not None
    for row in found.rows:
        for cell in row.cells:
            assert cell.state is not CellState.DONE or not cell.findings


def test_that_a_store_that_names_what_is_not_there_yet_is_waited_for() -> None:
    here = Deploying.of(STUCK)
    here.start(FE02, "REPLICA")
    sent(FE02, here)
    unread = {f"local-store-current@{FE02}", f"oauth-in-store@{FE02}"}
    here.situation()
    found = tuple(
        replace(one, verdict=Verdict.UNKNOWN, facts={"reason": "not-found-or-untrusted"}, because=())
        if one.id in unread
        else replace(one, verdict=Verdict.PASS)
        if one.server == FE02 and one.check.startswith(("replication-", "local-store-present", "replica-"))
        else one
        for one in here.case.findings
    )
    case = replace(here.case, findings=found)
    told = guidance(Situation.of(case, evidence(case), {}, here.at), here.known)
    assert [one.id for one in told.waits] == ["replication"]
    here.known = replace(here.known, sent=())
    told = guidance(Situation.of(case, evidence(case), {}, here.at), here.known)
    assert told.waits == ()
