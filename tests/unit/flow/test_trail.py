"""The wizard's rules, without a window."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import PATHS, Goal, Step
from oauthcert.flow.trail import Hindrance, Trail
from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Severity, Verdict
from oauthcert.model.plan import Plan
from oauthcert.model.repair import Repair
from oauthcert.model.target import Target

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CASE = Case(NOW, NOW, "live", (), ())
BROKEN = replace(
    CASE,
    findings=(
        Finding("replica-service", "fe02.contoso.lab", Verdict.FAIL, Severity.HIGH, "replica-service.stopped", fixes=("start-replica",)),
    ),
)
REPAIR = Repair(Plan(NOW, ()), (), BROKEN, BROKEN)
FULL = WizardState(targets=(Target("fe01.contoso.lab"),), account=Account("CONTOSO\\admin", ready=True), case=CASE)


@pytest.mark.parametrize("goal", Goal)
def test_that_every_goal_leads_from_start_to_report(goal: Goal) -> None:
    trail = Trail(replace(FULL, goal=goal))
    for _ in Step:
        trail = trail.forward()
    assert trail.step is Step.REPORT
    assert trail.next_step is None
    passed_over = {Step.VERIFY} if goal is Goal.RENEW else {Step.FIX, Step.VERIFY}
    assert trail.visited == tuple(step for step in PATHS[goal] if step not in passed_over)


def test_that_a_case_with_something_to_repair_leads_through_the_repair() -> None:
    trail = Trail(replace(FULL, case=BROKEN), (Step.START, Step.FINDINGS)).forward()
    assert trail.step is Step.FIX
    repaired = trail.with_state(trail.state.with_repair(REPAIR)).forward()
    assert repaired.step is Step.VERIFY
    assert repaired.forward().step is Step.REPORT


def test_that_what_was_repaired_can_be_seen_again_when_nothing_is_left_to_repair() -> None:
    trail = Trail(replace(FULL, case=BROKEN).with_repair(replace(REPAIR, after=CASE)))
    assert trail.state.case is CASE
    assert trail.reachable(Step.FIX)
    assert trail.reachable(Step.VERIFY)


def test_that_a_new_look_makes_the_repair_history() -> None:
    state = replace(FULL, case=BROKEN).with_repair(REPAIR)
    assert state.with_look(replace(CASE)).repair is None
    assert state.with_look(BROKEN).repair is REPAIR


def test_that_the_report_is_reached_without_repairing() -> None:
    assert Trail(replace(FULL, case=BROKEN)).jump(Step.REPORT).visited == (
        *PATHS[Goal.OPEN][:1],
        Step.SERVERS,
        Step.SIGN_IN,
        Step.CHECK,
        Step.FINDINGS,
        Step.FIX,
        Step.REPORT,
    )


def test_that_nothing_moves_while_a_repair_runs() -> None:
    trail = Trail(replace(FULL, case=BROKEN, repairing=True), (Step.START, Step.FINDINGS, Step.FIX))
    assert trail.hindrance() is Hindrance.STILL_REPAIRING
    assert trail.back() is trail
    assert trail.jump(Step.REPORT) is trail


@pytest.mark.parametrize(
    ("step", "state", "why"),
    [
        (Step.SERVERS, replace(FULL, targets=()), Hindrance.NO_SERVERS),
        (Step.SIGN_IN, replace(FULL, account=Account()), Hindrance.NO_ACCOUNT),
        (Step.SIGN_IN, replace(FULL, account=Account("admin")), Hindrance.NO_PASSWORD),
        (Step.CHECK, replace(FULL, case=None), Hindrance.NOT_LOOKED),
        (Step.CHECK, replace(FULL, looking=True), Hindrance.STILL_LOOKING),
        (Step.FINDINGS, replace(FULL, goal=Goal.OPEN, case=None), Hindrance.NO_CASE),
    ],
)
def test_that_a_step_is_not_left_while_something_is_missing(step: Step, state: WizardState, why: Hindrance) -> None:
    trail = Trail(state, (Step.START, step))
    assert trail.hindrance() is why
    assert trail.forward() is trail


def test_that_back_keeps_what_was_typed() -> None:
    trail = Trail(FULL).forward().forward().back()
    assert trail.step is Step.SERVERS
    assert trail.state is FULL


def test_that_back_ends_at_the_first_step() -> None:
    assert Trail().back().step is Step.START


def test_that_nothing_moves_while_servers_are_asked() -> None:
    trail = Trail(replace(FULL, looking=True), (Step.START, Step.SERVERS, Step.SIGN_IN, Step.CHECK))
    assert trail.back() is trail
    assert trail.forward() is trail
    assert trail.jump(Step.START) is trail


def test_that_the_rail_jumps_only_where_nothing_is_missing() -> None:
    nothing = Trail()
    assert nothing.jump(Step.CHECK) is nothing
    assert Trail(FULL).jump(Step.FINDINGS).step is Step.FINDINGS


def test_that_the_fix_page_is_not_reached_before_there_are_repairs() -> None:
    trail = Trail(FULL)
    assert not trail.reachable(Step.FIX)
    assert trail.jump(Step.FIX) is trail


def test_that_other_servers_make_the_last_look_obsolete() -> None:
    assert FULL.with_targets(FULL.targets) is FULL
    changed = FULL.with_targets((Target("fe02.contoso.lab"),))
    assert changed.case is None


def test_that_a_change_of_goal_drops_steps_it_does_not_take() -> None:
    trail = Trail(FULL).forward().forward().forward()
    opened = trail.with_state(replace(FULL, goal=Goal.OPEN))
    assert opened.visited == (Step.START,)


def test_that_a_step_is_done_once_left_and_complete() -> None:
    trail = Trail(FULL).forward().forward()
    assert trail.done(Step.SERVERS)
    assert not trail.done(Step.SIGN_IN)
    assert not trail.with_state(replace(FULL, targets=())).done(Step.SERVERS)


HOSTILE = Target("fe01.contoso.lab", "https", 5986, address="203.0.113.9", fingerprint="ab" * 32)


@pytest.mark.parametrize("goal", [goal for goal in Goal if goal is not Goal.OPEN])
def test_that_nothing_is_repaired_by_a_case_from_a_file(goal: Goal) -> None:
    """Somebody else may have written it: of what it says only the names of servers remain, and they are looked at anew."""
    opened = WizardState(
        Goal.OPEN, targets=(HOSTILE,), account=FULL.account, case=replace(BROKEN, targets=(HOSTILE,)), case_file="x.json", repair=REPAIR
    )
    assert not Trail(opened).reachable(Step.FIX)
    state = opened.with_goal(goal)
    assert state.targets == (Target("fe01.contoso.lab", "https", 5986),)
    assert (state.case, state.case_file, state.repair) == (None, None, None)
    trail = Trail(state)
    assert not trail.reachable(Step.FIX)
    assert not trail.reachable(Step.DEPLOY)
    assert opened.with_goal(Goal.OPEN) is opened


def test_that_a_case_of_ones_own_outlives_another_goal() -> None:
    assert replace(FULL, case=BROKEN).with_goal(Goal.RENEW).case is BROKEN


def test_that_a_renewal_is_planned_though_nothing_is_wrong() -> None:
    trail = Trail(replace(FULL, goal=Goal.RENEW), (Step.START, Step.FINDINGS))
    assert not trail.state.repairable
    assert trail.forward().step is Step.FIX
