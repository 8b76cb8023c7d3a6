"""Which rows of the board are shown, and in which order. Rows keep their place until the operator sorts."""

from enum import StrEnum

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt

from oauthcert.ui.models.board import BoardModel, Index
from oauthcert.ui.models.board_rows import Row


class Order(StrEnum):
    GIVEN = "given"
    NAME = "name"
    WORST = "worst"


class BoardOrder(QSortFilterProxyModel):
    """The deployment's row stays on top in every order. Answers that arrive move no row; `look_again` lets new problems in."""

    def __init__(self, model: BoardModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._text, self._only_problems = "", False
        self.order = Order.GIVEN
        self._places: dict[str | None, tuple[int | str, ...]] = {}
        self.setDynamicSortFilter(False)
        self.setSourceModel(model)

    def show_only(self, text: str, *, problems: bool) -> None:
        """Servers whose name contains `text`; with `problems` only those with something other than a pass."""
        self.beginFilterChange()
        self._text, self._only_problems = text.strip().casefold(), problems
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def look_again(self) -> None:
        """A server with its first problem comes in while only problems are shown."""
        if self._only_problems:
            self.beginFilterChange()
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def arrange(self, order: Order) -> None:
        """Sorts once, by what is known now."""
        self.order = order
        self._places = {row.server: _key(row, number, order) for number, row in enumerate(self._model.rows)}
        if order is Order.GIVEN:
            self.sort(-1)
        else:
            # The column is of no matter, but sorting by the same one again would be taken for done.
            self.sort(-1)
            self.sort(0, Qt.SortOrder.AscendingOrder)

    @property
    def narrowed(self) -> bool:
        return bool(self._text) or self._only_problems

    def lessThan(self, left: Index, right: Index) -> bool:
        rows = self._model.rows
        return self._place(rows[left.row()]) < self._place(rows[right.row()])

    def _place(self, row: Row) -> tuple[int | str, ...]:
        return self._places.get(row.server, (1,))

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.rows[source_row]
        if self._only_problems and not row.has_problem:
            return False
        return not self._text or (row.server is not None and self._text in row.server.casefold())


def _key(row: Row, number: int, order: Order) -> tuple[int | str, ...]:
    if row.server is None:
        return (0,)
    if order is Order.NAME:
        return (1, row.server.casefold(), number)
    if order is Order.WORST:
        return (1, *(-count for count in row.badness()), number)
    return (1, number)
