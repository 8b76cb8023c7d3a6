"""Check: every server is looked at, the board fills while answers arrive, and each light can be read."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.model.finding import Finding
from oauthcert.report.ticket import finding_ticket
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.board import BoardModel
from oauthcert.ui.models.board_look import BoardLook
from oauthcert.ui.models.board_order import BoardOrder, Order
from oauthcert.ui.models.board_rows import PROBLEMS
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.board_split import BoardSplit
from oauthcert.ui.widgets.board_tools import BoardTools
from oauthcert.ui.widgets.board_view import BoardView
from oauthcert.ui.widgets.buttons import doubled
from oauthcert.ui.widgets.copy_button import copy_text
from oauthcert.ui.widgets.detail_pane import DetailPane


class CheckPage(Page):
    """`help_requested` carries the id of a help page: the button beside an answer was pressed."""

    help_requested = Signal(str)

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk, self._words = desk, desk.catalogue
        self.board = BoardModel(self._words, self)
        self.order = BoardOrder(self.board, self)
        self._look = BoardLook(desk, self.board, self)
        self.tools = BoardTools(self._words, theme, self)
        self.view = BoardView(self.board, self.order, self._words, theme, self)
        self.detail = DetailPane(self._words, theme, self._ticket, self)
        self._split = BoardSplit(self.view, self.detail, self)
        self._said: tuple[News, Standing] | None = None
        self.column.addWidget(self.tools)
        self.column.addWidget(self._split, 1)
        self._connect()

    def _connect(self) -> None:
        self._look.filled.connect(self._on_filled)
        self._look.moved.connect(self._announce)
        self._look.ended.connect(self._on_ended)
        self.tools.narrowed.connect(self._on_narrowed)
        self.tools.sorted_by.connect(self._on_sorted)
        self.tools.look_again.connect(self._look_at_all)
        self.view.picked.connect(self._show_detail)
        self.view.opened.connect(self._open_detail)
        self.view.again.connect(self._again_at)
        self.view.menu.connect(lambda at: self.menu().popup(at))
        self.detail.again.connect(lambda: self._again_at((self.view.place or (None,))[0]))
        self.detail.help_wanted.connect(lambda: self.help_requested.emit(self.help_page()))
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._look.close)

    # --- what the frame asks

    def on_enter(self, state: WizardState) -> None:
        if self._look.enter(state):
            self.order.arrange(self.order.order)
            self._show_place()
        self._on_filled()
        self.tools.again.setEnabled(self._look.case is not None and not self._look.busy)
        self.view.fit_columns()
        QTimer.singleShot(0, self._split, self._split.share_height)

    def apply(self, state: WizardState) -> WizardState:
        case = self._look.case
        known = state.with_look(case) if case is not None else replace(state, case=None, repair=None)
        return replace(known, looking=self._look.busy)

    def news(self) -> News:
        return self._look.news()

    def standing(self) -> Standing:
        phrase, busy = self._desk.phrase, self._look.busy
        if busy:
            note = phrase("check.percent", percent=self._look.percent)
            return Standing(False, phrase("step.findings"), phrase("hindrance.still-looking"), note, busy=True)
        if self._look.case is not None:
            return Standing(True, phrase("step.findings"))
        ready = self.board.rowCount() > 0
        return Standing(ready, phrase("check.start"), "" if ready else phrase("hindrance.no-servers"))

    def on_primary(self) -> bool:
        if self._look.case is None:
            self._look_at_all()
            return False
        return True

    def on_cancel(self) -> bool:
        return self._look.stop()

    def first_focus(self) -> QWidget | None:
        return self.view if self._look.case is not None else None

    def help_page(self) -> str:
        place = self.view.place
        return place[1] if place is not None and place[1] is not None else "check"

    # --- looking

    def _look_at_all(self) -> None:
        self._look.look()
        self._show_detail()
        # The button that was pressed is switched off now; the focus would wander to the rail.
        self.view.setFocus()

    def _again_at(self, server: str | None) -> None:
        """One server anew; what is known of the deployment comes from all of them."""
        if self._look.case is None or self._look.busy:
            return
        if server is None:
            self._look_at_all()
        else:
            self._again_on((server,))

    def _again_on(self, servers: tuple[str, ...]) -> None:
        self._look.look_again(servers)
        self._show_detail()

    def _on_filled(self) -> None:
        self.order.look_again()
        self.tools.show_counts(self.board.counts, busy=self._look.busy)
        self._show_detail()

    def _on_ended(self) -> None:
        self._on_filled()
        self._show_place()
        self._announce()
        # Who has gone to another window in the meantime is told by the task bar, who listens by the screen reader.
        QApplication.alert(self.window())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{self.news().title}. {self.news().sentence}"))

    def _announce(self) -> None:
        """The frame draws title, rail and buttons anew, so it is told only of what it would draw differently."""
        said = (self.news(), self.standing())
        if said != self._said:
            self._said = said
            self.changed.emit()
        self.tools.again.setEnabled(self._look.case is not None and not self._look.busy)

    # --- what is shown

    def _on_narrowed(self) -> None:
        self.order.show_only(self.tools.filter.text(), problems=self.tools.problems.isChecked())
        self.view.keep_in_sight()

    def _on_sorted(self, order: Order) -> None:
        self.order.arrange(order)
        self.view.scrollToTop()

    def _show_place(self) -> None:
        """Where the operator has not chosen a light yet, the worst one is shown."""
        case, place = self._look.case, self.view.place
        if case is None or (place is not None and place[1] is not None):
            return
        first = case.causes[0].finding if case.causes else None
        for finding in case.findings:
            if finding.id == first:
                self.view.go_to(finding.server, finding.check)

    def _show_detail(self) -> None:
        place, free = self.view.place, not self._look.busy
        row = self.board.row_of(place[0]) if place is not None else None
        if place is None or row is None:
            self.detail.show_nothing()
            return
        server, check = place
        if check is None:
            self.detail.show_server(self.board.name_of(server), self.board.now_of(row), known=free and bool(row.findings))
            self.detail.allow(again=free and self._look.case is not None, copy=False)
            return
        finding = row.findings.get(check)
        name = self.board.name_of(server)
        if finding is None:
            self.detail.show_waiting(check, name, asked=not free)
        else:
            self.detail.show_finding(finding, name, row.looked_at, stale=check in row.stale)
        self.detail.allow(again=free and self._look.case is not None, copy=finding is not None and self._look.case is not None)

    def _open_detail(self) -> None:
        self.detail.setFocus()

    def _chosen(self) -> Finding | None:
        """The finding behind the current light."""
        server, check = self.view.place or (None, None)
        row = self.board.row_of(server)
        return row.findings.get(check) if row is not None and check is not None else None

    def _ticket(self) -> str:
        case, finding = self._look.case, self._chosen()
        return finding_ticket(case, finding, self._words) if case is not None and finding is not None else ""

    def menu(self) -> QMenu:
        """What can be done with the current row and light."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        server, check = self.view.place or (None, None)
        may = self._look.case is not None and not self._look.busy
        name = doubled(self.board.name_of(server))
        key = "check.menu.again.all" if server is None else "check.menu.again"
        menu.addAction(self._desk.phrase(key, server=name), partial(self._again_at, server)).setEnabled(may)
        alike = self._alike(check)
        if check is not None and len(alike) > 1:
            about = self._words.check(check).name
            text = self._desk.phrase("check.menu.again.alike", count=len(alike), check=about)
            menu.addAction(text, partial(self._again_on, alike)).setEnabled(may)
        menu.addSeparator()
        copy = menu.addAction(self._desk.phrase("finding.copy"), lambda: copy_text(self._ticket()))
        copy.setEnabled(self._look.case is not None and self._chosen() is not None)
        menu.addAction(self._desk.phrase("finding.help"), partial(self.help_requested.emit, self.help_page()))
        return menu

    def _alike(self, check: str | None) -> tuple[str, ...]:
        """The servers on which this check has a problem."""
        found = ((row.server, row.findings.get(check or "")) for row in self.board.rows)
        return tuple(server for server, finding in found if server is not None and finding is not None and finding.verdict in PROBLEMS)
