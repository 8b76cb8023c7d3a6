"""The button row of the window: help and why it does not go on yet at the left; Back, what happens next, and Cancel at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from oauthcert.ui.widgets.labels import plain

_LEAST_FOR_WHY = 160


class ButtonBar(QWidget):
    """One row; two where large text leaves no room for one."""

    def __init__(self, words: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("button-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.help = self._button("help", words("button.help"), "link")
        self.why_not = plain("", "secondary", name="why-not")
        self.why_not.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.back = self._button("back", words("button.back"))
        self.primary = self._button("primary", "", "primary")
        self.primary.setDefault(True)
        self.cancel = self._button("cancel", words("button.cancel"))
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(28, 12, 28, 12)
        self._rows.setSpacing(8)
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.help)
        left.addWidget(self.why_not, 1)
        right.setSpacing(8)
        right.addStretch(1)
        for button in (self.back, self.primary, self.cancel):
            button.setMinimumWidth(84)
            right.addWidget(button)
        self._rows.addLayout(left, 1)
        self._rows.addLayout(right)

    def _button(self, name: str, text: str, role: str = "") -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if role:
            button.setProperty("role", role)
        return button

    def arrange(self) -> None:
        """To be called when a text or the width has changed."""
        shown = [button for button in (self.help, self.back, self.primary, self.cancel) if not button.isHidden()]
        needed = sum(button.sizeHint().width() + 8 for button in shown) + 2 * 28 + (_LEAST_FOR_WHY if self.why_not.text() else 0)
        stacked = needed > self.width()
        self._rows.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
