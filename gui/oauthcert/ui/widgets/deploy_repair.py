"""The cards of the repair that a move takes: questions, steps and consent before, waiting and the log while it runs."""

from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Ask, Step
from oauthcert.ui.bridge import JobBridge, Tell
from oauthcert.ui.desk import Desk, Given
from oauthcert.ui.models.fix_run import FixRun, Stage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.fix_asks import AsksCard, ChooseFile
from oauthcert.ui.widgets.fix_consent import ConsentCard
from oauthcert.ui.widgets.fix_left_out import LeftOutCard
from oauthcert.ui.widgets.fix_log import LogCard
from oauthcert.ui.widgets.fix_script import ScriptCard
from oauthcert.ui.widgets.fix_steps import StepList
from oauthcert.ui.widgets.fix_waiting import GuideCard, WaitingCard


class RepairCards(QObject):
    """Makes the cards and keeps them in step with `run`; the page puts `left`, `before` and `log` where it wants them.

    `save_wanted`: the text of a request is to be saved as a file.
    """

    save_wanted = Signal()

    def __init__(self, run: FixRun, desk: Desk, theme: Theme, parent: QWidget, choose: ChooseFile) -> None:
        super().__init__(parent)
        self._run, self._desk = run, desk
        self._account, self._practising, self._shown = "", False, True
        self.steps = StepList(desk, theme, parent)
        self.left_out = LeftOutCard(desk, parent)
        self.waiting = WaitingCard(desk, parent)
        self.guide = GuideCard(desk, parent)
        self.asks = AsksCard(desk, parent, choose=choose)
        self.log = LogCard(desk, theme, parent)
        self.script = ScriptCard(desk, theme, parent)
        self.consent = ConsentCard(desk, parent)
        self.left: tuple[QWidget, ...] = (self.guide, self.waiting, self.asks, self.steps, self.left_out)
        self.before: tuple[QWidget, ...] = (self.consent, self.script)
        self._lab = JobBridge(self)
        self._lab.finished.connect(lambda _outcome: run.has_done(True))
        self.steps.chosen.connect(self._on_chosen)
        self.consent.agreed.connect(run.agree)
        self.asks.answered.connect(self._on_answered)
        self.guide.answered.connect(run.has_done)
        self.guide.lab_wanted.connect(self._on_lab)
        self.guide.save_wanted.connect(self.save_wanted)
        run.planned.connect(self._on_planned)

    def show_run(self, *, account: str, practising: bool, shown: bool) -> None:
        """`shown`: there is something that the program does, or it is being done."""
        self._account, self._practising = account, practising
        run, plan = self._run, self._run.plan
        self._shown = shown
        self.steps.show_plan(plan if shown and run.stage is not Stage.PLANNING else None)
        self.steps.setVisible(shown and bool(plan and plan.steps))
        self.steps.show_run(run)
        self.left_out.show_plan(plan if shown and run.stage is Stage.READY else None)
        self.waiting.show_run(run)
        self.guide.show_asked(run.guided, practising=practising, request=run.request)
        self.consent.show_levels(run.levels if shown and run.stage is Stage.READY else ())
        if run.busy:
            self.asks.show_asks((run.wanted,) if run.wanted is not None else ())
        else:
            self.asks.show_plan(plan if shown and run.stage is Stage.READY else None)
        self.log.show_log(run.log)
        self.log.setVisible(bool(run.log.lines))
        self.script.setVisible(shown and bool(plan and plan.steps))

    @property
    def first_focus(self) -> QWidget | None:
        """What has to be agreed to, else the first step."""
        boxes = (box for box in self.consent.boxes.values() if not box.isHidden() and box.isEnabled())
        return next(boxes, None) or (next(iter(self.steps.rows), None) if not self.steps.isHidden() else None)

    def why_not(self) -> str:
        """Why the repair cannot start yet; empty when it can."""
        run, phrase = self._run, self._desk.phrase
        if run.stage in (Stage.NOTHING, Stage.PLANNING) or run.replanning:
            return phrase("fix.planning.title")
        if run.open_asks or not self.asks.check(run.answers):
            return phrase("fix.why-not.asks")
        return "" if run.may_start else phrase("fix.why-not.consent")

    def _on_planned(self) -> None:
        if self._run.plan is None or not self._run.plan.steps:
            self.script.show_step(None, "")

    def _on_answered(self, ask: object, given: object) -> None:
        self._run.answer(cast("Ask", ask), cast("Given | None", given))

    def _on_chosen(self, step: object) -> None:
        self.script.show_step(step if isinstance(step, Step) else None, self._account)

    def _on_lab(self) -> None:
        """In practice: the lab does on its server what a person would do there."""
        asked = self._run.guided
        if asked is None or self._lab.busy:
            return
        step = asked.step

        def work(_token: CancelToken, _tell: Tell) -> bool:
            return self._desk.by_hand(step)

        self._lab.start(work, "lab")
