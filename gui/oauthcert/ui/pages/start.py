"""Start: what would you like to do, an error text to explain, recent cases, and the practice scenarios."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Goal
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.interrupted import Interrupted
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.begun_card import BegunCard
from oauthcert.ui.widgets.choice import Choice
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.explain_box import ExplainBox
from oauthcert.ui.widgets.interrupted_card import InterruptedCard
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.recent_list import RecentList
from oauthcert.ui.widgets.scenario_list import ScenarioList


class StartPage(Page):
    """`practice_chosen` carries a scenario id, `file_chosen` a path; the wizard opens both, since that takes time and may fail.

    `deployment_chosen` carries a first deployment to go on with.
    """

    practice_chosen = Signal(str)
    file_chosen = Signal(Path)
    deployment_chosen = Signal(object)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk = desk
        self._scenarios = ScenarioList(desk, theme, self)
        self._scenarios.activated.connect(lambda _scenario: self.wants_forward.emit())
        self._scenarios.currentItemChanged.connect(self._on_scenario)
        self._story = plain("", "secondary", self, name="scenario-story")
        for part in (self._scenarios, self._story):
            part.setVisible(False)
        self._explain = ExplainBox(desk, theme, self)
        self._explain.check_wanted.connect(self._on_check_wanted)
        self._recent = RecentList(desk, theme, self)
        self._recent.chosen.connect(self.file_chosen)
        self._choices: dict[Goal, Choice] = {}
        self._interrupted = Interrupted(desk, self)
        self.interrupted = InterruptedCard(desk, self)
        self.interrupted.chosen.connect(lambda how: self._interrupted.go_on(how, self.interrupted.password))
        self._interrupted.changed.connect(self._show_interrupted)
        self.begun = BegunCard(desk, self)
        self.begun.chosen.connect(self.deployment_chosen)
        self.column.addWidget(self.interrupted)
        self.column.addWidget(self.begun)
        self.column.addWidget(Columns(self._choice_column(theme), self._side(), theme))

    def _side(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._explain)
        column.addWidget(self._recent)
        column.addStretch(1)
        return side

    def _choice_column(self, theme: Theme) -> QWidget:
        # The choices are exclusive among their siblings, so they get a parent of their own.
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for goal in Goal:
            title, sentence = (self._desk.phrase(f"start.{goal.value}.{part}") for part in ("title", "sentence"))
            choice = Choice(goal.value, title, sentence, theme, holder)
            choice.setObjectName(f"goal-{goal.value}")
            choice.toggled.connect(self._on_toggled)
            choice.clicked.connect(self.changed)
            column.addWidget(choice)
            self._choices[goal] = choice
        column.addWidget(self._scenarios)
        column.addWidget(self._story)
        column.addStretch(1)
        self._choices[Goal.TROUBLESHOOT].setChecked(True)
        return holder

    @property
    def goal(self) -> Goal:
        return next(goal for goal, choice in self._choices.items() if choice.isChecked())

    def _on_check_wanted(self) -> None:
        self._choices[Goal.TROUBLESHOOT].setChecked(True)
        self.changed.emit()
        self.wants_forward.emit()

    def _on_toggled(self) -> None:
        practising = self._choices.get(Goal.PRACTICE) is not None and self._choices[Goal.PRACTICE].isChecked()
        for part in (self._scenarios, self._story):
            part.setVisible(practising)

    def _on_scenario(self) -> None:
        self._story.setText(self._scenarios.story())

    def on_enter(self, state: WizardState) -> None:
        self._choices[state.goal].setChecked(True)
        self._recent.refresh()
        self._interrupted.refresh()
        self.begun.refresh()
        self._show_interrupted()

    def apply(self, state: WizardState) -> WizardState:
        return replace(state.with_goal(self.goal), repairing=self._interrupted.busy)

    def _show_interrupted(self) -> None:
        """What is left of a repair comes before everything else."""
        run = self._interrupted
        self.interrupted.show_story(run.story, busy=run.busy, news=run.news)
        self.changed.emit()

    def on_cancel(self) -> bool:
        return self._interrupted.stop()

    def news(self) -> News:
        if self._interrupted.story is not None:
            return News(self._desk.phrase("interrupted.page.title"), self._desk.phrase("interrupted.page.sentence"))
        return News(self._desk.phrase("start.title"), self._desk.phrase("start.sentence"))

    def standing(self) -> Standing:
        key = "start.primary.practice" if self.goal is Goal.PRACTICE else "start.primary.open" if self.goal is Goal.OPEN else "button.next"
        return Standing(ready=not self._interrupted.busy, primary=self._desk.phrase(key), busy=self._interrupted.busy)

    def on_primary(self) -> bool:
        if self.goal is Goal.PRACTICE:
            self.practice_chosen.emit(self._scenarios.selected())
            return False
        if self.goal is Goal.OPEN:
            name, _filter = QFileDialog.getOpenFileName(self, self._desk.phrase("open.title"), "", self._desk.phrase("open.filter"))
            if name:
                self.file_chosen.emit(Path(name))
            return False
        return True

    def first_focus(self) -> QWidget:
        return self._choices[self.goal]
