"""Draws the rows of the board: names, lights, and what is going on."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from oauthcert.ui.models.board import SERVER_COLUMN, BoardModel
from oauthcert.ui.models.board_rows import Light, Row, Stage
from oauthcert.ui.theme import Style, Theme
from oauthcert.ui.widgets.light import LightPainter
from oauthcert.words.showing import short_name, visible

MARGIN = 12
GAP = 6
"""Free pixels before the first and after the last light of a group."""
_ALIGN = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_BAR = 5


class BoardCells:
    """Draws a row at a time, straight from the model: asking a delegate and the model for every light takes six times as long.

    `groups`: first and last column of each group of lights. Positions of columns are those of the view at the moment of painting.
    """

    def __init__(self, model: BoardModel, theme: Theme, groups: Sequence[tuple[int, int]], parent: QWidget) -> None:
        self.lights = LightPainter(theme)
        self._model, self._now = model, model.now_column
        self._starts, self._ends = frozenset(first for first, _ in groups), frozenset(last for _, last in groups)
        self._strong, self._small = QFont(parent.font()), QFont(parent.font())
        self._strong.setPixelSize(theme.pixels(13))
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._small.setPixelSize(theme.pixels(12))
        self._strong_metrics, self._small_metrics = QFontMetrics(self._strong), QFontMetrics(self._small)
        self._line, self._text, self._mute = QPen(theme.colour("line")), theme.colour("text"), theme.colour("mute")
        self._accent, self._chosen = theme.colour("accent"), theme.tint("accent")
        self._contrast = theme.style is Style.CONTRAST
        self._longest_bar = theme.pixels(200)
        self.row_height = self._strong_metrics.height() + self._small_metrics.height() + 14

    def width_of(self, column: int) -> int:
        """Of a column of lights."""
        return self.lights.pitch + GAP * ((column in self._starts) + (column in self._ends))

    def name_width(self, server: str) -> int:
        host, domain = _parts(server)
        return 2 * MARGIN + max(self._strong_metrics.horizontalAdvance(host), self._small_metrics.horizontalAdvance(domain)) + 2

    def paint(self, painter: QPainter, row: Row, top: int, columns: Sequence[tuple[int, int]], current: int | None) -> None:
        """`columns`: left edge and width of each; the first stays where it is, whatever the others do. `current`: the column with the
        focus, None when it is in another row."""
        left, end = columns[SERVER_COLUMN][0], columns[-1][0] + columns[-1][1]
        names_end, bottom = left + columns[SERVER_COLUMN][1], top + self.row_height - 1
        if current is not None:
            painter.fillRect(QRectF(left, top, end - left, self.row_height), self._chosen)
            painter.fillRect(QRectF(left, top, 3, self.row_height), self._accent)  # in high contrast there is no tint to tell by
        painter.setPen(self._line)
        painter.drawLine(left, bottom, end, bottom)
        painter.drawLine(names_end, top, names_end, bottom)
        self._name(painter, _box(columns[SERVER_COLUMN], top, self.row_height), row)
        if current == SERVER_COLUMN:
            self._ring(painter, _box(columns[current], top, self.row_height), current)
        scrolled = columns[SERVER_COLUMN + 1][0] < names_end
        if scrolled:
            painter.setClipRect(QRectF(names_end + 1, top, end - names_end, self.row_height))
        self._lights(painter, row, top, columns)
        self._going_on(painter, _box(columns[self._now], top, self.row_height), row)
        if current is not None and current != SERVER_COLUMN:
            self._ring(painter, _box(columns[current], top, self.row_height), current)
        painter.setClipping(False)

    def _lights(self, painter: QPainter, row: Row, top: int, columns: Sequence[tuple[int, int]]) -> None:
        painter.setPen(self._line)
        for column in (*self._starts, self._now):
            painter.drawLine(columns[column][0], top, columns[column][0], top + self.row_height - 1)
        at = self._light_top(top)
        for column in range(SERVER_COLUMN + 1, self._now):
            check = self._model.places[column - 1].check_for(row.server)
            if check is not None:
                finding = row.findings.get(check)
                light = Light(check, finding.verdict if finding else None, check in row.stale)
                self.lights.draw(painter, QPointF(self._light_left(column, columns[column][0]), at), light)

    def _light_left(self, column: int, left: int) -> float:
        return left + (GAP if column in self._starts else 0) + 1.5

    def _light_top(self, top: int) -> float:
        return float(top + (self.row_height - self.lights.size) // 2)

    def _ring(self, painter: QPainter, box: QRectF, column: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if SERVER_COLUMN < column < self._now:
            edge = self.lights.size
            light = QRectF(self._light_left(column, int(box.left())), self._light_top(int(box.top())), edge, edge)
            painter.drawRoundedRect(light.adjusted(-0.5, -0.5, 0.5, 0.5), 5, 5)
        else:
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -3), 4, 4)
        painter.restore()

    def _name(self, painter: QPainter, box: QRectF, row: Row) -> None:
        inner = box.adjusted(MARGIN, 6, -MARGIN / 2, -7)
        host, domain = _parts(row.server) if row.server else (self._model.name_of(None), "")
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

    def _going_on(self, painter: QPainter, box: QRectF, row: Row) -> None:
        inner = box.adjusted(MARGIN, 6, -MARGIN, -7)
        painter.setFont(self._small)
        painter.setPen(self._mute)
        said, room = self._model.now_of(row), int(inner.width())
        barred = row.server is not None and row.stage is not Stage.IDLE and not (row.stage is Stage.FINISHED and row.reason)
        if not barred and self._small_metrics.horizontalAdvance(said) > room:
            # A reason is worth more than how far it came: two lines, and no bar.
            first, rest = _broken(said, self._small_metrics, room)
            painter.drawText(inner, _ALIGN, f"{first}\n{self._small_metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room)}")
            return
        words = self._small_metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)
        if row.server is None or row.stage is Stage.IDLE:
            painter.drawText(inner, _ALIGN, words)
            return
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), self._small_metrics.height()), _ALIGN, words)
        bar = QRectF(inner.left(), inner.bottom() - _BAR - 2, min(inner.width(), self._longest_bar), _BAR)
        if self._contrast:  # one colour for lines and words: what is not filled has to be empty
            painter.drawRect(bar.adjusted(0, 0, -1, -1))
        else:
            painter.fillRect(bar, self._line.color())
        share = len(row.answered) / len(row.probes) if row.probes else 0.0
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, _BAR), self._mute if row.reason else self._accent)


def _box(column: tuple[int, int], top: int, height: int) -> QRectF:
    return QRectF(column[0], top, column[1], height)


def _broken(text: str, metrics: QFontMetrics, room: int) -> tuple[str, str]:
    """As many whole words as fit into `room` pixels, and the rest; a first word that is too long is in the rest by itself."""
    words = text.split(" ")
    count = 1
    while count < len(words) and metrics.horizontalAdvance(" ".join(words[: count + 1])) <= room:
        count += 1
    first = " ".join(words[:count])
    return (first, " ".join(words[count:])) if metrics.horizontalAdvance(first) <= room else ("", text)


def _parts(server: str) -> tuple[str, str]:
    """`fe01`, `contoso.lab`; an address stays whole."""
    host = short_name(server)
    return visible(host), visible(server[len(host) + 1 :])
