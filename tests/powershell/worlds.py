"""Dresses a PowerShell up as one server of the practice lab: its state becomes stand-ins for cmdlets and for what only Windows has."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from oauthcert.collect.library import library
from oauthcert.collect.probes import PROBES
from oauthcert.lab.access_list import NAMES, NETWORK_SERVICE, entries
from oauthcert.lab.answer_product import disks, operating_system, shares
from oauthcert.lab.answers import answer
from oauthcert.lab.cmdlets import SERVICE_ACCOUNT, Cmdlets
from oauthcert.lab.errors import CmdletError, ErrorRecord
from oauthcert.lab.machines import StoreName
from tests.powershell.engine import STRICT
from tests.powershell.product_world import https_answers, partner_cmdlets
from tests.powershell.stubs import ANSWERING, literal, module, quoted, stand_in

PRODUCT_CMDLETS = (
    "Get-CsCertificate",
    "Get-CsManagementStoreReplicationStatus",
    "Get-CsOAuthConfiguration",
    "Get-CsOAuthServer",
    "Get-CsPartnerApplication",
    "Get-CsTopology",
    "Test-CsReplica",
)
READ, WRITE = 0x120089, 0x2
"""FILE_GENERIC_READ, and a right that is not about reading."""
WINDOWS_CMDLETS = ("Get-CimInstance", "Get-WinEvent")


def write_module(folder: Path, name: str, version: str, cmdlets: Sequence[str] = PRODUCT_CMDLETS) -> None:
    """A module of this name on a module path: stand-ins of the product's cmdlets."""
    home = folder / name
    home.mkdir(parents=True)
    (home / f"{name}.psm1").write_text(module(cmdlets), encoding="utf-8")
    manifest = f"@{{ RootModule = '{name}.psm1'; ModuleVersion = '{version}'; FunctionsToExport = '*-Cs*' }}\n"
    (home / f"{name}.psd1").write_text(manifest, encoding="utf-8")


def dressed(at: Cmdlets) -> str:
    """The whole library, then what takes the place of Windows. A function defined later wins over the one before."""
    return "\n".join([STRICT, library(PROBES), ANSWERING, *map(stand_in, WINDOWS_CMDLETS), state_of(at)])


def state_of(at: Cmdlets) -> str:
    """All that this server answers at this moment: script that can be run again when something has changed."""
    return "\n".join([_product_answers(at), _cim(at), _events(at), _windows(at)])


def _record(error: ErrorRecord) -> str:
    """An error record with the same category, id and result code; types that only Windows has become the nearest common one."""
    inner = ""
    for text in error.inner:
        kind, _, message = text.partition(": ")
        inner = f", (New-Object {_type(kind)} -ArgumentList @({quoted(message)}))"
    exception = f"(New-Object {_type(error.type)} -ArgumentList @({quoted(error.message)}{inner}))"
    return (
        f"(New-Object Management.Automation.ErrorRecord -ArgumentList @({exception}, {quoted(error.id)}, {quoted(error.category)}, $null))"
    )


def _type(name: str) -> str:
    return name if name == "System.UnauthorizedAccessException" else "InvalidOperationException"


def _answer(name: str, body: str) -> str:
    return f"$global:StandIns[{quoted(name)}] = {{\n    param($Bound)\n{body}\n}}"


class _Complaint(str):
    """A text that a cmdlet says as an error and goes on."""


def _complaint(text: str) -> str:
    return _record(ErrorRecord("InvalidOperation", "Complaint", "System.InvalidOperationException", text))


def _told(ask: Callable[[], Sequence[object]]) -> str:
    """Objects as literals, or the error as a record that ends the call or not, as the caller wishes."""
    try:
        return "\n".join(f"    {_one(one)}" for one in ask())
    except CmdletError as error:
        return f"    {_record(error.record)}"


def _one(told: object) -> str:
    """A value, or an error that does not end the call."""
    if isinstance(told, CmdletError):
        return _record(told.record)
    return _complaint(told) if isinstance(told, _Complaint) else literal(told)


def _product_answers(at: Cmdlets) -> str:
    complaints = _told(lambda: [_Complaint(text) for text in at.test_cs_replica()])
    oauth, every = _told(at.get_cs_certificate), _told(at.get_cs_certificates)
    central = _told(lambda: [at.get_central_management_store_status()])
    replicas = _told(at.get_cs_management_store_replication_status)
    status = f"    if ($Bound.ContainsKey('CentralManagementStoreStatus')) {{\n{central}\n    }}\n    else {{\n{replicas}\n    }}"
    return "\n".join(
        [
            "$global:StandIns = @{}",
            _answer("Get-CsCertificate", f"    if ($Bound.ContainsKey('Type')) {{\n{oauth}\n    }}\n    else {{\n{every}\n    }}"),
            _answer("Get-CsTopology", _told(lambda: [at.get_cs_topology_xml()])),
            _answer("Test-CsReplica", complaints),
            *(_answer(cmdlet, _told(ask)) for cmdlet, ask in partner_cmdlets(at).items()),
            _answer("Get-CsManagementStoreReplicationStatus", status),
        ]
    )


def _cim(at: Cmdlets) -> str:
    version = {"Version": at.machine.product.os_version, "Caption": at.machine.product.os_name}
    system = _told(lambda: [at.get_computer_system()])
    services = _told(at.get_service_instances)
    # Whoever is refused the one class is refused the other.
    other = _told(lambda: [{**version, **operating_system(at)}])
    room, shared = (
        _told(lambda: disks(at) if at.get_computer_system() else []),
        _told(lambda: shares(at) if at.get_computer_system() else []),
    )
    return _answer(
        "Get-CimInstance",
        f"""    $class = $Bound['ClassName']
    if ($class -eq 'Win32_ComputerSystem') {{ return {system.strip()} }}
    if ($class -eq 'Win32_OperatingSystem') {{ return {other.strip()} }}
    if ($class -eq 'Win32_LogicalDisk') {{ return @({room.strip()}) }}
    if ($class -eq 'Win32_Share') {{ return @({shared.strip()}) }}
    $found = @(
{services}
    )
    if (-not $Bound.ContainsKey('Filter')) {{ return $found }}
    $found | Where-Object {{ ($_ -is [Management.Automation.ErrorRecord]) -or ($Bound['Filter'] -eq "Name='$($_.Name)'") }}""",
    )


def _events(at: Cmdlets) -> str:
    return _answer(
        "Get-WinEvent",
        f"""    $filter = @($Bound['FilterHashtable'])[0]
    $logged = @(
{_told(at.get_win_event)}
    )
    $refused = @($logged | Where-Object {{ $_ -is [Management.Automation.ErrorRecord] }})
    if ($refused.Count -gt 0) {{ return $refused[0] }}
    $since = [DateTime]::MinValue
    if ($filter.ContainsKey('StartTime')) {{ $since = $filter['StartTime'] }}
    $found = @($logged | Where-Object {{ (@($filter['Id']) -contains $_.Id) -and ($_.TimeCreated -ge $since) }})
    $found = @($found | Where-Object {{ $_.LogName -eq $filter['LogName'] }})
    if ($filter.ContainsKey('ProviderName')) {{ $found = @($found | Where-Object {{ $_.ProviderName -eq $filter['ProviderName'] }}) }}
    if ($found.Count -gt 0) {{ return ($found | Select-Object -First ([int] $Bound['MaxEvents'])) }}
    $nothing = New-Object InvalidOperationException -ArgumentList @('nothing matches')
    New-Object Management.Automation.ErrorRecord -ArgumentList @($nothing, 'NoMatchingEventsFound', 'ObjectNotFound', $null)""",
    )


def _windows(at: Cmdlets) -> str:
    """Functions of the library that only Windows can answer. What they hand on is computed by the script itself."""
    session = _facts(at, "Get-SessionFacts")[0]
    identity = {name: session[name] for name in ("account", "authentication", "impersonation", "elevated", "groups")}
    programs = [{"name": one.name, "version": one.version, "publisher": one.publisher} for one in at.machine.product.installed]
    unrelated = {"name": "Contoso Tools", "version": "1.0", "publisher": "Contoso"}
    hop_allowed = at.deployment.hop_allowed
    refuse = 'throw (New-Object Runtime.InteropServices.COMException -ArgumentList @("An operations error occurred.`r`n", -2147016672))'
    ports = {str(one["replica"]): one for one in _facts(at, "Test-ReplicaTransport")}
    return "\n".join(
        [
            _function("Get-TokenIdentity", "", literal(identity)),
            _function("Get-FullName", "", quoted(at.machine.name)),
            _function("Get-ShortName", "", quoted(at.machine.short)),
            _function("Get-InstalledProgram", "", "\n    ".join(literal(one) for one in [*programs, unrelated])),
            _function("Get-RegistryValue", "[string] $Path, [string] $Name", _registry(at)),
            _function("Invoke-TimeTool", "[string] $Arguments, [int] $Milliseconds", time_tool(at)),
            _function("Get-MachineCertificate", "[string] $StoreName", _stores(at)),
            _function(
                "Get-KeyContainerFacts",
                "[object] $Certificate",
                _chosen("$Certificate.Thumbprint", "thumbprint", _facts(at, "Get-KeyFacts")),
            ),
            _function(
                "Get-AccountId", "[string] $Name", f"if ($Name -eq {quoted(SERVICE_ACCOUNT)}) {{ return {quoted(NETWORK_SERVICE)} }}"
            ),
            _function("Get-AccountName", "[string] $Id", _account_names()),
            _function("Get-KeyFilePath", "[string] $Container", "$Container"),
            _function("Get-KeyFileRule", "[string] $Path", _key_rules(at)),
            _function(
                "Get-HttpsAnswer",
                "[string] $HostName, [int] $Port, [string] $Path, [string[]] $Headers, [int] $Milliseconds",
                https_answers(at),
            ),
            _function("Test-DirectoryRead", "", "" if hop_allowed else refuse),
            _function(
                "Test-TcpPort",
                "[object[]] $Targets, [int] $Milliseconds",
                f"foreach ($target in $Targets) {{\n{_chosen('$target.replica', 'replica', list(ports.values()))}\n}}",
            ),
        ]
    )


def _facts(at: Cmdlets, function: str) -> Sequence[Mapping[str, object]]:
    """What the lab says; nothing where it was refused."""
    told = answer(at, function, {})
    return told if isinstance(told, list) else []


def _function(name: str, parameters: str, body: str) -> str:
    return f"function {name} {{\n    [CmdletBinding()]\n    param({parameters})\n    {body}\n}}"


def _chosen(value: str, key: str, facts: Sequence[Mapping[str, object]]) -> str:
    return "\n".join(f"    if ({value} -eq {quoted(str(fact[key]))}) {{ {literal(fact)} }}" for fact in facts)


def _account_names() -> str:
    lines = [f"if ($Id -eq {quoted(sid)}) {{ return {quoted(name)} }}" for sid, name in NAMES.items()]
    return "\n    ".join([*lines, "return $null"])


def _key_rules(at: Cmdlets) -> str:
    """The access list of every key's file, with the rights as Windows numbers them."""
    held = {one.certificate.thumbprint: one.key for one in at.deployment.certificates(at.machine, StoreName.MY, at.moment)}
    lines = []
    for fact in _facts(at, "Get-KeyFacts"):
        key = held[str(fact["thumbprint"])]
        if key is not None and fact["container"] is not None:
            rules = [{"sid": one.sid, "allow": one.allow, "rights": READ if one.read else WRITE} for one in entries(key.sddl)]
            said = "\n        ".join(literal(rule) for rule in rules)
            lines.append(f"if ($Path -eq {quoted(str(fact['container']))}) {{\n        {said}\n    }}")
    return "\n    ".join(lines)


def _registry(at: Cmdlets) -> str:
    clock = at.machine.clock.at(at.moment)
    values: dict[str, object] = {
        r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full|Release": at.machine.ground.dot_net_release
        or at.machine.product.dot_net_release,
        r"SYSTEM\CurrentControlSet\Services\W32Time\Parameters|Type": clock.type,
        r"SYSTEM\CurrentControlSet\Services\W32Time\Parameters|NtpServer": clock.ntp_server,
        r"SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider|Enabled": int(at.machine.vmic),
    }
    schannel = r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL"
    values |= {f"{schannel}|{name}": value for name, value in at.machine.ground.schannel.items()}
    lines = [f'if ("$Path|$Name" -eq {quoted(name)}) {{ return {literal(value)} }}' for name, value in values.items()]
    return "\n    ".join([*lines, "return $null"])


def time_tool(at: Cmdlets) -> str:
    """w32tm of a German Windows: no word of it may matter. The last synchronisation is written in the engine's own regional format."""
    facts = _facts(at, "Get-TimeFacts")
    fact = facts[0] if facts else {"leap": None, "dcOffsetSeconds": None}
    clock = at.machine.clock.at(at.moment)
    refused = "'Folgender Fehler ist aufgetreten: Der Dienst wurde nicht gestartet. (0x80070426)'"
    synchronised = literal((clock.last_sync(at.moment) + clock.offset).replace(microsecond=0))
    status = f"""'Sprungindikator: {clock.leap}(keine Warnung)'
        'Stratum: {clock.stratum} (Sekundärreferenz - synchr. über (S)NTP)'
        'Präzision: -23 (119.209ns pro Tick)'
        'Stammverzögerung: 0.0312500s'
        'Stammabweichung: 10.0443456s'
        'Referenz-ID: 0x0A000001 (Quell-IP:  10.0.0.1)'
        "Letzte erfolgr. Synchronisierungszeit: $({synchronised}.ToString([Globalization.CultureInfo]::CurrentCulture))"
        'Quelle: {clock.source or "Local CMOS Clock"}'
        'Abrufintervall: 10 (1024s)'"""
    offset = fact["dcOffsetSeconds"]
    chart = "'Fehler: 0x800705B4'"
    if isinstance(offset, float):
        sign = "-" if offset < 0 else "+"
        chart = f"""'dc01 wird verfolgt [10.0.0.1:123].'
        '10:00:00, d:+00.5000000s o:+99.0000000s  [                  *                  ]'
        '10:00:01, d:+00.0010000s o:{sign}{abs(offset):010.7f}s  [                  *                  ]'"""
    return f"""if ($Arguments -eq '/query /status') {{
        {refused if fact["leap"] is None else status}
    }}
    else {{
        {chart}
    }}"""


def _stores(at: Cmdlets) -> str:
    """Real certificates; whether they have a key and how they are called is put upon them, for files cannot say."""
    lines = []
    for name in StoreName:
        for placed in at.deployment.certificates(at.machine, name, at.moment):
            der = b64encode(placed.certificate.der).decode("ascii")
            lines.append(
                f"if ($StoreName -eq {quoted(name.value)}) {{\n"
                f"        $bytes = [Convert]::FromBase64String('{der}')\n"
                "        $one = New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, $bytes)\n"
                f"{_put('HasPrivateKey', placed.key is not None)}{_put('FriendlyName', placed.friendly_name)}"
                "        $one\n    }"
            )
    return "\n    ".join(lines)


def _put(name: str, value: object) -> str:
    """A property of the object itself in front of the type's own."""
    note = f"(New-Object Management.Automation.PSNoteProperty -ArgumentList @({quoted(name)}, {literal(value)}))"
    return f"        $one.PSObject.Properties.Add({note})\n"
