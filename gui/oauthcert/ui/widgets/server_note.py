"""Sentences on the page about what was just done, with at most one thing to do about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.labels import plain


class ServerNote(QWidget):
    """Hidden while it has nothing to say. `acted` when its button was pressed."""

    acted = Signal()

    def __init__(self, desk: Desk, name: str, button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = plain("", "secondary", name=name, selectable=True)
        self.button = QPushButton(desk.phrase(button) if button else "", self)
        self.button.setObjectName(f"{name}-button")
        self.button.setProperty("role", "small")
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self.acted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, *sentences: str) -> None:
        """One line each; nothing hides it."""
        words = "\n".join(sentence for sentence in sentences if sentence)
        self._text.setText(words)
        self._text.setAccessibleName(words)
        self.setVisible(bool(words))
