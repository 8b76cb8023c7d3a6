"""Starting and stopping services through the simulated fixes."""

from oauthcert.lab.deployment import Deployment
from tests.unit.lab.conftest import NOW, Asker, Make
from tests.unit.lab.fixing import LATER, deeds, fault, fix, outcome, without_group

STOPPED = '[[faults]]\nfault = "service-stopped"\nservers = ["fe02.contoso.lab"]\nservice = "REPLICA"\nat = "23h ago"\n'
DISABLED = STOPPED + 'start_mode = "Disabled"\n'
RENEWED = '[[faults]]\nfault = "oauth-renewed"\nservers = ["fe01.contoso.lab"]\nat = "20h ago"\n'
START = "Start-StoppedService"


def arguments(**changed: object) -> dict[str, object]:
    return {"Name": "REPLICA", "ExpectedState": "Stopped", "ExpectedStartMode": "Auto", "StartMode": "", "Seconds": 60} | changed


def test_that_a_stopped_service_starts_and_what_waited_for_it_arrives(make: Make) -> None:
    lab = Asker(make(STOPPED + RENEWED))
    assert lab.row("fe02")["upToDate"] is False
    done = fix(lab, "fe02", START, **arguments())
    assert outcome(done) == ("changed", None)
    assert (done["before"], done["after"]) == ({"state": "Stopped", "startMode": "Auto"}, {"state": "Running", "startMode": "Auto"})
    assert lab.row("fe02", LATER)["upToDate"] is True
    assert lab.one("fe02", "Get-OAuthAssignment", LATER) == lab.one("fe01", "Get-OAuthAssignment", LATER)
    assert deeds(lab) == [("fe02", START, "REPLICA Running")]


def test_that_a_second_start_finds_it_already_done(make: Make) -> None:
    lab = Asker(make(STOPPED))
    fix(lab, "fe02", START, **arguments())
    again = fix(lab, "fe02", START, **arguments())
    assert outcome(again) == ("already", None)
    assert again["after"] == {"state": "Running", "startMode": "Auto"}
    assert len(deeds(lab)) == 1


def test_that_a_disabled_service_takes_its_start_mode_first(make: Make) -> None:
    lab = Asker(make(DISABLED))
    refused = fix(lab, "fe02", START, **arguments(ExpectedStartMode="Disabled"))
    assert outcome(refused) == ("refused", "did-not-start")
    assert "disabled" in refused["notes"][0]
    done = fix(lab, "fe02", START, **arguments(ExpectedStartMode="Disabled", StartMode="Automatic"))
    assert done["after"] == {"state": "Running", "startMode": "Auto"}


def test_that_a_start_is_refused_when_somebody_was_there_meanwhile(make: Make) -> None:
    lab = Asker(make(DISABLED))
    done = fix(lab, "fe02", START, **arguments())
    assert outcome(done) == ("refused", "changed-meanwhile")
    assert done["before"]["startMode"] == "Disabled"
    assert deeds(lab) == []


def test_that_a_service_that_is_not_there_is_refused(make: Make) -> None:
    lab = Asker(make())
    assert outcome(fix(lab, "fe02", START, **arguments(Name="MASTER"))) == ("refused", "service-missing")
    assert outcome(fix(lab, "fe02", "Stop-StartedService", Name="MASTER", StartMode="")) == ("refused", "service-missing")


def test_that_a_service_that_will_not_run_says_so_afterwards(make: Make) -> None:
    lab = Asker(make(STOPPED))
    lab.at("fe02").machine.stubborn.add("REPLICA")
    done = fix(lab, "fe02", START, **arguments())
    assert outcome(done) == ("refused", "did-not-start")
    assert done["after"]["state"] == "Stopped"


def test_that_a_preview_changes_nothing(make: Make) -> None:
    lab = Asker(make(STOPPED))
    done = fix(lab, "fe02", START, **arguments(Preview=True))
    assert outcome(done) == ("preview", None)
    assert done["after"] is None
    assert lab.all("fe02", "Get-ServiceFacts", Names=["REPLICA"])[0]["state"] == "Stopped"
    assert outcome(fix(lab, "fe02", "Stop-StartedService", Name="RTCSRV", StartMode="", Preview=True)) == ("preview", None)
    assert deeds(lab) == []


def test_that_starting_a_service_takes_an_administrator(make: Make) -> None:
    lab = Asker(make(STOPPED))
    without_group(lab, "fe02", "Administrators")
    assert fault(lab, "fe02", START, **arguments()).category == "PermissionDenied"
    assert deeds(lab) == []


def test_that_stopping_is_the_way_back(make: Make) -> None:
    deployment: Deployment = make(DISABLED)
    lab = Asker(deployment)
    fix(lab, "fe02", START, **arguments(ExpectedStartMode="Disabled", StartMode="Auto"))
    back = fix(lab, "fe02", "Stop-StartedService", Name="REPLICA", StartMode="Disabled")
    assert (outcome(back), back["after"]) == (("changed", None), {"state": "Stopped", "startMode": "Disabled"})
    again = fix(lab, "fe02", "Stop-StartedService", LATER, Name="REPLICA", StartMode="Disabled")
    assert outcome(again) == ("already", None)
    assert deployment.machines["fe02.contoso.lab"].services["REPLICA"].state.at(NOW) == "Stopped"


def test_that_parameters_bind_as_in_powershell(make: Make) -> None:
    lab = Asker(make(STOPPED))
    unknown = fault(lab, "fe02", START, **arguments(ComputerName="fe03"))
    assert unknown.id == f"NamedParameterNotFound,{START}"
    assert fault(lab, "fe02", START, **arguments(Preview="yes")).id == f"ParameterArgumentTransformationError,{START}"
    assert outcome(fix(lab, "fe02", START, **arguments(Seconds="60"))) == ("changed", None)
