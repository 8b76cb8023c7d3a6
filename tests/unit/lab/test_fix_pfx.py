"""Certificates with their keys out of real PFX files, and away again."""

import base64
from datetime import timedelta

from oauthcert.certs.issuing import KeyPool
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.machines import StoreName
from oauthcert.model.secret import Secret
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.fixing import assigned, deeds, fault, fix, mine, outcome, without_group

IMPORT, REMOVE = "Import-OAuthPfx", "Remove-OwnCertificate"
LOST = '[[faults]]\nfault = "oauth-key-lost"\nservers = ["fe02.contoso.lab"]\nat = "5h ago"\n'
REQUESTED = '[[faults]]\nfault = "oauth-requested"\nservers = ["fe01.contoso.lab"]\nat = "2h ago"\n'
PASSWORD = Secret("Grün & 7 Äpfel")


def file(lab: Asker, thumbprint: str) -> bytes:
    authority = lab.deployment.authority
    assert isinstance(authority, LabAuthority)
    return authority.pfx(thumbprint, PASSWORD)


def arguments(data: bytes, thumbprint: str, password: Secret = PASSWORD) -> dict[str, object]:
    text = base64.b64encode(data).decode()
    return {"Parts": [Secret(text[at : at + 2000]) for at in range(0, len(text), 2000)], "Password": password, "Thumbprint": thumbprint}


def requested(lab: Asker) -> str:
    """The certificate that was requested on fe01 and assigned to nothing."""
    return next(one for one in mine(lab, "fe01") if one not in mine(lab, "fe01", ago(days=1)))


def test_that_a_pfx_brings_a_certificate_with_its_key(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new = requested(lab)
    done = fix(lab, "fe02", IMPORT, **arguments(file(lab, new), new.lower()))
    assert outcome(done) == ("changed", None)
    assert (done["before"], done["after"]) == ({"present": False, "hasPrivateKey": False}, {"present": True, "hasPrivateKey": True})
    assert mine(lab, "fe02")[new] is True
    assert next(one for one in lab.all("fe02", "Get-KeyFacts") if one["thumbprint"] == new)["exportable"] is True
    assert outcome(fix(lab, "fe02", IMPORT, **arguments(file(lab, new), new))) == ("already", None)
    assert deeds(lab) == [("fe02", IMPORT, new)]


def test_that_a_pfx_gives_a_certificate_its_lost_key_back(make: Make) -> None:
    lab = Asker(make(LOST))
    lost = assigned(lab, "fe01")
    assert mine(lab, "fe02")[lost] is False
    done = fix(lab, "fe02", IMPORT, **arguments(file(lab, lost), lost))
    assert (outcome(done), done["before"]) == (("changed", None), {"present": True, "hasPrivateKey": False})
    assert mine(lab, "fe02")[lost] is True


def test_that_a_pfx_gives_back_a_key_whose_file_is_gone(make: Make) -> None:
    lab = Asker(make('[[faults]]\nfault = "oauth-key-file-deleted"\nservers = ["fe02.contoso.lab"]\nat = "5h ago"\n'))
    lost = assigned(lab, "fe01")
    assert mine(lab, "fe02")[lost] is True  # so it says
    done = fix(lab, "fe02", IMPORT, **arguments(file(lab, lost), lost))
    assert (outcome(done), done["before"]) == (("changed", None), {"present": True, "hasPrivateKey": False})
    assert next(one for one in lab.all("fe02", "Get-KeyFacts") if one["thumbprint"] == lost)["opens"] is True
    assert outcome(fix(lab, "fe02", IMPORT, **arguments(file(lab, lost), lost))) == ("already", None)


def test_that_the_wrong_password_file_or_certificate_is_refused(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new = requested(lab)
    data = file(lab, new)
    assert outcome(fix(lab, "fe02", IMPORT, **arguments(data, new, Secret("guess")))) == ("refused", "wrong-password")
    assert outcome(fix(lab, "fe02", IMPORT, **arguments(data, "AB" * 20))) == ("refused", "wrong-certificate")
    assert outcome(fix(lab, "fe02", IMPORT, **arguments(data, new), Preview=True)) == ("preview", None)
    assert fault(lab, "fe02", IMPORT, **arguments(b"no pfx", new)).type == "System.Security.Cryptography.CryptographicException"
    assert fault(lab, "fe02", IMPORT, **arguments(data, new) | {"Parts": [Secret("%%%")]}).type == "System.FormatException"
    without_group(lab, "fe02", "Administrators")
    assert fault(lab, "fe02", IMPORT, **arguments(data, new)).message.startswith("Access is denied")
    assert deeds(lab) == []


def test_that_a_certificate_of_an_unknown_authority_comes_in_and_is_not_trusted(make: Make, keys: KeyPool) -> None:
    lab = Asker(make())
    elsewhere = LabAuthority("fabrikam.lab", NOW, keys)
    strange = elsewhere.oauth("strange", NOW - timedelta(days=1), NOW + timedelta(days=9))
    done = fix(lab, "fe02", IMPORT, **arguments(elsewhere.pfx(strange.thumbprint, PASSWORD), strange.thumbprint))
    assert outcome(done) == ("changed", None)
    mine_there = lab.deployment.certificates(lab.at("fe02").machine, StoreName.MY, NOW)
    held = next(placed.certificate for placed in mine_there if placed.certificate.thumbprint == strange.thumbprint)
    assert lab.deployment.chain_builds(lab.at("fe02").machine, held, NOW) is False


def test_that_an_unused_certificate_goes_and_an_assigned_one_stays(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new = requested(lab)
    assert outcome(fix(lab, "fe01", REMOVE, Thumbprint=new, Preview=True)) == ("preview", None)
    done = fix(lab, "fe01", REMOVE, Thumbprint=new)
    assert (outcome(done), done["before"], done["after"]) == (("changed", None), {"present": True}, {"present": False})
    assert outcome(fix(lab, "fe01", REMOVE, Thumbprint=new)) == ("already", None)
    own = lab.deployment.authority.server("fe01.contoso.lab").thumbprint
    for used in (assigned(lab, "fe01"), own):
        assert outcome(fix(lab, "fe01", REMOVE, Thumbprint=used)) == ("refused", "assigned")
    assert deeds(lab) == [("fe01", REMOVE, new)]


def test_that_a_certificate_which_a_web_site_shows_stays(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new = requested(lab)
    lab.at("fe01").machine.bound.add(new)
    assert outcome(fix(lab, "fe01", REMOVE, Thumbprint=new)) == ("refused", "bound")
    assert deeds(lab) == []


def test_that_nothing_is_removed_while_nobody_knows_what_is_assigned(make: Make) -> None:
    lab = Asker(make(REQUESTED + '[[faults]]\nfault = "intermediate-removed"\nservers = ["fe01.contoso.lab"]\nat = "2d ago"\n'))
    assert outcome(fix(lab, "fe01", REMOVE, Thumbprint=requested(lab))) == ("refused", "assigned")


def test_that_removing_takes_an_administrator(make: Make) -> None:
    lab = Asker(make(REQUESTED))
    new = requested(lab)
    without_group(lab, "fe01", "Administrators")
    assert fault(lab, "fe01", REMOVE, Thumbprint=new).message.startswith("Access is denied")
