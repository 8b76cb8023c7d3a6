"""Assigning through the simulated fixes: now, for later, and away with the previous one."""

from datetime import timedelta

from oauthcert.lab.machines import CNG_KEY, Key
from oauthcert.lab.stamps import utc
from tests.unit.lab.conftest import NOW, Asker, Make
from tests.unit.lab.fixing import LATER, assigned, deeds, fault, fix, mine, outcome, without_group

REQUESTED = '[[faults]]\nfault = "oauth-requested"\nservers = ["fe01.contoso.lab"]\nat = "2h ago"\n'
RENEWED = '[[faults]]\nfault = "oauth-renewed"\nservers = ["fe01.contoso.lab"]\nat = "20h ago"\n'
UNTRUSTED = '[[faults]]\nfault = "intermediate-removed"\nservers = ["fe01.contoso.lab"]\nat = "2d ago"\n'
ASSIGN, STAGE, FORGET = "Set-OAuthAssignment", "Add-StagedOAuth", "Remove-PreviousOAuth"
SOON = utc(NOW + timedelta(hours=23))
IN_TIME = utc(NOW + timedelta(days=3))
AFTERWARDS = NOW + timedelta(days=3, minutes=1)
TOO_LATE = utc(NOW + timedelta(days=531))


def requested(lab: Asker, server: str = "fe01") -> str:
    """The newest certificate there that is not the assigned one, nor the server's own."""
    facts = lab.one(server, "Get-StoreFacts")["my"]
    own = lab.deployment.authority.server(f"{server}.contoso.lab").thumbprint
    return str(next(one["thumbprint"] for one in facts if one["thumbprint"] not in (assigned(lab, server), own)))


def test_that_an_assignment_reaches_every_server_with_its_key(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    old, new = assigned(lab, "fe01"), requested(lab)
    done = fix(lab, "fe01", ASSIGN, Thumbprint=new.lower(), ExpectedThumbprint=old)
    assert outcome(done) == ("changed", None)
    assert done["before"]["thumbprint"] == old
    assert done["after"] == {"thumbprint": new, "updateTime": utc(NOW)}
    assert assigned(lab, "fe02") == old
    assert assigned(lab, "fe02", LATER) == new
    assert mine(lab, "fe02", LATER)[new] is True
    assert deeds(lab) == [("fe01", ASSIGN, new)]
    again = fix(lab, "fe01", ASSIGN, LATER, Thumbprint=new, ExpectedThumbprint=old)
    assert outcome(again) == ("already", None)


def test_that_no_certificate_at_all_is_never_taken_for_the_one_that_is_there(make: Make) -> None:
    lab = Asker(make())
    lab.deployment.changes[:] = [change for change in lab.deployment.changes if change.oauth is None]
    assert assigned(lab, "fe01") == ""
    assert outcome(fix(lab, "fe01", ASSIGN, Thumbprint="", ExpectedThumbprint="")) == ("refused", "not-in-store")
    staged = fix(lab, "fe01", STAGE, Thumbprint="", ExpectedThumbprint="", EffectiveDate=IN_TIME)
    assert outcome(staged) == ("refused", "not-in-store")
    assert deeds(lab) == []


def test_that_an_assignment_made_meanwhile_is_not_overwritten(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    done = fix(lab, "fe01", ASSIGN, Thumbprint=requested(lab), ExpectedThumbprint="")
    assert outcome(done) == ("refused", "changed-meanwhile")
    assert done["before"]["thumbprint"] == assigned(lab, "fe01")
    assert deeds(lab) == []


def test_that_an_unreadable_assignment_is_expected_by_its_name(make: Make) -> None:
    lab = Asker(make(REQUESTED + UNTRUSTED))
    assert lab.one("fe01", "Get-OAuthAssignment")["notFoundOrUntrusted"] is True
    new = requested(lab)
    assert outcome(fix(lab, "fe01", ASSIGN, Thumbprint=new, ExpectedThumbprint="")) == ("refused", "changed-meanwhile")
    done = fix(lab, "fe01", ASSIGN, Thumbprint=new, ExpectedThumbprint="unreadable")
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"thumbprint": "unreadable", "updateTime": None}


def test_that_certificates_that_cannot_serve_are_refused(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new, old, machine = requested(lab), assigned(lab, "fe01"), lab.at("fe01").machine
    expected = {"ExpectedThumbprint": old}
    assert outcome(fix(lab, "fe01", ASSIGN, Thumbprint="AB" * 20, **expected)) == ("refused", "not-in-store")
    for key, reason in (
        (None, "no-private-key"),
        (Key(file_present=False), "no-private-key"),
        (Key(exportable=False), "key-not-exportable"),
        (CNG_KEY, "key-not-csp"),
    ):
        lab.deployment.set_key(machine, new, NOW, key)
        for function, more in ((ASSIGN, {}), (STAGE, {"EffectiveDate": IN_TIME})):
            assert outcome(fix(lab, "fe01", function, Thumbprint=new, **expected, **more)) == ("refused", reason)
    assert deeds(lab) == []


def test_that_an_expired_certificate_is_refused(make: Make) -> None:
    lab = Asker(make(REQUESTED + "valid_days = 3\n"), NOW + timedelta(days=4))
    done = fix(lab, "fe01", ASSIGN, Thumbprint=requested(lab), ExpectedThumbprint=assigned(lab, "fe01"))
    assert outcome(done) == ("refused", "expired")


def test_that_writing_for_all_takes_the_group_and_the_way_to_the_database(make: Make) -> None:
    lab = Asker(make('[[faults]]\nfault = "oauth-requested"\nservers = ["fe02.contoso.lab"]\nat = "2h ago"\n'))
    arguments = {"Thumbprint": requested(lab, "fe02"), "ExpectedThumbprint": assigned(lab, "fe02")}
    assert outcome(fix(lab, "fe02", ASSIGN, **arguments, Preview=True)) == ("preview", None)
    assert "ANONYMOUS LOGON" in fault(lab, "fe02", ASSIGN, **arguments).inner[0]
    assert deeds(lab) == []
    lab.deployment.hop_allowed = True
    assert outcome(fix(lab, "fe02", ASSIGN, **arguments)) == ("changed", None)
    without_group(lab, "fe01", "RTCUniversalServerAdmins")
    assert fault(lab, "fe01", ASSIGN, **arguments).category == "PermissionDenied"


def test_that_a_staged_certificate_is_used_from_its_date_on(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    old, new = assigned(lab, "fe01"), requested(lab)
    done = fix(lab, "fe01", STAGE, Thumbprint=new, EffectiveDate=IN_TIME, ExpectedThumbprint=old)
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"thumbprint": old, "stagedThumbprint": None, "effectiveDate": None}
    assert done["after"] == {"thumbprint": old, "stagedThumbprint": new, "effectiveDate": IN_TIME}
    told = lab.at("fe02", LATER).get_cs_certificate()[0]
    assert (told["Thumbprint"], told["PreviousThumbprint"]) == (new, old)
    assert lab.at("fe02", AFTERWARDS).get_cs_certificate() == lab.at("fe01", LATER).get_cs_certificate()
    again = fix(lab, "fe01", STAGE, LATER, Thumbprint=new, EffectiveDate=IN_TIME, ExpectedThumbprint=old)
    assert outcome(again) == ("already", None)
    used = fix(lab, "fe01", STAGE, AFTERWARDS, Thumbprint=new, EffectiveDate=IN_TIME, ExpectedThumbprint=old)
    assert (outcome(used), used["before"]["thumbprint"]) == (("already", None), new)
    assert len(deeds(lab)) == 1


def test_that_a_date_too_soon_or_too_late_is_refused(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    for date, reason in ((SOON, "too-soon"), (TOO_LATE, "after-expiry")):
        done = fix(lab, "fe01", STAGE, Thumbprint=requested(lab), EffectiveDate=date, ExpectedThumbprint=assigned(lab, "fe01"))
        assert outcome(done) == ("refused", reason)
    broken = fault(lab, "fe01", STAGE, Thumbprint=requested(lab), EffectiveDate="tomorrow", ExpectedThumbprint=assigned(lab, "fe01"))
    assert broken.type == "System.FormatException"
    assert deeds(lab) == []


def test_that_the_previous_certificate_is_forgotten_everywhere(make: Make) -> None:
    lab = Asker(make(RENEWED))
    told = lab.one("fe01", "Get-OAuthAssignment")
    previous = told["previousThumbprint"]
    done = fix(lab, "fe01", FORGET, ExpectedPrevious=previous)
    assert outcome(done) == ("changed", None)
    assert (done["before"], done["after"]) == ({"previousThumbprint": previous}, {"previousThumbprint": None})
    for server in ("fe01", "fe02"):
        now = lab.one(server, "Get-OAuthAssignment", LATER)
        assert now == {**told, "previousThumbprint": None}
    assert outcome(fix(lab, "fe01", FORGET, LATER, ExpectedPrevious=previous)) == ("already", None)


def test_that_a_previous_certificate_that_changed_or_is_still_in_use_stays(make: Make) -> None:
    lab = Asker(make(RENEWED + REQUESTED))
    assert outcome(fix(lab, "fe01", FORGET, ExpectedPrevious="AB" * 20)) == ("refused", "changed-meanwhile")
    assert outcome(fix(lab, "fe01", FORGET, ExpectedPrevious=previous(lab), Preview=True)) == ("preview", None)
    old = assigned(lab, "fe01")
    newest = requested(lab)
    assert outcome(fix(lab, "fe01", STAGE, Thumbprint=newest, EffectiveDate=IN_TIME, ExpectedThumbprint=old))[0] == "changed"
    assert outcome(fix(lab, "fe01", FORGET, LATER, ExpectedPrevious=old)) == ("refused", "changed-meanwhile")
    lab.deployment.store = "sql01.contoso.lab"
    assert "ANONYMOUS LOGON" in fault(lab, "fe01", FORGET, AFTERWARDS, ExpectedPrevious=old).inner[0]


def previous(lab: Asker) -> str:
    return str(lab.one("fe01", "Get-OAuthAssignment")["previousThumbprint"])
