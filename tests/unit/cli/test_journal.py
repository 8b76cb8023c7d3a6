"""`oauthcert journal`: what was begun is told in words and as JSON, and an interrupted run can be kept without any server."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.casework.repair import repair
from oauthcert.cli.main import run
from oauthcert.fixes.journal import SUFFIX, DiskFile, Header, Journal
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from tests.fakes.fixing import START, World, case, parts, plan, turn
from tests.fakes.parts import fake_parts
from tests.fakes.servers import FakeServer
from tests.fakes.terminal import FakeConsole

Call = Callable[..., tuple[int, FakeConsole]]
STEP = turn("fe01", Password=Secret("CANARY"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def journal(tmp_path: Path) -> Call:
    made, _ = fake_parts(tmp_path, {"fe01": FakeServer()})

    def call(*arguments: str) -> tuple[int, FakeConsole]:
        console = FakeConsole()
        return run(["journal", *arguments, "--lang", "en"], made, console), console

    return call


def repaired(folder: Path, lines: int | None = None) -> str:
    """A run; cut after so many lines it is one that was interrupted."""
    done = repair(case(), plan(STEP), parts(World(), folder), consent=Consent.CHANGE, token=CancelToken(), tell=lambda _event: None)
    file = folder / "journal" / f"{done.run}{SUFFIX}"
    if lines is not None:
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:lines]))
    return done.run


def test_that_nothing_begun_is_said(journal: Call) -> None:
    code, console = journal("list")
    assert (code, console.out) == (0, "")
    assert "No repair was begun" in console.err
    assert journal("list", "--format", "json")[1].out.strip() == "[]"


def test_that_runs_are_listed_with_how_they_ended(journal: Call, folder: Path) -> None:
    finished, cut = repaired(folder), repaired(folder, 2)
    (folder / "journal" / f"x{SUFFIX}").write_bytes(b"nonsense\n")
    code, console = journal("list")
    lines = {line.split()[0]: line for line in console.out.splitlines()}
    assert code == 0
    assert "finished" in lines[finished]
    assert "interrupted" in lines[cut]
    assert "damaged" in lines[f"x{SUFFIX}"]
    told = json.loads(journal("list", "--format", "json")[1].out)
    assert {one["run"]: one["unfinished"] for one in told if "run" in one} == {finished: False, cut: True}


def test_that_an_interrupted_run_tells_its_story_and_what_can_be_done(journal: Call, folder: Path) -> None:
    cut = repaired(folder, 2)
    code, console = journal("show", cut)
    assert code == 0
    assert "begun; not known what became of it" in console.out
    assert f"journal resume {cut} --look" in console.out
    assert "--undo" not in console.out
    told = json.loads(journal("show", cut, "--format", "json")[1].out)
    assert (told["can"], told["steps"][0]["state"]) == (["look", "keep"], "unknown")
    assert "CANARY" not in console.out + json.dumps(told)


def test_that_a_run_whose_change_is_certain_offers_to_undo_it(journal: Call, folder: Path) -> None:
    cut = repaired(folder, 3)
    assert f"journal resume {cut} --undo" in journal("show", cut)[1].out
    assert json.loads(journal("show", cut, "--format", "json")[1].out)["can"] == ["undo", "keep"]


def test_that_keeping_ends_the_run_and_asks_nobody(journal: Call, folder: Path) -> None:
    cut = repaired(folder, 2)
    code, console = journal("resume", cut, "--keep")
    assert code == 0
    assert "left as it is" in console.out
    assert json.loads(journal("show", cut, "--format", "json")[1].out)["unfinished"] is False


def test_that_undoing_needs_agreement_and_looking_an_account(journal: Call, folder: Path) -> None:
    cut = repaired(folder, 3)
    assert journal("resume", cut, "--undo")[0] == 64
    assert journal("resume", cut, "--undo", "--yes", "change")[0] == 64
    assert journal("resume", cut)[0] == 64


ESCAPE = "\x1b[2J\u202e"


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_a_journal_of_somebody_else_cannot_steer_the_terminal(journal: Call, folder: Path, language: str) -> None:
    run_id = "20261121T120000Z-000000"
    step = replace(turn(f"fe01{ESCAPE}"), words=ESCAPE, facts={"service": f"{ESCAPE}\nline"})
    header = Header(run_id, ESCAPE, START, ESCAPE, ESCAPE, ESCAPE, ESCAPE, (), plan(step))
    file = DiskFile(folder / "journal" / f"{run_id}{SUFFIX}", new=True)
    written = Journal.begin(file, "run", header)
    written.ended(StepResult(step.id, Outcome.REFUSED, START, START, ESCAPE, {"why": ESCAPE}, notes=(ESCAPE,)))
    for end in ("", ESCAPE):
        if end:
            written.end(START, end)
        for arguments in (("list",), ("show", run_id), ("show", run_id, "--format", "json"), ("show", ESCAPE), ("resume", ESCAPE)):
            code, console = journal(*arguments, "--lang", language)
            assert code in (0, 64)
            assert not {"\x1b", "\u202e"} & set(console.out + console.err), arguments


@pytest.mark.parametrize("action", ["show", "resume"])
@pytest.mark.parametrize("name", ["20261121T120000Z-ffffff", "../../etc/passwd", "x"])
def test_that_a_run_that_is_not_there_is_said(journal: Call, action: str, name: str) -> None:
    code, console = journal(action, name)
    assert code == 64
    assert "There is no repair" in console.err
