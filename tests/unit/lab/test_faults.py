"""Every fault changes what the servers answer, and nothing else does."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from oauthcert.collect.probes import PROBES
from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.faults import FAULTS
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenario_file import read_scenario
from oauthcert.model.errors import ScenarioError
from tests.unit.lab.conftest import HEAD, NOW, Asker, Make, ago, scenario

Answers = Mapping[str, Any]

RENEWED = '[[faults]]\nfault = "oauth-renewed"\nservers = ["fe01.contoso.lab"]\nat = "20h ago"\n'


def fault(name: str, server: str, **options: object) -> str:
    lines = [f'[[faults]]\nfault = "{name}"\nservers = ["{server}.contoso.lab"]']
    lines += [f"{key} = {json.dumps(value)}" for key, value in options.items()]
    return "\n".join(lines) + "\n"


def mine(lab: Asker, server: str) -> dict[str, bool]:
    return {one["thumbprint"]: one["hasPrivateKey"] for one in lab.one(server, "Get-StoreFacts")["my"]}


def reference(lab: Asker) -> str:
    return str(lab.one("fe01", "Get-OAuthAssignment")["thumbprint"])


def test_that_a_key_that_may_not_leave_keeps_the_certificate_where_it_was_requested(make: Make) -> None:
    for name, kind, exportable in (("key-not-exportable", "csp", False), ("key-cng", "cng", True)):
        lab = Asker(make(fault(name, "fe01", at="20h ago")))
        wanted = reference(lab)
        key = next(one for one in lab.all("fe01", "Get-KeyFacts") if one["thumbprint"] == wanted)
        assert (key["opens"], key["kind"], key["exportable"], key["keySpec"]) == (True, kind, exportable, 1 if kind == "csp" else 0)
        assert wanted not in mine(lab, "fe02")
        assert lab.one("fe02", "Get-OAuthAssignment")["notFoundOrUntrusted"] is True
        assert lab.row("fe02")["upToDate"] is True


def test_that_a_second_request_wins_and_the_first_is_its_previous(make: Make) -> None:
    lab = Asker(make(fault("oauth-renewed", "fe01", at="5h ago") + fault("oauth-renewed", "fe02", at="3h ago")))
    first = lab.one("fe01", "Get-OAuthAssignment", ago(hours=4))
    second = lab.one("fe01", "Get-OAuthAssignment")
    assert second["previousThumbprint"] == first["thumbprint"] != second["thumbprint"]
    assert mine(lab, "fe01").keys() >= {first["thumbprint"], second["thumbprint"]}
    assert lab.one("fe02", "Get-OAuthAssignment")["thumbprint"] == second["thumbprint"]


def test_that_a_certificate_only_requested_lies_on_that_server_alone(make: Make) -> None:
    plain, lab = Asker(make()), Asker(make(fault("oauth-requested", "fe02", at="2h ago")))
    assert len(mine(lab, "fe02")) == len(mine(plain, "fe02")) + 1
    assert len(mine(lab, "fe01")) == len(mine(plain, "fe01"))
    assert reference(lab) in mine(lab, "fe02")


def test_that_a_lost_key_and_a_deleted_key_file_are_told_apart(make: Make) -> None:
    lost = Asker(make(fault("oauth-key-lost", "fe02", at="5h ago")))
    assert mine(lost, "fe02")[reference(lost)] is False
    assert reference(lost) not in [key["thumbprint"] for key in lost.all("fe02", "Get-KeyFacts")]
    deleted = Asker(make(fault("oauth-key-file-deleted", "fe02", at="5h ago")))
    assert mine(deleted, "fe02")[reference(deleted)] is True
    key = next(one for one in deleted.all("fe02", "Get-KeyFacts") if one["thumbprint"] == reference(deleted))
    assert (key["opens"], key["problem"], key["exportable"]) == (False, "missing-key-file", None)
    assert all(key["opens"] for key in deleted.all("fe02", "Get-KeyFacts", ago(hours=6)))


def test_that_without_the_intermediate_no_chain_builds_and_the_root_is_out_of_sight(make: Make) -> None:
    lab = Asker(make(fault("intermediate-removed", "fe02", at="2d ago")))
    assert lab.one("fe02", "Get-OAuthAssignment")["notFoundOrUntrusted"] is True
    facts = lab.one("fe02", "Get-StoreFacts")
    assert (facts["intermediate"], facts["root"], facts["counts"]["root"]) == ([], [], 1)
    assert reference(lab) in mine(lab, "fe02")
    assert lab.one("fe02", "Get-OAuthAssignment", ago(days=3))["notFoundOrUntrusted"] is False


@pytest.mark.parametrize("instead", [False, True])
def test_that_an_intermediate_among_the_roots_still_builds_a_chain(make: Make, instead: bool) -> None:
    lab = Asker(make(fault("root-misplaced", "fe02", instead=instead)))
    facts = lab.one("fe02", "Get-StoreFacts")
    assert [one["thumbprint"] for one in facts["misplacedRoots"]] == [lab.deployment.authority.issuing.thumbprint]
    assert len(facts["intermediate"]) == (0 if instead else 1)
    assert len(facts["root"]) == 2
    assert lab.one("fe02", "Get-OAuthAssignment")["notFoundOrUntrusted"] is False


def test_that_a_wrong_clock_shows_in_every_time_the_server_tells(make: Make) -> None:
    lab = Asker(make(RENEWED + fault("clock-off", "fe02", seconds=420)))
    facts = lab.one("fe02", "Get-TimeFacts")
    assert facts["utc"] == "2026-11-21T12:07:00.0000000Z"
    assert facts["dcOffsetSeconds"] == pytest.approx(-420, abs=0.05)
    assert (facts["source"], facts["leap"], facts["stratum"]) == ("Local CMOS Clock", 3, 1)
    straight = Asker(make(RENEWED)).all("fe02", "Get-ReplicationEvents")[0]["time"]
    assert lab.all("fe02", "Get-ReplicationEvents")[0]["time"][11:16] != straight[11:16]


def test_that_a_missing_group_refuses_the_product_and_leaves_windows(make: Make) -> None:
    lab = Asker(make(fault("group-missing", "fe02", group="RTCUniversalServerAdmins")))
    refused = lab.raw("fe02", "Get-OAuthAssignment")
    assert isinstance(refused, ErrorRecord)
    assert (refused.category, refused.hresult) == ("PermissionDenied", -2147024891)
    assert lab.all("fe02", "Get-KeyFacts")
    assert "CONTOSO\\RTCUniversalServerAdmins" not in lab.one("fe02", "Get-SessionFacts")["groups"]


def test_that_a_view_only_account_sees_stores_and_events_and_little_else(make: Make) -> None:
    lab = Asker(make("".join(fault("view-only", server) for server in ("fe01", "fe02", "edge01"))))
    seen = {probe.id for probe in PROBES if isinstance(lab.raw("fe01", probe.function), list)}
    assert seen == {"session", "product", "module", "topology", "store", "keys", "events", "incidents", "partners"}
    assert {key["problem"] for key in lab.all("fe01", "Get-KeyFacts")} == {"access-denied"}
    session = lab.one("fe01", "Get-SessionFacts")
    assert (session["elevated"], session["domain"], session["osName"]) == (False, "CONTOSO", "")
    assert isinstance(lab.raw("edge01", "Get-TopologyFacts"), ErrorRecord)


def test_that_a_store_on_another_server_is_a_hop_too_far_for_its_master(make: Make) -> None:
    servers = 'servers = [\n    { name = "sql01.contoso.lab", role = "sql" },'
    text = '[settings]\nstore = "sql01.contoso.lab"\n'
    plan = read_scenario(HEAD.replace("servers = [", servers) + text, "hop.toml")
    assert "sql01.contoso.lab" not in [server.name for server in plan.looked_at()]
    with PracticeLab(plan, now=NOW) as lab:
        asked = Asker(lab.deployment)
        refused = asked.raw("fe01", "Get-ReplicationFacts")
        assert isinstance(refused, ErrorRecord)
        assert "ANONYMOUS LOGON" in refused.message
        assert all(one["open"] for one in asked.all("fe01", "Test-ReplicaTransport"))
        lab.deployment.hop_allowed = True
        assert asked.one("fe01", "Get-ReplicationFacts")["asked"] is True
        assert asked.one("fe01", "Get-SecondHopFacts")["directory"] == "ok"


def test_that_a_stopped_service_shows_its_state_and_start_mode(make: Make) -> None:
    lab = Asker(make(fault("service-stopped", "fe02", service="REPLICA", start_mode="Disabled", at="23h ago")))
    names = ["REPLICA", "MASTER", "NoSuchService"]
    (found,) = lab.all("fe02", "Get-ServiceFacts", Names=names)
    assert (found["state"], found["startMode"]) == ("Stopped", "Disabled")
    (before,) = lab.all("fe02", "Get-ServiceFacts", ago(hours=24), Names=names)
    assert (before["state"], before["startMode"]) == ("Running", "Auto")


_NEEDED: Mapping[str, Mapping[str, object]] = {
    "service-stopped": {"service": "REPLICA"},
    "service-started": {"service": "REPLICA"},
    "use-unassigned": {"use": "WebServicesExternal"},
    "clock-off": {"seconds": 400},
    "group-missing": {"group": "RTCUniversalServerAdmins"},
    "probe-throws": {"probe": "store"},
    "probe-hangs": {"probe": "store"},
    "probe-slow": {"probe": "store", "seconds": 3},
    "process-dies": {"after": 2},
    "event-logged": {"provider": "LS Protocol Stack", "id": 14397, "text": "Serial {serial}."},
}
_BEHIND_THE_ANSWERS: Mapping[str, Callable[[Asker], object]] = {
    "no-administrator": lambda lab: lab.at("fe02").machine.winrm.authorised,
    "account-refused": lambda lab: lab.at("fe02").machine.winrm.accepts,
    "winrm-refused": lambda lab: lab.at("fe02").machine.winrm.front,
    "winrm-silent": lambda lab: lab.at("fe02").machine.winrm.front,
    "web-server": lambda lab: lab.at("fe02").machine.winrm.front,
    "tls-untrusted": lambda lab: lab.at("fe02").machine.winrm.scheme,
    "language-constrained": lambda lab: lab.at("fe02").machine.winrm.language_mode,
    "script-broken": lambda lab: lab.at("fe02").machine.script_broken,
    "noise": lambda lab: lab.at("fe02").machine.noise,
    "process-dies": lambda lab: lab.at("fe02").machine.ends_after,
    "probe-throws": lambda lab: lab.at("fe02").machine.quirks["store"].throws,
    "probe-hangs": lambda lab: lab.at("fe02").machine.quirks["store"].hangs,
    "probe-slow": lambda lab: lab.at("fe02").machine.quirks["store"].seconds,
}
"""What the engine or the network plays; seen here in the state only."""


def everything(lab: Asker) -> Mapping[str, object]:
    names = {"Names": ["REPLICA", "MASTER", "FTA"]}
    asked = {
        (server, probe.id): lab.raw(server, probe.function, None, **(names if probe.id == "services" else {}))
        for server in ("fe01", "fe02")
        for probe in PROBES
    }
    return {str(key): value for key, value in asked.items()}


@pytest.mark.parametrize("name", FAULTS)
def test_that_every_fault_changes_what_is_answered_or_played(make: Make, name: str) -> None:
    before = fault("service-stopped", "fe02", service="REPLICA") if name == "service-started" else ""
    extra = {"at": "3h ago"} if FAULTS[name].timed else {}
    struck = Asker(make(before + fault(name, "fe02", **{**_NEEDED.get(name, {}), **extra})))
    if name in _BEHIND_THE_ANSWERS:
        plain = Asker(make(before))
        plain.at("fe02").machine.quirks["store"] = ProbeQuirk()
        assert _BEHIND_THE_ANSWERS[name](struck) != _BEHIND_THE_ANSWERS[name](plain)
    elif name == "step-one":
        late = Asker(make(fault("service-stopped", "fe02", service="REPLICA") + fault(name, "fe02", at="300d ago")))
        assert late.all("fe02", "Get-OAuthAssignment") == []
    else:
        assert everything(struck) != everything(Asker(make(before)))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (fault("service-stopped", "edge01", service="MASTER"), "has no service MASTER"),
        (fault("service-started", "edge01", service="RTCHA", at="1h ago"), "has no service RTCHA"),
        ('[settings]\noauth_assigned = "never"\n' + fault("oauth-key-lost", "fe02", at="1h ago"), "no OAuth certificate was assigned"),
        (fault("oauth-key-lost", "edge01", at="1h ago"), "does not hold the key"),
    ],
)
def test_that_what_cannot_have_happened_is_refused_in_plain_words(make: Make, more: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        make(more)


def test_that_a_scenario_without_any_certificate_answers_with_nothing(make: Make) -> None:
    lab = Asker(make('[settings]\noauth_assigned = "never"\n'))
    assert lab.all("fe01", "Get-OAuthAssignment") == []
    assert len(mine(lab, "fe01")) == 1
    assert scenario().settings.oauth_assigned is not None
