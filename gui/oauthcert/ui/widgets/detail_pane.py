"""What one light means: the question, the answer, the facts, and what to do."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QWidget

from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.fact_lines import lines_of, local_moment
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.copy_button import CopyButton
from oauthcert.ui.widgets.facts_table import FactsTable
from oauthcert.ui.widgets.flow_layout import flowing
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.text_height import TextColumn
from oauthcert.words.catalogue import Catalogue

_NARROW = 640


class DetailPane(QScrollArea):
    """`again` and `help_wanted`: the buttons were pressed. `ticket` makes the text that the third one copies."""

    again = Signal()
    help_wanted = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme, ticket: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme, self._ticket = catalogue, theme, ticket
        self.setObjectName("detail")
        self.setAccessibleName(catalogue.window("check.detail"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(theme.pixels(96))
        inner = TextColumn(self)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._answer, self._advice = Card(inner), Card(inner)
        self._fill_answer()
        self._fill_advice()
        self._layout.addWidget(self._answer, 3)
        self._layout.addWidget(self._advice, 2)
        self.setWidget(inner)
        self.show_nothing()

    def _fill_answer(self) -> None:
        column = self._answer.column
        self.question = plain("", "card-title", name="detail-question", selectable=True)
        self.badge = Badge(Verdict.UNKNOWN, "", self._theme, self._answer)
        self.place = plain("", "secondary", name="detail-place", selectable=True)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.place, 1)
        self.title = plain("", name="detail-title", selectable=True)
        self.meaning = plain("", "secondary", name="detail-meaning", selectable=True)
        self.facts = FactsTable(self._words, self._answer)
        column.addWidget(self.question)
        column.addLayout(line)
        column.addSpacing(4)
        for widget in (self.title, self.meaning, self.facts):
            column.addWidget(widget)
        column.addStretch(1)

    def _fill_advice(self) -> None:
        column = self._advice.column
        column.addWidget(plain(self._words.label("what_to_do"), "card-title"))
        self.action = plain("", name="detail-action", selectable=True)
        column.addWidget(self.action)
        column.addSpacing(4)
        words = self._words
        self.again_button = small_button(words.window("check.detail.again"), name="check-again")
        self.again_button.clicked.connect(self.again)
        self.copy_button = CopyButton(words.window("finding.copy"), self._ticket, words, role="small", name="copy-ticket")
        self.help_button = small_button(words.window("finding.help"), name="check-help")
        self.help_button.clicked.connect(self.help_wanted)
        column.addWidget(flowing(self.again_button, self.copy_button, self.help_button))
        self.note = plain("", "secondary", name="detail-note")
        column.addWidget(self.note)
        column.addStretch(1)

    def show_nothing(self) -> None:
        """No light is selected."""
        self._say(self._words.window("check.detail.empty.title"), "", self._words.window("check.detail.empty"), "")
        self.badge.hide()
        self.facts.show_lines([])
        self._advice.hide()

    def show_server(self, server: str, now: str, *, known: bool) -> None:
        """A row without a problem, as far as is known."""
        self._say(server, "", now, "")
        self.badge.hide()
        self.facts.show_lines([])
        self.action.setText(self._words.window("check.detail.pick" if known else "check.detail.waiting"))
        self.note.setText("")
        self._advice.show()

    def show_waiting(self, check: str, server: str, *, asked: bool) -> None:
        """A light without an answer yet; `asked` when one is on its way."""
        about = self._words.check(check)
        self._say(f"{about.name}: {about.question}", server, self._words.window("check.light.none"), "")
        self.badge.hide()
        self.facts.show_lines([])
        self.action.setText(self._words.window("check.detail.waiting" if asked else "check.detail.not-asked"))
        self._advice.show()
        self.note.setText("")

    def show_finding(self, finding: Finding, server: str, looked_at: datetime | None, *, stale: bool) -> None:
        words, about = self._words, self._words.check(finding.check)
        text = words.finding(finding)
        place = server if looked_at is None else f"{server} · {local_moment(looked_at, words)}"
        self._say(f"{about.name}: {about.question}", place, text.title, text.meaning)
        self.place.setToolTip("" if looked_at is None else words.formats.moment(looked_at))
        self.badge.show_verdict(finding.verdict, words.verdict(finding.verdict))
        self.badge.show()
        self.facts.show_lines(lines_of(finding, words))
        self.action.setText(text.action or words.window("check.detail.nothing-to-do"))
        self.note.setText(words.window("check.light.old") if stale else "")
        self._advice.show()

    def _say(self, question: str, place: str, title: str, meaning: str) -> None:
        for label, said in ((self.question, question), (self.place, place), (self.title, title), (self.meaning, meaning)):
            label.setText(said)
            label.setVisible(bool(said))

    def allow(self, *, again: bool, copy: bool) -> None:
        self.again_button.setEnabled(again)
        self.copy_button.setEnabled(copy)

    def sizeHint(self) -> QSize:
        return QSize(480, self._theme.pixels(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = event.size().width() < self._theme.pixels(_NARROW)
        self._layout.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
