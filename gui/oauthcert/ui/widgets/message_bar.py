"""What has to be said above the page, until it is closed or another step comes up."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from oauthcert.ui.widgets.labels import plain


class MessageBar(QWidget):
    """Hidden while it has nothing to say; what it says is read out."""

    def __init__(self, words: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        self._text = plain("", name="message", selectable=True)
        row.addWidget(self._text, 1)
        close = QPushButton(words("button.close"), self)
        close.setProperty("role", "small")
        close.setObjectName("close-message")
        close.clicked.connect(lambda: self.say(""))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.say("")

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str) -> None:
        """Empty text hides it."""
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))
