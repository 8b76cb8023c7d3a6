"""Over the board: how many of each verdict, and what to show in which order."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui.models.board_order import Order
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.flow_layout import FlowLayout
from oauthcert.words.catalogue import Catalogue

_COUNTED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN)


class BoardTools(QWidget):
    """`narrowed`: filter or toggle changed. `sorted_by` carries an `Order`. `look_again`: everything anew."""

    narrowed = Signal()
    sorted_by = Signal(object)
    look_again = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = catalogue
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = FlowLayout(self)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("board-filter")
        self.filter.setPlaceholderText(catalogue.window("check.filter"))
        self.filter.setAccessibleName(catalogue.window("check.filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(theme.pixels(180))
        self.filter.textChanged.connect(self.narrowed)
        self.problems = QCheckBox(catalogue.window("check.only-problems"), self)
        self.problems.setObjectName("only-problems")
        self.problems.toggled.connect(self.narrowed)
        self.sort = QPushButton(self)
        self.sort.setObjectName("board-sort")
        self.sort.setMenu(self._menu())
        self.again = QPushButton(catalogue.window("check.again.all"), self)
        self.again.setObjectName("look-again")
        self.again.clicked.connect(self.look_again)
        for widget in (self.filter, self.problems, self.sort, self.again):
            row.addWidget(widget)
        self._badges = {verdict: Badge(verdict, self._count(verdict, 0), theme, self) for verdict in _COUNTED}
        for badge in self._badges.values():
            badge.hide()
            row.addWidget(badge)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)

    def _menu(self) -> QMenu:
        menu, group = QMenu(self), QActionGroup(self)
        for order in Order:
            action = QAction(self._words.window(f"check.sort.{order.value}"), menu)
            action.setCheckable(True)
            action.setChecked(order is Order.GIVEN)
            action.triggered.connect(lambda _checked=False, order=order: self._choose(order))
            group.addAction(action)
            menu.addAction(action)
        self._say_order(Order.GIVEN)
        return menu

    def _choose(self, order: Order) -> None:
        self._say_order(order)
        self.sorted_by.emit(order)

    def _say_order(self, order: Order) -> None:
        name = self._words.window(f"check.sort.{order.value}")
        self.sort.setText(self._words.window("check.sort.button"))
        for say in (self.sort.setToolTip, self.sort.setAccessibleName):
            say(self._words.window("check.sort", order=name))

    def _count(self, verdict: Verdict, count: int) -> str:
        return self._words.window(f"count.{verdict.value}", count=count)

    def show_counts(self, counts: Mapping[Verdict, int], *, busy: bool = False) -> None:
        """Badges for what there is. While a look is `busy` all of them are there, so that none moves when another comes up."""
        for verdict, badge in self._badges.items():
            count = counts.get(verdict, 0)
            badge.show_verdict(verdict, self._count(verdict, count), mute=not count)
            badge.setVisible(busy or bool(count))
