"""The list of servers with all that belongs to it: table, card of the selected server, undo, and the tries from outside."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.model.target import Target
from oauthcert.ui.desk import Desk, RowSurvey
from oauthcert.ui.models.servers import ServersModel
from oauthcert.ui.models.servers_survey import Surveyor
from oauthcert.ui.models.servers_words import Phase, ServerRow, other_connection
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.server_card import ServerCard
from oauthcert.ui.widgets.server_empty import ServersEmpty
from oauthcert.ui.widgets.server_note import ServerNote
from oauthcert.ui.widgets.server_table import ServerTable

UNDO_DEPTH = 20
# How often news is told while many answers come in: often enough to feel live, seldom enough to cost nothing.
NEWS_MS = 80


class ServerBoard(QWidget):
    """`changed`: rows came, went, or answered. `emptied`: the last row went, so that there is nothing here to press."""

    changed = Signal()
    emptied = Signal()

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lab: dict[str, Target] = {}
        self._removed: list[tuple[tuple[int, ServerRow], ...]] = []
        self._model = ServersModel(desk, self._on_connection_edited, self)
        self._surveyor = Surveyor(desk.survey, self)
        self._surveyor.begun.connect(self._on_begun)
        self._surveyor.surveyed.connect(self._on_surveyed)
        self._news = QTimer(self)
        self._news.setSingleShot(True)
        self._news.setInterval(NEWS_MS)
        self._news.timeout.connect(self.changed)
        self.table = ServerTable(self._model, desk, theme, self)
        self.table.removal.connect(self._remove)
        self.table.again.connect(self._again)
        self.table.other.connect(self._use_other)
        self.table.undo.connect(self._undo)
        self.table.selected.connect(self._show_card)
        self.undo_note = ServerNote(desk, "undo-note", "servers.button.undo")
        self.undo_note.acted.connect(self._undo)
        self.empty = ServersEmpty(desk, theme, self)
        self.card = self._make_card()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.empty)
        column.addWidget(self.table, 100)
        column.addWidget(self.undo_note)
        column.addWidget(self.card)
        column.addStretch(1)

    def _make_card(self) -> ServerCard:
        card = ServerCard(self._desk, parent=self)
        card.trust.connect(self._trust)
        card.again.connect(lambda: self._again(self.table.names()))
        card.other.connect(lambda: self._use_other(self.table.names()))
        card.remove.connect(lambda: self._remove(self.table.names()))
        return card

    # --- what the page asks for

    @property
    def rows(self) -> Sequence[ServerRow]:
        return self._model.rows

    @property
    def targets(self) -> tuple[Target, ...]:
        return self._model.targets

    @property
    def lab(self) -> dict[str, Target]:
        """How the servers of the practice lab are reached, by name; empty outside practice."""
        return self._lab

    def chosen(self) -> ServerRow | None:
        """The first selected server, else the first that answers."""
        names = self.table.names() or [row.target.name for row in self.rows if row.answers]
        return self._model.find(names[0]) if names else None

    def show_targets(self, targets: tuple[Target, ...], *, practice: bool) -> None:
        """The state's servers; what is known of those that were there already is kept, the others are tried."""
        self._lab = {**self._lab, **{target.name: target for target in targets if target.address}} if practice else {}
        if targets != self.targets:
            known = {row.target: row for row in self.rows}
            for target in set(known) - set(targets):
                self._surveyor.drop(target)
            self._model.show(known.get(target, ServerRow(target)) for target in targets)
            self._removed.clear()
            self.undo_note.say()
        for row in self.rows:
            if row.phase is not Phase.DONE:
                self._surveyor.ask(row.target)
        self._rows_changed()

    def add(self, targets: Sequence[Target]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names that are new, and those that were there. In the practice lab a name leads to its port."""
        known = tuple(target.name for target in targets if self._model.find(target.name))
        new = [ServerRow(self._lab.get(target.name, target)) for target in targets if not self._model.find(target.name)]
        self.take_in(new)
        return tuple(row.target.name for row in new), known

    def take_in(self, new: Sequence[ServerRow], learned: Sequence[ServerRow] = ()) -> None:
        """Adds rows with what is known of them, and puts what others learned into theirs."""
        for row in learned:
            self._model.put(row)
        self._model.add(new)
        self.table.spread()
        for row in new:
            self._surveyor.ask(row.target)
        self._rows_changed()

    def stop(self) -> None:
        self._surveyor.stop()

    # --- rows

    def _rows_changed(self) -> None:
        there = bool(self._model.rows)
        self.table.setVisible(there)
        self.empty.setVisible(not there)
        if there and not self.table.names():
            self.table.select([self._model.rows[0].target.name])
        self._show_card()
        self.changed.emit()

    def _show_card(self) -> None:
        rows = tuple(row for name in self.table.names() if (row := self._model.find(name)))
        self.card.show_rows(rows, fixed_ports=bool(self._lab))

    def _on_begun(self, target: Target) -> None:
        row = self._model.find(target.name)
        if row is not None and row.target == target:
            self._put(replace(row, phase=Phase.TRYING))

    def _on_surveyed(self, answer: RowSurvey) -> None:
        row = self._model.find(answer.target.name)
        if row is not None and row.target == answer.target:
            self._put(replace(row, phase=Phase.DONE, survey=answer))

    def _put(self, row: ServerRow) -> None:
        self._model.put(row)
        if self.table.shows_alone(row.target.name):
            self._show_card()
        if not self._news.isActive():
            self._news.start()

    def _reach(self, target: Target) -> None:
        """The row of this name is reached so from now on, and tried."""
        row = self._model.find(target.name)
        if row is not None:
            self._surveyor.drop(row.target)
            self._model.put(replace(row, target=target, phase=Phase.WAITING, survey=None))
            self._surveyor.ask(target)
            self._rows_changed()

    def _on_connection_edited(self, before: Target, after: Target) -> None:
        self._surveyor.drop(before)
        self._reach(after)

    def _again(self, names: Sequence[str]) -> None:
        for row in filter(None, map(self._model.find, names)):
            self._reach(row.target)

    def _use_other(self, names: Sequence[str]) -> None:
        """All selected servers the way the first of them is not reached now."""
        rows = [row for row in map(self._model.find, names) if row is not None]
        for row in rows:
            if not self._lab and row.target.scheme == rows[0].target.scheme:
                self._reach(other_connection(row.target))

    def _trust(self) -> None:
        row = self._model.find(next(iter(self.table.names()), ""))
        if row is not None and row.fingerprint:
            self._reach(replace(row.target, fingerprint=row.fingerprint))

    def _remove(self, names: Sequence[str]) -> None:
        taken = self._model.take(names)
        if not taken:
            return
        for _, row in taken:
            self._surveyor.drop(row.target)
        self._removed = [*self._removed[-UNDO_DEPTH + 1 :], taken]
        self.undo_note.say(self._desk.phrase("servers.removed", count=len(taken), names=taken[0][1].target.name))
        place = min(taken[0][0], len(self._model.rows) - 1)
        if place >= 0:
            self.table.select([self._model.rows[place].target.name])
        self._rows_changed()
        if self._model.rows:
            self.table.setFocus()
        else:
            self.emptied.emit()

    def _undo(self) -> None:
        if not self._removed:
            return
        taken = self._removed.pop()
        self._model.insert(taken)
        for _, row in taken:
            if row.phase is not Phase.DONE:
                self._surveyor.ask(row.target)
        self.table.select([row.target.name for _, row in taken])
        left = self._removed[-1] if self._removed else ()
        self.undo_note.say(self._desk.phrase("servers.removed", count=len(left), names=left[0][1].target.name) if left else "")
        self._rows_changed()
        self.table.setFocus()
