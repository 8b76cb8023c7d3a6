"""Servers: type, paste, import or discover them; each is tried at once from outside, and its row says how it answers."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QPushButton, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.servers_merge import merged
from oauthcert.ui.models.servers_sources import Discovered, Listed, ServerSources
from oauthcert.ui.models.servers_words import Phase
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.server_board import ServerBoard
from oauthcert.ui.widgets.server_entry import ServerEntry
from oauthcert.ui.widgets.server_note import ServerNote

MOST_SENTENCES = 4


class ServersPage(Page):
    """Rows are the state's targets; what was found out about them stays with the page."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk = desk
        self._state = WizardState()
        self._sources = ServerSources(desk, self)
        self._sources.listed.connect(self._on_listed)
        self._sources.discovered.connect(self._on_discovered)
        self._sources.failed.connect(self._on_told)
        self._sources.stopped.connect(lambda: self._on_told(desk.phrase("servers.discover.stopped")))
        self._build(theme)
        self.setAcceptDrops(True)

    def _build(self, theme: Theme) -> None:
        desk = self._desk
        self.entry = ServerEntry(desk, theme, self)
        self.entry.entered.connect(self._on_entered)
        self.entry.textChanged.connect(self.changed)
        self._add_button = self._button("add", self._on_entered)
        self._discover_button = self._button("discover", self._on_discover_pressed)
        self._import_button = self._button("import", self._on_import_pressed)
        self.practice_note = ServerNote(desk, "practice-note")
        self.note = ServerNote(desk, "servers-note")
        self.board = ServerBoard(desk, theme, self)
        self.board.changed.connect(self.changed)
        self.board.emptied.connect(self.entry.setFocus)
        self.column.addLayout(self._entry_row(theme))
        self.column.addWidget(self.note)
        self.column.addWidget(self.practice_note)
        self.column.addWidget(self.board, 1)

    def _entry_row(self, theme: Theme) -> QBoxLayout:
        """All in one line where there is room; the buttons under the entry, and under each other, where there is not."""
        across = QBoxLayout.Direction.LeftToRight
        row, first, self._more = QBoxLayout(across), QBoxLayout(across), QBoxLayout(across)
        self._sources_row, self._wide = row, theme.pixels(760)
        for layout in (row, first, self._more):
            layout.setSpacing(8)
        first.addWidget(self.entry, 1, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self._add_button, 0, Qt.AlignmentFlag.AlignTop)
        for button in (self._discover_button, self._import_button):
            self._more.addWidget(button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._more.addStretch(1)
        row.addLayout(first, 1)
        row.addLayout(self._more)
        self._add_button.ensurePolished()
        self.entry.set_least_height(self._add_button.sizeHint().height())
        return row

    def minimumSizeHint(self) -> QSize:
        """Narrower than the line of buttons, which then stands in two or three lines."""
        return QSize(240, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        buttons = self._discover_button.sizeHint().width() + 8 + self._import_button.sizeHint().width()
        self._sources_row.setDirection(_across(width >= self._wide))
        self._more.setDirection(_across(width >= buttons))

    def _button(self, name: str, pressed: Callable[[], None]) -> QPushButton:
        button = QPushButton(self._desk.phrase(f"servers.button.{name}"), self)
        button.setObjectName(f"servers-{name}")
        button.clicked.connect(lambda _checked=False: pressed())
        return button

    # --- the page

    def on_enter(self, state: WizardState) -> None:
        self._state = state
        practice = state.scenario is not None
        self.practice_note.say(self._desk.phrase("servers.practice") if practice else "")
        self.board.show_targets(state.targets, practice=practice)

    def apply(self, state: WizardState) -> WizardState:
        return state.with_targets(self.board.targets)

    def news(self) -> News:
        rows, phrase = self.board.rows, self._desk.phrase
        count, done, answering = len(rows), sum(row.phase is Phase.DONE for row in rows), sum(row.answers for row in rows)
        if not rows:
            return News(phrase("servers.title.none"), phrase("servers.sentence.none"))
        if done < count:
            return News(phrase("servers.title.trying", done=done, count=count), phrase("servers.sentence.trying"))
        if answering == count:
            return News(phrase("servers.title.all", count=count), phrase("servers.sentence.all"))
        title = "servers.title.some" if answering else "servers.title.silent"
        return News(phrase(title, count=count, answering=answering), phrase("servers.sentence.some"))

    def standing(self) -> Standing:
        count = len(self.board.rows)
        return Standing(
            ready=bool(count or self.entry.holds_text),
            primary=self._desk.phrase("button.next"),
            why_not=self._desk.phrase("hindrance.no-servers"),
            note=str(count) if count else "",
            busy=self._sources.busy,
        )

    def on_primary(self) -> bool:
        """What was typed and not added yet is added first; the page stays where something in it is no server."""
        if self.entry.holds_text:
            self._on_entered()
        return bool(self.board.rows) and not self.entry.holds_text

    def on_cancel(self) -> bool:
        """Stops what was asked for here. The tries from outside run on by themselves and hold nobody up."""
        busy = self._sources.busy
        self._sources.cancel()
        if not busy:
            self.board.stop()
        return busy

    def first_focus(self) -> QWidget:
        return self.board.table if self.board.rows else self.entry

    def help_page(self) -> str:
        return "server-reachable"

    def _on_entered(self) -> None:
        targets, wrong = self.entry.take()
        said = list(wrong[:MOST_SENTENCES])
        if len(wrong) > MOST_SENTENCES:
            said.append(self._desk.phrase("servers.entry.more", count=len(wrong) - MOST_SENTENCES))
        _added, known = self.board.add(targets)
        if known:
            said.append(self._desk.phrase("servers.entry.known", count=len(known), names=", ".join(known[:1])))
        self.note.say(*said)
        self.entry.setFocus()

    # --- from a file, from a server

    def _on_import_pressed(self) -> None:
        title, kinds = self._desk.phrase("servers.list.title"), self._desk.phrase("servers.list.filter")
        name, _filter = QFileDialog.getOpenFileName(self, title, "", kinds)
        if name:
            self.read_file(Path(name))

    def read_file(self, file: Path) -> None:
        """What the list holds is added, what it does not is said line by line."""
        self._sources.read(file)
        self.changed.emit()

    def _on_told(self, sentence: str) -> None:
        self._discover_button.setText(self._desk.phrase("servers.button.discover"))
        self.note.say(sentence)
        self.changed.emit()

    def _on_listed(self, listed: Listed) -> None:
        added, _known = self.board.add(listed.targets)
        said = [self._desk.phrase("servers.list.added" if added else "servers.list.none", count=len(added), file=listed.file)]
        said += listed.wrong[:MOST_SENTENCES]
        if len(listed.wrong) > MOST_SENTENCES:
            said.append(self._desk.phrase("servers.list.more", count=len(listed.wrong) - MOST_SENTENCES))
        self._on_told("\n".join(said))

    def _on_discover_pressed(self) -> None:
        """Asks the selected server, else the first that answers. An account is needed; without one the page says where it comes from."""
        phrase, account = self._desk.phrase, self._state.account
        if self._sources.discovering:
            self._sources.cancel()
            return
        row = self.board.chosen()
        credential = self._desk.credential(account.username, account.method) if account.username else None
        if row is None or credential is None:
            self.note.say(phrase("servers.discover.no-server" if row is None else "servers.discover.no-account"))
            return
        self.note.say(phrase("servers.discover.asking", server=row.target.name, username=credential.username))
        self._discover_button.setText(phrase("servers.button.stop"))
        self._sources.discover(row.target, credential)
        self.changed.emit()

    def _on_discovered(self, came: Discovered) -> None:
        phrase, server, discovery = self._desk.phrase, came.asked.name, came.discovery
        if discovery.not_seen is not None:
            words = self._desk.catalogue.reason(discovery.not_seen.reason, dict(discovery.not_seen.facts))
            self._on_told(phrase("servers.discover.failed", server=server, title=words.title, action=words.action))
            return
        merge = merged(self.board.rows, discovery.servers, self.board.lab)
        self.board.take_in(merge.new, merge.known)
        if not discovery.servers:
            self._on_told(phrase("servers.discover.nothing", server=server))
            return
        said = [phrase("servers.discover.found", count=len(discovery.servers), server=server, added=len(merge.new))]
        if merge.outside:
            said.append(phrase("servers.discover.outside", count=merge.outside))
        self._on_told(" ".join(said))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _list_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _list_file(event)
        if file is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.read_file(file)


def _across(fits: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom


def _list_file(event: QDropEvent) -> Path | None:
    """The one file that is dropped. A saved case is left to the window, which opens it."""
    urls = event.mimeData().urls()
    file = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return file if file is not None and file.suffix.lower() != ".json" else None
