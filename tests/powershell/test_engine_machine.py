"""Functions of the library that the other engine tests put stand-ins for, as far as they run on any machine."""

import os
import sys
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.certs.issuing import IssuedCertificate, KeyPool, issue, make_intermediate, make_root, plan_leaf
from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.library import library, stripped
from oauthcert.collect.probes import PROBES, round_questions
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.remote.wire import Question
from tests.powershell.engine import STRICT, Engine, Outcome, found
from tests.powershell.stubs import ANSWERING, literal, stand_in
from tests.unit.collect.samples import observation

pytestmark = pytest.mark.engine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=700)
KEYS = KeyPool()
SCRIPTS = assets.resources() / "powershell"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def run(engine: Engine, body: str, environment: dict[str, str] | None = None) -> Outcome:
    """Runs `body` as a probe with the library as it is shipped."""
    text = f"{STRICT}{library(PROBES)}\nfunction Get-Tried {{\n[CmdletBinding()]\nparam()\n{body}\n}}"
    return engine.run([Question("tried", "Get-Tried", 30)], text, environment=environment)


PARSE = """function Get-ParseProblem {
    [CmdletBinding()]
    param([string] $Text)
    $tokens = $null
    $problems = $null
    [void] [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $problems)
    foreach ($one in $problems) { "line $($one.Extent.StartLineNumber): $($one.ErrorId)" }
}
"""


def test_that_the_engine_reads_every_script_as_it_is_and_as_it_is_sent(engine: Engine) -> None:
    """The grammar that the other tests use lets a few things pass which the engine refuses."""
    files = {path.relative_to(SCRIPTS).as_posix(): path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.rglob("*.ps1"))}
    texts = (
        files | {f"{name}, stripped": stripped(text) for name, text in files.items()} | {"all probes": library(PROBES), "broken": "if ("}
    )
    outcome = engine.run([Question(name, "Get-ParseProblem", 20, {"Text": text}) for name, text in texts.items()], PARSE)
    assert outcome.value("broken") != []
    assert {name: refused for name in texts if name != "broken" and (refused := outcome.value(name))} == {}


@pytest.mark.timeout(180)
def test_that_every_probe_answers_on_a_machine_that_is_no_such_server(engine: Engine) -> None:
    target = Target("x.contoso.lab")
    outcome = engine.run(round_questions(target), STRICT + library(PROBES), seconds=150)
    assert outcome.order == ("hello", *(probe.id for probe in PROBES))
    assert (outcome.exit_code, outcome.reader.ended, outcome.reader.damaged) == (0, True, 0)
    evidence = evidence_of(observation(outcome.answers), target)
    unseen = {probe.id: part for probe in PROBES if isinstance(part := getattr(evidence, probe.id), NotSeen)}
    assert [name for name, part in unseen.items() if part.reason == "unreadable"] == []
    missing = {"topology": "Get-CsTopology", "replica": "Test-CsReplica", "oauth": "Get-CsCertificate"}
    assert {name: (unseen[name].reason, unseen[name].facts["cmdlet"]) for name in missing} == {
        name: ("cmdlet-missing", cmdlet) for name, cmdlet in missing.items()
    }


def test_that_hostile_arguments_of_a_probe_stay_data(engine: Engine) -> None:
    hostile = ["'; Remove-Item x #", "$(Get-Date)", '"`n"', "MSSQL$RTC", "-Force", "@{a=1}", "‘’“”", "/Date(0)/", "2026-11-21T00:00:00Z"]
    services = "\n".join(literal({"Name": name, "DisplayName": name, "State": "Running", "StartMode": "Auto"}) for name in hostile)
    answering = f"$global:StandIns = @{{ 'Get-CimInstance' = {{\n{services}\n}} }}"
    text = f"{STRICT}{library(PROBES)}{ANSWERING}{stand_in('Get-CimInstance')}\n{answering}"
    outcome = engine.run([Question("services", "Get-ServiceFacts", 30, {"Names": hostile})], text)
    assert outcome.value("services") == [{"name": name, "displayName": name, "state": "Running", "startMode": "Auto"} for name in hostile]


def test_that_this_machine_has_names(engine: Engine) -> None:
    value = run(engine, "@{ full = Get-FullName; short = Get-ShortName }").value("tried")[0]
    assert isinstance(value, dict)
    assert all(isinstance(name, str) and name for name in value.values())


def test_that_where_wmi_refuses_a_local_account_means_no_domain(engine: Engine) -> None:
    body = (
        '$local = Get-MachineGuess -Account "$([Environment]::MachineName)\\admin"\n$other = Get-MachineGuess -Account "CONTOSO\\admin"\n'
    )
    value = run(engine, body + "@{ told = @($local.domainJoined, $local.domain, $other.domainJoined, $other.domain) }").value("tried")
    assert value == [{"told": [False, None, True, "CONTOSO"]}]


def test_that_a_store_is_read_and_none_is_created(engine: Engine) -> None:
    assert run(engine, "@{ read = @(Get-MachineCertificate -StoreName 'Root').Count -ge 0 }").value("tried") == [{"read": True}]
    assert not run(engine, "Get-MachineCertificate -StoreName 'NoSuchStoreOfAnybody'").answers["tried"].ok


def chain() -> tuple[IssuedCertificate, IssuedCertificate, IssuedCertificate]:
    root = make_root("Lab Root", KEYS.rsa(0), BEGIN, END)
    issuing = make_intermediate("Lab Issuing", root, KEYS.rsa(1), BEGIN, END)
    return root, issuing, issue(plan_leaf("leaf.contoso.lab", BEGIN, END), KEYS.rsa(2), issuing)


def loaded(name: str, issued: IssuedCertificate) -> str:
    der = b64encode(issued.der).decode("ascii")
    bytes_of = f"$bytes = [Convert]::FromBase64String('{der}')"
    return f"{bytes_of}\n${name} = New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, $bytes)\n"


def test_that_key_ids_and_names_are_read_from_certificates(engine: Engine) -> None:
    root, issuing, leaf = chain()
    body = loaded("leaf", leaf) + loaded("issuing", issuing) + loaded("root", root)
    body += """@{
        authority = Get-AuthorityKeyId -Certificate $leaf
        subject   = Get-SubjectKeyId -Certificate $issuing
        none      = Get-AuthorityKeyId -Certificate $root
        names     = @($leaf.Subject, $leaf.Issuer, $root.Issuer)
    }"""
    value = run(engine, body).value("tried")
    assert value == [
        {
            "authority": issuing.parsed.subject_key_id.upper(),
            "subject": issuing.parsed.subject_key_id.upper(),
            "none": None,
            "names": [leaf.parsed.subject, leaf.parsed.issuer, root.parsed.issuer],
        }
    ]


def test_that_possible_issuers_are_found_up_to_the_root(engine: Engine) -> None:
    root, issuing, leaf = chain()
    stranger = make_root("Somebody Else", KEYS.rsa(3), BEGIN, END)
    body = loaded("leaf", leaf) + loaded("issuing", issuing) + loaded("root", root) + loaded("stranger", stranger)
    select = "Select-PossibleIssuer -Certificates @($leaf) -Authorities @({0}) -Most 300"
    body += f"""$all = {select.format("$issuing, $stranger, $root")}
    $broken = {select.format("$stranger, $root")}
    @{{ all = @($all.Keys | Sort-Object); broken = @($broken.Keys) }}"""
    expected = sorted([root.parsed.thumbprint, issuing.parsed.thumbprint])
    assert run(engine, body).value("tried") == [{"all": expected, "broken": []}]


def test_that_a_key_which_is_not_there_does_not_open(engine: Engine) -> None:
    leaf = chain()[2]
    value = run(engine, loaded("leaf", leaf) + "Get-KeyContainerFacts -Certificate $leaf").value("tried")[0]
    assert isinstance(value, dict)
    assert (value["thumbprint"], value["opens"], value["problem"]) == (leaf.parsed.thumbprint, False, "other")


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="puts a script in the place of w32tm.exe, which Windows has in its own folder")


def time_tool(folder: Path, script: str) -> dict[str, str]:
    """An environment in which w32tm.exe is this script of the system's shell."""
    tool = folder / "w32tm.exe"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    tool.chmod(0o755)
    return {"PATH": os.pathsep.join((str(folder), os.environ["PATH"]))}


@POSIX
def test_that_the_time_tool_gets_its_arguments_and_its_lines_come_back(engine: Engine, tmp_path: Path) -> None:
    environment = time_tool(tmp_path, 'printf \'%s %s\\r\\n\\r\\n  \\r\\nlast\' "$1" "$2"')
    body = "@{ lines = @(Invoke-TimeTool -Arguments '/query /status' -Milliseconds 10000) }"
    assert run(engine, body, environment).value("tried") == [{"lines": ["/query /status", "last"]}]


@POSIX
def test_that_a_time_tool_which_hangs_is_ended_and_what_it_said_counts(engine: Engine, tmp_path: Path) -> None:
    environment = time_tool(tmp_path, r"printf 'one\n'; exec sleep 20")
    outcome = run(engine, "@{ lines = @(Invoke-TimeTool -Arguments 'x' -Milliseconds 700) }", environment)
    assert outcome.value("tried") == [{"lines": ["one"]}]
    assert outcome.answers["tried"].milliseconds < 10_000


@POSIX
def test_that_a_time_tool_which_is_not_there_is_a_fault(engine: Engine) -> None:
    fault = run(engine, "Invoke-TimeTool -Arguments 'x' -Milliseconds 700").answers["tried"].fault
    assert fault is not None
    assert (fault.id.partition(",")[0], fault.type) == ("Win32Exception", "System.ComponentModel.Win32Exception")
