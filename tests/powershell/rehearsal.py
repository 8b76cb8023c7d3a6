"""Dresses a PowerShell up for one repair: what changes something is noted, and turns the world into the lab's after the same repair."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from oauthcert import assets
from oauthcert.collect.library import library, stripped
from oauthcert.collect.probes import PROBES
from oauthcert.lab.access_list import entries
from oauthcert.lab.answer_certificates import key_container
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.configuration import exported
from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.fix_table import FIX_FUNCTIONS
from oauthcert.lab.machines import StoreName
from oauthcert.model.evidence import Answer
from oauthcert.remote.wire import answer_of
from tests.powershell.engine import STRICT
from tests.powershell.stubs import ANSWERING, literal, quoted, stand_in
from tests.powershell.worlds import PRODUCT_CMDLETS, WINDOWS_CMDLETS, dressed, state_of

CHANGING = (
    "Enable-CsReplica",
    "Export-CsConfiguration",
    "Import-CsConfiguration",
    "Invoke-CsManagementStoreReplication",
    "Remove-CsCertificate",
    "Request-CsCertificate",
    "Set-CsCertificate",
)
SERVICES = ("Get-Service", "Set-Service", "Start-Service", "Stop-Service")
ALL_PRODUCT_CMDLETS = (*PRODUCT_CMDLETS, *CHANGING)
REPORT = "<html><head><title>no</title></head><body><h1>Log</h1><p>Completed &amp; checked</p></body></html>"

RECORDING = """$global:Calls = New-Object Collections.ArrayList
$global:Changed = $false
function ConvertTo-Recorded {
    [CmdletBinding()]
    param([object] $Value)
    if ($Value -is [Management.Automation.SwitchParameter]) { return [bool] $Value }
    if ($Value -is [bool]) { return $Value }
    if ($Value -is [byte[]]) { return [Convert]::ToBase64String($Value) }
    if ($Value -is [DateTime]) { return "$($Value.Kind) $($Value.ToUniversalTime().ToString('o'))" }
    "$Value"
}
function Write-Call {
    [CmdletBinding()]
    param([string] $Name, [object] $Bound)
    $said = @{}
    foreach ($key in @($Bound.Keys)) { $said[$key] = ConvertTo-Recorded -Value $Bound[$key] }
    [void] $global:Calls.Add(@{ name = $Name; bound = $said })
}
function Write-Change {
    [CmdletBinding()]
    param([string] $Name, [object] $Bound)
    Write-Call -Name $Name -Bound $Bound
    if ($Bound.ContainsKey('WhatIf') -and $Bound['WhatIf']) { return }
    if ($Bound.ContainsKey('Report')) { [IO.File]::WriteAllText($Bound['Report'], $global:ReportPage) }
    if ($Bound.ContainsKey('Output')) { [IO.File]::WriteAllText($Bound['Output'], $global:RequestText) }
    if (-not $global:Changed) {
        $global:Changed = $true
        . ([ScriptBlock]::Create($global:WorldAfter))
    }
}
function Get-Calls {
    [CmdletBinding()]
    param()
    @{ calls = @($global:Calls.ToArray()); folders = @([IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'oac-*')) }
}
"""

SEAMS = """function Add-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName, [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    Write-Change -Name 'add' -Bound @{ StoreName = $StoreName; Thumbprint = $Certificate.Thumbprint }
}
function Remove-MachineCertificate {
    [CmdletBinding()]
    param([string] $StoreName, [string] $Thumbprint)
    Write-Change -Name 'remove' -Bound @{ StoreName = $StoreName; Thumbprint = $Thumbprint }
}
function Remove-KeyContainer {
    [CmdletBinding()]
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    Write-Change -Name 'remove key' -Bound @{ Thumbprint = $Certificate.Thumbprint }
}
function Join-PendingKey {
    [CmdletBinding()]
    param(
        [Security.Cryptography.X509Certificates.X509Certificate2] $Issued,
        [Security.Cryptography.X509Certificates.X509Certificate2] $Pending
    )
    Write-Change -Name 'join' -Bound @{ Issued = $Issued.Thumbprint; Pending = $Pending.Thumbprint }
}
function Add-FileReader {
    [CmdletBinding()]
    param([string] $Path, [string[]] $Sids, [bool] $Preview)
    Write-Change -Name 'add reader' -Bound @{ Path = $Path; Sids = "$Sids"; WhatIf = $Preview }
}
function Set-FileAccess {
    [CmdletBinding()]
    param([string] $Path, [string] $Sddl, [bool] $Preview)
    Write-Change -Name 'set access' -Bound @{ Path = $Path; Sddl = $Sddl; WhatIf = $Preview }
}
function Test-Bound {
    [CmdletBinding()]
    param([string] $Thumbprint)
    $false
}
function ConvertTo-SidText {
    [CmdletBinding()]
    param([string] $Account)
    $Account.ToUpperInvariant()
}
function Invoke-SystemTool {
    [CmdletBinding()]
    param([string] $Name, [string] $Arguments, [int] $Milliseconds)
    Write-Change -Name $Name -Bound @{ Arguments = $Arguments }
    @{ exitCode = 0; lines = @('done') }
}
"""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`library` is what the engine is given; `lab` what the lab prints for the same repair in the same state."""

    library: str
    lab: Answer


@cache
def fix_library() -> str:
    """Every file of repairs."""
    folder = assets.resources() / "powershell" / "fixes"
    return "\n".join(stripped(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.ps1"))) + "\n"


def bare_library(body: str, more: str = "") -> str:
    """All functions, with stand-ins that have no answer yet and no server behind them, and `body` as what Get-Tried does with $Value."""
    names = dict.fromkeys((*PRODUCT_CMDLETS, *WINDOWS_CMDLETS, *CHANGING, *SERVICES))
    loaded = "function Use-ProductModule {\n    [CmdletBinding()]\n    param()\n}"
    tried = f"function Get-Tried {{\n    [CmdletBinding()]\n    param([object] $Value)\n{body}\n}}"
    stand_ins = [ANSWERING, *map(stand_in, names), "$global:StandIns = @{}"]
    return "\n".join([STRICT, library(PROBES), fix_library(), *stand_ins, loaded, more, tried])


def rehearse(at: Cmdlets, function: str, arguments: Mapping[str, object]) -> Rehearsal:
    """Runs the repair in the lab, and writes a world that changes in the same way."""
    package = exported(at.deployment, at.moment)
    before, more = dressed(at), _more(at)
    printed = FIX_FUNCTIONS[function].call(at, function, arguments)
    lab = _answer(printed)
    after = state_of(at) + "\n" + _more(at)
    told = lab.value[0] if lab.value else None
    outcome = told.get("after") if isinstance(told, dict) else None
    facts = outcome if isinstance(outcome, dict) else {}
    script = "\n".join(
        [
            before,
            fix_library(),
            more,
            *map(stand_in, SERVICES),
            RECORDING,
            SEAMS,
            f"$global:ReportPage = {quoted(REPORT)}",
            f"$global:RequestText = {quoted(str(facts.get('request', '')))}",
            f"$global:RequestId = {literal(facts.get('requestId'))}",
            f"$global:Package = {quoted(b64encode(package).decode('ascii'))}",
            f"$global:WorldAfter = {quoted(_everywhere(after + _changing()))}",
            _changing(),
        ]
    )
    return Rehearsal(script, lab)


def _answer(printed: object) -> Answer:
    if isinstance(printed, ErrorRecord):
        return answer_of({"probe": "fix", "ok": False, "fault": json.loads(json.dumps(dict(printed.as_json())))})
    assert isinstance(printed, list)
    return answer_of({"probe": "fix", "ok": True, "value": json.loads(json.dumps([dict(one) for one in printed]))})


def _everywhere(script: str) -> str:
    """The same with functions that replace those of the library, wherever it is run."""
    return re.sub(r"(?m)^function ", "function global:", script)


def _changing() -> str:
    """What the cmdlets do that change something."""
    lines = []
    for name in CHANGING:
        body = f"Write-Change -Name {quoted(name)} -Bound $Bound"
        if name == "Export-CsConfiguration":
            body = f"Write-Call -Name {quoted(name)} -Bound $Bound\n    [Convert]::FromBase64String($global:Package)"
        if name == "Request-CsCertificate":
            body += "\n    [pscustomobject] @{ RequestId = $global:RequestId }"
        lines.append(f"$global:StandIns[{quoted(name)}] = {{\n    param($Bound)\n    {body}\n}}")
    for name in SERVICES:
        body = f"Write-Change -Name {quoted(name)} -Bound $Bound"
        if name == "Get-Service":
            body = (
                "$controller = New-Object PSObject\n    "
                "$start = { Write-Change -Name 'start' -Bound @{} }\n    "
                "$controller.PSObject.Members.Add((New-Object Management.Automation.PSScriptMethod -ArgumentList @('Start', $start)))\n    "
                "$controller"
            )
        lines.append(f"$global:StandIns[{quoted(name)}] = {{\n    param($Bound)\n    {body}\n}}")
    return "\n" + "\n".join(lines)


def _more(at: Cmdlets) -> str:
    """What only repairs ask of a server: requests that wait, and the files of keys."""
    waiting = []
    for pending in at.machine.pending.values():
        der = b64encode(pending.stand_in.der).decode("ascii")
        waiting.append(
            f"    if ($StoreName -eq 'REQUEST') {{\n        $bytes = [Convert]::FromBase64String('{der}')\n"
            "        $one = New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, $bytes)\n"
            "        $key = New-Object Management.Automation.PSNoteProperty -ArgumentList @('HasPrivateKey', $true)\n"
            "        $one.PSObject.Properties.Add($key)\n        $one\n    }"
        )
    files = []
    for placed in at.deployment.certificates(at.machine, StoreName.MY, at.moment):
        if placed.key is not None and placed.key.file_present:
            name = key_container(at.machine, placed.certificate.thumbprint)
            readers = [entry.sid for entry in entries(placed.key.sddl) if entry.allow and entry.read]
            files.append((name, literal({"sddl": placed.key.sddl, "readers": readers})))
    paths = "\n".join(f"    if ($Container -eq {quoted(name)}) {{ return {quoted(name)} }}" for name, _ in files)
    access = "\n".join(f"    if ($Path -eq {quoted(name)}) {{ return {fact} }}" for name, fact in files)
    return "\n".join(
        [
            _renamed(state_of(at)),
            "function Get-MachineCertificate {\n    [CmdletBinding()]\n    param([string] $StoreName)",
            "    Get-StandInCertificate -StoreName $StoreName",
            *waiting,
            "}",
            f"function Get-KeyFilePath {{\n    [CmdletBinding()]\n    param([string] $Container)\n{paths}\n}}",
            f"function Get-FileAccess {{\n    [CmdletBinding()]\n    param([string] $Path)\n{access}\n}}",
        ]
    )


def _renamed(state: str) -> str:
    """The function of the stores alone, under another name."""
    start = state.index("function Get-MachineCertificate {")
    end = state.index("\nfunction ", start + 1)
    return state[start:end].replace("function Get-MachineCertificate", "function Get-StandInCertificate", 1)
