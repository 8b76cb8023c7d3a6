"""`oauthcert check --practice S` finds in every scenario exactly what its oracle says: findings, causes, what they explain, exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauthcert.lab.oracle import Oracle
from oauthcert.lab.scenarios import load_scenario, scenario_ids
from oauthcert.model.finding import Verdict
from tests.lab.conftest import Command
from tests.lab.oracles import differences

SCENARIOS = scenario_ids()
LARGEST = ("large-200", "de")  # says nothing in German that the others do not


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_a_check_finds_what_the_scenario_holds_and_nothing_else(scenario: str, oauthcert: Command) -> None:
    ran = oauthcert("check", "--practice", scenario, "--format", "json", "--quiet")

    assert ran.err == ""
    document = json.loads(ran.out)
    found = differences(document, ran.code, oauthcert.labs[0].oracle)
    assert not found, "\n" + "\n".join(found)
    assert document["source"] == f"practice:{scenario}"
    assert {name: counted.shells for name, counted in oauthcert.labs[0].counters().items() if counted.shells} == {}


@pytest.mark.parametrize(
    ("scenario", "language"),
    [(scenario, language) for scenario in SCENARIOS for language in ("en", "de") if (scenario, language) != LARGEST],
)
def test_that_a_saved_case_says_the_same_in_every_format_and_language_without_servers(
    scenario: str, language: str, oauthcert: Command, tmp_path: Path
) -> None:
    case = tmp_path / "case.json"
    looked = oauthcert("check", "--practice", scenario, "--save", str(case), "--lang", language, "--quiet")
    again = oauthcert("check", "--case", str(case), "--lang", language)
    page = oauthcert("check", "--case", str(case), "--lang", language, "--format", "html")
    told = oauthcert("check", "--case", str(case), "--lang", language, "--format", "json")

    assert again.out == looked.out
    assert {looked.code, again.code, page.code, told.code} == {load_scenario(scenario).oracle().exit_code}
    assert page.out.startswith("<!")
    assert json.loads(told.out) == json.loads(case.read_text(encoding="utf-8"))
    assert looked.err + again.err + page.err + told.err == ""
    # a text that lacks its words shows an id, one that lacks a fact shows a brace
    assert [
        finding["id"] for finding in json.loads(told.out)["findings"] if "{" in finding["title"] or finding["title"] == finding["words"]
    ] == []


@pytest.mark.parametrize("scenario", ["healthy-lync", "first-deployment", "server-unreachable"])
def test_that_the_command_itself_ends_as_it_does_here(scenario: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "gui"), "PYTHONIOENCODING": "cp1252", "LANG": "C"}
    environment |= {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "APPDATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "oauthcert", "check", "--practice", scenario, "--format", "json"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=60,
    )

    oracle = load_scenario(scenario).oracle()
    found = differences(json.loads(done.stdout.decode("utf-8")), done.returncode, oracle)
    assert not found, "\n" + "\n".join(found)
    lines = done.stderr.decode("utf-8").splitlines()
    assert len(lines) == len(load_scenario(scenario).looked_at()), lines
    assert list(tmp_path.iterdir()) == []


def test_that_the_comparison_itself_sees_every_kind_of_difference() -> None:
    oracle = Oracle(2, {"a@x": Verdict.FAIL, "b@x": Verdict.PASS}, ())
    document = {
        "findings": [
            {"id": "a@x", "verdict": "unknown", "words": "a.could-not-look", "facts": {}},
            {"id": "c@x", "verdict": "pass", "words": "c.pass", "facts": {}},
        ],
        "causes": [{"finding": "a@x", "explains": []}],
    }

    assert len(differences(document, 3, oracle)) == 5
