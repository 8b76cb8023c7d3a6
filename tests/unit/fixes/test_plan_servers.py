"""Plans for single servers: services, replication, clocks, chains, keys, with the values the servers are to compare."""

import base64
from dataclasses import replace

import pytest

from oauthcert.casework.diagnose import judged
from oauthcert.model.case import Case
from oauthcert.model.plan import Action, FromAsk, FromStep, Manner, Plan
from tests.builders.played import Played, planned
from tests.unit.fixes.reading import gaps
from tests.unit.fixes.test_plan_certificate import call_of, reference, step_of
from tests.unit.fixes.test_plan_choices import LAGGING, STOPPED, fault, functions, look, short
from tests.unit.lab.conftest import scenario

FE02 = "fe02.contoso.lab"


def calls_of(plan: Plan, function: str) -> list[Action]:
    return [step.action for step in plan.steps if step.action is not None and step.action.function == function]


def test_that_a_stopped_replica_is_started_as_it_was_seen_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(look(LAGGING))
    start, wait = plan.steps
    assert start.action is not None
    assert start.action.arguments == {
        "Name": "REPLICA",
        "ExpectedState": "Stopped",
        "ExpectedStartMode": "Auto",
        "StartMode": "",
        "Seconds": 60,
    }
    assert start.undo is not None
    assert (start.undo.function, start.undo.arguments) == ("Stop-StartedService", {"Name": "REPLICA", "StartMode": "Auto"})
    assert start.settles == ("replica-service@fe02.contoso.lab", "local-store-present@fe02.contoso.lab")
    assert set(wait.settles) >= {f"{check}@{FE02}" for check in ("replication-up-to-date", "local-store-current", "oauth-in-store")}
    assert "oauth-single@deployment" in wait.settles
    assert gaps(plan, caplog) == []


def test_that_a_disabled_replica_gets_automatic_start_and_its_old_one_back() -> None:
    case = look(fault("service-stopped", more='service = "REPLICA"\nstart_mode = "Disabled"'))
    start = planned(case).steps[0]
    assert start.action is not None
    assert start.undo is not None
    assert (start.action.arguments["ExpectedStartMode"], start.action.arguments["StartMode"]) == ("Disabled", "Auto")
    assert start.undo.arguments == {"Name": "REPLICA", "StartMode": "Disabled"}


def test_that_a_running_service_is_never_stopped_by_the_way_back(caplog: pytest.LogCaptureFixture) -> None:
    played = Played.of(scenario())
    played.deployment.machines[FE02].services["REPLICA"].start_mode.set(played.look().started, "Manual")
    plan = planned(played.look())
    (step,) = plan.steps
    assert step.undo is not None
    assert step.undo.function == "Start-StoppedService"
    assert step.undo.arguments["StartMode"] == "Manual"
    assert gaps(plan, caplog) == []


def silent(case: Case) -> Case:
    """The table's heartbeat is an hour old, though both services run."""
    observations = []
    for one in case.observations:
        answer = one.answers["replication"]
        told = [{**value, "lastHeartbeat": "2026-11-21T11:00:00Z"} if isinstance(value, dict) else value for value in answer.value]
        observations.append(replace(one, answers={**one.answers, "replication": replace(answer, value=tuple(told))}))
    return judged(replace(case, observations=tuple(observations)))


def test_that_hanging_services_of_the_store_are_started_anew(caplog: pytest.LogCaptureFixture) -> None:
    case = silent(look())
    assert case.finding("cms-master@deployment").words == "cms-master.heartbeat-old"
    plan = planned(case)
    assert functions(plan) == ["Stop-StartedService", "Start-StoppedService"] * 2
    assert gaps(plan, caplog) == []


def test_that_one_request_serves_all_servers_that_lag() -> None:
    case = look(fault("step-one", "fe02", "6h ago"), fault("oauth-renewed", "fe01", "5h ago"), STOPPED)
    plan = planned(case, "local-store-current", "replication-up-to-date", "force-replication")
    assert len(calls_of(plan, "Invoke-ConfigurationReplication")) <= 1


def test_that_only_the_local_store_is_written_and_nothing_of_it_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(look(LAGGING), f"local-store-current@{FE02}", "refresh-local-store")
    exporting = step_of(plan, "Export-MasterConfiguration")
    assert call_of(plan, "Import-LocalConfiguration").arguments == {
        "Parts": FromStep(exporting.id, "parts", secret=True),
        "Sha256": FromStep(exporting.id, "sha256"),
    }
    assert step_of(plan, "Import-LocalConfiguration").server == FE02
    assert exporting.server == "fe01.contoso.lab"
    assert gaps(plan, caplog) == []


@pytest.mark.parametrize(
    ("server", "more", "configure", "undo"),
    [
        ("fe02", 'seconds = 200\nsource = "Local CMOS Clock"', True, "Restore-TimeSource"),
        ("fe02", 'seconds = 200\nsource = "dc01.contoso.lab"', False, None),
    ],
)
def test_that_a_clock_is_set_from_the_right_source(
    server: str, more: str, configure: bool, undo: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    plan = planned(look(fault("clock-off", server, "2d ago", more)))
    step = step_of(plan, "Sync-ServerTime")
    assert step.action is not None
    assert step.action.arguments == {"Configure": configure, "ExpectedType": "NT5DS"}
    assert (step.undo.function if step.undo else None) == undo
    assert gaps(plan, caplog) == []


def test_that_a_clock_that_shuts_us_out_is_set_by_a_person() -> None:
    plan = planned(Played.of("clock-off-7-minutes").look())
    assert [(step.fix, step.manner) for step in plan.steps] == [("sync-time-by-hand", Manner.GUIDES)]


def missing_intermediate() -> tuple[Played, Case]:
    played = Played.of("missing-intermediate")
    return played, played.look()


def test_that_a_missing_issuer_comes_from_a_server_that_has_it(caplog: pytest.LogCaptureFixture) -> None:
    played, case = missing_intermediate()
    plan = planned(case)
    (install,) = calls_of(plan, "Install-IssuerCertificate")
    issuing = played.authority.issuing
    assert install.arguments == {"Der": base64.b64encode(issuing.der).decode(), "Thumbprint": issuing.thumbprint, "Store": "CA"}
    undo = plan.steps[0].undo
    assert undo is not None
    assert undo.arguments == {"Thumbprint": issuing.thumbprint, "Store": "CA"}
    assert plan.asks == ()
    assert gaps(plan, caplog) == []


def test_that_a_file_is_asked_for_where_no_server_has_the_issuer(caplog: pytest.LogCaptureFixture) -> None:
    played, _ = missing_intermediate()
    case = played.look()
    alone = replace(
        case,
        targets=tuple(one for one in case.targets if one.name == FE02),
        observations=tuple(one for one in case.observations if one.server == FE02),
        findings=tuple(one for one in case.findings if one.server == FE02),
        causes=tuple(one for one in case.causes if one.finding.endswith(FE02)),
    )
    plan = planned(alone, f"oauth-chain@{FE02}")
    assert [ask.id for ask in plan.asks] == ["install-chain.file"]
    assert call_of(plan, "Install-IssuerCertificate").arguments["Der"] == FromAsk("install-chain.file")
    assert gaps(plan, caplog) == []

    given = planned(alone, f"oauth-chain@{FE02}", answers={"install-chain.file": played.authority.issuing.der})
    stranger = planned(alone, f"oauth-chain@{FE02}", answers={"install-chain.file": b"no certificate"})
    assert call_of(stranger, "Install-IssuerCertificate").arguments["Der"] == FromAsk("install-chain.file")
    whole = planned(
        alone, f"oauth-chain@{FE02}", answers={"install-chain.file": pem(played.authority.issuing.der) + pem(played.authority.root.der)}
    )
    assert [one.arguments["Store"] for one in calls_of(whole, "Install-IssuerCertificate")] in (["CA"], ["CA", "Root"])
    assert calls_of(given, "Install-IssuerCertificate")


def pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"


def test_that_a_misplaced_root_is_moved_and_can_be_moved_back(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(Played.of("misplaced-root").look())
    (step,) = plan.steps
    assert step.action is not None
    assert step.undo is not None
    assert step.action.arguments["Back"] is False
    assert step.undo.arguments == {**step.action.arguments, "Back": True}
    assert gaps(plan, caplog) == []


def test_that_keys_are_repaired_where_they_are_missing() -> None:
    case = Played.of("no-private-key").look()
    plan = planned(case)
    assert call_of(plan, "Repair-KeyLink").arguments == {"Thumbprint": reference(case)}
    imported = step_of(plan, "Import-OAuthPfx")
    assert imported.server == "fe03.contoso.lab"
    assert imported.undo is None  # the certificate was there before; only its key is new
    assert plan.asks[0].choices == (reference(case),)


def test_that_access_is_given_to_those_who_lack_it_and_taken_back_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    plan = planned(Played.of("key-permission-denied").look())
    (step,) = plan.steps
    assert step.action is not None
    assert step.undo is not None
    accounts = step.action.arguments["Accounts"]
    assert isinstance(accounts, list)
    assert all(account.startswith("S-1-") for account in accounts)
    assert step.undo.arguments["Sddl"] == FromStep(step.id, "before.sddl")
    assert gaps(plan, caplog) == []


def test_that_services_are_started_one_after_the_other_on_their_server_only() -> None:
    plan = planned(Played.of("services-stopped").look())
    assert {step.server for step in plan.steps} == {"fe02.contoso.lab", "fe03.contoso.lab"}
    assert set(functions(plan)) == {"Start-StoppedService"}


def test_that_services_wait_for_the_certificate_they_need() -> None:
    lines = short(planned(Played.of("first-deployment-nothing-yet").look()))
    waits = max(number for number, line in enumerate(lines) if " waits " in line)
    assert all(number > waits for number, line in enumerate(lines) if line.startswith("start-services"))
