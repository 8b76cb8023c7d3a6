"""Servers with something to mend, without a network: each has named switches that repairs turn, and may lose its connection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from oauthcert.casework.repair_parts import Given, RepairParts
from oauthcert.fixes.functions import call
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, ClockSeen, Fault, JsonValue, NotSeen, Observation, ReachSeen, SignInSeen, TlsSeen
from oauthcert.model.plan import Ask, Consent, FromStep, Manner, Plan, Step
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.failures import AnswerLost, ConnectionReset
from oauthcert.remote.wire import Question
from tests.fakes.servers import CLOCK, REACHED, SIGNED_IN

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
SETTLED = "sign-in-accepted"


@dataclass
class World:
    """`on` are the switches that are turned, as (server, name); `made` every change in its order.

    `lose` says for the next changes what happens to them: `before` (never reached it), `lost` (reached, not made), `made` (made, unheard),
    `threw`, `threw-made`, `garbage`, `garbage-made`; "" for nothing. `unseen` makes as many previews fail. `refusing` servers refuse.
    """

    on: set[tuple[str, str]] = field(default_factory=set)
    made: list[tuple[str, str]] = field(default_factory=list)
    lose: list[str] = field(default_factory=list)
    unseen: int = 0
    refusing: str = ""
    away: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    during: Callable[[str, str], None] = lambda _server, _function: None
    left_running: bool = False
    lock: Lock = field(default_factory=Lock)
    closed: int = 0

    def connect(self, target: Target, credential: Credential | None) -> "WorldConnection":
        return WorldConnection(self, target.name)


@dataclass
class WorldConnection:
    """One server of the world."""

    world: World
    server: str
    reached: ReachSeen | None = None
    signed_in: SignInSeen | None = None
    clock: ClockSeen | None = CLOCK
    tls: TlsSeen | None = None

    @property
    def left_running(self) -> bool:
        return self.world.left_running

    def ask(
        self,
        questions: Sequence[Question],
        library: str,
        *,
        deadline_seconds: float,
        token: CancelToken,
        on_answer: Callable[[Answer], None],
        once: bool = False,
    ) -> None:
        token.raise_if_cancelled()
        if self.server in self.world.away:
            self.reached = self.signed_in = None
            raise ConnectionReset(doing="receive")
        self.reached, self.signed_in = REACHED, SIGNED_IN
        on_answer(Answer("hello", True, ({"edition": "5.1", "process64": True, "computer": "X", "utc": "2026-11-21T12:00:00Z"},)))
        for question in questions:
            if question.id == "fix":
                on_answer(self._fix(question, once))

    def _fix(self, question: Question, once: bool) -> Answer:
        world, arguments = self.world, question.arguments
        with world.lock:
            world.asked.append((self.server, question.function, dict(arguments)))
        if question.function == "Export-MasterConfiguration":
            return _said("changed", {}, {"parts": ["CANARY-part"], "sha256": "ab", "seen": str(arguments.get("Name"))}, ["CANARY-no"][:0])
        switch = (self.server, str(arguments.get("Name", "switch")))
        wanted = not question.function.startswith("Stop-")
        preview = arguments.get("Preview") is True
        before: dict[str, JsonValue] = {"state": "on" if switch in world.on else "off", "mode": "Auto"}
        if preview and world.unseen:
            world.unseen -= 1
            raise ConnectionReset(doing="receive")
        if (switch in world.on) is wanted:
            return _said("already", before, before)
        if world.refusing:
            return _said("refused", before, before, reason=world.refusing)
        if preview:
            return _said("preview", before, None)
        assert once, "a change was asked without the promise to ask it once"
        fate = world.lose.pop(0) if world.lose else ""
        if fate == "before":
            raise ConnectionReset(doing="send")
        world.during(self.server, question.function)
        if fate not in ("lost", "threw", "garbage"):
            with world.lock:
                world.made.append((self.server, question.function))
                world.on.add(switch) if wanted else world.on.discard(switch)
        if fate in ("lost", "made"):
            raise AnswerLost(cause="connection-reset")
        if fate.startswith("threw"):
            return Answer("fix", False, fault=Fault("NotSpecified", "Broken", "System.Exception", f"it broke {arguments.get('Password')}"))
        if fate.startswith("garbage"):
            return Answer("fix", True, ({"outcome": "splendid"},))
        return _said("changed", before, {"state": "on" if wanted else "off", "mode": "Auto"}, self.world.notes)

    def close(self) -> None:
        self.world.closed += 1


def _said(
    outcome: str,
    before: Mapping[str, JsonValue],
    after: Mapping[str, JsonValue] | None,
    notes: Sequence[str] = (),
    reason: str | None = None,
) -> Answer:
    told: dict[str, JsonValue] = {
        "outcome": outcome,
        "reason": reason,
        "before": dict(before),
        "after": None if after is None else dict(after),
        "notes": list(notes),
    }
    return Answer("fix", True, (told,))


def turn(
    server: str, number: int = 1, *, fix: str = "turn", consent: Consent = Consent.CHANGE, wide: bool = False, **arguments: object
) -> Step:
    """A step that turns a switch, with a way back that takes what was there before."""
    name = f"{fix}@{server}/{number}"
    undo = {"Name": arguments.get("Name", "switch"), "Mode": FromStep(name, "before.mode")}
    return Step(
        name,
        fix,
        server,
        Manner.DOES,
        "start-service",
        consent,
        action=replace(call("Start-StoppedService", **{"Name": "switch", **arguments}), seconds=5),
        undo=replace(call("Stop-StartedService", **undo), seconds=5),
        settles=(f"{SETTLED}@{server}",),
        wide=wide,
    )


def standing(server: str, manner: Manner, number: int = 2, *, fix: str = "turn", longest: float = 5.0) -> Step:
    """A step that waits or guides; it is settled as soon as the server answers."""
    return Step(
        f"{fix}@{server}/{number}",
        fix,
        server,
        manner,
        "wait",
        Consent.LOOK,
        settles=(f"{SETTLED}@{server}",),
        longest_seconds=longest,
    )


def plan(*steps: Step, asks: tuple[Ask, ...] = ()) -> Plan:
    return Plan(START, steps, asks)


def case(*servers: str) -> Case:
    """Servers of which nothing is known yet."""
    why = NotSeen("not-asked")
    names = servers or ("fe01",)
    return Case(START, START, "live", tuple(Target(n) for n in names), tuple(Observation(n, why, why, why, lost=why) for n in names))


@dataclass
class Ticking:
    """A clock that goes on by a second whenever it is read."""

    seconds: int = 0

    def __call__(self) -> datetime:
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)


@dataclass
class Bystander:
    """A person who says what the test wants."""

    says: list[bool] = field(default_factory=list)
    answers: Mapping[str, Given] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    then: Callable[[], None] = lambda: None

    def has_done(self, step: Step, token: CancelToken) -> bool:
        self.asked.append(step.id)
        self.then()
        return self.says.pop(0) if self.says else False

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        self.asked.append(ask.id)
        return self.answers.get(ask.id)


def parts(world: World, folder: Path, **changes: object) -> RepairParts:
    fields: dict[str, object] = {
        "gateway": world,
        "credential": lambda _target: Credential("CONTOSO\\admin", Secret("CANARY-password")),
        "journal_dir": folder / "journal",
        "now": Ticking(),
        "person": Bystander(),
        "poll_seconds": 0.02,
        "look_pauses": (0.01, 0.01),
    }
    return RepairParts(**{**fields, **changes})  # type: ignore[arg-type]
