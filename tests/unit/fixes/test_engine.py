"""One step on one server: its answer is read strictly, asked for once, and what became of a lost one is looked at before it is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.fixes.arguments import Known, NotKnown, filled, secret_fields
from oauthcert.fixes.engine import Call, Engine
from oauthcert.fixes.journal import DiskFile, Header, Journal
from oauthcert.fixes.journal_reading import RunRecord, read_file
from oauthcert.fixes.told import Threw, UnreadableTold, read_told
from oauthcert.model.evidence import Answer, Fault, JsonValue
from oauthcert.model.plan import Action, Ask, AskKind, FromAsk, FromStep, Plan
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from oauthcert.model.target import Target
from tests.fakes.fixing import START, Ticking, World, turn

STEP = turn("fe01")
ACTION = Action("Start-StoppedService", ("fixes/services.ps1",), {"Name": "switch", "Password": Secret("CANARY-pw")}, seconds=5)
CALL = Call(STEP.id, "fe01", ACTION)


class Bench:
    """An engine on a world, with a journal."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        self.file = folder / "20261121T120000Z-000000.ndjson"
        header = Header("20261121T120000Z-000000", "1", START, "a", "u", "c", "live", (), Plan(START, (STEP,)))
        self.journal = Journal.begin(DiskFile(self.file, new=True), "run", header)
        connection = self.world.connect(Target("fe01"), None)
        self.slept: list[float] = []
        self.clock = Ticking()
        self.engine = Engine(lambda _server: connection, self.clock, self.slept.append)

    def run(self, call: Call = CALL) -> StepResult:
        result = self.engine.run(call, self.journal).result
        self.journal.ended(result)
        return result

    def events(self) -> list[str]:
        record = read_file(self.file)
        assert isinstance(record, RunRecord)
        return [entry.event for entry in record.entries]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_that_a_change_is_written_down_before_it_is_asked_for(bench: Bench) -> None:
    seen: list[list[str]] = []
    bench.world.during = lambda _server, _function: seen.append(bench.events())
    result = bench.run()

    assert seen == [["intend"]]
    assert bench.events() == ["intend", "done"]
    assert (result.outcome, result.before, result.after) == (
        Outcome.CHANGED,
        {"state": "off", "mode": "Auto"},
        {"state": "on", "mode": "Auto"},
    )


def test_that_a_state_that_is_there_already_is_no_change(bench: Bench) -> None:
    bench.world.on.add(("fe01", "switch"))
    assert bench.run().outcome is Outcome.ALREADY
    assert bench.world.made == []


def test_that_a_refusal_says_why_and_what_was_there(bench: Bench) -> None:
    bench.world.refusing = "changed-meanwhile"
    result = bench.run()
    assert (result.outcome, result.reason, result.facts["state"]) == (Outcome.REFUSED, "changed-meanwhile", "off")


FATES = {
    "before": (Outcome.FAILED, "connection-reset", 0),
    "lost": (Outcome.FAILED, "not-made", 0),
    "made": (Outcome.CHANGED, "", 1),
    "threw": (Outcome.FAILED, "step-threw", 0),
    "threw-made": (Outcome.CHANGED, "", 1),
    "garbage": (Outcome.FAILED, "not-made", 0),
    "garbage-made": (Outcome.CHANGED, "", 1),
}


@pytest.mark.parametrize("fate", FATES)
def test_that_whatever_happened_to_the_answer_the_outcome_is_what_the_server_shows(bench: Bench, fate: str) -> None:
    bench.world.lose = [fate]
    result = bench.run()
    outcome, reason, made = FATES[fate]
    assert (result.outcome, result.reason, len(bench.world.made)) == (outcome, reason, made)
    assert sum(asked[2]["Preview"] is False for asked in bench.world.asked) <= 1
    assert b"CANARY" not in bench.file.read_bytes()
    assert "CANARY" not in str(result)


@pytest.mark.parametrize("fate", ["lost", "made", "threw", "threw-made", "garbage", "garbage-made"])
def test_that_what_cannot_be_seen_stays_not_known(bench: Bench, fate: str) -> None:
    bench.world.lose, bench.world.unseen = [fate], 99
    result = bench.run()
    assert result.outcome is Outcome.UNCERTAIN
    assert bench.events() == ["intend", "uncertain"]
    assert bench.slept == [1.0, 3.0]


def test_that_a_look_that_succeeds_later_is_believed(bench: Bench) -> None:
    bench.world.lose, bench.world.unseen = ["made"], 2
    assert bench.run().outcome is Outcome.CHANGED


def test_that_not_made_is_not_said_while_the_lost_round_may_still_run(bench: Bench) -> None:
    bench.world.lose, bench.world.left_running = ["lost"], True
    assert bench.run().outcome is Outcome.UNCERTAIN


@pytest.mark.parametrize("jump", [86_400, -86_400])
def test_that_a_clock_that_is_set_meanwhile_ends_nothing_on_the_server(bench: Bench, jump: int) -> None:
    bench.world.lose, bench.world.left_running = ["lost"], True
    bench.world.during = lambda _server, _function: setattr(bench.clock, "seconds", bench.clock.seconds + jump)
    assert bench.run().outcome is Outcome.UNCERTAIN


def test_that_a_refusal_of_the_look_leaves_it_not_known(bench: Bench) -> None:
    bench.world.lose = ["lost"]
    bench.world.during = lambda _server, _function: setattr(bench.world, "refusing", "requested-meanwhile")
    result = bench.run()
    assert (result.outcome, result.facts["seen"]) == (Outcome.UNCERTAIN, "requested-meanwhile")


def test_that_a_bug_in_between_loses_no_change(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_server: str, _function: str) -> None:
        raise ZeroDivisionError

    bench.world.during = broken
    result = bench.run()
    assert (result.outcome, result.reason, result.facts) == (Outcome.UNCERTAIN, "unexpected", {"type": "ZeroDivisionError"})
    assert "broke" in caplog.text


def test_that_what_the_way_back_needs_is_written_down_first(bench: Bench) -> None:
    bench.world.lose, bench.world.unseen = ["made"], 0
    result = bench.run(replace(CALL, look_first=True))
    record = read_file(bench.file)
    assert isinstance(record, RunRecord)
    assert record.entries[0].before == {"state": "off", "mode": "Auto"}
    assert (result.outcome, result.before) == (Outcome.CHANGED, {"state": "off", "mode": "Auto"})


@pytest.mark.parametrize(("on", "refusing", "outcome"), [(True, "", Outcome.ALREADY), (False, "too-soon", Outcome.REFUSED)])
def test_that_a_look_before_may_end_the_step_without_an_intention(bench: Bench, on: bool, refusing: str, outcome: Outcome) -> None:
    bench.world.on |= {("fe01", "switch")} if on else set()
    bench.world.refusing = refusing
    assert bench.run(replace(CALL, look_first=True)).outcome is outcome
    assert "intend" not in bench.events()
    assert all(asked[2]["Preview"] is True for asked in bench.world.asked)


def test_that_a_look_before_that_fails_changes_nothing(bench: Bench) -> None:
    bench.world.unseen = 1
    result = bench.run(replace(CALL, look_first=True))
    assert (result.outcome, result.reason) == (Outcome.FAILED, "connection-reset")
    assert bench.world.made == []


def test_that_a_server_that_repeats_a_password_gets_dots(bench: Bench) -> None:
    bench.world.lose = ["threw"]
    result = bench.run()
    assert result.facts["message"] == "it broke •••" or "CANARY" not in str(result.facts)


def told(**changes: JsonValue) -> Answer:
    fields: dict[str, JsonValue] = {"outcome": "changed", "reason": None, "before": {"a": 1}, "after": {"b": ["x"]}, "notes": ["n"]}
    return Answer("fix", True, ({**fields, **changes},))


def test_that_an_honest_answer_is_read() -> None:
    read = read_told(told())
    assert (read.outcome, read.reason, read.before, read.after, read.notes) == ("changed", "", {"a": 1}, {"b": ("x",)}, ("n",))
    assert read_told(told(before=None, after=None, notes=None)).before == {}


HOSTILE: list[Answer] = [
    Answer("fix", True),
    Answer("fix", True, ("changed",)),
    Answer("fix", True, ({}, {})),
    told(outcome="CHANGED"),
    told(outcome=None),
    told(outcome=["changed"]),
    told(reason="<b>no</b>"),
    told(reason="a" * 100_000),
    told(reason=3),
    told(before=[1]),
    told(before={"a": {"b": 1}}),
    told(after={"a": "x" * 8001}),
    told(after={"a": [1]}),
    told(after={"a": float("inf")}),
    told(after={"<script>": 1}),
    told(after={f"a{number}": 1 for number in range(61)}),
    told(notes=[1]),
    told(notes=["x"] * 101),
]


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_that_a_hostile_answer_is_not_believed(answer: Answer) -> None:
    with pytest.raises(UnreadableTold):
        read_told(answer)


def test_that_a_thrown_error_keeps_its_record() -> None:
    fault = Fault("A", "B")
    with pytest.raises(Threw) as caught:
        read_told(Answer("fix", False, fault=fault))
    assert caught.value.fault is fault


def test_that_secret_fields_are_wrapped_before_anything_sees_them() -> None:
    read = read_told(told(after={"parts": ["CANARY-1", "CANARY-2"], "sha256": "ab"}), frozenset({"parts"}))
    assert read.after == {"sha256": "ab"}
    assert read.secrets == {"parts": [Secret("CANARY-1"), Secret("CANARY-2")]}
    assert "CANARY" not in repr(read)
    with pytest.raises(UnreadableTold) as caught:
        read_told(told(after={"parts": {"a": "CANARY-3"}}), frozenset({"parts"}))
    assert "CANARY" not in str(caught.value)


ASKS = (Ask("pw", "f", AskKind.SECRET, "w"), Ask("pfx", "f", AskKind.FILE, "w"), Ask("name", "f", AskKind.TEXT, "w"))


def test_that_arguments_come_from_steps_answers_and_files() -> None:
    known = Known({"pw": "CANARY-typed", "pfx": b"\0" * 90_000, "name": "OAuth 2026"})
    known.before["s"], known.after["s"] = {"mode": "Auto"}, {"thumbprint": "AB", "parts": [Secret("p")]}
    action = Action(
        "F",
        (),
        {
            "Thumbprint": FromStep("s", "thumbprint"),
            "Mode": FromStep("s", "before.mode"),
            "After": FromStep("s", "after.thumbprint"),
            "Secret": FromStep("s", "thumbprint", secret=True),
            "Exported": FromStep("s", "parts", secret=True),
            "Parts": FromAsk("pfx"),
            "Answer": FromAsk("pfx"),
            "Password": FromAsk("pw"),
            "List": [FromAsk("name"), "x"],
        },
    )
    arguments = filled(action, known, ASKS).arguments
    assert (arguments["Thumbprint"], arguments["Mode"], arguments["After"]) == ("AB", "Auto", "AB")
    assert arguments["Secret"] == Secret("AB")
    assert arguments["Exported"] == [Secret("p")]
    assert arguments["Password"] == Secret("CANARY-typed")
    assert arguments["List"] == ["OAuth 2026", "x"]
    parts = arguments["Parts"]
    assert isinstance(parts, list)
    assert [len(part.reveal()) for part in parts] == [60_000, 60_000]
    assert arguments["Answer"] == "A" * 120_000


@pytest.mark.parametrize("value", [FromAsk("other"), FromStep("t", "x"), FromStep("s", "missing"), FromStep("s", "between.x")])
def test_that_what_is_not_known_is_not_made_up(value: object) -> None:
    known = Known()
    known.after["s"] = {"x": 1}
    with pytest.raises(NotKnown):
        filled(Action("F", (), {"A": value}), known)


def test_that_the_export_of_a_configuration_is_secret_even_when_no_plan_says_so() -> None:
    step = replace(STEP, action=Action("Export-MasterConfiguration", ()))
    assert step.action is not None
    assert secret_fields(Plan(START, (step,)), step.id, step.action) == {"parts"}
    later = replace(STEP, id="x", action=Action("F", (), {"A": [FromStep(step.id, "after.pem", secret=True)]}))
    assert secret_fields(Plan(START, (step, later)), step.id, step.action) == {"parts", "pem"}
