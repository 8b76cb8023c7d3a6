"""Two columns side by side where there is room, one under the other where there is not (narrow window, large text)."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from oauthcert.ui.theme import Theme


class Columns(QWidget):
    """`narrow` is the width, in pixels of the design at 100 %, below which the columns are stacked."""

    def __init__(
        self, left: QWidget, right: QWidget, theme: Theme, *, shares: tuple[int, int] = (5, 4), narrow: int = 720, gap: int = 20
    ) -> None:
        super().__init__()
        self._narrow = theme.pixels(narrow)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(gap)
        self._layout.addWidget(left, shares[0])
        self._layout.addWidget(right, shares[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = event.size().width() < self._narrow
        self._layout.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
