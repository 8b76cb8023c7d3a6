"""Repairs that handle certificates, and the programs they start, in a real PowerShell with real certificates and no machine store."""

import os
import sys
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert.certs.issuing import IssuedCertificate, KeyPool, issue, make_intermediate, make_root, plan_leaf
from oauthcert.certs.signing_request import write_chain
from oauthcert.model.secret import Secret
from oauthcert.remote.wire import Question
from tests.powershell.engine import Engine, Outcome, found
from tests.powershell.rehearsal import bare_library

pytestmark = pytest.mark.engine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=700)
KEYS = KeyPool()
PASSWORD = Secret("pfx-canary-\u00fc")
STORES = """$global:Held = @{ My = @(); CA = @(); Root = @(); REQUEST = @() }
$global:Done = New-Object Collections.ArrayList
$global:StoreKeepsLinks = $false
function Get-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName)
    foreach ($one in $global:Held[$StoreName]) { $one }
}
function Add-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName, [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    [void] $global:Done.Add("add $StoreName")
    $kept = @($global:Held[$StoreName] | Where-Object { $_.Thumbprint -eq $Certificate.Thumbprint })
    if ($global:StoreKeepsLinks -and $kept.Count -gt 0) { return }
    $global:Held[$StoreName] = @($global:Held[$StoreName] | Where-Object { $_.Thumbprint -ne $Certificate.Thumbprint }) + @($Certificate)
}
function Remove-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName, [string] $Thumbprint)
    [void] $global:Done.Add("remove $StoreName")
    $global:Held[$StoreName] = @($global:Held[$StoreName] | Where-Object { $_.Thumbprint -ne $Thumbprint })
}
function Remove-KeyContainer {
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    [void] $global:Done.Add('remove key')
}
function Join-PendingKey {
    [CmdletBinding()]
    param(
        [Security.Cryptography.X509Certificates.X509Certificate2] $Issued,
        [Security.Cryptography.X509Certificates.X509Certificate2] $Pending
    )
    Add-MachineCertificate -StoreName 'My' -Certificate (Add-Key -Certificate $Issued)
}
function Add-Key {
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $key = New-Object Management.Automation.PSNoteProperty -ArgumentList @('HasPrivateKey', $true)
    $Certificate.PSObject.Properties.Add($key)
    $Certificate
}
function Get-KeyContainerFacts {
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    @{ opens = ($Certificate.HasPrivateKey -and ($null -eq $Certificate.PSObject.Properties['KeyFileIsGone'])) }
}
function Get-Done {
    [CmdletBinding()]
    param()
    @{ done = @($global:Done.ToArray()) }
}
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def chain() -> tuple[IssuedCertificate, IssuedCertificate, IssuedCertificate]:
    root = make_root("Lab Root", KEYS.rsa(0), BEGIN, END)
    issuing = make_intermediate("Lab Issuing", root, KEYS.rsa(1), BEGIN, END)
    return root, issuing, issue(plan_leaf("contoso.lab", BEGIN, END), KEYS.rsa(2), issuing)


def base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def placed(store: str, issued: IssuedCertificate, *, key: bool = False) -> str:
    """Script that puts a certificate into one of the stores of this test."""
    bytes_of = f"[Convert]::FromBase64String('{base64(issued.der)}')"
    one = f"(New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, {bytes_of}))"
    return f"$global:Held['{store}'] += @({f'Add-Key -Certificate {one}' if key else one})\n"


def fix(
    engine: Engine, function: str, arguments: Mapping[str, object], stores: str = "", **more: object
) -> tuple[Mapping[str, object], list[object]]:
    """What a repair says, and what it did to the stores in order."""
    asked = {"Preview": False, **arguments, **more}
    outcome = engine.run([Question("fix", function, 60, asked), Question("done", "Get-Done", 20)], bare_library("", STORES + stores))
    done = outcome.value("done")[0]
    value = outcome.value("fix")[0]
    assert isinstance(value, dict)
    assert isinstance(done, dict)
    assert isinstance(done["done"], list)
    return value, done["done"]


def pfx(issued: IssuedCertificate, password: Secret = PASSWORD) -> list[Secret]:
    text = base64(issued.pfx(password, legacy=True))
    return [Secret(text[start : start + 2000]) for start in range(0, len(text), 2000)]


def test_that_a_pfx_goes_into_the_store_with_its_key(engine: Engine) -> None:
    leaf = chain()[2]
    arguments = {"Parts": pfx(leaf), "Password": PASSWORD, "Thumbprint": leaf.parsed.thumbprint}
    value, done = fix(engine, "Import-OAuthPfx", arguments)
    assert (value["outcome"], value["before"]) == ("changed", {"present": False, "hasPrivateKey": False})
    assert value["after"] == {"present": True, "hasPrivateKey": True}
    assert done == ["add My"]


def test_that_a_pfx_which_is_there_is_not_taken_in_again(engine: Engine) -> None:
    leaf = chain()[2]
    arguments = {"Parts": [], "Password": PASSWORD, "Thumbprint": leaf.parsed.thumbprint.lower()}
    value, done = fix(engine, "Import-OAuthPfx", arguments, placed("My", leaf, key=True))
    assert (value["outcome"], done) == ("already", [])


@pytest.mark.parametrize(
    ("store", "deeds"), [("", ["add My"]), ("$global:StoreKeepsLinks = $true\n", ["add My", "remove My", "add My"])], ids=["new", "old"]
)
def test_that_a_key_whose_file_is_gone_comes_back(engine: Engine, store: str, deeds: list[str]) -> None:
    leaf = chain()[2]
    arguments = {"Parts": pfx(leaf), "Password": PASSWORD, "Thumbprint": leaf.parsed.thumbprint}
    gone = "New-Object Management.Automation.PSNoteProperty -ArgumentList @('KeyFileIsGone', $true)"
    there = placed("My", leaf, key=True) + f"$global:Held['My'][0].PSObject.Properties.Add(({gone}))\n"
    value, done = fix(engine, "Import-OAuthPfx", arguments, there + store)
    assert (value["outcome"], value["before"]) == ("changed", {"present": True, "hasPrivateKey": False})
    assert (value["after"], done) == ({"present": True, "hasPrivateKey": True}, deeds)


@pytest.mark.parametrize(
    ("password", "thumbprint", "reason"),
    [(Secret("wrong"), None, "wrong-password"), (PASSWORD, "AB" * 20, "wrong-certificate")],
    ids=["password", "certificate"],
)
def test_that_a_pfx_which_does_not_fit_is_refused(engine: Engine, password: Secret, thumbprint: str | None, reason: str) -> None:
    leaf = chain()[2]
    arguments = {"Parts": pfx(leaf), "Password": password, "Thumbprint": thumbprint or leaf.parsed.thumbprint}
    value, done = fix(engine, "Import-OAuthPfx", arguments)
    assert (value["outcome"], value["reason"], done) == ("refused", reason, [])


def test_that_a_preview_of_a_pfx_looks_into_it_and_keeps_nothing(engine: Engine) -> None:
    leaf = chain()[2]
    arguments = {"Parts": pfx(leaf), "Password": PASSWORD, "Thumbprint": leaf.parsed.thumbprint}
    value, done = fix(engine, "Import-OAuthPfx", arguments, Preview=True)
    assert (value["outcome"], value["after"], done) == ("preview", None, [])


def test_that_an_answer_is_joined_with_the_request_of_the_same_key(engine: Engine) -> None:
    root, issuing, leaf = chain()
    waiting = make_root("contoso.lab", KEYS.rsa(2), BEGIN, END)
    other = make_root("other.lab", KEYS.rsa(3), BEGIN, END)
    stores = placed("REQUEST", other, key=True) + placed("REQUEST", waiting, key=True)
    for answer in (leaf.der, leaf.certificate_pem(), write_chain([leaf, issuing, root])):
        value, done = fix(engine, "Complete-OAuthSigningRequest", {"Answer": base64(answer)}, stores)
        assert value["outcome"] == "changed"
        after = value["after"]
        assert isinstance(after, dict)
        assert (after["thumbprint"], after["hasPrivateKey"]) == (leaf.parsed.thumbprint, True)
        assert done == ["add My", "remove REQUEST"]


def test_that_an_answer_to_another_request_is_refused(engine: Engine) -> None:
    leaf = chain()[2]
    stores = placed("REQUEST", make_root("other.lab", KEYS.rsa(3), BEGIN, END), key=True)
    value, done = fix(engine, "Complete-OAuthSigningRequest", {"Answer": base64(leaf.der)}, stores)
    assert (value["outcome"], value["reason"], done) == ("refused", "wrong-certificate", [])


def test_that_a_key_which_another_certificate_shares_stays(engine: Engine) -> None:
    leaf = chain()[2]
    waiting = make_root("contoso.lab", KEYS.rsa(2), BEGIN, END)
    stores = placed("REQUEST", waiting, key=True) + placed("My", leaf, key=True)
    value, done = fix(engine, "Remove-PendingRequest", {"Thumbprint": waiting.parsed.thumbprint}, stores)
    assert (value["outcome"], value["after"], done) == ("changed", {"present": False}, ["remove REQUEST"])
    assert value["notes"] == [f"key kept, shared with {leaf.parsed.thumbprint}"]


@pytest.mark.parametrize("store", ["My", "TrustedPeople", "ca", "", "Root\0"])
def test_that_issuers_go_into_no_other_store(engine: Engine, store: str) -> None:
    root = chain()[0]
    arguments = {"Der": base64(root.der), "Thumbprint": root.parsed.thumbprint, "Store": store, "Preview": False}
    outcome = engine.run([Question("fix", "Install-IssuerCertificate", 60, arguments)], bare_library("", STORES))
    fault = outcome.answers["fix"].fault
    assert fault is not None
    assert fault.type == "System.ArgumentException"


def test_that_a_leaf_is_no_issuer(engine: Engine) -> None:
    leaf = chain()[2]
    arguments = {"Der": base64(leaf.der), "Thumbprint": leaf.parsed.thumbprint, "Store": "CA"}
    value, done = fix(engine, "Install-IssuerCertificate", arguments)
    assert (value["reason"], done) == ("wrong-certificate", [])


def test_that_a_root_goes_among_the_roots(engine: Engine) -> None:
    root = chain()[0]
    arguments = {"Der": base64(root.der), "Thumbprint": root.parsed.thumbprint, "Store": "Root"}
    value, done = fix(engine, "Install-IssuerCertificate", arguments)
    assert (value["outcome"], value["after"], done) == ("changed", {"present": True}, ["add Root"])


@pytest.mark.parametrize(("back", "steps"), [(False, ["add CA", "remove Root"]), (True, ["add Root", "remove CA"])])
def test_that_a_misplaced_certificate_is_first_put_in_and_then_taken_out(engine: Engine, back: bool, steps: list[str]) -> None:
    issuing = chain()[1]
    stores = placed("CA" if back else "Root", issuing)
    value, done = fix(engine, "Move-MisplacedRoot", {"Thumbprint": issuing.parsed.thumbprint, "Back": back}, stores)
    assert (value["outcome"], value["after"], done) == ("changed", {"inRoot": back, "inIntermediate": not back}, steps)


def test_that_a_root_stays_where_it_is(engine: Engine) -> None:
    root = chain()[0]
    value, done = fix(engine, "Move-MisplacedRoot", {"Thumbprint": root.parsed.thumbprint, "Back": False}, placed("Root", root))
    assert (value["reason"], done) == ("self-signed", [])


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="puts a script in the place of a program, which Windows has in its own folder")


def program(folder: Path, name: str, script: str) -> dict[str, str]:
    """An environment in which this program is a script of the system's shell."""
    tool = folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    tool.chmod(0o755)
    return {"PATH": os.pathsep.join((str(folder), os.environ["PATH"]))}


def tried(engine: Engine, body: str, environment: Mapping[str, str]) -> Outcome:
    return engine.run([Question("tried", "Get-Tried", 60, {"Value": None})], bare_library(body), environment=environment)


@POSIX
def test_that_a_program_tells_its_end_and_all_it_said(engine: Engine, tmp_path: Path) -> None:
    environment = program(tmp_path, "certutil.exe", "printf '%s\\r\\n' \"$@\"; echo broken >&2; read line || echo no input; exit 3")
    body = "Invoke-SystemTool -Name 'certutil.exe' -Arguments '-silent -repairstore my AB' -Milliseconds 10000"
    assert tried(engine, body, environment).value("tried") == [
        {"exitCode": 3, "lines": ["-silent", "-repairstore", "my", "AB", "no input", "broken"]}
    ]


@POSIX
def test_that_a_program_which_hangs_is_ended(engine: Engine, tmp_path: Path) -> None:
    environment = program(tmp_path, "certutil.exe", "echo begun; exec sleep 20")
    outcome = tried(engine, "Invoke-SystemTool -Name 'certutil.exe' -Arguments 'x' -Milliseconds 700", environment)
    assert outcome.value("tried") == [{"exitCode": None, "lines": ["begun"]}]
    assert outcome.answers["tried"].milliseconds < 10_000


@POSIX
@pytest.mark.parametrize(
    ("script", "bound"),
    [
        ("echo '    Zertifikathash          : abcdef0123456789abcdef0123456789abcdef01'", True),
        ("echo '    Zertifikathash          : 0000000000000000000000000000000000000001'", False),
        ("echo 'Das System kann die angegebene Datei nicht finden.'; exit 1", False),
    ],
    ids=["shown", "another", "none"],
)
def test_that_a_certificate_which_a_web_site_shows_is_known(engine: Engine, tmp_path: Path, script: str, bound: bool) -> None:
    body = f"@{{ bound = (Test-Bound -Thumbprint '{'ABCDEF0123456789' * 2}ABCDEF01') }}"
    assert tried(engine, body, program(tmp_path, "netsh.exe", script)).value("tried") == [{"bound": bound}]


@POSIX
def test_that_a_failing_time_service_is_a_fault_with_its_number(engine: Engine, tmp_path: Path) -> None:
    environment = program(tmp_path, "w32tm.exe", "echo 'Der Dienst wurde nicht gestartet.'; exit 38")
    fault = tried(engine, "Invoke-TimeCommand -Arguments '/resync' -Milliseconds 9000", environment).answers["tried"].fault
    assert fault is not None
    assert fault.message == "w32tm ended with 0x00000026: Der Dienst wurde nicht gestartet."


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has access lists")
def test_that_a_reader_is_added_to_a_file_and_taken_away_again(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"x")
    body = f"""$path = '{file}'
    $before = Get-FileAccess -Path $path
    Add-FileReader -Path $path -Sids @('S-1-5-20') -Preview $true
    $tried = Get-FileAccess -Path $path
    Add-FileReader -Path $path -Sids @('S-1-5-20') -Preview $false
    $granted = Get-FileAccess -Path $path
    Set-FileAccess -Path $path -Sddl $before.sddl -Preview $false
    @{{
        had   = $before.readers -contains 'S-1-5-20'
        tried = $tried.sddl -eq $before.sddl
        has   = $granted.readers -contains 'S-1-5-20'
        back  = (Get-FileAccess -Path $path).sddl -eq $before.sddl
        sid   = ConvertTo-SidText -Account 'NT AUTHORITY\\NETWORK SERVICE'
    }}"""
    assert tried(engine, body, {}).value("tried") == [{"had": False, "tried": True, "has": True, "back": True, "sid": "S-1-5-20"}]
