"""Where causes, pictures and the list stand: pictures at the right where there is room, between the two where there is not."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.picture_cards import PictureColumn

NARROW, GAP = 860, 16
WIDEST_PICTURES, PICTURES_SHARE = 552, 0.46


class FindingBoard(QWidget):
    """`stacked` tells which of both it is. `pictures_first` puts them above the causes when stacked."""

    def __init__(self, causes: QWidget, pictures: PictureColumn, findings: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._pictures = theme, pictures
        self.pictures_first = False
        self.stacked = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(12)
        self._left.addWidget(causes)
        self._left.addWidget(findings)
        self._left.addStretch(1)
        self._right.addWidget(pictures)
        self._right.addStretch(1)
        self._row.addLayout(self._left, 1)
        self._row.addLayout(self._right)

    def arrange(self) -> None:
        """Call when what there is to show has changed."""
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        room = self._theme.pixels(WIDEST_PICTURES)
        self.stacked = width < self._theme.pixels(NARROW)
        self._left.removeWidget(self._pictures)
        self._right.removeWidget(self._pictures)
        self._row.setSpacing(0 if self.stacked or not self._pictures.cards else GAP)
        if self.stacked:
            self._pictures.setMinimumWidth(0)
            self._pictures.setMaximumWidth(16777215)
            self._left.insertWidget(0 if self.pictures_first else 1, self._pictures)
        else:
            self._pictures.setFixedWidth(min(room, round(width * PICTURES_SHARE)))
            self._right.insertWidget(0, self._pictures)
