"""One repair as the window sees it: the plan, what is agreed to, what runs, what it said, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from oauthcert.casework.events import RepairStarted, StepEnded, StepSaid, StepStarted, StepWaiting, VerifyStarted
from oauthcert.casework.previewing import Previewed
from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Goal
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, Consent, Manner, Plan, Step
from oauthcert.model.repair import Repair, StepResult
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk, Given
from oauthcert.ui.models.fix_log import FixLog
from oauthcert.ui.models.fix_person import AnswerAsked, PersonAsked, PersonAtTheWindow

# The program ends: a step that is being made gets this long to reach its end and be written down.
CLOSE_SECONDS = 5.0
# An answer may change the plan; while somebody types, not at every letter.
REPLAN_MS = 400
_TOO_LATE = ("oauth-validity.expired", "oauth-validity.not-yet-valid")


class Stage(StrEnum):
    """PLANNING: the plan is being worked out. READY: it stands and waits for consent.

    PREVIEWING: the servers are asked what each step would do; nothing is changed. OVER: it ran, to its end or not."""

    NOTHING = "nothing"
    PLANNING = "planning"
    READY = "ready"
    PREVIEWING = "previewing"
    RUNNING = "running"
    VERIFYING = "verifying"
    OVER = "over"


class Mark(StrEnum):
    """How a step stands in the list."""

    AHEAD = "ahead"
    RUNNING = "running"
    GOOD = "good"
    WRONG = "wrong"
    UNCERTAIN = "uncertain"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of consent that the plan needs: how many steps, on which servers, and whether it was given."""

    consent: Consent
    count: int
    servers: tuple[str, ...]
    given: bool


class FixRun(QObject):
    """`planned`: there is a plan, or a reason why not. `moved`: something in it is new. `ended`: it is over, see `repair` and `trouble`."""

    planned = Signal()
    moved = Signal()
    ended = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._state = WizardState()
        self.stage = Stage.NOTHING
        self.plan: Plan | None = None
        self.repair: Repair | None = None
        self.trouble = ""
        self.stopping = False
        self.waiting: StepWaiting | None = None
        self.guided: PersonAsked | None = None
        self.wanted: Ask | None = None
        self.request = ""
        self.results: dict[str, StepResult] = {}
        self.previews: dict[str, Previewed] = {}
        self._running: set[str] = set()
        self._given: set[Consent] = set()
        self.answers: dict[str, Given] = {}
        self.log = FixLog(desk)
        self.person = PersonAtTheWindow()
        self._replan = QTimer(self)
        self._replan.setSingleShot(True)
        self._replan.setInterval(REPLAN_MS)
        self._replan.timeout.connect(self._plan_again)
        self._bridge = JobBridge(self)
        self._bridge.told.connect(self._on_told)
        self._bridge.finished.connect(self._on_finished)

    # --- planning

    @property
    def busy(self) -> bool:
        """Servers are being changed, or looked at after it. Planning asks no server."""
        return self.stage in (Stage.RUNNING, Stage.VERIFYING, Stage.PREVIEWING)

    def enter(self, state: WizardState) -> None:
        """Plans for the case of `state`, unless that has been done already; what runs goes on, and what is over stays to be read."""
        before, self._state = self._state, state
        if self.busy or state.case is None:
            return
        known = self.plan is not None and (state.case is before.case or (self.repair is not None and state.repair is self.repair))
        if not known:
            self.plan_anew()

    def plan_anew(self) -> None:
        """Works the plan out from the case as it is now."""
        case, answers = self._state.case, dict(self.answers)
        if case is None or self.busy:
            return
        self._replan.stop()
        self.stage, self.plan, self.repair, self.trouble = Stage.PLANNING, None, None, ""
        self.results.clear()
        self.request = ""
        self._given.clear()
        self.log.clear()
        self.moved.emit()
        wanted = self._wanted
        self._bridge.start(lambda _token, _tell: self._desk.plan(case, wanted, answers), "plan")

    @property
    def _wanted(self) -> tuple[str, ...]:
        """Who set out to renew wants a planned change, unless the certificate has ended already or is not valid yet."""
        case = self._state.case
        if self._state.goal is not Goal.RENEW or case is None:
            return ()
        ended = any(one.check == "oauth-validity" and one.words in _TOO_LATE for one in case.findings)
        return () if ended else ("stage-oauth",)

    def answer(self, ask: Ask, given: Given | None) -> None:
        """What the operator said to a question of the plan; None takes it back. The repair may be waiting for just this answer."""
        if self.wanted is not None and self.wanted.id == ask.id:
            self.wanted = None
            self.person.give(given)
            self.moved.emit()
            return
        if given is None:
            self.answers.pop(ask.id, None)
        else:
            self.answers[ask.id] = given
        self._replan.start()
        self.moved.emit()

    def _plan_again(self) -> None:
        """With the answers there are; what was agreed to has to be agreed to again when the plan becomes another one."""
        case, answers = self._state.case, dict(self.answers)
        if case is not None and self.stage is Stage.READY:
            wanted = self._wanted
            self._bridge.start(lambda _token, _tell: self._desk.plan(case, wanted, answers), "plan")

    @property
    def replanning(self) -> bool:
        """An answer is not in the plan yet."""
        return self.stage is Stage.READY and (self._replan.isActive() or self._bridge.busy)

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        """Questions that have to be answered before the plan can run."""
        asks = self.plan.asks if self.plan is not None else ()
        return tuple(ask for ask in asks if ask.required and not ask.default and ask.id not in self.answers)

    # --- consent

    @property
    def levels(self) -> tuple[Level, ...]:
        """What has to be agreed to, weakest first; looking and waiting need no consent, and what a person does is that person's."""
        steps = [step for step in (self.plan.steps if self.plan else ()) if step.manner is Manner.DOES and step.consent is not Consent.LOOK]
        found = []
        for consent in Consent:
            mine = [step for step in steps if step.consent is consent]
            if mine:
                servers = tuple(dict.fromkeys(step.server for step in mine))
                found.append(Level(consent, len(mine), servers, consent in self._given))
        return tuple(found)

    def agree(self, consent: Consent, agreed: bool) -> None:
        (self._given.add if agreed else self._given.discard)(consent)
        self.moved.emit()

    @property
    def may_start(self) -> bool:
        return (
            self.stage is Stage.READY
            and not self.replanning
            and bool(self.plan and self.plan.steps)
            and not self.open_asks
            and all(one.given for one in self.levels)
        )

    # --- trying without changing

    def preview(self) -> None:
        """Asks the servers what each step would do."""
        case, plan, account = self._state.case, self.plan, self._state.account
        if case is None or plan is None or self.stage is not Stage.READY or self.replanning:
            return
        answers: Mapping[str, Given] = dict(self.answers)
        self.stage, self.stopping, self.trouble = Stage.PREVIEWING, False, ""

        def work(token: CancelToken, tell: Tell) -> tuple[Previewed, ...] | None:
            credential = self._desk.credential(account.username, account.method)
            return None if credential is None else self._desk.preview(case, plan, answers, credential, token, tell)

        self._bridge.start(work, "preview")
        self.moved.emit()

    def _on_previewed(self, outcome: Outcome) -> None:
        self.stage, self.stopping = Stage.READY, False
        if isinstance(outcome.value, tuple):
            self.previews = {one.step: one for one in outcome.value}
        elif isinstance(outcome.error, OauthcertError):
            self.trouble = self._desk.error(outcome.error)
        elif outcome.error is None and not outcome.cancelled:
            self.trouble = self._desk.phrase("check.no-password.sentence", account=self._state.account.username)
        self.moved.emit()
        self._crash(outcome.error)

    # --- running

    def start(self) -> None:
        case, plan, account = self._state.case, self.plan, self._state.account
        if case is None or plan is None or not self.may_start:
            return
        answers: Mapping[str, Given] = dict(self.answers)
        self.stage, self.stopping, self.trouble = Stage.RUNNING, False, ""
        self._replan.stop()
        self.person = PersonAtTheWindow()
        person = self.person

        def work(token: CancelToken, tell: Tell) -> Repair | None:
            # The password store of the operating system may take its time, so it is asked here and not on the window's thread.
            person.tell = tell
            credential = self._desk.credential(account.username, account.method)
            return None if credential is None else self._desk.repair(case, plan, answers, credential, person, token, tell)

        self._bridge.start(work, "repair")
        self.moved.emit()

    def stop(self) -> bool:
        """After this step; whether there was something to stop. A change that is being made is always made to its end."""
        if not self.busy:
            return False
        self.stopping = True
        self._bridge.cancel()
        self.moved.emit()
        return True

    def close(self) -> None:
        """The program ends."""
        if self.stop():
            self._bridge.wait(CLOSE_SECONDS)

    def mark(self, step: Step) -> Mark:
        result = self.results.get(step.id)
        if result is not None:
            if result.outcome.good:
                return Mark.GOOD
            return {"uncertain": Mark.UNCERTAIN, "skipped": Mark.LEFT_OUT}.get(result.outcome.value, Mark.WRONG)
        return Mark.RUNNING if step.id in self._running else Mark.AHEAD

    @property
    def current(self) -> Step | None:
        """The step that runs; the first of them where several do."""
        return next((step for step in (self.plan.steps if self.plan else ()) if step.id in self._running), None)

    @property
    def done(self) -> int:
        return len(self.results)

    def has_done(self, done: bool) -> None:
        """The operator says that what a person has to do is done, or is left out."""
        self.guided = None
        self.person.say(done)
        self.moved.emit()

    def _on_told(self, event: object) -> None:
        plan = self.plan
        if plan is None:
            return
        match event:
            case StepStarted(step=step_id):
                self._running.add(step_id)
                self.log.started(plan.step(step_id))
            case PersonAsked():
                self.guided = event
                self.log.asked(event.step, again=event.again)
            case AnswerAsked(ask=ask):
                self.wanted = ask
            case StepSaid(step=step_id, text=text):
                self.log.said(plan.step(step_id), text)
            case StepWaiting():
                self.waiting = event
            case StepEnded(result=result):
                self._running.discard(result.step)
                self.results[result.step] = result
                self.waiting = None
                self.log.ended(plan.step(result.step), result)
                self.request = str(result.after.get("request") or self.request)
            case VerifyStarted(servers=servers):
                self.stage = Stage.VERIFYING
                self.log.verifying(servers)
            case RepairStarted(run=run):
                self.log.began(run)
        self.moved.emit()

    def _on_finished(self, outcome: Outcome) -> None:
        self.waiting, self.guided, self.wanted = None, None, None
        self._running.clear()
        if self.stage is Stage.PREVIEWING:
            self._on_previewed(outcome)
            return
        if self.stage in (Stage.PLANNING, Stage.READY):
            self._on_planned(outcome)
            return
        self.stage, self.stopping = Stage.OVER, False
        if isinstance(outcome.value, Repair):
            self.repair = outcome.value
            self.results = {result.step: result for result in outcome.value.results}
        elif isinstance(outcome.error, OauthcertError):
            self.trouble = self._desk.error(outcome.error)
        elif outcome.error is not None:
            self.trouble = self._desk.phrase("fix.broken")
        elif not outcome.cancelled:
            self.stage, self.trouble = Stage.READY, self._desk.phrase("check.no-password.sentence", account=self._state.account.username)
        self.ended.emit()
        self._crash(outcome.error)

    def _on_planned(self, outcome: Outcome) -> None:
        self.stage, self.trouble = Stage.READY, ""
        made = outcome.value if isinstance(outcome.value, Plan) else None
        if made is None or self.plan is None or made.steps != self.plan.steps:
            self._given.clear()
            self.previews = {}
        self.plan = made
        if isinstance(outcome.error, OauthcertError):
            self.trouble = self._desk.error(outcome.error)
        self.planned.emit()
        self._crash(outcome.error)

    def _crash(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, OauthcertError):
            raise error  # to the hook that shows the crash page
