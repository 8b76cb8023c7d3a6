"""Cases that were saved or opened lately."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

MOST = 5


class RecentList(Card):
    """`chosen` carries the file. Empty, it says how cases get here."""

    chosen = Signal(Path)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.column.addWidget(plain(desk.phrase("recent.title"), "card-title"))
        self._rows: list[QWidget] = []
        self.refresh()

    def refresh(self) -> None:
        for row in self._rows:
            self.column.removeWidget(row)
            row.deleteLater()
        cases = self._desk.recent_cases()[:MOST]
        self._rows = [self._row(case.file, self._line(case.title, case.servers, case.causes)) for case in cases]
        if not cases:
            self._rows = [plain(self._desk.phrase("recent.empty"), "secondary")]
        for row in self._rows:
            self.column.addWidget(row)

    def _line(self, title: str, servers: int, causes: int) -> str:
        return f"{title} · {self._desk.phrase('recent.line', servers=servers, causes=causes)}"

    def _row(self, file: Path, text: str) -> QWidget:
        # An ampersand would underline the next letter.
        button = QPushButton(text.replace("&", "&&"), self)
        button.setProperty("role", "link")
        button.setToolTip(str(file))
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.chosen.emit(file))
        return button
