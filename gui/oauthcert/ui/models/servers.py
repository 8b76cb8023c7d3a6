"""The table of servers as Qt wants it. Rows keep their place: nothing moves when answers arrive."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from oauthcert.model.target import Target
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.servers_words import Phase, ServerRow, connection_of, product_of, read_connection, roles_of, state_of

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class Column(IntEnum):
    SERVER = 0
    PRODUCT = 1
    ROLES = 2
    CONNECTION = 3
    STATE = 4


_KEYS = {column: f"servers.column.{column.name.lower()}" for column in Column}


class ServersModel(QAbstractTableModel):
    """One row per server name. Reads `desk` for words only; `changed_target` is called when a connection was edited."""

    def __init__(self, desk: Desk, changed_target: Callable[[Target, Target], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._changed_target = changed_target
        self._rows: list[ServerRow] = []
        self._places: dict[str, int] = {}

    # --- what is in it

    @property
    def rows(self) -> Sequence[ServerRow]:
        return self._rows

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(row.target for row in self._rows)

    def find(self, name: str) -> ServerRow | None:
        place = self._places.get(name)
        return self._rows[place] if place is not None else None

    def place_of(self, name: str) -> int:
        """-1 when there is none."""
        return self._places.get(name, -1)

    # --- changes

    def show(self, rows: Iterable[ServerRow]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._index_names()
        self.endResetModel()

    def add(self, rows: Sequence[ServerRow]) -> None:
        """At the end; names must be new."""
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
        self._rows.extend(rows)
        self._index_names()
        self.endInsertRows()

    def insert(self, places: Sequence[tuple[int, ServerRow]]) -> None:
        """Puts removed rows back, as near to their old places as there are."""
        for place, row in sorted(places, key=lambda one: one[0]):
            if row.target.name in self._places:
                continue  # typed again in the meantime
            at = min(place, len(self._rows))
            self.beginInsertRows(QModelIndex(), at, at)
            self._rows.insert(at, row)
            self._index_names()
            self.endInsertRows()

    def take(self, names: Iterable[str]) -> tuple[tuple[int, ServerRow], ...]:
        """Removes rows and gives them back with the places they had."""
        taken = sorted(((self._places[name], self._rows[self._places[name]]) for name in names if name in self._places), key=lambda p: p[0])
        if len(taken) > 50:  # one signal for all: each by itself would lay out the table anew
            gone = {place for place, _ in taken}
            self.show(row for place, row in enumerate(self._rows) if place not in gone)
            return tuple(taken)
        for place, _ in reversed(taken):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._rows[place]
            self._index_names()
            self.endRemoveRows()
        return tuple(taken)

    def put(self, row: ServerRow) -> None:
        """New knowledge about a row; nothing happens when it is gone."""
        place = self._places.get(row.target.name)
        if place is None:
            return
        self._rows[place] = row
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def _index_names(self) -> None:
        self._places = {row.target.name: place for place, row in enumerate(self._rows)}

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._desk.phrase(_KEYS[Column(section)])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole):
            return self.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._desk.phrase(_KEYS[column])}: {self.text(row, column)}"
        return None

    def text(self, row: ServerRow, column: Column) -> str:
        match column:
            case Column.SERVER:
                return row.target.name
            case Column.PRODUCT:
                return product_of(row, self._desk)[0]
            case Column.ROLES:
                return roles_of(row, self._desk)
            case Column.CONNECTION:
                return connection_of(row.target)
            case Column.STATE:
                return state_of(row, self._desk)[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() == Column.CONNECTION else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes a connection as it is written; False for one that cannot be."""
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.CONNECTION:
            return False
        row = self._rows[index.row()]
        target = read_connection(str(value), row.target)
        if target is None:
            return False
        if target != row.target:
            before = row.target
            self.put(replace(row, target=target, phase=Phase.WAITING, survey=None))
            self._changed_target(before, target)
        return True
