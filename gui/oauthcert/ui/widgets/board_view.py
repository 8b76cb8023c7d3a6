"""The board on the screen: a table of lights that keyboard, mouse and screen readers walk alike."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from oauthcert.ui.models.board import SERVER_COLUMN, BoardModel, Index
from oauthcert.ui.models.board_order import BoardOrder
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.board_cells import BoardCells
from oauthcert.ui.widgets.board_header import BoardHeader, Wording
from oauthcert.words.catalogue import Catalogue

_PAGE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BoardView(QTableView):
    """`picked`: the current light changed. `opened`: Enter or a double click on it. `again`: F5 on a row (its server, None = all).

    `menu` asks for the context menu at a place on the screen.
    """

    picked = Signal()
    opened = Signal()
    again = Signal(object)
    menu = Signal(QPoint)

    def __init__(self, model: BoardModel, order: BoardOrder, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._order, self._theme = model, order, theme
        self._nothing = catalogue.window("check.filter.nothing")
        self.setObjectName("board")
        self.setAccessibleName(catalogue.window("check.board"))
        names = {group: catalogue.window(f"check.group.{group}") for group in catalogue.groups}
        self.head = BoardHeader(model, names, theme, self)
        self._groups = self.head.stretches()[1:-1]
        self.cells = BoardCells(model, theme, [(first, last) for first, last, _name in self._groups], self)
        self.setModel(order)
        self.setHorizontalHeader(self.head)
        self._settle()
        for column in range(1, model.now_column):
            self.setColumnWidth(column, self.cells.width_of(column))

    def _settle(self) -> None:
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(self.cells.row_height)
        self.verticalHeader().setDefaultSectionSize(self.cells.row_height)
        self.setMinimumHeight(self.head.sizeHint().height() + 3 * self.cells.row_height)
        self.setMinimumWidth(self._theme.pixels(240))

    @property
    def place(self) -> tuple[str | None, str | None] | None:
        """Server and check of the current cell; beside the lights the worst check of the row. None when there is no current cell."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        at = self._order.mapToSource(index)
        row = self._model.rows[at.row()]
        return row.server, self._model.check_at(at.row(), at.column()) or row.worst_check(self._model.checks_of(row))

    def go_to(self, server: str | None, check: str) -> None:
        """Makes this light current, if it is on the board and not filtered out."""
        for number, row in enumerate(self._model.rows):
            columns = [column for column in range(1, self._model.now_column) if self._model.check_at(number, column) == check]
            if row.server == server and columns:
                self.setCurrentIndex(self._order.mapFromSource(self._model.index(number, columns[0])))

    def fit_columns(self) -> None:
        """Gives the names what they need, as far as there is room, and the rest to what is going on."""
        names = [self.cells.name_width(self._model.name_of(row.server)) for row in self._model.rows] or [0]
        least, going_on, pixels = self._theme.pixels(110), self._theme.pixels(130), self._theme.pixels
        wide = min(max(names), pixels(150))
        for wording in Wording:
            more = {last: self._lacking(first, last, name, wording) for first, last, name in self._groups}
            lights = sum(self.cells.width_of(column) for column in range(1, self._model.now_column)) + sum(more.values())
            room = self.viewport().width() - lights
            if room >= max(least, wide) + going_on:
                break
        for column, lacking in more.items():
            self.setColumnWidth(column, self.cells.width_of(column) + lacking)
        name = max(least, wide, min(max(names), pixels(280), room - going_on))
        self.setColumnWidth(SERVER_COLUMN, name)
        self.setColumnWidth(self._model.now_column, max(least, room - name))

    def _lacking(self, first: int, last: int, name: str, wording: Wording) -> int:
        """What a group's lights are narrower than this much of its name."""
        return max(0, self.head.room_for(name, wording) - sum(self.cells.width_of(column) for column in range(first, last + 1)))

    def keep_in_sight(self) -> None:
        """The current light, after other rows have come or gone."""
        self.scrollTo(self.currentIndex()) if self.currentIndex().isValid() else self.scrollToTop()

    def wanted_height(self) -> int:
        """So high that every row is seen."""
        return self.head.sizeHint().height() + self._order.rowCount() * self.cells.row_height + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    # --- the names of the servers stay in place while the lights are scrolled sideways

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx:
            # What was moved on the screen has taken the names along.
            self.viewport().update()
            self.head.viewport().update()

    def indexAt(self, at: QPoint) -> QModelIndex:
        if at.x() < self.columnWidth(SERVER_COLUMN):
            return self._order.index(self.rowAt(at.y()), SERVER_COLUMN)
        return super().indexAt(at)

    def visualRect(self, index: Index) -> QRect:
        box = super().visualRect(index)
        if index.isValid() and index.column() == SERVER_COLUMN:
            box.moveLeft(0)
        return box

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        sideways = self.horizontalScrollBar()
        before = sideways.value()
        super().scrollTo(index, hint)
        if index.column() == SERVER_COLUMN:
            sideways.setValue(before)
        elif (behind := self.columnWidth(SERVER_COLUMN) - self.columnViewportPosition(index.column())) > 0:
            sideways.setValue(sideways.value() - behind)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self._redraw_row(index.row())
        self.picked.emit()

    def _redraw_row(self, row: int) -> None:
        if row >= 0:
            self.viewport().update(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(min(1, self.model().rowCount() - 1), 1))
        self._redraw_row(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PAGE_KEYS and self.currentIndex().isValid():
            self.opened.emit()
        elif event.key() == Qt.Key.Key_F5 and self.place is not None:
            self.again.emit(self.place[0])
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QEvent) -> None:
        self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            self.setCurrentIndex(index)
            at = event.pos() if by_mouse else self.visualRect(index).center()
            self.menu.emit(self.viewport().mapToGlobal(at))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, hurt = QPainter(self.viewport()), event.rect()
        columns = [(self.columnViewportPosition(column), self.columnWidth(column)) for column in range(self._model.now_column + 1)]
        columns[SERVER_COLUMN] = (0, self.columnWidth(SERVER_COLUMN))
        first, last = self.rowAt(hurt.top()), self.rowAt(hurt.bottom())
        count, rows, current = self._order.rowCount(), self._model.rows, self.currentIndex()
        for number in range(max(first, 0), (last + 1 if last >= 0 else count) if first >= 0 else 0):
            at = self._order.mapToSource(self._order.index(number, SERVER_COLUMN))
            # The ring stays when the focus goes: the pane below goes on telling of this light.
            column = current.column() if number == current.row() else None
            self.cells.paint(painter, rows[at.row()], self.rowViewportPosition(number), columns, column)
        if self._order.narrowed and not count:
            painter.setPen(self._theme.colour("mute"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 12, -24, -12), flags, self._nothing)
