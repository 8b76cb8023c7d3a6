"""`oauthcert check --evidence` and `oauthcert collector`: what is said, where, and how it ends."""

import json
from pathlib import Path

import pytest

from oauthcert.cli.main import run
from oauthcert.collect.collector import collector_script
from oauthcert.vault.store import MemoryStore
from tests.fakes.parts import fake_parts
from tests.fakes.terminal import FakeConsole

TIME = "2026-11-21T12:00:00Z"


def a_file(folder: Path, name: str, **changes: object) -> Path:
    whole = {"kind": "oauthcert-evidence", "schema": 1, "tool": "0.1.0", "server": name, "computer": name, "product": "auto"}
    file = folder / f"{name}.oauthcert.json"
    file.write_text(json.dumps({**whole, "utc": TIME, "finished": TIME, "answers": {}, **changes}), encoding="utf-8")
    return file


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    return folder


def oauthcert(folder: Path, *arguments: str) -> tuple[int, FakeConsole]:
    console = FakeConsole()
    parts, _ = fake_parts(folder, {}, MemoryStore())
    return run([*arguments, "--lang", "en"], parts, console), console


def test_that_a_refused_file_is_told_on_stderr_and_in_the_result_and_the_rest_is_judged(evidence: Path, tmp_path: Path) -> None:
    a_file(evidence, "fe01")
    a_file(evidence, "fe02", schema=9)

    code, console = oauthcert(tmp_path, "check", "--evidence", str(evidence), "--quiet", "--format", "json")

    assert code == 3
    (line,) = console.err_lines
    assert "fe02.oauthcert.json" in line
    assert "format number 9" in line
    told = {one["id"]: one for one in json.loads(console.out)["findings"]}
    assert told["server-reachable@fe02"]["facts"]["reason"] == "evidence-schema"
    assert told["server-reachable@fe01"]["verdict"] == "not-applicable"


def test_that_an_older_file_is_mentioned_unless_nobody_wants_to_hear(evidence: Path, tmp_path: Path) -> None:
    a_file(evidence, "fe01")
    (evidence / "copy.json").write_text((evidence / "fe01.oauthcert.json").read_text(encoding="utf-8"), encoding="utf-8")

    _, talking = oauthcert(tmp_path, "check", "--evidence", str(evidence))
    _, quiet = oauthcert(tmp_path, "check", "--evidence", str(evidence), "--quiet")

    assert "newer evidence of fe01" in talking.err
    assert quiet.err == ""


@pytest.mark.parametrize(
    "more",
    [["fe01"], ["--practice", "quiet"], ["--case", "x.json"], ["--user", "x"], ["--jobs", "3"], ["--product", "lync"], ["--latency", "5"]],
)
def test_that_what_means_nothing_with_evidence_is_refused(evidence: Path, tmp_path: Path, more: list[str]) -> None:
    a_file(evidence, "fe01")
    code, console = oauthcert(tmp_path, "check", *more, "--evidence", str(evidence))
    assert code == 64
    assert console.out == ""


def test_that_no_evidence_at_all_is_wrong_usage_and_not_a_pass(evidence: Path, tmp_path: Path) -> None:
    code, console = oauthcert(tmp_path, "check", "--evidence", str(evidence))
    assert code == 64
    assert "no evidence file" in console.err


def test_that_only_refused_evidence_is_unknown_and_not_a_pass(evidence: Path, tmp_path: Path) -> None:
    (evidence / "fe01.json").write_bytes(b"")
    assert oauthcert(tmp_path, "check", "--evidence", str(evidence))[0] == 3


def test_that_a_case_takes_an_evidence_file_too_and_evidence_says_what_a_case_is(evidence: Path, tmp_path: Path) -> None:
    file, case = a_file(evidence, "fe01"), tmp_path / "case.json"
    code, _ = oauthcert(tmp_path, "check", "--case", str(file), "--save", str(case), "--quiet")
    again, console = oauthcert(tmp_path, "check", "--evidence", str(case))
    assert (code, again) == (3, 3)
    assert "--case" in console.err


def test_that_a_masked_case_is_shown_as_it_was_judged(tmp_path: Path) -> None:
    case = Path(__file__).parents[2] / "data" / "case-1.json"
    stored = json.loads(case.read_text(encoding="utf-8"))
    stored["source"] = "masked:live"
    verdict = stored["findings"][0]["verdict"]
    stored["observations"] = []
    hidden = tmp_path / "masked.json"
    hidden.write_text(json.dumps(stored), encoding="utf-8")

    _, console = oauthcert(tmp_path, "check", "--case", str(hidden), "--format", "json")

    shown = json.loads(console.out)
    assert shown["source"] == "masked:live"
    assert shown["findings"][0]["verdict"] == verdict
    assert len(shown["findings"]) == len(stored["findings"])


def test_that_the_collector_is_printed_or_written(tmp_path: Path) -> None:
    from oauthcert import __version__

    code, console = oauthcert(tmp_path, "collector")
    written, _ = oauthcert(tmp_path, "collector", "--output", str(tmp_path / "c.ps1"), "--quiet")
    assert (code, written) == (0, 0)
    assert console.out == collector_script(__version__) == (tmp_path / "c.ps1").read_text(encoding="ascii")
    assert console.err == ""
