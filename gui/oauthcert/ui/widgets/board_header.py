"""The head of the board: one name over the lights of each group, in place while rows and columns scroll."""

from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from oauthcert.ui.models.board import SERVER_COLUMN, BoardModel
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.board_cells import GAP, MARGIN

_ALIGN = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Wording(StrEnum):
    """How much of the groups' names stands in the head: both lines, the first, or only the number of the step."""

    WHOLE = "whole"
    FIRST = "first"
    NUMBER = "number"


class BoardHeader(QHeaderView):
    """What a single column is, is told by its tool tip and to screen readers; there is no room for it over a light."""

    def __init__(self, model: BoardModel, group_names: dict[str, str], theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model, self._names, self._theme = model, group_names, theme
        self._strong, self._small = QFont(parent.font()), QFont(parent.font())
        self._strong.setPixelSize(theme.pixels(12))
        self._strong.setWeight(QFont.Weight.DemiBold)
        self._small.setPixelSize(theme.pixels(11))
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(8)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), QFontMetrics(self._strong).height() + QFontMetrics(self._small).height() + 12)

    def stretches(self) -> list[tuple[int, int, str]]:
        """First column, last column and name of everything that has a name of its own in the head."""
        found = [(0, 0, str(self._model.headerData(0, Qt.Orientation.Horizontal)))]
        for column, place in enumerate(self._model.places, 1):
            name = self._names[place.group]
            if found[-1][2] == name:
                found[-1] = (found[-1][0], column, name)
            else:
                found.append((column, column, name))
        now = self._model.now_column
        return [*found, (now, now, str(self._model.headerData(now, Qt.Orientation.Horizontal)))]

    def room_for(self, name: str, wording: Wording) -> int:
        """Pixels that a group has to have for this much of its name to stand over its lights."""
        lines = [line for line in self._lines(name, wording) if line[0]]
        return GAP + 4 + max(QFontMetrics(font).horizontalAdvance(text) for text, font in lines)

    def _lines(self, name: str, wording: Wording) -> list[tuple[str, QFont]]:
        head, _, rest = name.partition(" · ")
        if wording is Wording.NUMBER and head[-1:].isdigit():
            head = head.rpartition(" ")[2]
        return [(head, self._strong), *([(rest, self._small)] if rest and wording is Wording.WHOLE else [])]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        colour = self._theme.colour
        painter.fillRect(event.rect(), colour("rail"))
        painter.setPen(colour("line"))
        bottom = self.height() - 1
        painter.drawLine(0, bottom, self.width(), bottom)
        (_, _, servers), *others = self.stretches()
        # The names of the servers stay in place while everything else is scrolled.
        edge = self.sectionSize(SERVER_COLUMN)
        self._write(painter, QRect(MARGIN, 0, edge - MARGIN - 2, self.height()), servers)
        painter.setClipRect(edge, 0, self.width() - edge, self.height())
        for first, last, name in others:
            left = self.sectionViewportPosition(first)
            right = self.sectionViewportPosition(last) + self.sectionSize(last)
            if right <= edge or left >= self.width():
                continue
            painter.setPen(colour("line"))
            painter.drawLine(max(left, edge), 0, max(left, edge), bottom)
            inset = MARGIN if first == self._model.now_column else GAP + 1
            # The name of a group stays in sight while some of its columns are scrolled out.
            begins, ends = max(left, edge) + inset, min(right, self.width()) - 2
            self._write(painter, QRect(begins, 0, ends - begins, self.height()), name)

    def _write(self, painter: QPainter, box: QRect, name: str) -> None:
        # A group with room of its own says more than the narrowest one does; one that is scrolled out halfway says less.
        fits = (wording for wording in Wording if self.room_for(name, wording) - GAP - 4 <= box.width())
        lines = self._lines(name, next(fits, Wording.NUMBER))
        heights = [QFontMetrics(font).height() for _, font in lines]
        top = (box.height() - sum(heights)) // 2
        painter.setPen(self._theme.colour("mute"))
        for (text, font), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(QRect(box.left(), top, box.width(), height), _ALIGN, shown)
            top += height
