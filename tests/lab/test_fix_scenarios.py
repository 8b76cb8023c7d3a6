"""Every scenario goes from red to green over real WinRM: plan after plan, with a person for what only a person can do."""

import threading
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from oauthcert.certs.key_pool import KeyPool
from oauthcert.fixes.table import FIXES
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.hands import HANDS
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenarios import load_scenario, scenarios
from oauthcert.model.plan import Manner
from oauthcert.model.repair import Outcome
from tests.lab.walk_through import Walk

PACE = 400.0
FE01, FE02 = "fe01.contoso.lab", "fe02.contoso.lab"
START = "Start-StoppedService"


@pytest.fixture(scope="module")
def keys() -> KeyPool:
    return KeyPool()


def changes(lab: PracticeLab) -> list[str]:
    """The functions that changed something, in order."""
    return [deed.function for deed in lab.deeds if not deed.function.startswith("by-hand:")]


@pytest.mark.parametrize("scenario", [one.id for one in scenarios()])
def test_that_the_plans_reach_what_the_scenario_says(scenario: str, tmp_path: Path, keys: KeyPool) -> None:
    mending = load_scenario(scenario).mending
    with PracticeLab.open(scenario, pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.mend(mending.plans)
        assert case.exit_code == mending.exit_code, walk.told()
        assert not {Outcome.UNCERTAIN, Outcome.FAILED} & {result.outcome for result in walk.results()}, walk.told()
        made = Counter((deed.server, deed.function, deed.what) for deed in lab.deeds if not deed.function.startswith("by-hand:"))
        assert [deed for deed, times in made.items() if times > 1] == [], walk.told()
        assert all(counted.shells == 0 for counted in lab.counters().values())


def test_that_every_scenario_can_be_brought_to_green_but_for_versions_out_of_support() -> None:
    """Nothing but an upgrade, which is a project of its own, takes that warning away."""
    best = {one.id: load_scenario(one.id).mending.exit_code for one in scenarios()}
    assert {scenario: code for scenario, code in best.items() if code} == {"first-deployment": 1, "edge-never-reported": 1}


def test_that_everything_a_person_is_asked_to_do_can_be_practised() -> None:
    assert {one.id for one in FIXES if one.manner is Manner.GUIDES} - set(HANDS) == set()


def test_that_a_repair_without_the_rights_changes_nothing_and_says_why(tmp_path: Path, keys: KeyPool) -> None:
    with PracticeLab.open("replica-stopped", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        lab.happens("group-missing", FE02, group="Administrators")
        done = walk.carry_out(case, plan)
        first, *others = done.results
        assert first.outcome in (Outcome.FAILED, Outcome.UNCERTAIN), walk.told()
        assert first.reason == "access-denied", walk.told()
        assert {result.outcome for result in others} <= {Outcome.SKIPPED}, walk.told()
        assert changes(lab) == []
        assert done.after is not None
        assert done.after.exit_code == 2


def test_that_a_database_out_of_reach_stops_the_assignment(tmp_path: Path, keys: KeyPool) -> None:
    def move(deployment: Deployment, _: datetime) -> None:
        deployment.store = "sql01.contoso.lab"

    with PracticeLab.open("key-not-exportable", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        lab.meanwhile(move)
        done = walk.carry_out(case, plan)
        failed = [(result.step, result.reason) for result in done.results if result.outcome is Outcome.FAILED]
        assert [reason for _, reason in failed] == ["second-hop"], walk.told()
        assert "Set-OAuthAssignment" not in changes(lab)


@pytest.mark.parametrize("fault", ["oauth-renewed", "oauth-requested"])
def test_that_what_somebody_else_did_meanwhile_is_not_overwritten(fault: str, tmp_path: Path, keys: KeyPool) -> None:
    with PracticeLab.open("key-not-exportable", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        lab.happens(fault, FE01)
        done = walk.carry_out(case, plan)
        first = done.results[0]
        assert (first.outcome, first.reason) in (
            (Outcome.REFUSED, "changed-meanwhile"),
            (Outcome.REFUSED, "requested-meanwhile"),
        ), walk.told()
        assert changes(lab) == []


@pytest.mark.parametrize(("after", "made"), [(True, [START]), (False, [])])
def test_that_a_server_gone_in_the_middle_leaves_it_uncertain(after: bool, made: list[str], tmp_path: Path, keys: KeyPool) -> None:
    with PracticeLab.open("replica-stopped", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        lab.disturb(FE02, START, ProbeQuirk(cuts=True, after=after, times=1))
        done = walk.carry_out(case, plan)
        assert done.results[0].outcome is Outcome.UNCERTAIN, walk.told()
        assert changes(lab) == made
        lab.mend(FE02)
        again = walk.mend(2)
        assert again.exit_code == 0, walk.told()
        assert changes(lab) == [START]


@pytest.mark.parametrize("after", [True, False])
def test_that_a_short_interruption_is_looked_through(after: bool, tmp_path: Path, keys: KeyPool) -> None:
    with PracticeLab.open("replica-stopped", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        lab.disturb(FE02, START, ProbeQuirk(cuts=True, after=after, times=1))
        mended = threading.Timer(0.3, lab.mend, (FE02,))
        mended.start()
        done = walk.carry_out(case, plan)
        mended.join()
        assert done.results[0].outcome in ((Outcome.CHANGED,) if after else (Outcome.FAILED, Outcome.UNCERTAIN)), walk.told()
        assert len(changes(lab)) == int(after)


@pytest.mark.parametrize("quirk", [ProbeQuirk(throws="Something broke."), ProbeQuirk(dies=True), ProbeQuirk(dies=True, after=True)])
def test_that_a_function_that_breaks_is_told_and_never_made_twice(quirk: ProbeQuirk, tmp_path: Path, keys: KeyPool) -> None:
    with PracticeLab.open("replica-stopped", pace=PACE, keys=keys) as lab:
        walk = Walk(lab, tmp_path)
        case = walk.look()
        plan = walk.plan(case)
        quirk.times = 1
        lab.disturb(FE02, START, quirk)
        done = walk.carry_out(case, plan)
        expected = (Outcome.CHANGED,) if quirk.after else (Outcome.FAILED, Outcome.UNCERTAIN)
        assert done.results[0].outcome in expected, walk.told()
        assert walk.mend(2).exit_code == 0, walk.told()
        assert changes(lab) == [START]
