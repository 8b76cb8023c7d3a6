"""A plan carried out: in order, one lane for each server, stopped where it makes sense, never beyond what was agreed to, and measured."""

import errno
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oauthcert.casework.events import (
    Event,
    Repaired,
    RepairEvent,
    RepairStarted,
    StepEnded,
    StepSaid,
    StepStarted,
    StepWaiting,
    VerifyStarted,
)
from oauthcert.casework.previewing import preview
from oauthcert.casework.repair import NotConsented, repair
from oauthcert.casework.repair_parts import Given, RepairParts
from oauthcert.casework.step_order import batches
from oauthcert.fixes.functions import call
from oauthcert.fixes.journal import DiskFile, JournalNotWritten
from oauthcert.fixes.journal_reading import RunRecord, list_runs
from oauthcert.fixes.one_at_a_time import OnlyRepair, RepairRunning
from oauthcert.model.cancel import CancelToken
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Ask, AskKind, Consent, FromAsk, FromStep, Manner, Plan, Step
from oauthcert.model.repair import Outcome, Repair
from oauthcert.model.secret import Secret
from tests.fakes.fixing import START, Bystander, World, case, parts, plan, standing, turn

DONE, FAILED = Outcome.CHANGED, Outcome.FAILED


class Bench:
    """Runs plans on a world; `events` is what was told."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        self.folder = folder
        self.events: list[Event | RepairEvent] = []
        self.token = CancelToken()

    def run(
        self, made: Plan, answers: Mapping[str, Given] | None = None, *, consent: Consent = Consent.IRREVERSIBLE, **changes: object
    ) -> Repair:
        servers = dict.fromkeys(step.server for step in made.steps)
        with_what: RepairParts = parts(self.world, self.folder, **changes)
        return repair(case(*servers), made, with_what, answers, consent=consent, token=self.token, tell=self.events.append)

    def outcomes(self, repair: Repair) -> list[str]:
        return [result.outcome.value for result in repair.results]

    def record(self) -> RunRecord:
        (record,) = list_runs(self.folder / "journal")
        assert isinstance(record, RunRecord)
        return record

    def journal(self) -> bytes:
        return b"".join(file.read_bytes() for file in (self.folder / "journal").iterdir())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_that_a_repair_ends_with_a_measurement(bench: Bench) -> None:
    made = plan(turn("fe01"), standing("fe01", Manner.WAITS))
    done = bench.run(made)

    assert bench.outcomes(done) == ["changed", "arrived"]
    assert done.went_well
    assert done.after is not None
    assert done.after.finding("sign-in-accepted@fe01").verdict is Verdict.PASS
    assert [entry.event for entry in bench.record().entries] == ["intend", "done", "arrived", "verified", "end"]
    assert bench.record().header.run == done.run
    assert bench.record().header.account == "CONTOSO\\admin"
    own = [event for event in bench.events if isinstance(event, RepairEvent)]
    kinds = [RepairStarted, StepStarted, StepEnded, StepStarted, StepWaiting, StepEnded, VerifyStarted, Repaired]
    assert [type(event) for event in own] == kinds
    assert own[-1] == Repaired(done)
    assert bench.world.closed == 1


def test_that_nothing_is_begun_beyond_what_was_agreed_to(bench: Bench) -> None:
    with pytest.raises(NotConsented):
        bench.run(plan(turn("fe01", consent=Consent.DISRUPTIVE)), consent=Consent.CHANGE)
    assert bench.world.asked == []
    assert not (bench.folder / "journal").exists()


def test_that_a_second_repair_at_the_same_time_is_refused(bench: Bench) -> None:
    with OnlyRepair(bench.folder / "journal", "other"), pytest.raises(RepairRunning):
        bench.run(plan(turn("fe01")))
    assert bench.world.asked == []


def test_that_notes_of_the_server_are_passed_on(bench: Bench) -> None:
    bench.world.notes = ["Assigned.", "<b>bold</b>"]
    step = turn("fe01")
    bench.run(plan(step))
    assert [event for event in bench.events if isinstance(event, StepSaid)] == [
        StepSaid(step.id, "Assigned."),
        StepSaid(step.id, "<b>bold</b>"),
    ]


def test_that_a_listener_that_breaks_costs_its_news_only(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: object) -> None:
        raise ValueError

    made = plan(turn("fe01"))
    done = repair(case(), made, parts(bench.world, bench.folder), consent=Consent.CHANGE, token=CancelToken(), tell=broken)
    assert done.went_well
    assert "a listener broke" in caplog.text


# --- order


def test_that_servers_have_lanes_and_what_is_wide_stands_alone() -> None:
    one, two, other = turn("fe01", 1), turn("fe01", 2), turn("fe02", 3)
    wide, after = turn("fe01", 4, wide=True), turn("fe03", 5)
    wait = standing("fe03", Manner.WAITS, 6)
    assert [batch.lanes for batch in batches(plan(one, other, two, wide, after, wait))] == [
        ((one, two), (other,)),
        ((wide,),),
        ((after,),),
        ((wait,),),
    ]


def test_that_what_takes_something_from_another_server_waits_for_it() -> None:
    one = turn("fe01", 1)
    taking = turn("fe02", 2, Mode=FromStep(one.id, "mode"))
    asking = turn("fe03", 3, Mode=FromAsk("x"))
    assert [batch.lanes for batch in batches(plan(one, taking, asking))] == [((one,),), ((taking,),), ((asking,),)]


def test_that_lanes_run_beside_each_other_and_each_in_order(bench: Bench) -> None:
    both = threading.Barrier(2, timeout=10)
    bench.world.during = lambda server, _function: None if ("fe01", "Start-StoppedService") in bench.world.made else _meet(both)
    steps = [turn("fe01", 1, Name="a"), turn("fe02", 2, fix="other", Name="a"), turn("fe01", 3, Name="b")]
    done = bench.run(plan(*steps))
    assert done.went_well
    assert [result.step for result in done.results] == [step.id for step in steps]
    assert [server for server, _ in bench.world.made].count("fe01") == 2


def _meet(barrier: threading.Barrier) -> None:
    if not barrier.broken and barrier.n_waiting < 2:
        barrier.wait()


def test_that_a_failure_takes_the_ground_from_what_builds_on_it_only(bench: Bench) -> None:
    bench.world.lose = ["lost"]
    first = turn("fe01", 1, Name="a")
    same = turn("fe01", 2, Name="b")
    taking = turn("fe02", 3, fix="taking", Name="c", Mode=FromStep(first.id, "mode"))
    wait = standing("fe01", Manner.WAITS, 4)
    free = turn("fe03", 5, fix="free", Name="d")
    done = bench.run(plan(first, same, taking, wait, free))
    assert bench.outcomes(done) == ["failed", "skipped", "skipped", "skipped", "changed"]
    assert {result.reason for result in done.results[1:4]} == {"earlier-step-failed"}


@pytest.mark.parametrize("fate", ["lost", "before"])
def test_that_after_a_failure_for_the_whole_deployment_nothing_else_is_begun(bench: Bench, fate: str) -> None:
    bench.world.lose = [fate]
    done = bench.run(plan(turn("fe01", 1, wide=True), turn("fe02", 2, fix="other")))
    assert bench.outcomes(done) == ["failed", "skipped"]


def test_that_a_server_that_is_not_among_those_looked_at_fails_its_step(bench: Bench) -> None:
    made = plan(turn("stranger"))
    done = repair(
        case("fe01"), made, parts(bench.world, bench.folder), consent=Consent.CHANGE, token=CancelToken(), tell=bench.events.append
    )
    assert (done.results[0].outcome, done.results[0].reason) == (FAILED, "unknown-server")


def test_that_a_second_assignment_is_never_sent(bench: Bench) -> None:
    assigning = replace(turn("fe01", 1), action=call("Set-OAuthAssignment", Name="a"), undo=None)
    again = replace(assigning, id="turn@fe02/2", fix="again", server="fe02")
    done = bench.run(plan(assigning, again))
    assert bench.outcomes(done) == ["changed", "refused"]
    assert [asked[0] for asked in bench.world.asked] == ["fe01"]


# --- values


def test_that_exported_secrets_reach_their_step_and_nothing_else(bench: Bench) -> None:
    export = Step(
        "refresh@fe01/1",
        "refresh",
        "fe01",
        Manner.DOES,
        "export",
        Consent.LOOK,
        action=call("Export-MasterConfiguration"),
    )
    use = turn("fe02", 2, fix="refresh", Parts=FromStep(export.id, "parts", secret=True), Sha256=FromStep(export.id, "sha256"))
    hidden: list[Secret] = []
    done = bench.run(plan(export, use), hide=hidden.append)

    assert done.went_well
    assert bench.world.asked[-1][2]["Parts"] == [Secret("CANARY-part")]
    assert bench.world.asked[-1][2]["Sha256"] == "ab"
    assert Secret("CANARY-part") in hidden
    assert "CANARY" not in repr(done) + repr(bench.events)
    assert b"CANARY" not in bench.journal()


PASSWORD = Ask("password", "turn", AskKind.SECRET, "w")


def test_that_answers_reach_their_step_and_are_wrapped(bench: Bench) -> None:
    step = turn("fe01", Password=FromAsk("password"))
    done = bench.run(plan(step, asks=(PASSWORD,)), {"password": "CANARY-given-as-text"})
    assert done.went_well
    assert bench.world.asked[-1][2]["Password"] == Secret("CANARY-given-as-text")
    assert b"CANARY" not in bench.journal()


def test_that_a_person_is_asked_for_what_is_missing_and_may_not_know(bench: Bench) -> None:
    step = turn("fe01", Password=FromAsk("password"))
    person = Bystander(answers={"password": Secret("CANARY-x")})
    assert bench.run(plan(step, asks=(PASSWORD,)), person=person).went_well
    assert person.asked == ["password"]

    other = Bench(bench.folder / "other")
    done = other.run(plan(step, asks=(PASSWORD,)))
    assert (done.results[0].outcome, done.results[0].reason) == (Outcome.SKIPPED, "not-answered")
    optional = replace(PASSWORD, kind=AskKind.TEXT, required=False, default="standard")
    another = Bench(bench.folder / "another")
    assert another.run(plan(step, asks=(optional,))).went_well
    assert another.world.asked[-1][2]["Password"] == "standard"


# --- waiting, and people


def test_that_a_wait_looks_until_it_has_arrived(bench: Bench) -> None:
    bench.world.away = {"fe01"}

    def tell(event: Event | RepairEvent) -> None:
        bench.events.append(event)
        if sum(isinstance(one, StepWaiting) for one in bench.events) == 3:
            bench.world.away = set()

    wait = standing("fe01", Manner.WAITS)
    done = repair(case(), plan(wait), parts(bench.world, bench.folder), consent=Consent.LOOK, token=CancelToken(), tell=tell)
    assert done.results[0].outcome is Outcome.ARRIVED
    waits = [event for event in bench.events if isinstance(event, StepWaiting)]
    assert len(waits) >= 4
    assert (waits[0].until - waits[0].since).total_seconds() == wait.longest_seconds
    assert [one.id for one in waits[0].seen] == ["sign-in-accepted@fe01"]
    assert waits[-1].seen[0].verdict is Verdict.PASS


def test_that_a_wait_gives_up_in_time_and_says_what_is_missing(bench: Bench) -> None:
    bench.world.away = {"fe01"}
    done = bench.run(plan(standing("fe01", Manner.WAITS, longest=0.2)))
    result = done.results[0]
    assert (result.outcome, result.reason) == (Outcome.STILL_ON_ITS_WAY, "still-on-its-way")
    assert result.facts == {"findings": ("sign-in-accepted@fe01",)}
    assert not done.went_well


@pytest.mark.parametrize("step", [timedelta(days=-1), timedelta(days=1)])
def test_that_a_clock_that_jumps_neither_ends_a_wait_nor_prolongs_it(bench: Bench, step: timedelta) -> None:
    bench.world.away.add("fe01")
    times = iter(range(10_000))
    begun = time.monotonic()
    done = bench.run(plan(standing("fe01", Manner.WAITS, longest=0.4)), now=lambda: START + next(times) * step)
    assert done.results[0].outcome is Outcome.STILL_ON_ITS_WAY
    assert 0.3 < time.monotonic() - begun < 10


def test_that_a_cancelled_wait_ends_at_once(bench: Bench) -> None:
    bench.world.away = {"fe01"}
    threading.Timer(0.2, bench.token.cancel).start()
    begun = time.monotonic()
    done = bench.run(plan(standing("fe01", Manner.WAITS, longest=60)), poll_seconds=30.0)
    assert time.monotonic() - begun < 1.2
    assert (done.results[0].reason, done.after) == ("stopped-waiting", None)
    assert bench.record().entries[-1].how == "stopped"


def test_that_a_cancel_waits_for_the_step_and_begins_no_other(bench: Bench) -> None:
    bench.world.during = lambda _server, _function: bench.token.cancel()
    done = bench.run(plan(turn("fe01", 1, Name="a"), turn("fe01", 2, Name="b"), standing("fe01", Manner.WAITS)))
    assert bench.outcomes(done) == ["changed"]
    assert done.after is None
    assert [entry.event for entry in bench.record().entries] == ["intend", "done", "end"]


def test_that_a_person_is_believed_when_the_server_shows_it(bench: Bench) -> None:
    bench.world.away = {"fe01"}
    person = Bystander([True, True, True])
    person.then = lambda: bench.world.away.clear() if len(person.asked) == 3 else None
    done = bench.run(plan(standing("fe01", Manner.GUIDES)), person=person)
    assert done.results[0].outcome is Outcome.BY_HAND
    assert len(person.asked) == 3


def test_that_a_person_may_leave_it(bench: Bench) -> None:
    bench.world.away = {"fe01"}
    done = bench.run(plan(standing("fe01", Manner.GUIDES), standing("fe01", Manner.WAITS, 3)), person=Bystander([True, False]))
    assert [(result.outcome, result.reason) for result in done.results] == [
        (Outcome.SKIPPED, "left-to-the-person"),
        (Outcome.SKIPPED, "earlier-step-failed"),
    ]


def test_that_a_person_without_findings_is_taken_at_their_word(bench: Bench) -> None:
    step = replace(standing("fe01", Manner.GUIDES), settles=())
    assert bench.run(plan(step), person=Bystander([True])).results[0].outcome is Outcome.BY_HAND


# --- the journal cannot be written


class Full:
    """A file on a disk that is full after so many lines."""

    def __init__(self, file: Path, lines: int) -> None:
        self._file = DiskFile(file, new=True)
        self._left = lines

    def append(self, line: bytes) -> None:
        if not self._left:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._left -= 1
        self._file.append(line)

    def close(self) -> None:
        self._file.close()


def test_that_without_a_head_nothing_is_begun(bench: Bench) -> None:
    with pytest.raises(JournalNotWritten):
        bench.run(plan(turn("fe01")), open_journal=lambda file, _new: Full(file, 0))
    assert bench.world.asked == []


def test_that_what_cannot_be_written_down_is_not_done(bench: Bench) -> None:
    done = bench.run(plan(turn("fe01", 1), turn("fe01", 2, fix="b", Name="b")), open_journal=lambda file, _new: Full(file, 1))
    assert [(result.outcome, result.reason) for result in done.results] == [(FAILED, "journal-not-written")]
    assert bench.world.made == []


def test_that_what_was_done_is_told_although_it_cannot_be_written_down(bench: Bench) -> None:
    done = bench.run(plan(turn("fe01", 1), turn("fe01", 2, fix="b", Name="b")), open_journal=lambda file, _new: Full(file, 2))
    assert [(result.outcome, result.reason) for result in done.results] == [(DONE, "journal-not-written")]
    assert len(bench.world.made) == 1
    assert done.after is not None
    assert [entry.event for entry in bench.record().entries] == ["intend"]


# --- before anything is done


def test_that_a_preview_asks_and_changes_nothing(bench: Bench) -> None:
    there = turn("fe02", 2, fix="there")
    bench.world.on.add(("fe02", "switch"))
    export = replace(turn("fe01", 4, fix="look"), consent=Consent.LOOK)
    later = turn("fe01", 5, fix="later", Mode=FromStep(there.id, "mode"))
    made = plan(turn("fe01"), there, standing("fe01", Manner.WAITS, 3), export, later)
    told = preview(case("fe01", "fe02"), made, parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append)
    assert [one.outcome for one in told] == ["preview", "already", "later", "later", "later"]
    assert bench.world.made == []
    assert not (bench.folder / "journal").exists()


def test_that_a_preview_tells_why_it_cannot_be_told(bench: Bench) -> None:
    bench.world.unseen = 1
    told = preview(
        case(), plan(turn("fe01"), turn("fe02", 2)), parts(bench.world, bench.folder), token=CancelToken(), tell=bench.events.append
    )
    assert [(one.outcome, one.reason) for one in told] == [("failed", "connection-reset"), ("failed", "unknown-server")]
