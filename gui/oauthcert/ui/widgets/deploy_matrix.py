"""Servers and Steps 1 to 4: what is finished, what is on, what waits. Each cell says its state with shape, word and colour."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from oauthcert.fixes.deployment import Cell, Guidance, Row
from oauthcert.fixes.deployment_board import STEPS, CellState
from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.deploy_words import MoveWords
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import said
from oauthcert.words.showing import short_name, visible

LOOKS: dict[CellState, tuple[str, str]] = {
    CellState.DONE: ("pass", "pass"),
    CellState.NOW: ("right", "accent"),
    CellState.WAITING: ("clock", "warning"),
    CellState.LATER: ("later", "mute"),
    CellState.NOT_NEEDED: ("not-applicable", "mute"),
    CellState.UNSEEN: ("unknown", "could-not-look"),
}
"""Icon and colour of each state."""
_MOST_ROWS = 7
_INDENT = 5


class _CellDelegate(QStyledItemDelegate):
    """Room at the left as in the head, and a line around the chosen cell, in the accent colour while the keys go there."""

    def __init__(self, theme: Theme, table: QTableWidget) -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(ground, QBrush):
            painter.fillRect(option.rect, ground)
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(_INDENT, 0, 0, 0)
        inner.state &= ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        super().paint(painter, inner, index)
        if index != self._table.currentIndex():
            return
        there = self._table.hasFocus()
        painter.setPen(QPen(self._theme.colour("accent" if there else "line"), 2 if there else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


class Matrix(QTableWidget):
    """The table itself. Tab leaves it, the arrows go from cell to cell."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(0, 1 + len(STEPS), parent)
        self._desk, self._theme = desk, theme
        self._guidance: Guidance | None = None
        self.setObjectName("deploy-matrix")
        self.setAccessibleName(desk.phrase("deploy.matrix"))
        self.setAccessibleDescription(desk.phrase("deploy.matrix.hint"))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self._edge = theme.pixels(16)
        self.setIconSize(QSize(self._edge, self._edge))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        self.verticalHeader().setDefaultSectionSize(theme.pixels(13) + 20)

    def show_guidance(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self.setRowCount(len(guidance.rows))
        for place, row in enumerate(guidance.rows):
            self.setItem(place, 0, self._server(row))
            for cell in row.cells:
                self.setItem(place, cell.step, self._cell(row, cell))
        self._show_heads()
        self._fit()

    def _show_heads(self) -> None:
        """With the name of each step where there is room for it; else its number, and more by scrolling sideways."""
        phrase, rows = self._desk.phrase, self._guidance.rows if self._guidance is not None else ()
        long, short, spoken = [phrase("deploy.matrix.server")], [phrase("deploy.matrix.server")], [phrase("deploy.matrix.server")]
        for step in STEPS:
            cells = [row.cells[step - 1] for row in rows if row.cells[step - 1].state is not CellState.NOT_NEEDED]
            done = sum(cell.state is CellState.DONE for cell in cells)
            number, _, name = phrase(f"deploy.step.{step}").partition(" · ")
            long.append(f"{number} · {name}\n{phrase('deploy.step.done', done=done, total=len(cells))}")
            short.append(f"{number}\n{done} / {len(cells)}")
            spoken.append(f"{number} {name}, {phrase('deploy.step.done', done=done, total=len(cells))}")
        header, room = self.horizontalHeader(), self.viewport().width()
        for heads in (long, short):
            self.setHorizontalHeaderLabels(heads)
            wanted = [max(header.sectionSizeHint(at), self.sizeHintForColumn(at) + 2 * _INDENT) for at in range(self.columnCount())]
            if sum(wanted) <= room:
                break
        for at, text in enumerate(spoken):
            for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                self.model().setHeaderData(at, Qt.Orientation.Horizontal, text, role)
        spare = max(room - sum(wanted), 0) // len(wanted)
        for at, width in enumerate(wanted):
            header.resizeSection(at, width + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._guidance is not None:
            self._show_heads()
            self._fit()

    def _server(self, row: Row) -> QTableWidgetItem:
        role = self._desk.phrase(f"deploy.role.{row.role.value}")
        item = QTableWidgetItem(short_name(row.server))
        item.setToolTip(f"{visible(row.server)}\n{role}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{visible(row.server)}, {role}")
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        item.setFont(strong)
        return item

    def _cell(self, row: Row, cell: Cell) -> QTableWidgetItem:
        name, token = LOOKS[cell.state]
        word = self._desk.phrase(f"deploy.state.{cell.state.value}")
        colour = self._theme.colour(token)
        item = QTableWidgetItem(icons.icon(name, colour, self._edge), word)
        item.setForeground(QBrush(colour))
        step = self._desk.phrase(f"deploy.step.{cell.step}")
        spoken = self._desk.phrase("deploy.cell", server=visible(row.server), step=step, state=word)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        if cell.state is CellState.NOW:
            item.setBackground(QBrush(self._theme.tint("accent")))
            strong = QFont(self.font())
            strong.setWeight(QFont.Weight.DemiBold)
            item.setFont(strong)
        return item

    def _fit(self) -> None:
        """As high as its rows, up to some; more are scrolled."""
        rows = min(self.rowCount(), _MOST_ROWS)
        self.resizeRowsToContents()
        height = self.horizontalHeader().sizeHint().height() + sum(self.rowHeight(row) for row in range(rows))
        sideways = self.horizontalScrollBar()
        needed = sum(self.columnWidth(at) for at in range(self.columnCount())) > self.viewport().width() + self.columnCount()
        self.setFixedHeight(height + 2 * self.frameWidth() + 2 + (sideways.sizeHint().height() if needed else 0))


class MatrixCard(Card):
    """The table and, under it, what the chosen cell means. `chosen` carries server and step."""

    chosen = Signal(str, int)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, margin=12)
        self._desk = desk
        self._guidance: Guidance | None = None
        self._words: MoveWords | None = None
        self.setObjectName("deploy-card")
        self.table = Matrix(desk, theme, self)
        self.about = said("", "secondary", name="deploy-about")
        self.column.addWidget(self.table)
        self.column.addWidget(self.about)
        self.column.setSpacing(8)
        self.table.currentCellChanged.connect(lambda *_places: self._show_about())

    def show_guidance(self, guidance: Guidance, words: MoveWords) -> None:
        """Keeps the chosen cell where it is."""
        at = (max(self.table.currentRow(), 0), max(self.table.currentColumn(), 0))
        self._guidance, self._words = guidance, words
        self.table.blockSignals(True)
        self.table.show_guidance(guidance)
        if at[0] < self.table.rowCount():
            self.table.setCurrentCell(*at)
        self.table.blockSignals(False)
        self._show_about()

    def choose_now(self) -> None:
        """The first cell that the page is about."""
        places = [(at, cell) for at, row in enumerate(self._guidance.rows if self._guidance else ()) for cell in row.cells]
        for wanted in (CellState.NOW, CellState.WAITING, CellState.DONE):
            for at, cell in places:
                if cell.state is wanted:
                    self.table.setCurrentCell(at, cell.step)
                    self.table.scrollTo(self._index(at, cell.step))
                    return

    def _index(self, row: int, column: int) -> QModelIndex:
        return self.table.model().index(row, column)

    def _show_about(self) -> None:
        row, column = self.table.currentRow(), self.table.currentColumn()
        if self._guidance is None or self._words is None or not 0 <= row < len(self._guidance.rows):
            self.about.setText("")
            return
        line, phrase = self._guidance.rows[row], self._desk.phrase
        if column < 1:
            self.about.setText(f"{visible(line.server)} · {phrase(f'deploy.role.{line.role.value}')}")
            return
        cell = line.cells[column - 1]
        state = phrase(f"deploy.state.{cell.state.value}")
        head = phrase("deploy.cell", server=visible(line.server), step=phrase(f"deploy.step.{cell.step}"), state=state)
        why = self._words.titles(cell.findings) or phrase(f"deploy.cell.{cell.state.value}")
        self.about.setText(f"{head} {why}")
        self.chosen.emit(line.server, cell.step)
