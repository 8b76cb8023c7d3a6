"""What came of saving: where the file is, or why there is none."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain


class ReportSaved(Card):
    """Hidden until there is something to say."""

    def __init__(self, desk: Desk, open_file: Callable[[Path], object], copy: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file: Path | None = None
        self.setObjectName("report-saved")
        self._title = plain("", "card-title", name="saved-title")
        self._text = plain("", name="saved-text", selectable=True)
        self.column.addWidget(self._title)
        self.column.addWidget(self._text)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        for name, act in (
            ("open", lambda: self._file and open_file(self._file)),
            ("copy-path", lambda: self._file and copy(str(self._file))),
        ):
            button = QPushButton(desk.phrase(f"report.{name}"), self._buttons)
            button.setObjectName(name)
            button.setProperty("role", "small")
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(self._buttons)
        self.clear()

    def clear(self) -> None:
        self._file = None
        self.hide()

    def show_file(self, title: str, file: Path) -> None:
        self._file = file
        # Without blanks a long path would make the card as wide as itself; these break it between folders.
        self._say(title, str(file).replace("/", "/\u200b").replace("\\", "\\\u200b"))
        self._text.setAccessibleName(str(file))
        self._buttons.show()

    def show_trouble(self, words: str) -> None:
        self._file = None
        self._say(self._desk.phrase("report.not-saved"), words)
        self._text.setAccessibleName(words)
        self._buttons.hide()

    def show_working(self) -> None:
        self._file = None
        self._say(self._desk.phrase("report.writing"), "")
        self._buttons.hide()

    def _say(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._title.setAccessibleName(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.show()
