"""The box for an error text: paste it, and read what it means and where to look."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

# Long enough not to answer in the middle of a word, short enough to feel immediate.
PAUSE_MS = 300


class ExplainBox(Card):
    """Answers by itself a moment after the text changed."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.column.addWidget(plain(desk.phrase("explain.title"), "card-title"))
        self.column.addWidget(plain(desk.phrase("explain.sentence"), "secondary"))
        self.column.addSpacing(4)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("error-text")
        self.text.setAccessibleName(desk.phrase("explain.title"))
        self.text.setPlaceholderText(desk.phrase("explain.example"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.pixels(84))
        self.column.addWidget(self.text)
        self._title = plain("", "card-title", name="explain-title", selectable=True)
        self._meaning = plain("", name="explain-meaning", selectable=True)
        self._action = plain("", "secondary", name="explain-action", selectable=True)
        for label in (self._title, self._meaning, self._action):
            label.hide()
            self.column.addWidget(label)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._answer)
        self.text.textChanged.connect(self._pause.start)

    def _answer(self) -> None:
        text = self.text.toPlainText().strip()
        found = self._desk.explain(text) if text else None
        known = found is not None and bool(found.title)
        words = ("", "", "")
        if found is not None:
            unknown = (self._desk.phrase("explain.unknown"), "", self._desk.phrase("explain.tried", tried=", ".join(found.tried)))
            words = (found.title, found.meaning, found.action) if known else unknown
        for label, said in zip((self._title, self._meaning, self._action), words, strict=True):
            label.setText(said)
            label.setVisible(bool(said))
