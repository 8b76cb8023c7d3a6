"""Fix: the plan, what exactly each step runs, consent, then the repair while it runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, Step
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk, Given
from oauthcert.ui.models.fix_news import news_of, why_not
from oauthcert.ui.models.fix_run import FixRun, Stage
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import stacked
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.fix_asks import AsksCard, ChooseFile, choose_file
from oauthcert.ui.widgets.fix_consent import ConsentCard
from oauthcert.ui.widgets.fix_left_out import LeftOutCard
from oauthcert.ui.widgets.fix_log import LogCard
from oauthcert.ui.widgets.fix_script import ScriptCard
from oauthcert.ui.widgets.fix_steps import StepList
from oauthcert.ui.widgets.fix_waiting import GuideCard, WaitingCard

SaveFile = Callable[[QWidget, str, str], str]


def save_file(parent: QWidget, title: str, name: str) -> str:
    """Asks where to save; empty when nowhere."""
    return QFileDialog.getSaveFileName(parent, title, name)[0]


class FixPage(Page):
    """`help_wanted` carries the id of a help page (a fix's)."""

    help_wanted = Signal(str)

    def __init__(self, desk: Desk, theme: Theme, *, choose: ChooseFile = choose_file, save: SaveFile = save_file) -> None:
        super().__init__()
        self._desk, self._save = desk, save
        self._state = WizardState()
        self._step: Step | None = None
        self.run = FixRun(desk, self)
        self._lab = JobBridge(self)
        self.steps = StepList(desk, theme, self)
        self.left_out = LeftOutCard(desk, self)
        self.waiting = WaitingCard(desk, self)
        self.guide = GuideCard(desk, self)
        self.asks = AsksCard(desk, self, choose=choose)
        self.log = LogCard(desk, theme, self)
        self.script = ScriptCard(desk, theme, self)
        self.consent = ConsentCard(desk, self)
        left = stacked(self.guide, self.waiting, self.asks, self.steps, self.left_out)
        right = stacked(self.consent, self.script, self.log)
        self._columns = Columns(left, right, theme, shares=(5, 4), gap=16)
        self.column.addWidget(self._columns, 1)
        self._connect()

    def _connect(self) -> None:
        self.run.planned.connect(self._on_planned)
        self.run.moved.connect(self._draw)
        self.run.ended.connect(self._on_ended)
        self.steps.chosen.connect(self._on_chosen)
        self.consent.agreed.connect(self.run.agree)
        self.consent.preview_wanted.connect(self.run.preview)
        self.asks.answered.connect(self._on_answered)
        self.guide.answered.connect(self.run.has_done)
        self.guide.lab_wanted.connect(self._on_lab)
        self.guide.save_wanted.connect(self._on_save_request)
        self.asks.lab_wanted.connect(self._on_lab_answer)
        self._lab.finished.connect(self._on_lab_done)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.run.close)

    # --- what the frame asks

    def on_enter(self, state: WizardState) -> None:
        self._state = state
        self.run.enter(state)
        self._draw()

    def apply(self, state: WizardState) -> WizardState:
        repair = self.run.repair
        if repair is not None and state.repair is not repair:
            state = state.with_repair(repair)
            self._state = state
        return replace(state, repairing=self.run.busy)

    def news(self) -> News:
        return news_of(self.run, self._desk)

    def standing(self) -> Standing:
        run, phrase = self.run, self._desk.phrase
        total = len(run.plan.steps) if run.plan is not None else 0
        note = phrase("fix.note", done=run.done, total=total) if run.busy or run.stage is Stage.OVER else ""
        if run.busy:
            verifying = run.stage in (Stage.VERIFYING, Stage.PREVIEWING)
            words = phrase("fix.primary.verifying" if verifying else "fix.primary.stop")
            return Standing(not verifying and not run.stopping, words, note=note, busy=True)
        if run.stage is Stage.OVER:
            return Standing(True, phrase("fix.primary.verify" if run.repair is not None else "fix.primary.again"), note=note)
        if run.stage is Stage.READY and not total:
            return Standing(True, phrase("fix.primary.report"))
        return Standing(run.may_start and self.asks.check(run.answers), phrase("fix.primary.start"), why_not(run, self._desk, self._state))

    def on_primary(self) -> bool:
        run = self.run
        if run.busy:
            run.stop()
            return False
        if run.stage is Stage.OVER:
            if run.repair is None:
                run.plan_anew()
            return run.repair is not None
        if run.plan is not None and not run.plan.steps:
            return True
        run.start()
        self.steps.setFocus()
        return False

    def on_cancel(self) -> bool:
        return self.run.stop()

    def first_focus(self) -> QWidget | None:
        """What has to be agreed to, else the first step."""
        boxes = (box for box in self.consent.boxes.values() if not box.isHidden() and box.isEnabled())
        return next(boxes, None) or next(iter(self.steps.rows), None)

    def help_page(self) -> str:
        return f"fix-{self._step.fix}" if self._step is not None else "fix"

    # --- what happens

    def _on_planned(self) -> None:
        self.steps.show_plan(self.run.plan)
        self.left_out.show_plan(self.run.plan)
        self.asks.show_plan(self.run.plan)
        if self.run.plan is None or not self.run.plan.steps:
            self._step = None
            self.script.show_step(None, "")
        self._draw()
        if self.isVisible() and (first := self.first_focus()) is not None:
            first.setFocus()

    def _on_answered(self, ask: object, given: object) -> None:
        self.run.answer(cast("Ask", ask), cast("Given | None", given))

    def _on_chosen(self, step: object) -> None:
        self._step = step if isinstance(step, Step) else None
        self.script.show_step(self._step, self._state.account.username)

    def _on_lab(self) -> None:
        """In practice: the lab does on its server what a person would do there."""
        asked = self.run.guided
        if asked is None or self._lab.busy:
            return
        step = asked.step

        def work(_token: CancelToken, _tell: Tell) -> bool:
            return self._desk.by_hand(step)

        self._lab.start(work, "lab")

    def _on_lab_answer(self) -> None:
        request = self.run.request
        self._lab.start(lambda _token, _tell: self._desk.lab_answer(request), "lab")

    def _on_lab_done(self, outcome: Outcome) -> None:
        wanted = self.run.wanted
        if wanted is None:
            self.run.has_done(True)
        elif isinstance(outcome.value, bytes):
            self.run.answer(wanted, outcome.value)

    def _draw(self) -> None:
        run = self.run
        if run.stage is Stage.PLANNING:
            self.steps.show_plan(None)
        self.steps.setVisible(bool(run.plan and run.plan.steps))
        self.steps.show_run(run)
        self.waiting.show_run(run)
        self.guide.show_asked(run.guided, practising=self._state.scenario is not None, request=run.request)
        self.consent.show_levels(run.levels if run.stage is Stage.READY else ())
        self._show_asks()
        self.log.show_log(run.log)
        self.changed.emit()

    def _on_save_request(self) -> None:
        """The request leaves as a file: it holds nothing secret."""
        chosen = self._save(self, self._desk.phrase("fix.guide.save"), "oauth-request.req")
        if not chosen:
            return
        try:
            self._desk.write_report(Path(chosen), self.run.request)
        except OauthcertError as error:
            self.guide.say(self._desk.error(error))
            return
        self.guide.say(self._desk.phrase("fix.guide.saved", file=Path(chosen).name))

    def _show_asks(self) -> None:
        """While it runs only what it waits for: a file that came to be on the way."""
        run = self.run
        if run.busy:
            self.asks.show_asks((run.wanted,) if run.wanted is not None else ())
            self.asks.lab.setVisible(self._state.scenario is not None and bool(run.request))
        else:
            self.asks.show_plan(run.plan if run.stage is Stage.READY else None)
            self.asks.lab.hide()

    def _on_ended(self) -> None:
        self._draw()
        QApplication.alert(self.window())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{self.news().title}. {self.news().sentence}"))
