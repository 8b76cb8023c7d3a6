"""What the practice servers say of key access, certificate uses and a staged certificate; it follows from their state."""

import pytest

from oauthcert.lab.access_list import Entry, entries
from tests.unit.lab.conftest import NOW, Asker, Make, ago
from tests.unit.lab.test_faults import fault, reference

STAGED = '[[faults]]\nfault = "oauth-staged"\nservers = ["fe01.contoso.lab"]\nat = "2d ago"\neffective_hours = 240\n'


def readers(lab: Asker, server: str) -> list[str]:
    access = lab.one(server, "Get-KeyAccessFacts")
    key = next(key for key in access["keys"] if key["thumbprint"] == reference(lab))
    return [rule["account"] for rule in key["rules"] if rule["allow"] and rule["read"]]


def test_that_services_may_read_until_somebody_tidies_up(make: Make) -> None:
    assert r"NT AUTHORITY\NETWORK SERVICE" in readers(Asker(make()), "fe02")
    struck = Asker(make(fault("key-access-removed", "fe02", at="3d ago")))
    assert readers(struck, "fe02") == [r"NT AUTHORITY\SYSTEM", r"BUILTIN\Administrators"]
    assert len(readers(struck, "fe01")) == 3
    before = struck.one("fe02", "Get-KeyAccessFacts", ago(days=4))
    assert all(len(key["rules"]) == 3 for key in before["keys"])


def test_that_the_accounts_of_the_services_are_named(make: Make) -> None:
    (account,) = Asker(make()).one("fe02", "Get-KeyAccessFacts")["accounts"]
    assert (account["sid"], account["services"]) == ("S-1-5-20", ["RTCSRV"])


def test_that_a_key_without_a_file_has_no_list(make: Make) -> None:
    lab = Asker(make(fault("oauth-key-file-deleted", "fe02", at="5h ago")))
    key = next(key for key in lab.one("fe02", "Get-KeyAccessFacts")["keys"] if key["thumbprint"] == reference(lab))
    assert (key["rules"], key["problem"]) == ([], "missing-key-file")


@pytest.mark.parametrize(
    ("sddl", "found"),
    [
        ("D:(A;;FA;;;SY)", [("S-1-5-18", True, True)]),
        ("O:BAG:SYD:PAI(D;;FR;;;NS)(A;ID;0x120089;;;BA)", [("S-1-5-20", False, True), ("S-1-5-32-544", True, True)]),
        ("D:(A;;FW;;;S-1-5-21-1-2-3-1001)(A;;0x2;;;WD)", [("S-1-5-21-1-2-3-1001", True, False), ("S-1-1-0", True, False)]),
        ("D:(A;;0x80000000;;;AU)(A;;GA;;;BU)", [("S-1-5-11", True, True), ("S-1-5-32-545", True, True)]),
        ("", []),
    ],
)
def test_that_access_lists_are_read_as_windows_writes_them(sddl: str, found: list[tuple[str, bool, bool]]) -> None:
    assert entries(sddl) == tuple(Entry(*one) for one in found)


def test_that_until_the_effective_date_both_are_named_and_told_apart(make: Make) -> None:
    lab = Asker(make(STAGED))
    coming, current = lab.all("fe02", "Get-OAuthAssignment")
    assert coming["previousThumbprint"] == current["thumbprint"]
    assert coming["effectiveDate"] > f"{NOW:%Y-%m-%d}"
    assert current["effectiveDate"] is None
    assert (current["updateTime"], current["use"], current["sourceScope"]) == (coming["updateTime"], "OAuthTokenIssuer", "Global")
    assert current["notAfter"] < coming["notAfter"]
    (alone,) = Asker(make(STAGED.replace("effective_hours = 240", "effective_hours = 24"))).all("fe02", "Get-OAuthAssignment")
    assert alone["thumbprint"] != current["thumbprint"]


def test_that_every_role_has_its_uses(make: Make) -> None:
    lab = Asker(make())
    names = {server: [one["use"] for one in lab.all(server, "Get-CertificateUses")] for server in ("fe02", "edge01")}
    assert names["fe02"] == ["Default", "WebServicesInternal", "WebServicesExternal", "OAuthTokenIssuer"]
    assert "Internal" in names["edge01"]
    assert "OAuthTokenIssuer" not in names["edge01"]


def test_that_what_cannot_be_found_is_complained_of_once_and_without_a_name(make: Make) -> None:
    uses = Asker(make(fault("intermediate-removed", "fe02", at="2d ago"))).all("fe02", "Get-CertificateUses")
    assert [(one["use"], one["notFoundOrUntrusted"]) for one in uses] == [(None, True)]


def test_that_a_server_certificate_can_do_the_work_of_two(make: Make) -> None:
    lab = Asker(make(fault("default-reused", "fe01", at="3d ago")))
    said = {one["use"]: one["thumbprint"] for one in lab.all("fe01", "Get-CertificateUses")}
    assert said["Default"] == said["OAuthTokenIssuer"] == reference(lab)
    assert reference(lab) in {one["thumbprint"] for one in lab.one("fe02", "Get-StoreFacts")["my"]}
