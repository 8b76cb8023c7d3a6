"""A layout that puts its items in a row and goes on in the next line where the row is full."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayoutItem, QSizePolicy, QWidget

from oauthcert.ui.widgets.own_layout import OwnLayout

NARROWEST = 120
"""Pixels to which an item may be pressed together, so that one long button does not widen the page."""


class FlowLayout(OwnLayout):
    """Items are as wide as they want to be, at most as wide as the row; those of one line are centred on it."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._gap = gap

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._shown()]
        gaps = self._gap * max(0, len(sizes) - 1)
        return QSize(sum(size.width() for size in sizes) + gaps, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._shown()]
        widest = max((min(size.width(), NARROWEST) for size in sizes), default=0)
        return QSize(widest, max((size.height() for size in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self.items if not item.isEmpty()]

    def place(self, box: QRect, *, move: bool) -> int:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            width = item.sizeHint().width()
            if not lines or left + width > box.width():
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += width + self._gap
        top = box.top()
        for line in lines:
            height = max(item.sizeHint().height() for item in line)
            left = box.left()
            for item in line if move else ():
                size = item.sizeHint()
                width = min(size.width(), box.width())
                item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), QSize(width, size.height())))
                left += width + self._gap
            top += height + self._gap
        return max(0, top - self._gap - box.top())


def flowing(*widgets: QWidget, gap: int = 8) -> QWidget:
    """The widgets in a row that breaks, as one widget that is as high as its lines."""
    row = QWidget()
    flow = FlowLayout(row, gap)
    for widget in widgets:
        flow.addWidget(widget)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    row.setSizePolicy(policy)
    return row
