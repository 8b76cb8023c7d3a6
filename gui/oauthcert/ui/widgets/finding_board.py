"""Where causes, pictures and the list stand: pictures at the right where there is room, between the two where there is not."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.own_layout import OwnLayout

NARROW = 860
"""Width, in pixels of the design, below which everything stands in one column."""
GAP = 16
WIDEST_PICTURES, PICTURES_SHARE = 552, 0.46


class FindingBoard(QWidget):
    """Takes the three parts over."""

    def __init__(self, causes: QWidget, pictures: QWidget, findings: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = _BoardLayout(self, theme)
        for part in (causes, pictures, findings):
            self._places.addWidget(part)

    @property
    def stacked(self) -> bool:
        return self._places.stacked(self.width())

    def put_pictures_first(self, first: bool) -> None:
        """Above the causes, where everything stands in one column."""
        self._places.pictures_first = first
        self._places.invalidate()


class _BoardLayout(OwnLayout):
    """A layout of its own, since moving widgets between boxes while they are laid out makes Qt lay them out again and again."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.pictures_first = False

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Vertical

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Narrow: the height for a width is told by `heightForWidth`."""
        return QSize(self._theme.pixels(320), 0)

    def stacked(self, width: int) -> bool:
        return width < self._theme.pixels(NARROW)

    def place(self, box: QRect, *, move: bool) -> int:
        causes, pictures, findings = self.items
        if self.stacked(box.width()) or pictures.isEmpty():
            order = (pictures, causes, findings) if self.pictures_first else (causes, pictures, findings)
            return self._column(order, box, move)
        right = min(self._theme.pixels(WIDEST_PICTURES), round(box.width() * PICTURES_SHARE))
        left = QRect(box.topLeft(), QSize(box.width() - right - GAP, box.height()))
        beside = QRect(box.topLeft() + QPoint(box.width() - right, 0), QSize(right, box.height()))
        return max(self._column((causes, findings), left, move), self._column((pictures,), beside, move))

    def _column(self, items: tuple[QLayoutItem, ...], box: QRect, move: bool) -> int:
        y = box.y()
        for item in items:
            if item.isEmpty():
                continue
            height = item.heightForWidth(box.width()) if item.hasHeightForWidth() else item.sizeHint().height()
            if move:
                item.setGeometry(QRect(box.x(), y, box.width(), height))
            y += height + GAP
        return max(0, y - box.y() - GAP)
