"""Hostile texts in every argument of every repair, in a real PowerShell: they arrive as data or are refused, and never run."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from oauthcert.lab.fix_table import FIX_FUNCTIONS
from oauthcert.model.secret import Secret
from oauthcert.remote.wire import Question
from tests.powershell.engine import Engine, Outcome, found
from tests.powershell.rehearsal import ALL_PRODUCT_CMDLETS, bare_library, rehearse
from tests.powershell.repair_cases import CASES, FE1, known, own, request, state
from tests.powershell.stubs import literal
from tests.powershell.worlds import write_module

pytestmark = pytest.mark.engine

EFFECT = "[IO.File]::WriteAllText('{file}', 'x')"
HOSTILE = (
    "'; " + EFFECT + " #",
    "$(" + EFFECT + ")",
    '"; ' + EFFECT + '; "',
    "`n" + EFFECT,
    "\r\n" + EFFECT + "\r\n",
    "{{ " + EFFECT + " }}",
    "\u2019; " + EFFECT + " #",
    "x\0y",
    "x" * 65_536,
    "-Force",
    "@{{a=1}}",
    "*",
    "' OR Name LIKE '%",
    "..\\..\\x",
    "",
    " ",
)
"""`{file}` is a file that must not come to be."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    write_module(folder, "SkypeForBusiness", "7.0.0.0", ALL_PRODUCT_CMDLETS)
    write_module(folder, "Lync", "5.0.0.0", ALL_PRODUCT_CMDLETS)
    return folder


def hostile(file: Path) -> list[str]:
    return [text.format(file=file) for text in HOSTILE]


def ask(engine: Engine, modules: Path, questions: list[Question], library: str) -> Outcome:
    usual = next((value for name, value in os.environ.items() if name.upper() == "PSMODULEPATH"), "")
    path = os.pathsep.join(filter(None, (str(modules), usual)))
    return engine.run(questions, library, environment={"PSModulePath": path}, seconds=170)


def variants(function: str, usual: Mapping[str, object], texts: list[str]) -> list[Mapping[str, object]]:
    """The usual arguments with one of them replaced: each text argument by each text, each list by a list of it, secrets by a secret."""
    found: list[Mapping[str, object]] = []
    for name, kind in FIX_FUNCTIONS[function].parameters.items():
        for text in texts:
            if kind is str:
                found.append({**usual, name: text})
            elif kind is list:
                found.append({**usual, name: [Secret(text[:65_000])] if name == "Parts" else [text]})
            elif kind is Secret:
                found.append({**usual, name: Secret(text[:65_000])})
    return found


USUAL: Mapping[str, Mapping[str, object]] = {
    name: {parameter: {str: "", bool: False, int: 1, list: [], Secret: Secret("x")}[kind] for parameter, kind in fix.parameters.items()}
    for name, fix in FIX_FUNCTIONS.items()
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("function", [name for name, fix in FIX_FUNCTIONS.items() if {str, list, Secret} & set(fix.parameters.values())])
def test_that_no_text_in_any_argument_runs(engine: Engine, modules: Path, tmp_path: Path, function: str) -> None:
    file = tmp_path / "ran"
    at = state("healthy-lync", FE1)
    library = rehearse(at, "Enable-LocalReplica", {"Preview": True}).library
    asked = variants(function, USUAL[function], hostile(file))
    outcome = ask(engine, modules, [Question(str(number), function, 30, one) for number, one in enumerate(asked)], library)
    assert not file.exists()
    assert (outcome.exit_code, outcome.reader.ended, outcome.reader.damaged) == (0, True, 0)
    assert len(outcome.answers) == len(asked) + 1
    assert outcome.reader.stray == []


def test_that_texts_of_a_request_arrive_as_they_are(engine: Engine, modules: Path, tmp_path: Path) -> None:
    file = tmp_path / "ran"
    at = state("healthy-lync", FE1)
    arguments = {**request(at), "Preview": False}
    library = rehearse(at, "Request-OAuthCertificate", arguments).library
    texts = [text for text in hostile(file) if text]
    asked = [{**arguments, "CandidatesKnown": known(at), "Authority": text, "FriendlyName": text, "Template": text} for text in texts]
    questions = [Question(str(number), "Request-OAuthCertificate", 30, one) for number, one in enumerate(asked)]
    outcome = ask(engine, modules, [*questions, Question("calls", "Get-Calls", 30)], library)
    said = outcome.value("calls")[0]
    assert isinstance(said, dict)
    calls = said["calls"]
    assert isinstance(calls, list)
    bounds = [one["bound"] for one in calls if isinstance(one, dict)]
    assert [(bound["CA"], bound["FriendlyName"], bound["Template"]) for bound in bounds if isinstance(bound, dict)] == [
        (text, text, text) for text in texts
    ]
    assert not file.exists()


def test_that_a_service_with_any_name_is_found_by_that_name_alone(engine: Engine, tmp_path: Path) -> None:
    names = [text for text in hostile(tmp_path / "ran") if text.strip() and "\0" not in text]
    there = "\n".join(literal({"Name": name, "DisplayName": name, "State": "Running", "StartMode": "Auto"}) for name in names)
    more = f"""$global:StandIns['Get-CimInstance'] = {{ param($Bound)\n{there}\n}}
    function Get-RegistryValue {{\n[CmdletBinding()]\nparam([string] $Path, [string] $Name)\n$null\n}}"""
    usual = {"ExpectedState": "Running", "ExpectedStartMode": "Auto", "StartMode": "", "Seconds": 1, "Preview": False}
    asked = [Question(str(number), "Start-StoppedService", 30, {**usual, "Name": name}) for number, name in enumerate(names)]
    outcome = engine.run([*asked, Question("none", "Start-StoppedService", 30, {**usual, "Name": "x*"})], bare_library("", more))
    outcomes = [outcome.value(str(number))[0] for number in range(len(names))]
    assert [one["outcome"] for one in outcomes if isinstance(one, dict)] == ["already"] * len(names)
    missing = outcome.value("none")[0]
    assert isinstance(missing, dict)
    assert missing["reason"] == "service-missing"


@pytest.mark.parametrize("servers", ["a b & calc", 'x" /y', "x,0x8 y,0xZZ", "a;b", "a\nb", "/update", "a b\n"])
def test_that_only_host_names_reach_the_command_line_of_the_time_service(engine: Engine, servers: str) -> None:
    more = """function Get-RegistryValue {\n[CmdletBinding()]\nparam([string] $Path, [string] $Name)\n$null\n}
    function Invoke-SystemTool {\n[CmdletBinding()]\nparam([string] $Name, [string] $Arguments, [int] $Milliseconds)
    $global:Ran = $Arguments\n@{ exitCode = 0; lines = @() }\n}
    $global:Ran = $null
    function Get-Ran {\n[CmdletBinding()]\nparam()\n@{ ran = $global:Ran }\n}"""
    arguments = {"Type": "NTP", "NtpServer": servers, "Preview": False}
    outcome = engine.run([Question("fix", "Restore-TimeSource", 30, arguments), Question("ran", "Get-Ran", 20)], bare_library("", more))
    assert not outcome.answers["fix"].ok
    assert outcome.value("ran") == [{"ran": None}]


def test_that_no_secret_comes_back_in_an_answer_or_beside_it(engine: Engine, modules: Path) -> None:
    canary = "S3CRET-CANARY-9f"
    case = CASES["import what is damaged"]
    at = state(case.scenario, case.server)
    library = rehearse(at, case.function, {**case.prepared(at), "Preview": False}).library
    questions = [
        Question("import", "Import-LocalConfiguration", 30, {"Parts": [Secret(canary)], "Sha256": own(at), "Preview": False}),
        Question(
            "pfx", "Import-OAuthPfx", 30, {"Parts": [Secret("QUJD")], "Password": Secret(canary), "Thumbprint": "AB", "Preview": False}
        ),
    ]
    outcome = ask(engine, modules, questions, library)
    told = "".join(str((answer.value, answer.fault, answer.errors, answer.warnings)) for answer in outcome.answers.values())
    assert canary not in told + outcome.stderr + "".join(outcome.reader.stray)
