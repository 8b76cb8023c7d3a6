"""Plans that change which certificate is used: where, which one, when, and with what the server is to compare."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oauthcert.certs.plans import plan_leaf
from oauthcert.fixes.authority import suggested_authority
from oauthcert.lab.machines import Key
from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, Fault
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Action, Consent, FromAsk, FromStep, Plan, Step
from oauthcert.model.secret import Secret
from tests.builders.evidence import issuing, self_made
from tests.builders.played import NOW, Played, planned
from tests.unit.fixes.reading import gaps
from tests.unit.fixes.test_plan_choices import fault, functions, look, short
from tests.unit.lab.conftest import scenario

Answers = dict[str, str | Secret | bytes]
FE01 = "fe01.contoso.lab"
CA = "ca01.contoso.lab\\Contoso Issuing CA 1"
ONLINE = {"request-oauth.way": "online", "request-oauth.authority": CA}
EXPIRED = '[settings]\ninstalled = "900d ago"\noauth_assigned = "733d ago"\noauth_expires = "3d ago"\n'
DUE = '[settings]\ninstalled = "900d ago"\noauth_assigned = "700d ago"\noauth_expires = "in 20d"\n'
NONE = '[settings]\noauth_assigned = "never"\n'


def step_of(plan: Plan, function: str) -> Step:
    (found,) = [step for step in plan.steps if step.action is not None and step.action.function == function]
    return found


def call_of(plan: Plan, function: str) -> Action:
    action = step_of(plan, function).action
    assert action is not None
    return action


def reference(case: Case) -> str:
    return str(case.finding("oauth-assigned@deployment").facts["thumbprint"])


def mine(case: Case, server: str = FE01) -> list[str]:
    """What lies in My of a server with a key."""
    observation = next(one for one in case.observations if one.server == server)
    (store,) = observation.answers["store"].value
    assert isinstance(store, dict)
    found = store["my"]
    assert isinstance(found, list)
    return sorted(str(one["thumbprint"]) for one in found if isinstance(one, dict) and one["hasPrivateKey"])


def test_that_an_expired_certificate_is_requested_anew_where_assignments_are_made(caplog: pytest.LogCaptureFixture) -> None:
    case = look(settings=EXPIRED)
    plan = planned(case, answers=ONLINE)
    request, assign = call_of(plan, "Request-OAuthCertificate"), call_of(plan, "Set-OAuthAssignment")
    assert request.arguments == {
        "Authority": CA,
        "Template": "",
        "FriendlyName": "OAuth 2026-11-21",
        "KeySize": 2048,
        "ExpectedThumbprint": reference(case),
        "CandidatesKnown": mine(case),
    }
    assert assign.arguments == {
        "Thumbprint": FromStep("request-oauth@fe01.contoso.lab/1", "thumbprint"),
        "ExpectedThumbprint": reference(case),
    }
    assert [ask.id for ask in plan.asks] == ["request-oauth.way", "request-oauth.name", "request-oauth.authority", "request-oauth.template"]
    assert plan.consent is Consent.IRREVERSIBLE
    assert gaps(plan, caplog) == []


@pytest.mark.parametrize("authority", ["no backslash", "\\\\ca01\\x", "ca01\\", "\\CA", "ca 01\\CA", "ca01\\a\nb"])
def test_that_an_authority_of_another_form_is_never_sent(authority: str) -> None:
    plan = planned(look(settings=EXPIRED), answers={**ONLINE, "request-oauth.authority": authority})
    assert call_of(plan, "Request-OAuthCertificate").arguments["Authority"] == FromAsk("request-oauth.authority")


def test_that_every_server_that_needs_it_is_waited_for() -> None:
    plan = planned(look(settings=EXPIRED), answers=ONLINE)
    for server in ("fe01", "fe02"):
        for check in ("local-store-current", "oauth-in-store", "oauth-validity"):
            assert f"{check}@{server}.contoso.lab" in plan.steps[-1].settles
    # the Edge server needs no certificate, but every change of the configuration has to get around to it as well
    edge = [one.partition("@")[0] for one in plan.steps[-1].settles if "edge01" in one]
    assert edge == ["replication-up-to-date", "replication-arrived"]


def test_that_a_certificate_that_was_requested_before_is_used_instead_of_another(caplog: pytest.LogCaptureFixture) -> None:
    case = look(fault("oauth-requested", "fe01", "2h ago"), settings=EXPIRED)
    plan = planned(case)
    thumbprint = call_of(plan, "Set-OAuthAssignment").arguments["Thumbprint"]
    assert thumbprint in mine(case)
    assert thumbprint != reference(case)
    assert functions(plan) == ["Set-OAuthAssignment"]
    assert gaps(plan, caplog) == []


def test_that_a_requested_certificate_without_its_key_is_of_no_use() -> None:
    played = Played.of(scenario(EXPIRED + fault("oauth-requested", "fe01", "2h ago")))
    case = played.look()
    (new,) = {*mine(case)} - {reference(case), _server_own(played)}
    for places in played.deployment.machines[FE01].placed.values():
        places[:] = [replace(one, key=Key(file_present=False)) if one.certificate.thumbprint == new else one for one in places]
    assert functions(planned(case)) == ["Set-OAuthAssignment"]
    assert functions(planned(played.look()))[0] == "New-OAuthSigningRequest"


def _server_own(played: Played) -> str:
    return played.authority.server(FE01).thumbprint


def test_that_a_first_certificate_is_compared_with_none(caplog: pytest.LogCaptureFixture) -> None:
    case = look(settings=NONE)
    assert case.finding("oauth-assigned@deployment").words == "oauth-assigned.none"
    plan = planned(case, answers=ONLINE)
    assert call_of(plan, "Request-OAuthCertificate").arguments["ExpectedThumbprint"] == ""
    assert call_of(plan, "Set-OAuthAssignment").arguments["ExpectedThumbprint"] == ""
    assert gaps(plan, caplog) == []


def test_that_a_renewal_that_is_due_is_staged_a_day_ahead(caplog: pytest.LogCaptureFixture) -> None:
    case = look(fault("oauth-requested", "fe01", "2h ago"), settings=DUE)
    plan = planned(case, "oauth-validity")
    stage = call_of(plan, "Add-StagedOAuth")
    assert stage.arguments["EffectiveDate"] == "2026-11-22T15:00:00Z"
    assert stage.arguments["ExpectedThumbprint"] == reference(case)
    assert step_of(plan, "Add-StagedOAuth").wide
    assert [ask.default for ask in plan.asks] == ["2026-11-22T15:00:00Z"]
    assert gaps(plan, caplog) == []


def test_that_the_operators_moment_is_taken() -> None:
    case = look(fault("oauth-requested", "fe01", "2h ago"), settings=DUE)
    plan = planned(case, "stage-oauth", answers={"stage-oauth.effective": "2026-11-28T03:00:00Z"})
    assert call_of(plan, "Add-StagedOAuth").arguments["EffectiveDate"] == "2026-11-28T03:00:00Z"


def test_that_it_is_too_late_to_stage_when_the_old_one_ends_within_a_day() -> None:
    soon = DUE.replace("in 20d", "in 20h")
    plan = planned(look(settings=soon))
    assert [step.fix for step in plan.steps if step.wide] == ["request-oauth"]


def test_that_renewing_may_be_asked_for_long_before_it_is_due(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(look(), "stage-oauth", answers={"stage-oauth.way": "online", "stage-oauth.authority": CA})
    assert functions(plan) == ["Request-OAuthCertificate", "Add-StagedOAuth"]
    assert gaps(plan, caplog) == []


def test_that_the_previous_certificate_is_removed_only_as_it_was_seen(caplog: pytest.LogCaptureFixture) -> None:
    case = look(fault("oauth-renewed", "fe01", "40d ago"))
    plan = planned(case, "remove-previous-oauth")
    previous = call_of(plan, "Remove-PreviousOAuth").arguments["ExpectedPrevious"]
    assert previous in mine(case)
    assert previous != reference(case)
    assert gaps(plan, caplog) == []
    assert planned(look(), "remove-previous-oauth").steps == ()


def test_that_while_another_waits_for_its_date_the_previous_one_stays() -> None:
    case = look(fault("oauth-staged", "fe01", "2h ago", "effective_hours = 48"))
    assert planned(case, "remove-previous-oauth").steps == ()


def test_that_a_rival_that_was_never_used_is_taken_away_where_it_lies(caplog: pytest.LogCaptureFixture) -> None:
    case = Played.of("requested-twice").look()
    plan = planned(case)
    step = step_of(plan, "Remove-OwnCertificate")
    rival = str(call_of(plan, "Remove-OwnCertificate").arguments["Thumbprint"])
    assert (step.server, step.consent, step.undo) == ("fe03.contoso.lab", Consent.IRREVERSIBLE, None)
    assert rival in mine(case, "fe03.contoso.lab")
    assert rival not in mine(case)
    assert step.settles == ("oauth-single@deployment",)
    assert gaps(plan, caplog) == []


def test_that_nothing_is_taken_away_while_a_server_does_not_tell_what_it_uses() -> None:
    case = Played.of("requested-twice").look()
    broken = Answer("oauth", False, fault=Fault("NotSpecified", "Broken"))
    observations = tuple(
        replace(one, answers={**one.answers, "oauth": broken}) if one.server == "fe02.contoso.lab" else one for one in case.observations
    )
    plan = planned(replace(case, observations=observations))
    assert plan.steps == ()
    (left,) = [one for one in plan.left_out if one.finding == "oauth-single@deployment"]
    assert (left.reason, left.facts["server"]) == ("assignment-not-seen", "fe02.contoso.lab")


def test_that_what_was_used_before_is_no_rival() -> None:
    case = Played.of("requested-twice").look()
    single = case.finding("oauth-single@deployment")
    (named_there,) = next(one for one in case.observations if one.server == FE01).answers["oauth"].value
    assert isinstance(named_there, dict)
    previous = str(named_there["previousThumbprint"])
    assert previous in mine(case)
    places = (*single.facts["candidate_places"], f"{FE01}: {previous}", f"{FE01}: {reference(case)}")  # type: ignore[misc]
    told = replace(single, facts={**single.facts, "candidate_places": places})
    findings = tuple(told if one.id == single.id else one for one in case.findings)
    named = {call_of(planned(replace(case, findings=findings)), "Remove-OwnCertificate").arguments["Thumbprint"]}
    assert named & {previous, reference(case)} == set()


def test_that_a_rival_waits_while_another_certificate_comes_into_use() -> None:
    played = Played.of(scenario(fault("key-cng", "fe01", "5h ago") + fault("oauth-requested", "fe02", "2h ago")))
    plan = planned(played.look())
    assert "Remove-OwnCertificate" not in functions(plan)
    assert [(one.reason, one.facts["by"]) for one in plan.left_out if one.finding == "oauth-single@deployment"] == [
        ("one-change-at-a-time", "request-oauth")
    ]


def test_that_of_several_candidates_the_one_in_force_is_kept_and_can_be_overruled(caplog: pytest.LogCaptureFixture) -> None:
    case = Played.of("requested-twice").look()
    plan = planned(case, "assign-oauth")
    (ask,) = plan.asks
    assert ask.default == reference(case)
    assert plan.steps == ()  # it is assigned already
    assert [one.reason for one in plan.left_out] == ["spare-certificates-left"]
    other = next(one for one in ask.choices if one != ask.default)
    overruled = planned(case, "assign-oauth", answers={ask.id: other.lower()})
    assert call_of(overruled, "Set-OAuthAssignment").arguments["Thumbprint"] == other
    assert functions(planned(case, "assign-oauth", answers={ask.id: "AB" * 20})) == []
    assert gaps(overruled, caplog) == []


def test_that_a_change_which_is_planned_well_is_not_planned_again() -> None:
    case = look(fault("oauth-staged", "fe01", "2h ago", "effective_hours = 48"), settings=DUE)
    warned = replace(
        case.finding(f"oauth-validity@{FE01}"), verdict=Verdict.WARN, words="oauth-validity.renewal-due", fixes=("stage-oauth",)
    )
    due = replace(case, findings=tuple(warned if one.id == warned.id else one for one in case.findings))
    plan = planned(due, f"oauth-validity@{FE01}")
    assert plan.steps == ()
    assert [one.reason for one in plan.left_out] == ["already-staged"]


def test_that_what_ends_too_soon_is_not_planned_once_more() -> None:
    """The staged one ends before the present one: another date would not help."""
    case = look(fault("oauth-staged", "fe01", "2h ago", "effective_hours = 48\nvalid_days = 60"))
    assert case.finding("oauth-rollover@deployment").words == "oauth-rollover.ends-first"
    plan = planned(case, answers={"stage-oauth.way": "online", "stage-oauth.authority": CA})
    assert functions(plan) == ["Request-OAuthCertificate", "Add-StagedOAuth"]


def test_that_with_a_staged_certificate_the_one_in_force_is_what_is_compared() -> None:
    case = look(fault("oauth-staged", "fe01", "2h ago", "effective_hours = 48"))
    plan = planned(case, "request-oauth", answers=ONLINE)
    assert call_of(plan, "Set-OAuthAssignment").arguments["ExpectedThumbprint"] == reference(case)


def test_that_a_friendly_name_is_not_given_twice() -> None:
    played = Played.of(scenario(EXPIRED + fault("oauth-requested", "fe01", "2h ago")))
    for places in played.deployment.machines[FE01].placed.values():
        places[:] = [replace(one, friendly_name="OAuth 2026-11-21", key=None) for one in places]
    names = {ask.id: ask.default for ask in planned(played.look()).asks}
    assert names["request-oauth.name"] == "OAuth 2026-11-21 (2)"


def test_that_a_file_with_the_wrong_password_says_nothing_and_is_asked_for_again() -> None:
    case = look(settings=NONE)
    answers: Answers = {"import-oauth-pfx.file": b"no pfx", "import-oauth-pfx.password": Secret("x")}
    plan = planned(case, "import-oauth-pfx", answers=answers)
    assert isinstance(call_of(plan, "Import-OAuthPfx").arguments["Thumbprint"], FromAsk)


def test_that_a_new_certificate_from_a_file_is_imported_and_assigned(caplog: pytest.LogCaptureFixture) -> None:
    played = Played.of(scenario(NONE + fault("oauth-requested", "fe02", "2h ago")))
    case = played.look()
    new = next(one for one in mine(case, "fe02.contoso.lab") if one != played.authority.server("fe02.contoso.lab").thumbprint)
    answers: Answers = {"import-oauth-pfx.file": played.authority.pfx(new, Secret("pw")), "import-oauth-pfx.password": Secret("pw")}
    plan = planned(case, "oauth-assigned@deployment", "import-oauth-pfx", answers=answers)
    assert call_of(plan, "Import-OAuthPfx").arguments["Thumbprint"] == new
    assert step_of(plan, "Import-OAuthPfx").undo == Action(
        "Remove-OwnCertificate", call_of(plan, "Import-OAuthPfx").scripts, {"Thumbprint": new}, 120.0
    )
    assert call_of(plan, "Set-OAuthAssignment").arguments == {"Thumbprint": new, "ExpectedThumbprint": ""}
    assert short(plan)[0].startswith("import-oauth-pfx@fe01/1 ")
    assert gaps(plan, caplog) == []


def test_that_no_password_is_part_of_a_plan() -> None:
    case = Played.of("no-private-key").look()
    plan = planned(case, answers={"import-oauth-pfx.file": b"x", "import-oauth-pfx.password": Secret("CANARY-1b7e")})
    assert "CANARY-1b7e" not in repr(plan)


AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issuers", "lists", "expected"),
    [
        (("http://pki.contoso.lab/CertEnroll/ca01.contoso.lab_Contoso%20Issuing.crt",), (), "ca01.contoso.lab\\Contoso Issuing"),
        (("http://pki/CertEnroll/ca01.contoso.lab_Contoso%20Issuing(1).crt",), (), "ca01.contoso.lab\\Contoso Issuing"),
        ((), ("ldap:///CN=Contoso%20Issuing,CN=ca01,CN=CDP,CN=Public%20Key%20Services",), "ca01\\Contoso Issuing"),
        (("http://pki/ca01_Another.crt",), (), ""),
        (("http://pki/issuer.crt", "not a url"), ("http://pki/list.crl",), ""),
        ((), (), ""),
    ],
)
def test_that_the_authority_is_read_out_of_what_it_published(issuers: tuple[str, ...], lists: tuple[str, ...], expected: str) -> None:
    plan = replace(plan_leaf("contoso.lab", AT, AT + timedelta(days=700)), issuer_urls=issuers, crl_urls=lists)
    made = self_made(plan, 2, issuing()).parsed
    assert suggested_authority(made) == expected


def test_that_nothing_is_suggested_for_a_certificate_nobody_has() -> None:
    assert suggested_authority(None) == ""
    assert NOW.tzinfo is UTC
