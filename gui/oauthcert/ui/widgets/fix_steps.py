"""The plan: its steps in the order they run, one of them chosen to be read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from oauthcert.model.plan import Plan, Step
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_run import FixRun
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.fix_step_row import StepRow
from oauthcert.ui.widgets.labels import plain


class StepList(Card):
    """`chosen` carries the step whose script is to be shown. The running step is followed until the operator chooses one."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.setObjectName("fix-steps")
        self.column.setContentsMargins(4, 12, 4, 8)
        self.column.setSpacing(0)
        self._title = plain("", "card-title")
        self._title.setContentsMargins(12, 0, 12, 4)
        self.column.addWidget(self._title)
        self._rows: dict[str, StepRow] = {}
        self._following = True
        self._shown: Plan | None = None

    @property
    def rows(self) -> tuple[StepRow, ...]:
        return tuple(self._rows.values())

    def show_plan(self, plan: Plan | None) -> None:
        if plan is self._shown:
            return
        self._shown, self._following = plan, True
        for row in self._rows.values():
            self.column.removeWidget(row)
            row.deleteLater()
        self._rows = {}
        steps = plan.steps if plan is not None else ()
        self._title.setText(self._desk.phrase("fix.steps", count=len(steps)))
        for number, step in enumerate(steps, start=1):
            row = StepRow(number, step, self._desk, self._theme, self)
            row.clicked.connect(lambda _checked=False, step=step: self._choose(step))
            row.moved.connect(lambda by, row=row: self._on_moved(row, by))
            self.column.addWidget(row)
            self._rows[step.id] = row
        if steps:
            self._show_chosen(steps[0])

    def show_run(self, run: FixRun) -> None:
        """How each step stands now."""
        for row in self._rows.values():
            row.show_state(run.mark(row.step), self._said(run, row.step))
        current = run.current
        if current is not None and self._following:
            self._show_chosen(current)

    def _said(self, run: FixRun, step: Step) -> str:
        result, previewed = run.results.get(step.id), run.previews.get(step.id)
        if result is None and previewed is not None:
            words = self._desk.phrase(f"fix.preview.{previewed.outcome}")
            return f"{words}: {self._desk.catalogue.reason(previewed.reason, previewed.facts)}" if previewed.reason else words
        if result is None or (result.outcome.good and not result.reason):
            return ""
        words = self._desk.phrase(f"fix.outcome.{result.outcome.value}")
        if result.reason:
            words = f"{words}. {self._desk.catalogue.reason(result.reason, result.facts)}"
        return words

    def _choose(self, step: Step) -> None:
        self._following = False
        self._show_chosen(step)

    def _show_chosen(self, step: Step) -> None:
        for row in self._rows.values():
            row.setChecked(row.step.id == step.id)
        self.chosen.emit(step)

    def _on_moved(self, row: StepRow, by: int) -> None:
        """The arrows go from step to step."""
        rows = self.rows
        there = rows.index(row) + by
        if 0 <= there < len(rows):
            rows[there].setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(rows[there].step)
