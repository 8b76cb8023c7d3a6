"""Single functions of the library in a real PowerShell: the odd answers that a healthy server never gives."""

import socket
from collections.abc import Iterator, Mapping

import pytest

from oauthcert.collect.library import library
from oauthcert.collect.probes import PROBES
from oauthcert.remote.wire import Question
from tests.powershell.engine import STRICT, Engine, Outcome, found
from tests.powershell.stubs import ANSWERING, literal, stand_in

pytestmark = pytest.mark.engine

STAND_INS = (
    "Get-CsCertificate",
    "Test-CsReplica",
    "Get-CsTopology",
    "Get-CsManagementStoreReplicationStatus",
    "Get-WinEvent",
    "Get-CimInstance",
)
EXCEPTION = "(New-Object {kind} -ArgumentList @('{text}'))"
RECORD = f"New-Object Management.Automation.ErrorRecord -ArgumentList @({EXCEPTION}, '{{id}}', '{{category}}', $null)"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def run(engine: Engine, call: str, stand_ins: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None) -> Outcome:
    """Runs `call` as the body of a probe, with what the stand-ins of cmdlets answer."""
    answers = "\n".join(f"$global:StandIns['{name}'] = {{ param($Bound)\n{body}\n}}" for name, body in (stand_ins or {}).items())
    text = "\n".join(
        [
            STRICT,
            library(PROBES),
            ANSWERING,
            *map(stand_in, STAND_INS),
            "$global:StandIns = @{}",
            answers,
            "function Use-ProductModule {\n[CmdletBinding()]\nparam()\n}",
            f"function Get-Tried {{\n[CmdletBinding()]\nparam()\n{call}\n}}",
        ]
    )
    return engine.run([Question("tried", "Get-Tried", 30)], text, environment=environment)


def record(text: str, identity: str = "X", category: str = "InvalidData", kind: str = "InvalidOperationException") -> str:
    return RECORD.format(kind=kind, text=text, id=identity, category=category)


UNTRUSTED = "Assigned certificate not found or untrusted"
ASSIGNED = {"Thumbprint": "AB" * 20, "Subject": "CN=contoso.lab", "SourceScope": "Global"}


@pytest.mark.parametrize(
    ("answer", "thumbprint"),
    [
        (record(UNTRUSTED), None),
        (f"throw '{UNTRUSTED}.'", None),
        (f"New-Object Management.Automation.WarningRecord -ArgumentList @('{UNTRUSTED}')", None),
        (record("Nicht da", "NotFoundOrUntrusted,Cmdlet"), None),
        (f"{literal(ASSIGNED)}\n{record(UNTRUSTED)}", "AB" * 20),
        (literal({**ASSIGNED, "Status": "NotFoundOrUntrusted"}), "AB" * 20),
    ],
    ids=["error", "terminating error", "warning", "by id", "beside the certificate", "property"],
)
def test_that_not_found_or_untrusted_is_an_answer_however_it_is_said(engine: Engine, answer: str, thumbprint: str | None) -> None:
    value = run(engine, "Get-OAuthAssignment", {"Get-CsCertificate": answer}).value("tried")
    assert len(value) == 1
    assert isinstance(value[0], dict)
    assert (value[0]["notFoundOrUntrusted"], value[0]["thumbprint"]) == (True, thumbprint)
    assert value[0]["message"]


def test_that_another_error_of_the_certificate_stays_an_error(engine: Engine) -> None:
    outcome = run(engine, "Get-OAuthAssignment", {"Get-CsCertificate": record("SQL", "Sql", "ConnectionError")})
    fault = outcome.answers["tried"].fault
    assert fault is not None
    assert (fault.category, fault.id.partition(",")[0], fault.message) == ("ConnectionError", "Sql", "SQL")


def test_that_nothing_assigned_is_an_empty_answer(engine: Engine) -> None:
    assert run(engine, "Get-OAuthAssignment", {"Get-CsCertificate": ""}).value("tried") == []


def test_that_a_replica_test_which_ends_in_an_error_has_a_problem(engine: Engine) -> None:
    value = run(engine, "Get-ReplicaFacts", {"Test-CsReplica": "throw 'broken'"}).value("tried")
    assert value == [{"passed": False, "problems": ["broken"]}]


@pytest.mark.parametrize(
    "answer",
    [
        record("no", "Denied", "PermissionDenied"),
        record("no", "Denied", "NotSpecified", "UnauthorizedAccessException"),
        "Get-CsNoSuchThing",
    ],
    ids=["category", "type", "missing cmdlet"],
)
def test_that_a_replica_test_which_could_not_run_is_a_fault(engine: Engine, answer: str) -> None:
    assert not run(engine, "Get-ReplicaFacts", {"Test-CsReplica": answer}).answers["tried"].ok


def test_that_a_missing_log_is_empty_and_told_apart(engine: Engine) -> None:
    missing = record("no log", "NoMatchingLogsFound", "ObjectNotFound")
    outcome = run(engine, "Get-ReplicationEvents", {"Get-WinEvent": missing})
    assert outcome.value("tried") == []
    assert set(outcome.answers["tried"].warnings) == {"log-missing Lync Server"}


def test_that_no_matching_event_is_empty_without_a_warning(engine: Engine) -> None:
    outcome = run(engine, "Get-ReplicationEvents", {"Get-WinEvent": record("none", "NoMatchingEventsFound", "ObjectNotFound")})
    assert (outcome.value("tried"), outcome.answers["tried"].warnings) == ([], ())


def test_that_an_old_arrival_is_told_beside_newer_failures(engine: Engine) -> None:
    event = "[pscustomobject] @{{ ProviderName = 'LS'; Id = {id}; Level = 4; TimeCreated = (Get-Date); Message = {text}; LogName = 'x' }}"
    failed, arrived = event.format(id=1017, text="$null"), event.format(id=3038, text="'x' * 3000")
    body = f"if (@($Bound['FilterHashtable'])[0].ContainsKey('StartTime')) {{ {failed} }}\nelse {{ {arrived} }}"
    value = run(engine, "Get-ReplicationEvents", {"Get-WinEvent": body}).value("tried")
    assert [(one["id"], len(str(one["message"]))) for one in value if isinstance(one, dict)] == [(1017, 0), (3038, 2000)]


TOPOLOGY = """<Topology xmlns="urn:a"><InternalDomains DefaultDomain="contoso.lab"><InternalDomain Name="contoso.lab"/></InternalDomains>
<Clusters><Cluster RequiresReplication="true" RequiresSetup="1" Fqdn="pool.contoso.lab"><ClusterId SiteId="1" Number="2"/>
<Machine OrdinalInCluster="1" Fqdn="fe01.contoso.lab"/><Machine OrdinalInCluster="2" Fqdn="fe02.contoso.lab"/></Cluster>
<Cluster RequiresReplication="false" Fqdn="gateway.contoso.lab"><ClusterId SiteId="1" Number="3"/></Cluster></Clusters>
<Services><Service><ServiceId SiteId="1" RoleName="CentralMgmt" Instance="1"/><InstalledOn><ClusterId SiteId="1" Number="2"/></InstalledOn>
<CentralMgmtService xmlns="urn:b" IsActive="false"/></Service>
<Service><ServiceId SiteId="1" RoleName="UserStore" Instance="1"/><InstalledOn><SqlInstanceId Name="rtc"><ClusterId SiteId="1" Number="2"/>
</SqlInstanceId></InstalledOn></Service>
<Service><ServiceId SiteId="1" RoleName="Lost" Instance="1"/><InstalledOn><ClusterId SiteId="9" Number="9"/></InstalledOn></Service>
</Services></Topology>"""


@pytest.mark.parametrize("shape", ["{0}", "[xml] {0}", "({0}) -split [Environment]::NewLine"], ids=["text", "document", "lines"])
def test_that_the_topology_is_read_in_every_form(engine: Engine, shape: str) -> None:
    value = run(engine, "Get-TopologyFacts -Everything $true", {"Get-CsTopology": shape.format(literal(TOPOLOGY))}).value("tried")[0]
    assert isinstance(value, dict)
    assert value["complete"] is True
    assert [(one["fqdn"], one["machines"], one["requiresSetup"], one["onEdge"]) for one in value["clusters"]] == [
        ("pool.contoso.lab", ["fe01.contoso.lab", "fe02.contoso.lab"], True, False),
        ("gateway.contoso.lab", [], False, False),
    ]
    assert [(one["role"], one["cluster"], one["active"]) for one in value["services"]] == [
        ("CentralMgmt", "pool.contoso.lab", False),
        ("UserStore", "pool.contoso.lab", None),
    ]
    assert (value["defaultSipDomain"], value["sipDomains"]) == ("contoso.lab", ["contoso.lab"])


@pytest.mark.parametrize(
    ("machine", "clusters", "services", "complete"),
    [
        ("FE02.contoso.lab", ["pool.contoso.lab", "gateway.contoso.lab"], 2, True),
        ("gateway.contoso.lab", ["pool.contoso.lab", "gateway.contoso.lab"], 2, False),
        ("stranger.contoso.lab", ["pool.contoso.lab"], 2, False),
    ],
    ids=["central", "other", "stranger"],
)
def test_that_only_a_central_management_server_tells_all(
    engine: Engine, machine: str, clusters: list[str], services: int, complete: bool
) -> None:
    call = f"function Get-FullName {{\n[CmdletBinding()]\nparam()\n{literal(machine)}\n}}\nGet-TopologyFacts"
    value = run(engine, call, {"Get-CsTopology": literal(TOPOLOGY)}).value("tried")[0]
    assert isinstance(value, dict)
    assert [one["fqdn"] for one in value["clusters"]] == clusters
    assert len(value["services"]) == services
    assert value["complete"] is complete


def test_that_an_empty_topology_is_a_fault(engine: Engine) -> None:
    assert not run(engine, "Get-TopologyFacts", {"Get-CsTopology": ""}).answers["tried"].ok


def test_that_times_are_told_in_utc_whatever_their_kind(engine: Engine) -> None:
    call = """$utc = New-Object DateTime -ArgumentList @(2026, 11, 21, 9, 0, 0, [DateTimeKind]::Utc)
    $local = $utc.ToLocalTime()
    $unspecified = [DateTime]::SpecifyKind($local, [DateTimeKind]::Unspecified)
    $times = @($utc, $local, $unspecified, (New-Object DateTimeOffset -ArgumentList @($utc)))
    $never = @($null, '', [DateTime]::MinValue, (New-Object DateTime -ArgumentList @(1601, 1, 1)))
    @{
        times = @(foreach ($one in $times) { ConvertTo-UtcText -Value $one })
        never = @(foreach ($one in $never) { ConvertTo-UtcText -Value $one })
    }"""
    value = run(engine, call).value("tried")[0]
    assert value == {"times": ["2026-11-21T09:00:00.0000000Z"] * 4, "never": [None] * 4}


@pytest.mark.parametrize(
    ("line", "offset"),
    [
        ("10:00:01, d:+00.0010000s o:-00.5000000s  [   *   ]", -0.5),
        ("10:00:01 d:+00,0010000s o:+01,2500000s  [   *   ]", 1.25),
        ("10:00:01, Fehler: 0x800705B4", None),
        ("10:00:01, +00.0010000s", None),
    ],
)
def test_that_a_strip_chart_is_read_by_its_numbers(engine: Engine, line: str, offset: float | None) -> None:
    value = run(engine, f"ConvertFrom-StripChart -Lines @('{line}')").value("tried")[0]
    assert isinstance(value, dict)
    assert value["offset"] == (None if offset is None else pytest.approx(offset))


@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8"])
def test_that_no_regional_format_changes_an_answer(engine: Engine, language: str) -> None:
    call = """$moment = New-Object DateTime -ArgumentList @(2026, 11, 21, 9, 30, 15)
    $lines = @('a: 0', 'b: 4', 'c: 1', 'd: 1', 'e: 1', 'f: 1', "g: $($moment.ToString([Globalization.CultureInfo]::CurrentCulture))")
    @{
        offset       = (ConvertFrom-StripChart -Lines @('10:00:01 d:+00,0010000s o:-01,2500000s')).offset
        problem      = Get-KeyProblem -HResult (-2146893802)
        time         = ConvertTo-UtcText -Value (New-Object DateTime -ArgumentList @(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc))
        synchronised = (ConvertFrom-TimeStatus -Lines ($lines + @('h: dc01', 'i: 1'))).lastSync -eq (ConvertTo-UtcText -Value $moment)
        untrusted    = Test-NotFoundOrUntrusted -Id '' -Text 'Assigned certificate not found or untrusted'
    }"""
    value = run(engine, call, environment={"LC_ALL": language, "LANG": language}).value("tried")
    assert value == [
        {"offset": -1.25, "problem": "missing-key-file", "time": "2026-01-02T03:04:05.0000000Z", "synchronised": True, "untrusted": True}
    ]


@pytest.mark.parametrize(
    "lines", ["@()", "@('The service has not been started. (0x80070426)')", "@('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')"]
)
def test_that_an_error_of_w32tm_leaves_everything_unknown(engine: Engine, lines: str) -> None:
    value = run(engine, f"ConvertFrom-TimeStatus -Lines {lines}").value("tried")
    assert value == [{"leap": None, "stratum": None, "lastSync": None, "source": None}]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("-Type NT5DS -Source 'dc01.contoso.lab,0x8' -Domain contoso.lab", "dc01.contoso.lab"),
        ("-Type NTP -Source 'ntp.example' -Domain contoso.lab", "contoso.lab"),
        ("-Type NT5DS -Source 'Lokale CMOS-Uhr' -Domain contoso.lab", "contoso.lab"),
        ("-Type NT5DS -Source 'x /y' -Domain '& calc'", None),
    ],
)
def test_that_only_a_host_name_reaches_a_command_line(engine: Engine, arguments: str, name: str | None) -> None:
    assert run(engine, f"@{{ name = Get-DomainClockName {arguments} }}").value("tried") == [{"name": name}]


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    """A port on the loopback interface that listens, and one that does not."""
    with socket.socket() as listening, socket.socket() as closed:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        closed.bind(("127.0.0.1", 0))
        yield listening.getsockname()[1], closed.getsockname()[1]


def test_that_ports_are_told_open_and_refused(engine: Engine, ports: tuple[int, int]) -> None:
    targets = ", ".join(f"@{{ replica = '127.0.0.1'; port = {port} }}" for port in ports)
    value = run(engine, f"Test-TcpPort -Targets @({targets}) -Milliseconds 3000").value("tried")
    told = {one["port"]: (one["open"], one["error"]) for one in value if isinstance(one, dict)}
    assert told == {ports[0]: (True, None), ports[1]: (False, "ConnectionRefused")}


def test_that_a_server_does_not_test_itself_nor_what_takes_no_part(engine: Engine) -> None:
    call = "Get-TransportTarget -Topology (Get-TopologyFacts) -Self 'FE01.contoso.lab' -Most 300"
    assert run(engine, call, {"Get-CsTopology": literal(TOPOLOGY)}).value("tried") == [{"replica": "fe02.contoso.lab", "port": 445}]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (-2146893802, "missing-key-file"),
        (-2147024891, "access-denied"),
        (-2146893808, "access-denied"),
        (-2146893804, "provider"),
        (-1, "other"),
    ],
)
def test_that_result_codes_of_keys_are_named(engine: Engine, code: int, problem: str) -> None:
    assert run(engine, f"@{{ problem = Get-KeyProblem -HResult ({code}) }}").value("tried") == [{"problem": problem}]


def test_that_a_stand_in_refuses_what_the_cmdlet_would(engine: Engine) -> None:
    """The stand-ins are strict: otherwise a wrong call in a script would pass here and fail on a server."""
    unknown = run(engine, "Get-CsTopology -NoSuch 1", {"Get-CsTopology": ""}).answers["tried"].fault
    assert unknown is not None
    assert unknown.id.startswith("NamedParameterNotFound")
