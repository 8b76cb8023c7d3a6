"""Private keys through the simulated fixes: joined again, and readable for the services."""

from typing import Any

import pytest

from oauthcert.lab.machines import KEY_SDDL, Key
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.fixing import assigned, deeds, fault, fix, mine, outcome, without_group

JOIN, GRANT, RESTORE = "Repair-KeyLink", "Grant-KeyAccess", "Restore-KeyAccess"
LOST = '[[faults]]\nfault = "oauth-key-lost"\nservers = ["fe02.contoso.lab"]\nat = "5h ago"\n'
FILE_GONE = '[[faults]]\nfault = "oauth-key-file-deleted"\nservers = ["fe02.contoso.lab"]\nat = "5h ago"\n'
NOBODY = "D:PAI(A;;FA;;;SY)(A;;FA;;;BA)"


def locked(make: Make) -> Asker:
    """The services may not read the key on fe02."""
    lab = Asker(make())
    lab.deployment.set_key(lab.at("fe02").machine, assigned(lab, "fe02"), ago(hours=1), Key(sddl=NOBODY))
    return lab


def readers(lab: Asker) -> list[str]:
    (facts,) = lab.all("fe02", "Get-KeyAccessFacts")
    (key,) = [one for one in facts["keys"] if one["thumbprint"] == assigned(lab, "fe02")]
    return [rule["sid"] for rule in key["rules"] if rule["allow"] and rule["read"]]


def test_that_a_key_that_is_still_there_is_joined_again(make: Make) -> None:
    lab = Asker(make(LOST))
    lost = assigned(lab, "fe01")
    done = fix(lab, "fe02", JOIN, Thumbprint=lost.lower())
    assert outcome(done) == ("changed", None)
    assert (done["before"], done["after"]) == ({"hasPrivateKey": False, "opens": False}, {"hasPrivateKey": True, "opens": True})
    assert mine(lab, "fe02")[lost] is True
    assert mine(lab, "fe02", ago(hours=1))[lost] is False
    assert outcome(fix(lab, "fe02", JOIN, Thumbprint=lost)) == ("already", None)
    assert deeds(lab) == [("fe02", JOIN, lost)]


@pytest.mark.parametrize(("gone", "claims"), [(LOST + "key_gone = true\n", False), (FILE_GONE, True)])
def test_that_a_key_that_is_gone_cannot_be_joined(make: Make, gone: str, claims: bool) -> None:
    lab = Asker(make(gone))
    done = fix(lab, "fe02", JOIN, Thumbprint=assigned(lab, "fe01"))
    assert outcome(done) == ("refused", "key-not-here")
    assert done["after"] == {"hasPrivateKey": claims, "opens": False}
    assert "0x80090016" in done["notes"][0]
    assert deeds(lab) == []


def test_that_joining_looks_first_and_takes_an_administrator(make: Make) -> None:
    lab = Asker(make(LOST))
    lost = assigned(lab, "fe01")
    missing = fix(lab, "fe02", JOIN, Thumbprint="AB" * 20)
    assert (outcome(missing), missing["before"]) == (("refused", "not-in-store"), None)
    assert outcome(fix(lab, "fe02", JOIN, Thumbprint=lost, Preview=True)) == ("preview", None)
    without_group(lab, "fe02", "Administrators")
    assert fault(lab, "fe02", JOIN, Thumbprint=lost).message.startswith("Access is denied")
    assert deeds(lab) == []


@pytest.mark.parametrize("account", ["S-1-5-20", "s-1-5-20", r"NT AUTHORITY\NETWORK SERVICE", "Network Service"])
def test_that_an_account_may_read_the_key_and_the_way_back_takes_that_away(make: Make, account: str) -> None:
    lab = locked(make)
    own = assigned(lab, "fe02")
    assert "S-1-5-20" not in readers(lab)
    done = fix(lab, "fe02", GRANT, Thumbprint=own, Accounts=[account])
    assert outcome(done) == ("changed", None)
    assert done["before"]["sddl"] == NOBODY
    assert done["before"]["container"] == done["after"]["container"] is not None
    assert "S-1-5-20" in readers(lab)
    assert outcome(fix(lab, "fe02", GRANT, Thumbprint=own, Accounts=[account])) == ("already", None)
    back: Any = fix(lab, "fe02", RESTORE, Thumbprint=own, Sddl=done["before"]["sddl"])
    assert (outcome(back), back["after"]) == (("changed", None), {"sddl": NOBODY})
    assert outcome(fix(lab, "fe02", RESTORE, Thumbprint=own, Sddl=NOBODY)) == ("already", None)
    assert readers(lab) == ["S-1-5-18", "S-1-5-32-544"]


def test_that_access_is_not_given_where_there_is_no_file_or_account(make: Make) -> None:
    lab, gone = locked(make), Asker(make(FILE_GONE))
    own, accounts = assigned(lab, "fe02"), {"Accounts": ["S-1-5-20"]}
    assert outcome(fix(lab, "fe02", GRANT, Thumbprint="AB" * 20, **accounts)) == ("refused", "not-in-store")
    missing = fix(gone, "fe02", GRANT, Thumbprint=assigned(gone, "fe01"), **accounts)
    assert (outcome(missing), missing["before"]) == (("refused", "no-key-file"), {"sddl": None, "container": None})
    back = fix(gone, "fe02", RESTORE, Thumbprint=assigned(gone, "fe01"), Sddl=KEY_SDDL)
    assert (outcome(back), back["before"]) == (("refused", "changed-meanwhile"), {"sddl": None})
    assert fault(lab, "fe02", GRANT, Thumbprint=own, Accounts=["Nobody Knows"]).id == "IdentityNotMappedException"
    for function, more in ((GRANT, accounts), (RESTORE, {"Sddl": KEY_SDDL})):
        assert outcome(fix(lab, "fe02", function, NOW, Thumbprint=own, Preview=True, **more)) == ("preview", None)
    without_group(lab, "fe02", "Administrators")
    assert fault(lab, "fe02", GRANT, Thumbprint=own, **accounts).message.startswith("Access is denied")
    assert deeds(lab) == []
