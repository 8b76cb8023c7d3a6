"""What is chosen when there is a choice: the cause or the fix that was named, one change of the certificate, the way that is open."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oauthcert.casework.diagnose import judged
from oauthcert.fixes.planning import UnknownFix
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Consent, Manner, Plan
from tests.builders.played import NOW, Played, planned, told, without
from tests.unit.fixes.reading import gaps
from tests.unit.lab.conftest import scenario

ASSIGNING = ("Set-OAuthAssignment", "Add-StagedOAuth")


def fault(kind: str, server: str = "fe02", at: str = "5h ago", more: str = "") -> str:
    return f'[[faults]]\nfault = "{kind}"\nservers = ["{server}.contoso.lab"]\nat = "{at}"\n{more}\n'


def look(*faults: str, settings: str = "") -> Case:
    return Played.of(scenario(settings + "".join(faults))).look()


def short(plan: Plan) -> list[str]:
    return [line.replace(".contoso.lab", "") for line in told(plan)]


def functions(plan: Plan) -> list[str]:
    return [step.action.function for step in plan.steps if step.action is not None]


STOPPED = fault("service-stopped", more='service = "REPLICA"')
LAGGING = fault("service-stopped", at="23h ago", more='service = "REPLICA"') + fault("oauth-renewed", "fe01", "20h ago")


def test_that_an_effect_is_mended_by_mending_its_cause() -> None:
    case = look(LAGGING)
    plan = planned(case, "oauth-in-store@fe02.contoso.lab")
    assert short(plan) == short(planned(case))
    omitted = {one.finding: one.facts["cause"] for one in plan.left_out if one.reason == "explained-by"}
    assert omitted == {"oauth-in-store@fe02.contoso.lab": "replica-service@fe02.contoso.lab"}


def test_that_every_effect_says_what_causes_it() -> None:
    case = look(LAGGING)
    plan = planned(case)
    explained = {one.finding for one in plan.left_out if one.reason == "explained-by"}
    wrong = {f.id for f in case.findings if f.verdict in (Verdict.FAIL, Verdict.WARN)}
    assert explained == wrong - {"replica-service@fe02.contoso.lab"}
    assert {str(one.facts["cause"]) for one in plan.left_out} == {"replica-service@fe02.contoso.lab"}


def test_that_a_fix_named_beside_a_finding_is_the_one_that_is_taken() -> None:
    plan = planned(look(LAGGING), "local-store-current@fe02.contoso.lab", "refresh-local-store")
    assert short(plan)[:2] == [
        "refresh-local-store@fe01/1 does export-configuration Export-MasterConfiguration",
        "refresh-local-store@fe02/1 does import-configuration Import-LocalConfiguration",
    ]


def test_that_a_check_stands_for_all_its_findings() -> None:
    case = look(STOPPED, fault("service-stopped", "edge01", more='service = "REPLICA"'))
    assert [step.server for step in planned(case, "replica-service").steps if step.manner is Manner.DOES] == [
        "fe02.contoso.lab",
        "edge01.contoso.lab",
    ]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("start-replika", "start-replica"),
        ("replica-service@fe02.contoso.lan", "replica-service@fe02.contoso.lab"),
        ("oauth-validty", "oauth-validity"),
        ("something-else-altogether", ""),
    ],
)
def test_that_an_unknown_name_is_refused_with_names_like_it(name: str, near: str) -> None:
    with pytest.raises(UnknownFix) as caught:
        planned(look(STOPPED), name)
    assert caught.value.facts["name"] == name
    assert near in caught.value.facts["near"].split(", ")


def test_that_a_very_long_name_is_not_repeated_in_full() -> None:
    with pytest.raises(UnknownFix) as caught:
        planned(look(), "x" * 10_000)
    assert len(caught.value.facts["name"]) == 100


def test_that_nothing_is_planned_for_what_passes() -> None:
    plan = planned(look(), "replica-service@fe02.contoso.lab")
    assert plan.steps == ()
    assert without(plan) == [("replica-service@fe02.contoso.lab", "nothing-wrong")]


def test_that_one_new_certificate_settles_everything_that_is_wrong_with_the_old_one() -> None:
    case = look(
        fault("key-not-exportable", "fe01", "20h ago"),
        fault("oauth-requested", "fe02", "2h ago"),
    )
    plan = planned(case)
    assert sum(name in ASSIGNING for name in functions(plan)) == 1
    assert {step.fix for step in plan.steps if step.manner is not Manner.WAITS} == {"request-oauth"}


def test_that_two_changes_of_the_certificate_asked_for_at_once_become_one() -> None:
    plan = planned(look(), "stage-oauth", "request-oauth", "assign-oauth", "import-oauth-pfx")
    assert [name for name in functions(plan) if name in ASSIGNING] == ["Set-OAuthAssignment"]
    assert {step.fix for step in plan.steps} == {"request-oauth"}


def test_that_what_lacks_the_way_on_gets_a_person_to_open_it_first(caplog: pytest.LogCaptureFixture) -> None:
    case = Played.of("second-hop-denied").look()
    plan = planned(case, "force-replication")
    assert short(plan) == ["allow-second-hop@fe01/1 guides allow-second-hop"]
    assert without(plan) == [("second-hop@fe01.contoso.lab", "second-hop-first")]
    effect = planned(case, "replication-up-to-date@fe02.contoso.lab")
    assert short(effect) == ["allow-second-hop@fe01/1 guides allow-second-hop"]
    assert gaps(effect, caplog) == []


def test_that_a_server_that_is_not_reached_is_left_out_and_its_way_opened() -> None:
    case = look(LAGGING, '[[faults]]\nfault = "winrm-refused"\nservers = ["fe01.contoso.lab"]\n')
    plan = planned(case, "replication-arrived")
    assert "Invoke-ConfigurationReplication" not in functions(plan)
    assert any(step.fix == "enable-winrm" and step.server == "fe01.contoso.lab" for step in plan.steps)


def test_that_missing_rights_keep_a_change_out_of_the_plan(caplog: pytest.LogCaptureFixture) -> None:
    case = look(STOPPED, '[[faults]]\nfault = "group-missing"\nservers = ["fe02.contoso.lab"]\ngroup = "Administrators"\n')
    plan = planned(case)
    assert "Start-StoppedService" not in functions(plan)
    assert any(step.fix == "join-groups" and step.server == "fe02.contoso.lab" for step in plan.steps)
    assert gaps(plan, caplog) == []


@pytest.mark.parametrize(
    "fix", ["force-replication", "request-oauth", "stage-oauth", "assign-oauth", "remove-previous-oauth", "import-oauth-pfx"]
)
@pytest.mark.parametrize(
    ("obstacle", "reason", "guide"),
    [
        ('fault = "winrm-refused"', "server-not-answering", "enable-winrm"),
        ('fault = "account-refused"', "server-not-answering", "correct-account"),
        ('fault = "group-missing"\ngroup = "RTCUniversalServerAdmins"', "rights-first", "join-groups"),
    ],
)
def test_that_what_stands_in_the_way_is_told_and_mended_first(
    obstacle: str, reason: str, guide: str, fix: str, caplog: pytest.LogCaptureFixture
) -> None:
    case = look(f'[[faults]]\n{obstacle}\nservers = ["fe01.contoso.lab"]\n')
    plan = planned(case, fix)
    assert [step.fix for step in plan.steps] == [guide]
    assert [one.reason for one in plan.left_out] == [reason]
    assert gaps(plan, caplog) == []


def test_that_without_the_server_that_holds_the_configuration_nothing_is_assigned(caplog: pytest.LogCaptureFixture) -> None:
    case = look()
    targets, observed = case.targets[1:], case.observations[1:]
    alone = judged(replace(case, targets=targets, observations=observed))
    plan = planned(alone, "request-oauth", "refresh-local-store", "start-cms-services")
    assert plan.steps == ()
    assert {one.reason for one in plan.left_out} == {"cms-not-looked-at"}
    assert gaps(plan, caplog) == []


def test_that_a_server_is_put_into_replication_once_for_all_that_asks_for_it(caplog: pytest.LogCaptureFixture) -> None:
    case = look('[[faults]]\nfault = "replica-disabled"\nservers = ["fe02.contoso.lab"]\n')
    plan = planned(case, "enable-replica")
    enabling = [step for step in plan.steps if step.action is not None and step.action.function == "Enable-LocalReplica"]
    assert [step.server for step in enabling] == ["fe02.contoso.lab"]
    assert gaps(plan, caplog) == []


def test_that_nothing_has_to_be_wrong_to_send_the_configuration_again(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(look(), "force-replication")
    assert short(plan) == [
        "force-replication@fe01/1 does force-replication-all Invoke-ConfigurationReplication",
        "force-replication@fe01/2 waits wait-for-arrival",
    ]
    assert plan.consent is Consent.CHANGE
    assert gaps(plan, caplog) == []


def test_that_a_plan_is_made_at_its_own_time() -> None:
    later = NOW + timedelta(hours=3)
    assert planned(look(STOPPED), now=later).made == later
    assert planned(look(STOPPED)).made == NOW


def test_that_answers_to_other_questions_do_no_harm() -> None:
    case = look(STOPPED)
    assert short(planned(case, answers={"nobody.asked": "this", "request-oauth.way": b"\x00"})) == short(planned(case))
