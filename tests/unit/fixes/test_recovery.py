"""What a journal means: what was intended, what is certainly done, what nobody knows, and what can be done about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.fixes.journal import SUFFIX, DiskFile, Header, Journal
from oauthcert.fixes.journal_reading import read_run
from oauthcert.fixes.one_at_a_time import OnlyRepair
from oauthcert.fixes.recovery import State, Story, action_to_look, story_of, unfinished
from oauthcert.model.plan import Action, Manner
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from tests.fakes.fixing import plan, standing, turn

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RUN = "20261121T120000Z-000000"
ONE, WAIT = turn("fe01"), standing("fe01", Manner.WAITS)
PLAN = plan(ONE, WAIT)
ACTION = Action(
    "Start-StoppedService",
    ("fixes/services.ps1",),
    {"Name": "switch", "Password": Secret("CANARY"), "Parts": [Secret("CANARY")]},
    seconds=5,
)


def result(outcome: Outcome, step: str = ONE.id) -> StepResult:
    return StepResult(step, outcome, NOW, NOW, before={"mode": "Manual"}, after={"state": "on"})


def story(folder: Path, *write: Callable[[Journal], None], run: str = RUN) -> Story:
    file = folder / f"{run}{SUFFIX}"
    journal = Journal.begin(DiskFile(file, new=True), str(file), Header(run, "1", NOW, "a", "u", "c", "live", (), PLAN))
    for one in write:
        one(journal)
    journal.close()
    return story_of(read_run(folder, run))


def intend(journal: Journal) -> None:
    journal.intend(ONE.id, "fe01", ACTION, NOW, {"mode": "Auto"}, undo=False)


def intend_undo(journal: Journal) -> None:
    journal.intend(ONE.id, "fe01", ACTION, NOW, {}, undo=True)


def ended(outcome: Outcome, *, undo: bool = False) -> Callable[[Journal], None]:
    return lambda journal: journal.ended(result(outcome), undo=undo)


def end(journal: Journal) -> None:
    journal.end(NOW, "finished")


def test_that_nothing_begun_is_nothing_to_undo(tmp_path: Path) -> None:
    told = story(tmp_path)
    assert [one.state for one in told.steps] == [State.NOT_BEGUN, State.NOT_BEGUN]
    assert (told.unfinished, told.can_look, told.can_undo) == (True, False, False)


def test_that_an_intention_without_an_end_is_not_known(tmp_path: Path) -> None:
    told = story(tmp_path, intend)
    assert told.steps[0].state is State.UNKNOWN
    assert (told.steps[0].begun, told.can_look, told.can_undo) == (NOW, True, False)
    assert told.known().before[ONE.id] == {"mode": "Auto"}


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.CHANGED, State.DONE),
        (Outcome.ALREADY, State.ALREADY),
        (Outcome.REFUSED, State.NOT_DONE),
        (Outcome.FAILED, State.NOT_DONE),
        (Outcome.UNCERTAIN, State.UNKNOWN),
        (Outcome.SKIPPED, State.SKIPPED),
        (Outcome.BY_HAND, State.BY_HAND),
        (Outcome.STILL_ON_ITS_WAY, State.WAITED),
    ],
)
def test_that_what_was_written_down_is_certain(tmp_path: Path, outcome: Outcome, state: State) -> None:
    told = story(tmp_path, intend, ended(outcome), end)
    assert told.steps[0].state is state
    assert told.can_undo is (outcome is Outcome.CHANGED)
    assert (told.unfinished, told.how_ended) == (False, "finished")


def test_that_a_later_look_settles_what_was_not_known(tmp_path: Path) -> None:
    told = story(tmp_path, intend, ended(Outcome.UNCERTAIN), ended(Outcome.CHANGED))
    assert told.steps[0].state is State.DONE
    assert told.known().before[ONE.id] == {"mode": "Manual"}


def test_that_undoing_has_its_own_states(tmp_path: Path) -> None:
    done = (intend, ended(Outcome.CHANGED))
    runs = iter(f"20261121T12000{number}Z-000000" for number in range(1, 9))
    assert story(tmp_path, *done, intend_undo, run=next(runs)).steps[0].state is State.UNDO_UNKNOWN
    assert story(tmp_path, *done, intend_undo, ended(Outcome.UNDONE, undo=True), run=next(runs)).steps[0].state is State.UNDONE
    failed = story(tmp_path, *done, intend_undo, ended(Outcome.FAILED, undo=True), run=next(runs))
    assert failed.steps[0].state is State.DONE
    assert failed.can_undo
    lost = story(tmp_path, *done, intend_undo, ended(Outcome.UNCERTAIN, undo=True), run=next(runs))
    assert (lost.steps[0].state, lost.can_look) == (State.UNDO_UNKNOWN, True)


def test_that_a_run_undone_after_its_end_is_unfinished_until_it_ends_again(tmp_path: Path) -> None:
    assert story(tmp_path, intend, ended(Outcome.CHANGED), end, intend_undo).unfinished


def test_that_an_unreadable_line_may_have_told_of_any_step(tmp_path: Path) -> None:
    story(tmp_path)
    file = tmp_path / f"{RUN}{SUFFIX}"
    file.write_bytes(file.read_bytes() + b"\xff\n")
    told = story_of(read_run(tmp_path, RUN))
    assert [one.state for one in told.steps] == [State.UNKNOWN, State.NOT_BEGUN]


def test_that_a_look_asks_what_was_asked_with_nothing_in_the_place_of_secrets(tmp_path: Path) -> None:
    action = action_to_look(story(tmp_path, intend).steps[0])
    assert action is not None
    assert action.function == "Start-StoppedService"
    assert action.arguments == {"Name": "switch", "Password": Secret(""), "Parts": [Secret("")]}


def test_that_a_look_into_an_undoing_asks_the_undoing(tmp_path: Path) -> None:
    action = action_to_look(story(tmp_path, intend, ended(Outcome.CHANGED), intend_undo).steps[0])
    assert action is not None
    assert action.function == "Stop-StartedService"


def test_that_the_unfinished_are_told_newest_first_but_for_the_one_that_runs(tmp_path: Path) -> None:
    assert unfinished(tmp_path / "nowhere") == ()
    newer = "20261122T120000Z-000000"
    story(tmp_path, intend)
    story(tmp_path, intend, run=newer)
    story(tmp_path, intend, ended(Outcome.CHANGED), end, run="20261123T120000Z-000000")
    assert [one.run for one in unfinished(tmp_path)] == [newer, RUN]
    with OnlyRepair(tmp_path, newer):
        assert [one.run for one in unfinished(tmp_path)] == [RUN]
