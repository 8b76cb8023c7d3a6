"""The script that a person runs on a server by hand: readable, self-contained, and answering in the shape that is judged."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.collect.collector import ROUND_FUNCTIONS, collector_script, literal
from oauthcert.collect.equal_values import EqualValues
from oauthcert.collect.evidence_file import KIND, SCHEMA, read_evidence
from oauthcert.collect.probes import PROBES, probes_of
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.target import Product, Target
from tests.powershell.contract import problems
from tests.powershell.engine import found
from tests.powershell.syntax import read

SCRIPT = collector_script("1.2.3")
PARTS = ("head", "tail")


def test_that_the_whole_script_keeps_the_contract() -> None:
    assert problems(SCRIPT) == []


def test_that_it_is_self_contained_and_defines_nothing_twice() -> None:
    names = [function.name for function in read(SCRIPT).functions]
    probed = {function.name for probe in PROBES for name in probe.scripts for function in read(_probe_file(name)).functions}
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert {probe.function for probe in PROBES} | set(ROUND_FUNCTIONS) | probed <= set(names)


def test_that_the_probes_stand_in_it_word_for_word_comments_included() -> None:
    for name in {name for probe in PROBES for name in probe.scripts}:
        assert _probe_file(name).rstrip("\n") in SCRIPT


def _probe_file(name: str) -> str:
    return assets.text(f"powershell/probes/{name}")


@pytest.mark.parametrize("product", list(Product))
def test_that_it_asks_of_every_product_what_a_look_over_the_network_asks(product: Product) -> None:
    rows = re.findall(r"@\{ 'id' = '([a-z-]+)'; 'function' = '([A-Za-z-]+)'; 'seconds' = ([\d.]+); 'products' = @\(([^)]*)\)", SCRIPT)
    asked = [(row[0], row[1], float(row[2])) for row in rows if f"'{product}'" in row[3]]
    assert asked == [(probe.id, probe.function, probe.seconds) for probe in probes_of(Target("any", product=product))]
    assert len(rows) == len(PROBES)


def test_that_a_person_reads_first_what_it_does() -> None:
    beginning = SCRIPT[: SCRIPT.index("param(")]
    for promise in ("WHAT IT READS", "WHAT IT CHANGES Nothing", "WHAT IS INSIDE", "HOW TO RUN", "WHERE IT GOES", "#requires -Version 3.0"):
        assert promise in beginning
    assert "$ToolVersion = '1.2.3'" in SCRIPT


def test_that_it_reads_right_whatever_code_page_the_server_has_and_however_it_was_copied() -> None:
    assert SCRIPT.isascii()
    assert "\t" not in SCRIPT
    assert max(map(len, SCRIPT.splitlines())) < 600


def test_that_it_knows_no_way_to_read_a_secret_or_to_send_anything() -> None:
    own = "".join(assets.text(f"powershell/collector/{part}.ps1") for part in PARTS)
    for word in ("SecureString", "Password", "Export", "Invoke-WebRequest", "WebClient", "Send-", "Get-Credential", "Set-", "Remove-Item"):
        assert word not in own.replace("No password", "").replace("Set-StrictMode", ""), word
    writes = [line for line in own.splitlines() if re.search(r"\[IO\.File\]::(?!Exists)", line)]
    assert [re.search(r"::(\w+)", line)[1] for line in writes if re.search(r"::(\w+)", line)] == ["WriteAllText", "Move", "Exists"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "'it''s'"),
        ('$(Get-Date) `n "', "'$(Get-Date) `n \"'"),
        (True, "$true"),
        (None, "$null"),
        (30, "30"),
        (["a", 1.5], "@('a', 1.5)"),
        ({"Names": ["x"]}, "@{ 'Names' = @('x') }"),
        ({}, "@{}"),
    ],
)
def test_that_values_of_the_table_become_literals_that_mean_the_same(value: object, text: str) -> None:
    assert literal(value) == text
    assert read(f"$x = {text}").broken_lines == ()


@pytest.mark.parametrize("value", ["‘", "line\nbreak", "nul\0", "ä", object()])
def test_that_what_has_no_safe_literal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"script|PowerShell"):
        literal(value)


# --- in a real PowerShell -----------------------------------------------------------------------------------------------------


def _run(script: str, folder: Path, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    file = folder / "collector.ps1"
    file.write_text(script, encoding="ascii")
    command = [found().program, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(file), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)


@pytest.mark.engine
@pytest.mark.timeout(400)
def test_that_a_real_powershell_writes_a_file_that_is_read_again(tmp_path: Path) -> None:
    done = _run(SCRIPT, tmp_path, "-OutFile", "evidence.json")

    assert done.returncode == 0, done.stderr
    collected = read_evidence((tmp_path / "evidence.json").read_bytes(), "evidence.json", EqualValues())
    assert collected.tool == "1.2.3"
    assert set(collected.observation.answers) == {"hello", *(probe.id for probe in probes_of(collected.target))}
    assert isinstance(collected.observation.reach, Seen)
    assert isinstance(collected.observation.clock, NotSeen)
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.engine
def test_that_a_real_powershell_never_overwrites_a_file(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text("mine", encoding="ascii")

    done = _run(SCRIPT, tmp_path, "-OutFile", "kept.json")

    assert done.returncode != 0
    assert "exists already" in done.stderr + done.stdout
    assert (tmp_path / "kept.json").read_text(encoding="ascii") == "mine"


@pytest.mark.engine
@pytest.mark.timeout(200)
def test_that_a_question_that_hangs_or_throws_costs_only_itself(tmp_path: Path) -> None:
    row = "    @{{ 'id' = '{}'; 'function' = '{}'; 'seconds' = {}; 'products' = @('auto'); 'arguments' = {} }}\n"
    functions = "function Get-Stuck {\n    while ($true) { [Threading.Thread]::Sleep(200) }\n}\nfunction Get-Broken { throw 'boom' }\n"
    rows = (("session", "Get-Stuck", 1, "@{}"), ("product", "Get-Broken", 5, "@{}"), ("services", "Get-One", 5, "@{ 'Names' = @('a') }"))
    table = "$Probes = @(\n" + "".join(row.format(*one) for one in rows) + ")\n"
    functions += "function Get-One {\n    param([string[]] $Names)\n    @{ name = $Names[0]; list = @(1) }\n}\n"
    whole_lines = re.DOTALL | re.MULTILINE
    script = re.sub(r"\$Library = \{\n.*?^\}\n", lambda _: f"$Library = {{\n{functions}}}\n", SCRIPT, count=1, flags=whole_lines)
    script = re.sub(r"\$Probes = @\(\n.*?^\)\n", lambda _: table, script, count=1, flags=whole_lines)

    done = _run(script, tmp_path, "-OutFile", "evidence.json", seconds=120)

    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))
    assert (document["kind"], document["schema"]) == (KIND, SCHEMA)
    answers = document["answers"]
    assert answers["session"]["fault"]["id"] == "ProbeDeadline"
    assert answers["product"]["fault"]["message"] == "boom"
    assert answers["services"] | {"milliseconds": 0} == {
        "probe": "services", "ok": True, "value": [{"name": "a", "list": [1]}], "fault": None, "errors": [], "warnings": [],
        "milliseconds": 0,
    }  # fmt: skip
