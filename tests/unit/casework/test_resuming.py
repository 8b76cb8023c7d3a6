"""Going on after an interruption: looking makes certain, undoing goes backwards, keeping ends it; nothing is made twice."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from oauthcert.casework.events import Event, RepairEvent, StepEnded
from oauthcert.casework.repair import repair
from oauthcert.casework.resuming import How, Resumed, resume, undo
from oauthcert.fixes.journal import SUFFIX
from oauthcert.fixes.journal_reading import NoSuchRun, read_run
from oauthcert.fixes.one_at_a_time import OnlyRepair, RepairRunning
from oauthcert.fixes.recovery import State, story_of, unfinished
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent, Plan
from oauthcert.model.repair import Outcome, Repair
from tests.fakes.fixing import START, World, case, parts, plan, turn

ONE, TWO = turn("fe01", 1, Name="a"), turn("fe01", 2, fix="two", Name="b")


class Bench:
    """A repair that ran, and what is done with its journal."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        self.folder = folder
        self.events: list[Event | RepairEvent] = []

    def run(self, made: Plan) -> Repair:
        return repair(
            case("fe01"), made, parts(self.world, self.folder), consent=Consent.CHANGE, token=CancelToken(), tell=self.events.append
        )

    def cut_after(self, run: str, lines: int) -> None:
        """As if the program had been killed then."""
        file = self.folder / "journal" / f"{run}{SUFFIX}"
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:lines]))

    def resume(self, run: str, how: How, *, later: float = 0.0) -> Resumed:
        now = START + timedelta(seconds=later)
        changed = parts(self.world, self.folder, now=lambda: now)
        return resume(run, how, changed, token=CancelToken(), tell=self.events.append)

    def states(self, run: str) -> list[State]:
        return [one.state for one in story_of(read_run(self.folder / "journal", run)).steps]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_that_a_look_finds_a_change_that_nobody_wrote_down(bench: Bench) -> None:
    run = bench.run(plan(ONE, TWO)).run
    bench.cut_after(run, 2)
    assert bench.states(run) == [State.UNKNOWN, State.NOT_BEGUN]
    resumed = bench.resume(run, How.LOOK)
    assert bench.states(run) == [State.DONE, State.NOT_BEGUN]
    assert resumed.results[0].before == {"state": "off", "mode": "Auto"}
    assert (resumed.story.can_undo, resumed.story.unfinished) == (True, True)
    assert len(bench.world.made) == 2


@pytest.mark.parametrize(("later", "state"), [(10.0, State.UNKNOWN), (3600.0, State.NOT_DONE)])
def test_that_not_made_counts_once_the_command_cannot_run_any_more(bench: Bench, later: float, state: State) -> None:
    run = bench.run(plan(ONE)).run
    bench.cut_after(run, 2)
    bench.world.on.clear()
    resumed = bench.resume(run, How.LOOK, later=later)
    assert bench.states(run) == [state]
    assert resumed.results[0].reason == ("may-still-run" if state is State.UNKNOWN else "not-made")
    assert resumed.story.unfinished is (state is State.UNKNOWN)


def test_that_a_server_that_is_away_leaves_it_not_known(bench: Bench) -> None:
    run = bench.run(plan(ONE)).run
    bench.cut_after(run, 2)
    bench.world.unseen = 99
    resumed = bench.resume(run, How.LOOK)
    assert resumed.results[0].outcome is Outcome.UNCERTAIN
    assert resumed.story.unfinished


def test_that_undoing_goes_backwards_with_what_was_there_before(bench: Bench) -> None:
    run = bench.run(plan(ONE, TWO)).run
    bench.cut_after(run, 4)  # the second was made and not written down
    resumed = bench.resume(run, How.UNDO)
    assert bench.states(run) == [State.UNDONE, State.UNDONE]
    assert [asked[2] for asked in bench.world.asked if asked[1] == "Stop-StartedService"] == [
        {"Name": "b", "Mode": "Auto", "Preview": False},
        {"Name": "a", "Mode": "Auto", "Preview": False},
    ]
    assert bench.world.on == set()
    assert (resumed.story.unfinished, resumed.story.how_ended) == (False, "undone")
    assert resumed.after is not None


def test_that_a_kept_run_is_ended_and_nobody_asked(bench: Bench) -> None:
    run = bench.run(plan(ONE)).run
    bench.cut_after(run, 2)
    asked = len(bench.world.asked)
    resumed = bench.resume(run, How.KEEP)
    assert (resumed.story.unfinished, resumed.story.how_ended, len(bench.world.asked)) == (False, "kept", asked)


def test_that_an_undoing_that_was_lost_is_looked_at_and_not_repeated(bench: Bench) -> None:
    done = bench.run(plan(ONE))
    bench.world.lose, bench.world.unseen = ["made"], 99
    undone = undo(done, parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append)
    assert undone.results[0].outcome is Outcome.UNCERTAIN
    assert bench.states(done.run) == [State.UNDO_UNKNOWN]
    bench.world.unseen = 0
    bench.resume(done.run, How.LOOK, later=3600)
    assert bench.states(done.run) == [State.UNDONE]
    assert [function for _, function in bench.world.made] == ["Start-StoppedService", "Stop-StartedService"]


def test_that_only_the_named_steps_are_taken_back_and_all_is_judged_again(bench: Bench) -> None:
    done = bench.run(plan(ONE, TWO))
    undone = undo(done, parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append, steps=[ONE.id])
    assert [(result.step, result.outcome) for result in undone.results] == [(ONE.id, Outcome.UNDONE)]
    assert undone.after is not None
    assert bench.states(done.run) == [State.UNDONE, State.DONE]
    again = undo(done, parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append)
    assert [result.step for result in again.results] == [TWO.id]


def test_that_what_was_there_already_is_not_taken_away(bench: Bench) -> None:
    bench.world.on.add(("fe01", "a"))
    done = bench.run(plan(ONE))
    undone = undo(done, parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append)
    assert undone.results == ()
    assert bench.world.on == {("fe01", "a")}


def test_that_nothing_is_resumed_twice_at_a_time_or_from_nowhere(bench: Bench) -> None:
    run = bench.run(plan(ONE)).run
    with OnlyRepair(bench.folder / "journal", "other"), pytest.raises(RepairRunning):
        bench.resume(run, How.LOOK)
    with pytest.raises(NoSuchRun):
        bench.resume("20261121T120000Z-ffffff", How.KEEP)


def test_that_undoing_leaves_open_what_nobody_could_look_at(bench: Bench) -> None:
    """The server is away while the other is taken back: the run must not be closed over a change that may have been made."""
    far = turn("fe02", 2, fix="two", Name="b")
    bench.world.lose = ["", "made"]
    bench.world.during = lambda server, _function: bench.world.away.add("fe02") if server == "fe02" else None
    done = repair(
        case("fe01", "fe02"),
        plan(ONE, far),
        parts(bench.world, bench.folder, lanes=1),
        consent=Consent.CHANGE,
        token=CancelToken(),
        tell=bench.events.append,
    )
    assert sorted(one.outcome.value for one in done.results) == ["changed", "uncertain"]
    resumed = bench.resume(done.run, How.UNDO, later=3600)
    assert sorted(bench.states(done.run)) == [State.UNDONE, State.UNKNOWN]
    assert resumed.story.unfinished
    bench.world.away.clear()
    bench.world.during = lambda _server, _function: None
    assert bench.resume(done.run, How.UNDO, later=3600).story.unfinished is False
    assert set(bench.states(done.run)) == {State.UNDONE}
    assert bench.world.on == set()


def test_that_a_repair_with_a_step_that_nobody_knows_of_comes_first_again(bench: Bench) -> None:
    bench.world.lose = ["made"]
    bench.world.during = lambda server, _function: bench.world.away.add(server)
    done = bench.run(plan(ONE))
    assert [one.outcome for one in done.results] == [Outcome.UNCERTAIN]
    (open_run,) = unfinished(bench.folder / "journal")
    assert (open_run.run, open_run.can_look) == (done.run, True)
    bench.world.away.clear()
    looked = bench.resume(done.run, How.LOOK, later=3600)
    assert [one.outcome for one in looked.results] == [Outcome.CHANGED]


def test_that_an_undoing_that_was_stopped_comes_first_again(bench: Bench) -> None:
    done = bench.run(plan(ONE, TWO))
    token = CancelToken()
    undo(done, parts(bench.world, bench.folder), token=token, tell=lambda event: token.cancel() if isinstance(event, StepEnded) else None)
    assert bench.states(done.run) == [State.DONE, State.UNDONE]
    (open_run,) = unfinished(bench.folder / "journal")
    assert open_run.can_undo


def test_that_a_journal_cannot_name_scripts_or_functions_of_its_own(bench: Bench) -> None:
    """Whatever stands in it, what is sent are this program's own scripts, and only for functions it has."""
    done = bench.run(plan(ONE, TWO))
    file = bench.folder / "journal" / f"{done.run}{SUFFIX}"
    head, rest = file.read_bytes().split(b"\n", 1)
    told = json.loads(head)
    told["plan"]["steps"][0]["undo"]["scripts"] = ["../../../../../etc/passwd"]
    told["plan"]["steps"][1]["undo"]["function"] = "Remove-Item"
    first, second = (line for line in rest.splitlines(keepends=True) if b'"intend"' in line)
    file.write_bytes(json.dumps(told).encode() + b"\n" + first + second)
    before = len(bench.world.asked)
    bench.resume(done.run, How.UNDO, later=3600)
    asked = [function for _server, function, _arguments in bench.world.asked[before:]]
    assert "Remove-Item" not in asked
    assert bench.world.made[-1] == ("fe01", "Stop-StartedService")
    assert ("fe01", "a") not in bench.world.on
