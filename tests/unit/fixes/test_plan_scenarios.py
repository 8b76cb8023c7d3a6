"""Plans for the practice scenarios: exactly these steps, and in every one of them what no plan may do without."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.checks.table import CHECKS
from oauthcert.fixes.arguments import asks_of, sources
from oauthcert.fixes.plan_values import plan_as_json, plan_from_json
from oauthcert.fixes.refused import refuse
from oauthcert.fixes.table import FIXES, FOR_REASON, WITHOUT_FIX, fix
from oauthcert.lab.fix_table import FIX_FUNCTIONS
from oauthcert.lab.scenarios import scenario_ids
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Action, Consent, Manner, Plan
from tests.builders.played import Played, planned, told
from tests.unit.fixes.reading import gaps
from tests.unit.fixes.scenario_plans import PLANS

SCENARIOS = scenario_ids()
ASSIGNING = ("Set-OAuthAssignment", "Add-StagedOAuth")
REQUESTING = ("Request-OAuthCertificate", "New-OAuthSigningRequest")


@cache
def case_of(scenario: str) -> Case:
    return Played.of(scenario).look()


@cache
def plan_of(scenario: str) -> Plan:
    return planned(case_of(scenario))


def functions(plan: Plan) -> list[str]:
    return [step.action.function for step in plan.steps if step.action is not None]


@pytest.mark.parametrize("scenario", PLANS)
def test_that_a_scenario_is_planned_in_exactly_these_steps(scenario: str) -> None:
    assert [line.replace(".contoso.lab", "") for line in told(plan_of(scenario))] == list(PLANS[scenario])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_ids_tell_fix_and_server_and_are_never_used_twice(scenario: str) -> None:
    steps = plan_of(scenario).steps
    assert len({step.id for step in steps}) == len(steps)
    assert all(re.fullmatch(rf"{re.escape(step.fix)}@{re.escape(step.server)}/\d+", step.id) for step in steps)
    assert all(step.server in {target.name for target in case_of(scenario).targets} for step in steps)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_everything_wrong_is_taken_up_or_left_out_with_a_reason(scenario: str) -> None:
    case, plan = case_of(scenario), plan_of(scenario)
    taken = {one for step in plan.steps for one in step.settles} | {one.finding for one in plan.left_out}
    assert {f.id for f in case.findings if f.verdict in (Verdict.FAIL, Verdict.WARN)} - taken == set()
    assert taken <= {f.id for f in case.findings}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_every_call_is_one_the_servers_know_with_all_its_arguments(scenario: str) -> None:
    sent: list[Action] = []
    for step in plan_of(scenario).steps:
        assert (step.action is None) == (step.manner is not Manner.DOES)
        for action in filter(None, (step.action, step.undo)):
            wanted = set(FIX_FUNCTIONS[action.function].parameters) - {"Preview"}
            assert set(action.arguments) == wanted, (step.id, action.function)
        if step.action is not None:
            refuse(sent, step.action)
            sent.append(step.action)
        assert step.consent.rank <= fix(step.fix).consent.rank
        assert step.typical_seconds <= step.longest_seconds


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_a_plan_assigns_once_and_requests_once_at_most(scenario: str) -> None:
    run = functions(plan_of(scenario))
    assert sum(name in ASSIGNING for name in run) <= 1
    assert sum(name in REQUESTING for name in run) <= 1
    for step in plan_of(scenario).steps:
        assert step.wide == (step.action is not None and step.action.function in (*ASSIGNING, "Remove-PreviousOAuth"))
        assert not step.wide or step.consent is Consent.IRREVERSIBLE


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_steps_take_only_what_earlier_ones_bring(scenario: str) -> None:
    plan = plan_of(scenario)
    before: set[str] = set()
    for step in plan.steps:
        assert {source.step for source in sources(step.action)} <= before
        before.add(step.id)
        assert {source.step for source in sources(step.undo)} <= {step.id}
        assert set(asks_of(step.action)) <= {ask.id for ask in plan.asks}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_a_plan_can_be_written_down_and_read_again(scenario: str) -> None:
    plan = plan_of(scenario)
    again = plan_from_json(plan_as_json(plan))
    assert [step.id for step in again.steps] == [step.id for step in plan.steps]
    assert plan_as_json(again) == plan_as_json(plan)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_every_step_question_and_omission_reads_without_a_gap(scenario: str, caplog: pytest.LogCaptureFixture) -> None:
    assert gaps(plan_of(scenario), caplog) == []


@pytest.mark.parametrize("name", [one.id for one in FIXES])
@pytest.mark.parametrize("scenario", ["healthy-lync", "oauth-expired", "server-unreachable", "second-hop-denied"])
def test_that_any_fix_may_be_asked_for_at_any_time(name: str, scenario: str) -> None:
    plan = planned(case_of(scenario), name)
    assert sum(function in ASSIGNING for function in functions(plan)) <= 1
    assert len({step.id for step in plan.steps}) == len(plan.steps)


@pytest.mark.parametrize("scenario", ["replica-stopped", "requested-twice", "helpdesk-view-only", "no-private-key", "clock-off-7-minutes"])
def test_that_any_finding_may_be_asked_for(scenario: str) -> None:
    case = case_of(scenario)
    for finding in case.findings:
        plan = planned(case, finding.id)
        told_of = {one for step in plan.steps for one in step.settles} | {one.finding for one in plan.left_out}
        assert told_of, finding.id


def test_that_every_person_has_words_to_follow_and_no_words_are_left_over() -> None:
    folder = Path(__file__).parents[3] / "gui" / "oauthcert" / "fixes"
    code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    for language in ("en", "de"):
        steps = tomllib.loads(assets.text(f"words/{language}/steps.toml"))
        assert {one.id for one in FIXES if one.manner is Manner.GUIDES} <= set(steps)
        assert [name for name in steps if f'"{name}"' not in code] == []


def test_that_whatever_fails_or_warns_has_a_repair_or_a_reason_why_not() -> None:
    variants = {f"{check.id}.{v.id}": v for check in CHECKS for v in check.variants if v.verdict in (Verdict.FAIL, Verdict.WARN)}
    assert {name for name, variant in variants.items() if not variant.fixes} == set(WITHOUT_FIX)
    assert {one for variant in variants.values() for one in variant.fixes} <= {one.id for one in FIXES}
    assert {one for fixes in FOR_REASON.values() for one in fixes} <= {one.id for one in FIXES}
    checks = {check.id for check in CHECKS}
    assert all(set(one.settles) <= checks for one in FIXES)
