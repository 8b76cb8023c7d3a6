"""The table of servers: state as a badge, connection to be edited in place, removing by key or menu."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from oauthcert.ui.desk import Desk
from oauthcert.ui.models.servers import ROW, Column, ServersModel
from oauthcert.ui.models.servers_words import PORTS, SHORT_WORDS, Phase, ServerRow, other_connection, product_of, state_of
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import BadgePainter

Index = QModelIndex | QPersistentModelIndex
_SAMPLE = 10_000  # milliseconds, for the width of the widest state


class ServerTable(QTableView):
    """`removal` carries the names to remove, `again` those to try again, `other` those to reach over the other scheme."""

    removal = Signal(object)
    again = Signal(object)
    other = Signal(object)
    undo = Signal()
    selected = Signal()

    def __init__(self, model: ServersModel, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.setObjectName("servers")
        self.setAccessibleName(desk.phrase("servers.table"))
        self.setModel(model)
        self.setItemDelegate(_Cell(desk, theme, self))
        self.setItemDelegateForColumn(Column.CONNECTION, _ConnectionCell(desk, theme, self))
        self.setItemDelegateForColumn(Column.STATE, _StateCell(desk, theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.pixels(36))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.SERVER, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit())
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._hug)
            signal.connect(self.spread)
        self._hug()
        self.spread()

    def names(self) -> tuple[str, ...]:
        """The selected servers, in the order of the table."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(cast("ServersModel", self.model()).rows[row].target.name for row in rows)

    def shows_alone(self, name: str) -> bool:
        """Whether this server is the only one selected."""
        # By ranges: with thousands selected a list of all their indexes would be made for every answer.
        spans = [(one.top(), one.bottom()) for one in self.selectionModel().selection().toList()]
        place = cast("ServersModel", self.model()).place_of(name)
        return spans == [(place, place)]

    def select(self, names: Sequence[str]) -> None:
        """Selects exactly these."""
        model = cast("ServersModel", self.model())
        self.clearSelection()
        for place in (model.place_of(name) for name in names):
            if place >= 0:
                self.selectionModel().select(
                    model.index(place, 0),
                    self.selectionModel().SelectionFlag.Select | self.selectionModel().SelectionFlag.Rows,
                )
        first = next((place for place in (model.place_of(name) for name in names) if place >= 0), -1)
        if first >= 0:
            self.selectionModel().setCurrentIndex(model.index(first, 0), self.selectionModel().SelectionFlag.NoUpdate)
            self.scrollTo(model.index(first, 0))

    # --- sizes

    def _hug(self) -> None:
        """No higher than its rows; with many of them at least five are seen at once."""
        rows = self.model().rowCount() * self.verticalHeader().defaultSectionSize()
        whole = rows + self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 4
        self.setMaximumHeight(whole)
        self.setMinimumHeight(min(whole, self._theme.pixels(220)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.spread()

    def spread(self) -> None:
        """Server takes what is left. Roles and product come up when they are known of some server and there is room: the card below
        says them too."""
        plain, small = QFontMetricsF(_font(self.font(), self._theme, 13)), QFontMetricsF(_font(self.font(), self._theme, 12))
        desk, pixels, pill = self._desk, self._theme.pixels, BadgePainter(self._theme, self.font())
        states = [desk.phrase(f"servers.state.{word}") for word in (*SHORT_WORDS, "other", "waiting", "trying")]
        states.append(desk.phrase("servers.state.answers", milliseconds=_SAMPLE))
        heads = {column: small.horizontalAdvance(self._head(column)) + 24 for column in Column}
        state = max(heads[Column.STATE], max(pill.size(words).width() for words in states) + 16)
        connection = max(heads[Column.CONNECTION], plain.horizontalAdvance("HTTPS 65535") + 28)
        whole = self.viewport().width()
        state = min(state, whole * 0.5)
        left = whole - state - connection
        show_connection = left >= pixels(170)
        left += 0 if show_connection else connection
        product, roles = float(pixels(176)), float(pixels(144))
        rows = cast("ServersModel", self.model()).rows
        show_product = left - product >= pixels(190) and any(product_of(row, desk)[1] for row in rows)
        show_roles = any(row.roles for row in rows) and left - (product if show_product else 0) - roles >= pixels(190)
        if show_product and show_roles:  # a wide window gives the names half of what is over
            over = left - product - roles - pixels(260)
            product, roles = product + max(0.0, min(over / 4, pixels(120))), roles + max(0.0, min(over / 4, pixels(120)))
        self.setColumnHidden(Column.CONNECTION, not show_connection)
        self.setColumnHidden(Column.PRODUCT, not show_product)
        self.setColumnHidden(Column.ROLES, not show_roles)
        for column, width in ((Column.PRODUCT, product), (Column.ROLES, roles), (Column.CONNECTION, connection), (Column.STATE, state)):
            self.setColumnWidth(column, round(width))

    def _head(self, column: Column) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))

    # --- keys and menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = self.names()
        if event.matches(QKeySequence.StandardKey.Delete) and names:
            self.removal.emit(names)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo.emit()
        elif event.key() == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.edit(self.model().index(self.currentIndex().row(), Column.CONNECTION))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(event.globalPos())

    def menu(self) -> QMenu | None:
        """What can be done with the selected servers; None when none is."""
        names = self.names()
        row = cast("ServersModel", self.model()).find(names[0]) if names else None
        if row is None:
            return None
        menu, phrase = QMenu(self), self._desk.phrase
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(phrase("servers.button.again"), lambda: self.again.emit(names))
        other = other_connection(row.target)
        menu.addAction(phrase("servers.button.use", connection=f"{other.scheme.upper()} {other.port}"), lambda: self.other.emit(names))
        if len(names) == 1:
            at = self.model().index(cast("ServersModel", self.model()).place_of(names[0]), Column.CONNECTION)
            edit = menu.addAction(phrase("servers.connection.edit"), lambda: self.edit(at))
            edit.setShortcut(QKeySequence(Qt.Key.Key_F2))
        menu.addSeparator()
        remove = menu.addAction(phrase("servers.button.remove"), lambda: self.removal.emit(names))
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        return menu


def _font(font: QFont, theme: Theme, size: int, *, strong: bool = False) -> QFont:
    made = QFont(font)
    made.setPixelSize(theme.pixels(size))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return made


class _Cell(QStyledItemDelegate):
    """One line of text; a thin line under each row. `tint` of the selection comes from the style sheet."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, theme

    def ground(self, painter: QPainter, option: QStyleOptionViewItem, *, first: bool = False) -> None:
        theme = self.theme
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.tint("accent"))
            if first:  # in high contrast there is no tint to tell by
                painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ServerRow = index.data(ROW)
        painter.save()
        strong = index.column() == Column.SERVER
        self.ground(painter, option, first=strong)
        known = strong or (index.column() == Column.PRODUCT and product_of(row, self.desk)[1])
        painter.setFont(_font(painter.font(), self.theme, 13, strong=strong))
        painter.setPen(self.theme.colour("text" if known else "mute"))
        area = option.rect.adjusted(8, 0, -8, 0)
        elide = Qt.TextElideMode.ElideMiddle if strong else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(str(index.data()), elide, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()


class _StateCell(_Cell):
    """Shape, words and colour, as the badges of the other pages."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(desk, theme, parent)
        self._pill = BadgePainter(theme, parent.font())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ServerRow = index.data(ROW)
        verdict, words = state_of(row, self.desk)
        painter.save()
        self.ground(painter, option)
        area = option.rect.adjusted(8, 0, -8, 0)
        top = area.center().y() - self._pill.size(words).height() // 2
        mark = "" if row.phase is Phase.DONE else "clock"
        self._pill.draw(painter, QPoint(area.left(), top), verdict, words, widest=area.width(), mark=mark)
        painter.restore()


class _ConnectionCell(_Cell):
    """Edited by choosing one of the usual ways or typing scheme and port."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QComboBox(parent)
        editor.setEditable(True)
        editor.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        editor.setObjectName("connection-editor")
        editor.setAccessibleName(self.desk.phrase("servers.column.connection"))
        editor.addItems([f"{scheme.upper()} {port}" for scheme, port in PORTS.items()])
        editor.setAutoFillBackground(True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        box = cast("QComboBox", editor)
        box.setEditText(str(index.data(Qt.ItemDataRole.EditRole)))
        line = box.lineEdit()
        if line is not None:
            line.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if not model.setData(index, cast("QComboBox", editor).currentText(), Qt.ItemDataRole.EditRole):
            QApplication.beep()  # what was typed cannot be; the old connection stays and is shown again

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect
        editor.setGeometry(area.adjusted(0, 1, self.theme.pixels(28), -1))
