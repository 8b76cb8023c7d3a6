"""The clock through the simulated fixes."""

from dataclasses import replace
from datetime import datetime, timedelta

from oauthcert.lab.machines import Clock
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.fixing import LATER, deeds, fault, fix, outcome

SYNC, BACK = "Sync-ServerTime", "Restore-TimeSource"
OFF = '[[faults]]\nfault = "clock-off"\nservers = ["fe02.contoso.lab"]\nseconds = 420\n'
VIRTUAL = OFF + '[[faults]]\nfault = "virtual-clock"\nservers = ["fe02.contoso.lab"]\n'
STOPPED = '[[faults]]\nfault = "service-stopped"\nservers = ["fe02.contoso.lab"]\nservice = "W32Time"\n'


def offset(lab: Asker, moment: datetime = NOW) -> float:
    return float(lab.one("fe02", "Get-TimeFacts", moment)["dcOffsetSeconds"])


def set_clock(lab: Asker, **changed: object) -> None:
    clock = lab.at("fe02").machine.clock
    clock.set(ago(hours=1), replace(clock.at(NOW), **changed))  # type: ignore[arg-type]


def test_that_the_clock_is_right_from_then_on_and_was_wrong_before(make: Make) -> None:
    lab = Asker(make(OFF))
    done = fix(lab, "fe02", SYNC, Configure=False, ExpectedType="nt5ds")
    assert outcome(done) == ("changed", None)
    assert (done["before"]["source"], done["after"]["source"]) == ("Local CMOS Clock", "dc01.contoso.lab")
    assert done["before"]["utc"] > done["after"]["utc"]
    assert abs(offset(lab)) < 1
    assert offset(lab, ago(minutes=1)) < -400
    later = lab.one("fe02", "Get-TimeFacts", LATER)
    assert (later["leap"], later["stratum"]) == (0, 4)
    assert later["lastSync"] == lab.one("fe02", "Get-TimeFacts")["lastSync"]
    assert deeds(lab) == [("fe02", SYNC, "clock")]


def test_that_a_hypervisor_stays_the_source(make: Make) -> None:
    lab = Asker(make(VIRTUAL))
    assert fix(lab, "fe02", SYNC, Configure=True, ExpectedType="")["after"]["source"] == "VM IC Time Synchronization Provider"


def test_that_a_configured_source_comes_back(make: Make) -> None:
    lab = Asker(make(OFF))
    set_clock(lab, type="NTP", ntp_server="time.example,0x9", source="time.example")
    done = fix(lab, "fe02", SYNC, Configure=True, ExpectedType="NTP")
    assert (done["before"]["type"], done["after"]["type"]) == ("NTP", "NT5DS")
    back = fix(lab, "fe02", BACK, Type="NTP", NtpServer="time.example,0x9")
    assert (outcome(back), back["before"], back["after"]) == (("changed", None), {"type": "NT5DS"}, {"type": "NTP"})
    assert outcome(fix(lab, "fe02", BACK, Type="NTP", NtpServer="time.example,0x9")) == ("already", None)
    assert outcome(fix(lab, "fe02", BACK, Type="NTP", NtpServer="")) == ("already", None)
    assert outcome(fix(lab, "fe02", BACK, Type="NoSync", NtpServer="", Preview=True)) == ("preview", None)
    assert fault(lab, "fe02", BACK, Type="Sundial", NtpServer="").type == "System.ArgumentException"


def test_that_what_cannot_be_synchronised_is_refused_or_fails(make: Make) -> None:
    lab = Asker(make(OFF + STOPPED))
    assert outcome(fix(lab, "edge01", SYNC, Configure=True, ExpectedType="")) == ("refused", "not-in-domain")
    assert outcome(fix(lab, "fe02", SYNC, Configure=False, ExpectedType="NTP")) == ("refused", "changed-meanwhile")
    assert outcome(fix(lab, "fe02", SYNC, Configure=False, ExpectedType="", Preview=True)) == ("preview", None)
    assert "0x80070426" in fault(lab, "fe02", SYNC, Configure=False, ExpectedType="").message
    assert deeds(lab) == []
    lab.at("fe02").machine.services["W32Time"].state.set(NOW, "Running")
    set_clock(lab, type="NoSync")
    assert "no time data" in fault(lab, "fe02", SYNC, Configure=False, ExpectedType="").message
    assert offset(lab) < -400


def test_that_a_configuration_counts_even_when_the_clock_could_not_be_set(make: Make) -> None:
    lab = Asker(make(OFF + STOPPED))
    done = fix(lab, "fe02", SYNC, Configure=True, ExpectedType="")
    assert outcome(done) == ("changed", None)
    assert "0x80070426" in done["notes"][0]
    assert offset(lab) < -400


def test_that_asking_the_clock_takes_an_administrator(make: Make) -> None:
    lab = Asker(make('[[faults]]\nfault = "view-only"\nservers = ["fe02.contoso.lab"]\n'))
    assert fault(lab, "fe02", SYNC, Configure=False, ExpectedType="").category == "PermissionDenied"


def test_that_a_clock_tells_when_it_was_last_right() -> None:
    clock = Clock(set_right=NOW)
    assert clock.last_sync(NOW + timedelta(minutes=5)) == NOW
    assert clock.last_sync(NOW + timedelta(hours=5)) == NOW + timedelta(hours=5) - clock.synchronised
