"""Single functions of the repairs in a real PowerShell: secrets in memory, files that must go, and odd answers of the product."""

import os
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from oauthcert.model.secret import Secret
from oauthcert.remote.wire import Question
from tests.powershell.engine import Engine, Outcome, found
from tests.powershell.rehearsal import bare_library
from tests.powershell.stubs import literal

pytestmark = pytest.mark.engine

A, B = "AB" * 20, "CD" * 20


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def run(engine: Engine, body: str, value: object = None, more: str = "", environment: Mapping[str, str] | None = None) -> Outcome:
    return engine.run([Question("tried", "Get-Tried", 60, {"Value": value})], bare_library(body, more), environment=environment)


def told(outcome: Outcome) -> Mapping[str, object]:
    value = outcome.value("tried")[0]
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("size", [0, 1, 44_999, 45_000, 45_001, 200_000])
def test_that_secret_parts_become_the_same_bytes(engine: Engine, size: int) -> None:
    data = os.urandom(size)
    parts = [Secret(b64encode(data[start : start + 45_000]).decode("ascii")) for start in range(0, size, 45_000)]
    body = """$bytes = ConvertFrom-SecretParts -Parts $Value
    @{ length = $bytes.Length; type = $bytes.GetType().Name; sum = ConvertTo-Sha256Text -Bytes $bytes }"""
    value = told(run(engine, body, parts))
    assert value == {"length": size, "type": "Byte[]", "sum": sha256(data).hexdigest().upper()}


def test_that_a_long_request_is_read(engine: Engine) -> None:
    parts = [Secret("A" * 60_000) for _ in range(60)]
    outcome = run(engine, "@{ number = @($Value).Count; length = $Value[59].Length; type = $Value[0].GetType().Name }", parts)
    assert told(outcome) == {"number": 60, "length": 60_000, "type": "SecureString"}
    assert outcome.answers["tried"].milliseconds < 20_000


@pytest.mark.parametrize("text", ["*", "A", "AAAA=AAA", "\u00e4\u00e4\u00e4\u00e4"])
def test_that_what_is_no_base64_is_a_format_exception(engine: Engine, text: str) -> None:
    body = """try { [void] (ConvertFrom-SecretParts -Parts $Value) }
    catch { return @{ kind = (Get-InnermostException -Exception $_.Exception).GetType().Name } }
    @{ kind = 'none' }"""
    assert told(run(engine, body, [Secret("AAAA"), Secret(text)])) == {"kind": "FormatException"}


def test_that_the_bytes_of_a_configuration_are_cleared_also_when_the_import_fails(engine: Engine) -> None:
    data = b"KEY-MATERIAL" * 20
    arguments = {"Parts": [Secret(b64encode(data).decode("ascii"))], "Sha256": sha256(data).hexdigest(), "Preview": False}
    more = """$global:StandIns['Get-CsCertificate'] = { param($Bound) }
    $global:StandIns['Import-CsConfiguration'] = {
        param($Bound)
        $global:Kept = $Bound['ByteInput']
        $global:First = $Bound['ByteInput'][0]
        throw 'no'
    }
    function Get-Kept {
    [CmdletBinding()]
    param()
    @{ first = $global:First; left = @($global:Kept | Where-Object { $_ -ne 0 }).Count; length = $global:Kept.Length }
    }"""
    questions = [Question("fix", "Import-LocalConfiguration", 30, arguments), Question("kept", "Get-Kept", 30)]
    outcome = engine.run(questions, bare_library("", more))
    assert not outcome.answers["fix"].ok
    assert outcome.value("kept") == [{"first": data[0], "left": 0, "length": len(data)}]


def test_that_a_folder_for_a_report_is_gone_also_when_the_cmdlet_fails(engine: Engine) -> None:
    body = """$global:StandIns['Test-CsReplica'] = { param($Bound) throw 'not enabled' }
    $global:StandIns['Enable-CsReplica'] = { param($Bound)
        [IO.File]::WriteAllText($Bound['Report'], 'x')
        $global:Folder = [IO.Path]::GetDirectoryName($Bound['Report'])
        throw 'no' }
    try { [void] (Enable-LocalReplica -Preview $false) } catch { $said = "$_" }
    @{ said = $said; there = [IO.Directory]::Exists($global:Folder); long = $global:Folder.Length -gt 32 }"""
    assert told(run(engine, body)) == {"said": "no", "there": False, "long": True}


REPORT = "<html><head><style>p { }</style></head><body><SCRIPT>var a;</SCRIPT><p>Set &lt;b&gt;\r\n  done</p></body></html>"


@pytest.mark.parametrize(
    ("page", "text"),
    [(REPORT, "Set <b> done"), ("", None), ("<p></p>", None), ("x" * 9000, "x" * 8000)],
    ids=["page", "empty", "tags", "long"],
)
def test_that_a_report_is_told_without_its_tags(engine: Engine, tmp_path: Path, page: str, text: str | None) -> None:
    file = tmp_path / "report.html"
    file.write_text(page, encoding="utf-8")
    assert told(run(engine, "@{ text = Read-ReportText -Path $Value }", str(file))) == {"text": text}


def test_that_no_report_is_no_text(engine: Engine, tmp_path: Path) -> None:
    assert told(run(engine, "@{ text = Read-ReportText -Path $Value }", str(tmp_path / "none"))) == {"text": None}


LATER = "[DateTime]::Now.AddDays(3)"
EARLIER = "[DateTime]::Now.AddDays(-3)"


def certificate(thumbprint: str, previous: str | None, effective: str) -> str:
    return (
        f"[pscustomobject] @{{ Thumbprint = '{thumbprint}'; PreviousThumbprint = {literal(previous)}; "
        f"EffectiveDate = {effective}; UpdateTime = {EARLIER} }}"
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", ("", "", None, None)),
        ("throw 'Assigned certificate not found or untrusted'", ("unreadable", "unreadable", None, None)),
        (certificate(A, B, EARLIER), (A, A, None, B)),
        (certificate(A, None, "$null"), (A, A, None, None)),
        (certificate(B, A, LATER), (B, A, B, A)),
        (f"{certificate(A, None, EARLIER)}\n{certificate(B, A, LATER)}", (A, A, B, A)),
    ],
    ids=["none", "unreadable", "in force", "without date", "staged", "both named"],
)
def test_that_a_local_store_is_read_with_what_waits(engine: Engine, answer: str, expected: tuple[object, ...]) -> None:
    more = f"""$global:StandIns['Get-CsCertificate'] = {{ param($Bound)\n{answer}\n}}
    function Get-MachineCertificate {{\n[CmdletBinding()]\nparam([string] $StoreName)\n}}"""
    body = "$one = Get-AssignmentState\n@{ told = @($one.named, $one.thumbprint, $one.stagedThumbprint, $one.previousThumbprint) }"
    assert told(run(engine, body, more=more)) == {"told": list(expected)}


def test_that_a_previous_certificate_in_force_is_not_removed(engine: Engine) -> None:
    more = f"""$global:StandIns['Get-CsCertificate'] = {{ param($Bound)\n{certificate(B, A, LATER)}\n}}
    function Get-MachineCertificate {{\n[CmdletBinding()]\nparam([string] $StoreName)\n}}"""
    value = told(run(engine, f"Remove-PreviousOAuth -ExpectedPrevious '{A}' -Preview $false", more=more))
    assert (value["outcome"], value["reason"]) == ("refused", "changed-meanwhile")
