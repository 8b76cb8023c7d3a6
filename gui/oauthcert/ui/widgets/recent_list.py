"""Cases that were saved or opened lately."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui.desk import Desk, RecentCase
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

MOST = 5


class RecentList(Card):
    """`chosen` carries the file. Empty, it says how cases get here."""

    chosen = Signal(Path)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.column.addWidget(plain(desk.phrase("recent.title"), "card-title"))
        self._rows: list[QWidget] = []
        self._shown: tuple[RecentCase, ...] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Draws the list anew where it has changed."""
        cases = self._desk.recent_cases()[:MOST]
        if cases == self._shown:
            return
        self._shown = cases
        for row in self._rows:
            self.column.removeWidget(row)
            row.deleteLater()
        self._rows = [self._row(case) for case in cases] or [plain(self._desk.phrase("recent.empty"), "secondary")]
        for row in self._rows:
            self.column.addWidget(row)

    def _row(self, case: RecentCase) -> QWidget:
        date = self._desk.catalogue.formats.date(case.when)
        line = f"{self._desk.phrase('recent.servers', count=case.servers)} · {date}"
        verdict = Verdict(case.worst)
        said = self._desk.phrase("recent.causes", count=case.causes) if case.causes else self._desk.catalogue.verdict(verdict)
        row = _Row(case.title, line, Badge(verdict, said, self._theme), self)
        row.setToolTip(str(case.file))
        row.setAccessibleName(f"{case.title}, {line}, {said}")
        row.clicked.connect(lambda: self.chosen.emit(case.file))
        return row


class _Row(QPushButton):
    """A button as wide as the card, with the name of the case, a line about it, and its verdict."""

    def __init__(self, title: str, line: str, badge: Badge, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recent-case")
        self.setProperty("role", "row")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._words = [plain(title), plain(line, "secondary")]
        for label in self._words:
            words.addWidget(label)
        row.addLayout(words, 1)
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
        for part in (*self._words, badge):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge = badge

    def sizeHint(self) -> QSize:
        width = max(200, self.width())
        text = width - 2 * 8 - 12 - self._badge.sizeHint().width()
        return QSize(width, sum(label.heightForWidth(text) for label in self._words) + 2 * 6 + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.sizeHint().height())
