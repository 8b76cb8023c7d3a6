"""Issuers' certificates through the simulated fixes: put in, taken out, moved to where they belong."""

import base64

import pytest

from tests.unit.lab.conftest import Asker, Make
from tests.unit.lab.fixing import assigned, deeds, fault, fix, outcome, without_group

INSTALL, REMOVE, MOVE = "Install-IssuerCertificate", "Remove-IssuerCertificate", "Move-MisplacedRoot"
GONE = '[[faults]]\nfault = "intermediate-removed"\nservers = ["fe02.contoso.lab"]\nat = "2d ago"\n'
MISPLACED = '[[faults]]\nfault = "root-misplaced"\nservers = ["fe02.contoso.lab"]\nat = "30d ago"\n'
INSTEAD = MISPLACED + "instead = true\n"


def issuer(lab: Asker, **changed: object) -> dict[str, object]:
    own = lab.deployment.authority.issuing
    return {"Der": base64.b64encode(own.der).decode(), "Thumbprint": own.thumbprint, "Store": "CA"} | changed


def trusts(lab: Asker) -> bool:
    return not lab.one("fe02", "Get-OAuthAssignment")["notFoundOrUntrusted"]


def test_that_a_missing_issuer_comes_back_and_the_chain_builds(make: Make) -> None:
    lab = Asker(make(GONE))
    assert not trusts(lab)
    done = fix(lab, "fe02", INSTALL, **issuer(lab))
    assert (outcome(done), done["before"], done["after"]) == (("changed", None), {"present": False}, {"present": True})
    assert trusts(lab)
    assert outcome(fix(lab, "fe02", INSTALL, **issuer(lab))) == ("already", None)
    assert deeds(lab) == [("fe02", INSTALL, f"CA {lab.deployment.authority.issuing.thumbprint}")]


def test_that_what_was_put_in_goes_out_again(make: Make) -> None:
    lab = Asker(make(GONE))
    fix(lab, "fe02", INSTALL, **issuer(lab))
    where = {"Thumbprint": lab.deployment.authority.issuing.thumbprint, "Store": "CA"}
    assert outcome(fix(lab, "fe02", REMOVE, **where, Preview=True)) == ("preview", None)
    done = fix(lab, "fe02", REMOVE, **where)
    assert (outcome(done), done["after"]) == (("changed", None), {"present": False})
    assert outcome(fix(lab, "fe02", REMOVE, **where)) == ("already", None)
    fix(lab, "fe02", INSTALL, **issuer(lab))
    assert trusts(lab)


def test_that_the_wrong_certificate_is_never_put_in(make: Make) -> None:
    lab = Asker(make(GONE))
    leaf = lab.deployment.authority.server("fe02.contoso.lab")
    wrong = (
        (issuer(lab, Thumbprint="AB" * 20), "wrong-certificate"),
        (issuer(lab, Der="AAAA"), "wrong-certificate"),
        (issuer(lab, Der="%"), "wrong-certificate"),
        (issuer(lab, Store="Root"), "not-self-signed"),
    )
    for arguments, reason in wrong:
        assert outcome(fix(lab, "fe02", INSTALL, **arguments)) == ("refused", reason)
    as_leaf = issuer(lab, Der=base64.b64encode(leaf.der).decode(), Thumbprint=leaf.thumbprint, Store="Root")
    assert outcome(fix(lab, "fe02", INSTALL, **as_leaf)) == ("refused", "not-self-signed")
    assert deeds(lab) == []


@pytest.mark.parametrize("store", ["My", "root", "Disallowed", ""])
def test_that_only_the_stores_of_authorities_are_touched(make: Make, store: str) -> None:
    lab = Asker(make(GONE))
    assert fault(lab, "fe02", INSTALL, **issuer(lab, Store=store)).type == "System.ArgumentException"
    assert fault(lab, "fe02", REMOVE, Thumbprint="AB" * 20, Store=store).type == "System.ArgumentException"


@pytest.mark.parametrize(("misplaced", "also_there"), [(MISPLACED, True), (INSTEAD, False)])
def test_that_a_misplaced_issuer_moves_and_the_chain_still_builds(make: Make, misplaced: str, also_there: bool) -> None:
    lab = Asker(make(misplaced))
    thumbprint = lab.deployment.authority.issuing.thumbprint
    done = fix(lab, "fe02", MOVE, Thumbprint=thumbprint, Back=False)
    assert outcome(done) == ("changed", None)
    assert done["before"] == {"inRoot": True, "inIntermediate": also_there}
    assert done["after"] == {"inRoot": False, "inIntermediate": True}
    assert trusts(lab)
    assert lab.one("fe02", "Get-StoreFacts")["misplacedRoots"] == []
    assert outcome(fix(lab, "fe02", MOVE, Thumbprint=thumbprint, Back=False)) == ("already", None)
    back = fix(lab, "fe02", MOVE, Thumbprint=thumbprint, Back=True)
    assert (outcome(back), back["after"]) == (("changed", None), {"inRoot": True, "inIntermediate": False})


def test_that_roots_stay_where_they_are(make: Make) -> None:
    lab = Asker(make(MISPLACED))
    assert outcome(fix(lab, "fe02", MOVE, Thumbprint=lab.deployment.authority.root.thumbprint)) == ("refused", "self-signed")
    assert outcome(fix(lab, "fe02", MOVE, Thumbprint=assigned(lab, "fe02"))) == ("refused", "not-in-store")
    thumbprint = lab.deployment.authority.issuing.thumbprint
    assert outcome(fix(lab, "fe02", MOVE, Thumbprint=thumbprint, Preview=True)) == ("preview", None)
    assert deeds(lab) == []


def test_that_stores_are_changed_by_administrators_only(make: Make) -> None:
    lab = Asker(make(MISPLACED))
    thumbprint = lab.deployment.authority.issuing.thumbprint
    without_group(lab, "fe02", "Administrators")
    for function, arguments in ((MOVE, {}), (REMOVE, {"Store": "CA"})):
        assert fault(lab, "fe02", function, Thumbprint=thumbprint, **arguments).message.startswith("Access is denied")
    assert fault(Asker(lab.deployment), "fe02", INSTALL, **root_elsewhere(lab)).message.startswith("Access is denied")
    assert deeds(lab) == []


def root_elsewhere(lab: Asker) -> dict[str, object]:
    root = lab.deployment.authority.root
    return {"Der": base64.b64encode(root.der).decode(), "Thumbprint": root.thumbprint, "Store": "CA"}
