"""Draws the cells of the board: names, lights, and what is going on."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from oauthcert.ui.models.board import LIGHT_ROLE, ROW_ROLE, SERVER_COLUMN
from oauthcert.ui.models.board_rows import Light, Row, Stage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.light import LightPainter
from oauthcert.words.showing import short_name, visible

Index = QModelIndex | QPersistentModelIndex
MARGIN = 12
GAP = 8
"""Free pixels before the first and after the last light of a group."""
_ALIGN = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_BAR = 5


class BoardCells(QStyledItemDelegate):
    """`current` is the row and column with the focus, in the rows of the view; the view keeps it up to date.

    `groups`: first and last column of each group of lights.
    """

    def __init__(self, theme: Theme, now_column: int, groups: Sequence[tuple[int, int]], parent: QWidget) -> None:
        super().__init__(parent)
        self.lights = LightPainter(theme)
        self.current = (-1, -1)
        self.focused = False
        self._now = now_column
        self._starts, self._ends = frozenset(first for first, _ in groups), frozenset(last for _, last in groups)
        self._strong, self._small = QFont(parent.font()), QFont(parent.font())
        self._strong.setPixelSize(theme.pixels(13))
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._small.setPixelSize(theme.pixels(12))
        self._strong_metrics, self._small_metrics = QFontMetrics(self._strong), QFontMetrics(self._small)
        self._line, self._text, self._mute = QPen(theme.colour("line")), theme.colour("text"), theme.colour("mute")
        self._accent, self._chosen = theme.colour("accent"), theme.tint("accent")
        self.row_height = self._strong_metrics.height() + self._small_metrics.height() + 14

    def width_of(self, column: int) -> int:
        """Of a column of lights."""
        return self.lights.pitch + GAP * ((column in self._starts) + (column in self._ends))

    def name_width(self, server: str) -> int:
        host, domain = _parts(server)
        return 2 * MARGIN + max(self._strong_metrics.horizontalAdvance(host), self._small_metrics.horizontalAdvance(domain)) + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        column = index.column()
        return QSize(self.width_of(column) if 0 < column < self._now else 160, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, box = index.column(), option.rect
        if index.row() == self.current[0]:
            painter.fillRect(box, self._chosen)
        painter.setPen(self._line)
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if column in self._starts or column == self._now:
            painter.drawLine(box.topLeft(), box.bottomLeft())
        if SERVER_COLUMN < column < self._now:
            light = index.data(LIGHT_ROLE)
            if light is not None:
                self._light(painter, box.left() + (GAP if column in self._starts else 0), box.center().y(), light)
        elif column == SERVER_COLUMN:
            self._name(painter, QRectF(box), index)
        else:
            self._going_on(painter, QRectF(box), index)
        if self.focused and (index.row(), column) == self.current:
            self._ring(painter, QRectF(box), column)

    def _light(self, painter: QPainter, left: int, middle: int, light: Light) -> None:
        self.lights.draw(painter, QPointF(left + 1.5, middle + 1 - self.lights.size / 2), light)

    def _ring(self, painter: QPainter, box: QRectF, column: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if SERVER_COLUMN < column < self._now:
            edge = self.lights.size
            left = box.left() + (GAP if column in self._starts else 0) + 1.5
            middle = float(box.toRect().center().y() + 1)
            painter.drawRoundedRect(QRectF(left, middle - edge / 2, edge, edge).adjusted(-0.5, -0.5, 0.5, 0.5), 5, 5)
        else:
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -3), 4, 4)
        painter.restore()

    def _name(self, painter: QPainter, box: QRectF, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        inner = box.adjusted(MARGIN, 6, -MARGIN / 2, -7)
        host, domain = _parts(row.server) if row.server else (str(index.data()), "")
        painter.setFont(self._strong)
        painter.setPen(self._text)
        room = int(inner.width())
        if not domain:
            painter.drawText(inner, _ALIGN, self._strong_metrics.elidedText(host, Qt.TextElideMode.ElideRight, room))
            return
        upper = QRectF(inner.left(), inner.top(), inner.width(), self._strong_metrics.height())
        lower = QRectF(inner.left(), upper.bottom() + 1, inner.width(), self._small_metrics.height())
        painter.drawText(upper, _ALIGN, self._strong_metrics.elidedText(host, Qt.TextElideMode.ElideRight, room))
        painter.setFont(self._small)
        painter.setPen(self._mute)
        painter.drawText(lower, _ALIGN, self._small_metrics.elidedText(domain, Qt.TextElideMode.ElideRight, room))

    def _going_on(self, painter: QPainter, box: QRectF, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        inner = box.adjusted(MARGIN, 6, -MARGIN, -7)
        painter.setFont(self._small)
        painter.setPen(self._mute)
        words = self._small_metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(inner.width()))
        if row.server is None or row.stage is Stage.IDLE:
            painter.drawText(inner, _ALIGN, words)
            return
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), self._small_metrics.height()), _ALIGN, words)
        bar = QRectF(inner.left(), inner.bottom() - _BAR - 2, inner.width(), _BAR)
        painter.fillRect(bar, self._line.color())
        share = len(row.answered) / len(row.probes) if row.probes else 0.0
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, _BAR), self._mute if row.reason else self._accent)


def _parts(server: str) -> tuple[str, str]:
    """`fe01`, `contoso.lab`; an address stays whole."""
    host = short_name(server)
    return visible(host), visible(server[len(host) + 1 :])
