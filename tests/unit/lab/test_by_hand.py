"""What people do by hand clears what it is for, on that server, from then on, and is noted down."""

from collections.abc import Callable

import pytest

from oauthcert.lab.by_hand import do_by_hand
from oauthcert.lab.hands import HANDS
from oauthcert.lab.machines import Front
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.fixing import assigned

Clear = Callable[[Asker], bool]


def fault(name: str, server: str = "fe02", more: str = "") -> str:
    return f'[[faults]]\nfault = "{name}"\nservers = ["{server}.contoso.lab"]\n{more}'


def told(server: str, function: str) -> Clear:
    return lambda lab: isinstance(lab.raw(server, function), list)


CASES: list[tuple[str, str, str, Clear]] = [
    ("enable-winrm", "fe02", fault("winrm-refused"), lambda lab: lab.at("fe02").machine.winrm.front is Front.WINRM),
    ("enable-winrm", "fe02", fault("web-server"), lambda lab: lab.at("fe02").machine.winrm.front is Front.WINRM),
    (
        "allow-full-language",
        "fe02",
        fault("language-constrained"),
        lambda lab: lab.at("fe02").machine.winrm.language_mode == "FullLanguage",
    ),
    ("correct-account", "fe02", fault("account-refused"), lambda lab: lab.at("fe02").machine.winrm.accepts),
    ("join-groups", "fe02", fault("no-administrator"), lambda lab: lab.at("fe02").machine.winrm.authorised),
    ("join-groups", "fe02", fault("view-only"), told("fe02", "Get-OAuthAssignment")),
    ("join-groups", "edge01", fault("view-only", "edge01"), told("edge01", "Get-ServiceFacts")),
    (
        "open-replication-port",
        "fe02",
        fault("port-closed"),
        lambda lab: all(one["open"] for one in lab.all("fe01", "Test-ReplicaTransport")),
    ),
    (
        "sync-time-by-hand",
        "fe02",
        fault("clock-off", more="seconds = 420\n"),
        lambda lab: abs(lab.one("fe02", "Get-TimeFacts")["dcOffsetSeconds"]) < 1,
    ),
    (
        "stop-hypervisor-clock",
        "fe02",
        fault("virtual-clock"),
        lambda lab: lab.one("fe02", "Get-TimeFacts")["source"] == "dc01.contoso.lab",
    ),
    (
        "run-step-2",
        "fe02",
        fault("components-missing"),
        lambda lab: [one["state"] for one in lab.all("fe02", "Get-ServiceFacts", Names=["RTCSRV"])] == ["Running"],
    ),
    (
        "reboot-server",
        "fe02",
        fault("service-stopped", more='service = "RTCSRV"\nstart_mode = "Disabled"\n'),
        lambda lab: lab.all("fe02", "Get-ServiceFacts", Names=["RTCSRV"])[0]["startMode"] == "Auto",
    ),
    ("install-dotnet", "fe02", fault("dot-net-old"), lambda lab: lab.one("fe02", "Get-ProductFacts")["dotNetRelease"] > 379893),
    (
        "recycle-web-app",
        "fe02",
        fault("web-stale", more='at = "30h ago"\n') + fault("oauth-renewed", "fe01", 'at = "20h ago"\n'),
        lambda lab: assigned(lab, "fe02") in lab.one("fe02", "Get-MetadataFacts")["thumbprints"],
    ),
    (
        "remove-key-denial",
        "fe02",
        fault("key-access-removed", more='at = "2h ago"\n'),
        lambda lab: all(len(key["rules"]) == 3 for key in lab.one("fe02", "Get-KeyAccessFacts")["keys"]),
    ),
]


@pytest.mark.parametrize(("fix", "server", "faults", "clear"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)])
def test_that_it_clears_what_it_is_for(make: Make, fix: str, server: str, faults: str, clear: Clear) -> None:
    lab = Asker(make(faults))
    assert not clear(lab)
    do_by_hand(lab.deployment, fix, f"{server}.contoso.lab", NOW)
    assert clear(lab)
    assert [(deed.server, deed.function) for deed in lab.deployment.deeds] == [(f"{server}.contoso.lab", f"by-hand:{fix}")]


def test_that_what_was_wrong_before_stays_wrong_in_the_past(make: Make) -> None:
    lab = Asker(make(fault("clock-off", more="seconds = 420\n")))
    do_by_hand(lab.deployment, "sync-time-by-hand", "fe02.contoso.lab", NOW)
    assert lab.one("fe02", "Get-TimeFacts", ago(minutes=1))["dcOffsetSeconds"] < -400


EXCHANGE = [
    ("wrong-url", "correct-autodiscover-url"),
    ("no-url", "correct-autodiscover-url"),
    ("realm-mismatch", "configure-partner-on-exchange"),
    ("no-partner", "configure-partner-on-exchange"),
    ("disabled", "configure-partner"),
    ("none", "configure-partner"),
    ("unreachable", "open-partner-way"),
    ("untrusted", "correct-partner-certificate"),
    ("wildcard-domain", "name-accepted-domains"),
]


@pytest.mark.parametrize(("state", "fix"), EXCHANGE)
def test_that_a_partnership_is_put_right_by_the_one_who_can(make: Make, state: str, fix: str) -> None:
    healthy = Asker(make('[settings]\nexchange = "healthy"\n')).one("fe02", "Get-PartnerFacts")
    lab = Asker(make(f'[settings]\nexchange = "{state}"\n'))
    assert lab.one("fe02", "Get-PartnerFacts") != healthy
    do_by_hand(lab.deployment, fix, "fe01.contoso.lab", NOW)
    assert lab.one("fe02", "Get-PartnerFacts") == healthy


@pytest.mark.parametrize("fix", sorted(HANDS))
def test_that_everything_may_be_done_where_nothing_is_wrong(make: Make, fix: str) -> None:
    lab = Asker(make())
    lab.deployment.hop_allowed = True
    before = [lab.all("fe02", "Get-StoreFacts"), lab.all("fe02", "Get-ServiceFacts", Names=["RTCSRV"]), lab.all("fe02", "Get-SessionFacts")]
    do_by_hand(lab.deployment, fix, "fe02.contoso.lab", NOW)
    after = [lab.all("fe02", "Get-StoreFacts"), lab.all("fe02", "Get-ServiceFacts", Names=["RTCSRV"]), lab.all("fe02", "Get-SessionFacts")]
    assert after == before


def test_that_unknown_servers_and_fixes_are_refused(make: Make) -> None:
    lab = Asker(make())
    for fix, server in (("paint-it-green", "fe01.contoso.lab"), ("enable-winrm", "nowhere.contoso.lab")):
        with pytest.raises(KeyError):
            do_by_hand(lab.deployment, fix, server, NOW)
    assert lab.deployment.deeds == []
