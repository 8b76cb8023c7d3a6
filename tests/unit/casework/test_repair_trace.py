"""A repair, an undoing and a run that was taken up again each leave their trace in the case they end with."""

from pathlib import Path

import pytest

from oauthcert.casework.repair import repair
from oauthcert.casework.resuming import How, resume, undo
from oauthcert.fixes.journal import SUFFIX
from oauthcert.model.cancel import CancelToken
from oauthcert.model.codec import from_text, to_text
from oauthcert.model.plan import Consent
from oauthcert.model.repair import Outcome, Repair
from tests.fakes.fixing import World, case, parts, plan, turn

ONE, TWO = turn("fe01", 1, Name="a"), turn("fe01", 2, fix="two", Name="b")


@pytest.fixture
def world() -> World:
    return World()


def run(world: World, folder: Path) -> Repair:
    return repair(case("fe01"), plan(ONE, TWO), parts(world, folder), consent=Consent.CHANGE, token=CancelToken(), tell=lambda _event: None)


def outcomes(repaired: Repair) -> list[list[Outcome]]:
    assert repaired.after is not None
    return [[step.outcome for step in one.steps] for one in repaired.after.repairs]


def test_that_the_case_after_a_repair_tells_of_it_and_keeps_it_in_its_file(world: World, tmp_path: Path) -> None:
    done = run(world, tmp_path)
    assert done.after is not None
    (record,) = done.after.repairs
    assert (record.run, outcomes(done)) == (done.run, [[Outcome.CHANGED, Outcome.CHANGED]])
    assert record.accounts
    text = to_text(done.after)
    assert from_text(text).repairs == done.after.repairs
    assert "CANARY" not in text


def test_that_an_undoing_stands_behind_what_it_took_back(world: World, tmp_path: Path) -> None:
    done = run(world, tmp_path)
    undone = undo(done, parts(world, tmp_path), token=CancelToken(), tell=lambda _event: None)
    assert outcomes(undone) == [[Outcome.CHANGED] * 2, [Outcome.UNDONE] * 2]


def test_that_an_interrupted_run_that_is_taken_back_tells_of_both(world: World, tmp_path: Path) -> None:
    done = run(world, tmp_path)
    file = tmp_path / "journal" / f"{done.run}{SUFFIX}"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    after = resume(done.run, How.UNDO, parts(world, tmp_path), token=CancelToken(), tell=lambda _event: None).after
    assert after is not None
    (record,) = after.repairs
    assert [step.outcome for step in record.steps] == [Outcome.CHANGED, Outcome.UNDONE]
    assert (record.run, record.before) == (done.run, None)
