"""A first deployment as the window sees it: what is known, what comes next, the repair for it, and looking again meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from oauthcert.fixes.deployment import Guidance
from oauthcert.fixes.deployment_board import Role
from oauthcert.fixes.deployment_moves import Move
from oauthcert.flow.state import WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Consent, Manner, Plan, Step
from oauthcert.model.repair import Repair
from oauthcert.model.secret import Credential
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk, Given, Person
from oauthcert.ui.models.fix_run import FixRun

AGAIN_MS = 20_000
_PAUSE_MS = 500


class DeskForMoves:
    """The desk as a repair of a deployment sees it: plans and repairs are those of the move, everything else is the desk's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.move: Move | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def plan(self, case: Case, wanted: Sequence[str], answers: Mapping[str, Given]) -> Plan:
        del wanted
        if self.move is None:
            return Plan(datetime.now(UTC), ())
        return self._desk.deployments.plan(case, self.move, answers)

    def repair(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        return self._desk.deployments.carry_out(case, plan, answers, credential, person, token, tell)


@dataclass(frozen=True, slots=True)
class _Looked:
    case: Case
    guidance: Guidance


class DeployRun(QObject):
    """`changed`: something is new. `moved`: another move is on. Looks again every 20 seconds while something comes by itself.

    `guidance` is None while it is being worked out; `trouble` says what went wrong with the last try, in words.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.state = WizardState()
        self.guidance: Guidance | None = None
        self.trouble = ""
        self.looking = False
        self._entered = False
        self._for_moves = DeskForMoves(desk)
        self.fix = FixRun(cast("Desk", self._for_moves), self)
        self.fix.ended.connect(self._on_repaired)
        self._bridge = JobBridge(self)
        self._bridge.finished.connect(self._on_finished)
        self._by_hand = JobBridge(self)
        self._by_hand.finished.connect(self._on_by_hand)
        self._ticks = QTimer(self)
        self._ticks.setInterval(AGAIN_MS)
        self._ticks.timeout.connect(self._on_tick)

    # --- what is known

    @property
    def case(self) -> Case | None:
        return self.state.case

    @property
    def move(self) -> Move | None:
        """What is on now."""
        return self.guidance.now if self.guidance is not None else None

    @property
    def plans(self) -> bool:
        """Whether the program can do something about it."""
        return self.move is not None and bool(self.move.wanted)

    @property
    def nothing_planned(self) -> bool:
        return self.plans and self.fix.stage.value == "ready" and not (self.fix.plan and self.fix.plan.steps)

    @property
    def busy(self) -> bool:
        return self.fix.busy

    @property
    def working(self) -> bool:
        """What comes next is being worked out or looked at, so nothing more is asked for meanwhile."""
        return self._bridge.busy or self._by_hand.busy

    @property
    def practising(self) -> bool:
        return self.state.scenario is not None

    def enter(self, state: WizardState) -> None:
        """Works out what to do, unless it is known for this look."""
        before, self.state = self.state.case, state
        self._ticks.start()
        if state.case is None or self.busy:
            return
        if state.case is not before or self.guidance is None:
            self.guide()

    def leave(self) -> None:
        """Another page is on the screen: nobody waits for the next look."""
        self._ticks.stop()
        if self.looking:
            self._bridge.cancel()

    # --- working out, looking again

    def guide(self) -> None:
        """From the case as it is."""
        case, account = self.state.case, self.state.account
        if case is None:
            return
        self.looking = False

        def work(_token: CancelToken, _tell: Tell) -> _Looked:
            return _Looked(case, self._desk.deployments.guide(case, account.username, account.method.value))

        self._bridge.start(work, "guide")
        self.changed.emit()

    def look(self, servers: Sequence[str] = ()) -> None:
        """Asks servers again, all when none is named."""
        case, account = self.state.case, self.state.account
        if case is None or self.looking or self.busy:
            return
        names = tuple(servers) or tuple(target.name for target in case.targets)

        def work(token: CancelToken, tell: Tell) -> _Looked | None:
            credential = self._desk.credential(account.username, account.method)
            if credential is None:
                return None
            again = self._desk.look_again(case, names, credential, token, tell)
            token.raise_if_cancelled()
            return _Looked(again, self._desk.deployments.guide(again, account.username, account.method.value))

        self.looking, self.trouble = True, ""
        self._bridge.start(work, "deploy-look")
        self.changed.emit()

    def stop(self) -> bool:
        """Whether there was something to stop."""
        if self.looking:
            self._bridge.cancel()
            return True
        return self.fix.stop()

    def _on_tick(self) -> None:
        """What is being read or agreed to is not taken away."""
        move, guidance = self.move, self.guidance
        if guidance is None or move is None or move.wanted or not guidance.waits:
            return
        waiting = [server for one in guidance.waits for server in one.servers]
        home = [row.server for row in guidance.rows if row.role is Role.CENTRAL]
        self.look(tuple(dict.fromkeys((*home, *waiting, *move.servers))))

    def _on_finished(self, outcome: Outcome) -> None:
        asked, self.looking = self.looking, False
        if isinstance(outcome.value, _Looked):
            self._take(outcome.value)
        elif isinstance(outcome.error, OauthcertError):
            self.trouble = self._desk.error(outcome.error)
        elif outcome.error is None and not outcome.cancelled and asked:
            self.trouble = self._desk.phrase("check.no-password.sentence", account=self.state.account.username)
        self.changed.emit()
        if outcome.error is not None and not isinstance(outcome.error, OauthcertError):
            raise outcome.error  # to the hook that shows the crash page

    def _take(self, looked: _Looked) -> None:
        before = self.move
        self.state = self.state.with_look(looked.case)
        self.guidance, self.trouble = looked.guidance, ""
        self._for_moves.move = self.move
        if self.plans:
            self.fix.enter(self.state)
            self.fix.plan_anew()
        if before is None or self.move is None or (before.id, before.servers) != (self.move.id, self.move.servers):
            self.moved.emit()

    def _on_repaired(self) -> None:
        """What was changed, then the look after it; a repair that was stopped is followed by a look of its own."""
        repair = self.fix.repair
        if repair is None:
            self.changed.emit()
            return
        if repair.after is not None:
            self.state = self.state.with_look(repair.after)
            self.guide()
        else:
            QTimer.singleShot(_PAUSE_MS, self, self.look)
        self.changed.emit()

    # --- what a person does

    def has_done(self, servers: Sequence[str]) -> None:
        """The operator says that it is done on these; where no server can show it, that is remembered, else they are looked at."""
        move, case = self.move, self.state.case
        if move is None or case is None:
            return
        if not move.confirmed:
            self.look(tuple(servers) if move.id != "add-home" else ())
            return
        try:
            self._desk.deployments.has_finished(case, servers)
        except OauthcertError as error:
            self.trouble = self._desk.error(error)
            self.changed.emit()
            return
        self.guide()

    def allow_another_request(self) -> None:
        """The operator has looked: there is none."""
        case = self.state.case
        if case is None:
            return
        try:
            self._desk.deployments.allow_another_request(case)
        except OauthcertError as error:
            self.trouble = self._desk.error(error)
        self.look()

    def in_the_lab(self) -> None:
        """In practice the lab does what a person would do on the first of the servers."""
        move = self.move
        if move is None or self._by_hand.busy:
            return
        step = Step(f"{move.id}@{move.servers[0]}/1", move.id, move.servers[0], Manner.GUIDES, move.id, Consent.LOOK)
        self._by_hand.start(lambda _token, _tell: self._desk.by_hand(step), "lab")

    def _on_by_hand(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            raise outcome.error
        if self.move is not None:
            self.has_done(self.move.servers[:1])

    def applied(self, state: WizardState) -> WizardState:
        """The state with what was looked at and changed here."""
        case = self.state.case
        known = state.with_look(case) if case is not None and self.guidance is not None else state
        return replace(known, repairing=self.fix.busy)
