"""The causes, first to mend first; where there is none, a calm word about that."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.outline import PROBLEMS, CauseTold, Outline
from oauthcert.ui import icons
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.cause_card import CauseCard, folded_cause
from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.labels import said

PORTION = 12


class CauseList(QWidget):
    """`opened` carries the check of a cause that was unfolded."""

    opened = Signal(str)

    def __init__(self, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("causes")
        self._context = context
        self._made: list[QWidget] = []
        self._waiting: Iterator[tuple[Case, CauseTold]] = iter(())
        self._left = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._column = column
        self.more = small_button("", self, name="more-causes")
        self.more.clicked.connect(self._grow)
        column.addWidget(self.more)

    def show_case(self, case: Case, told: Outline) -> None:
        for widget in self._made:
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._made = []
        if (calm := self._calm(case)) is not None:
            self._add(calm)
        if told.causes:
            self._add(CauseCard(case, told.causes[0], self._context, self))
        self._waiting = ((case, cause) for cause in told.causes[1:])
        self._left = max(0, len(told.causes) - 1)
        self._grow()

    def _grow(self) -> None:
        for _ in range(min(PORTION, self._left)):
            case, cause = next(self._waiting)
            card = folded_cause(case, cause, self._context)
            card.opened.connect(self.opened)
            self._add(card)
            self._left -= 1
        following = min(PORTION, self._left)
        self.more.setText(self._context.catalogue.window("findings.more", count=following))
        self.more.setVisible(following > 0)

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.indexOf(self.more), widget)
        self._made.append(widget)

    def _calm(self, case: Case) -> QWidget | None:
        """What to say where nothing is broken; None where something is."""
        verdicts = {finding.verdict for finding in case.findings}
        if verdicts & set(PROBLEMS):
            return None
        if not verdicts:
            return CalmCard("empty", Verdict.NOT_APPLICABLE, self._context)
        return CalmCard(*(("unclear", Verdict.UNKNOWN) if Verdict.UNKNOWN in verdicts else ("fine", Verdict.PASS)), self._context)


class CalmCard(Card):
    """A sign, a title and a sentence."""

    def __init__(self, about: str, verdict: Verdict, context: CardContext) -> None:
        super().__init__()
        self.setObjectName(f"calm-{about}")
        row = QHBoxLayout()
        row.setSpacing(16)
        sign = QLabel(self)
        sign.setPixmap(icons.pixmap(verdict.value, context.theme.verdict(verdict), context.theme.pixels(28)))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(said(context.catalogue.window(f"findings.{about}.title"), "card-title", name="calm-title"))
        words.addWidget(said(context.catalogue.window(f"findings.{about}.text"), name="calm-text"))
        row.addLayout(words, 1)
        self.column.addLayout(row)
