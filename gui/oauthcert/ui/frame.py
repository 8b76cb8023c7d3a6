"""The one window: rail, page, message bar, button row. It draws the trail; pages bring the content."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Step
from oauthcert.flow.trail import Trail
from oauthcert.ui.page import Page
from oauthcert.ui.rail import Rail
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.button_bar import ButtonBar
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.message_bar import MessageBar

Words = Callable[[str], str]
Subtitle = Callable[[WizardState], str]

# A look that is cancelled tidies up on the servers for up to five seconds.
CLOSING_MS = 6000
_ASK_AGAIN_MS = 50


class Frame(QWidget):
    """`makers` make the page of a step when it first comes up. `trail` is the only state; every change goes through `_go`.

    `help_wanted` carries the id of a help page, `page_made` a new page, `file_dropped` a path, `left` that the window is closing.
    """

    help_wanted = Signal(str)
    page_made = Signal(object)
    file_dropped = Signal(Path)
    left = Signal()

    def __init__(
        self, makers: Mapping[Step, Callable[[], Page]], words: Words, theme: Theme, trail: Trail, subtitle: Subtitle = lambda _state: ""
    ) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.setWindowTitle("OAuthCert Wizard")
        self.resize(QSize(1280, 820))
        self.setMinimumSize(QSize(860, 560))
        self.setAcceptDrops(True)
        self._words, self._makers, self._subtitle = words, makers, subtitle
        self._pages: dict[Step, Page] = {}
        self._areas: dict[Step, QScrollArea] = {}
        self._closing = QTimer(self)
        self._closing.setInterval(_ASK_AGAIN_MS)
        self._closing.timeout.connect(self._on_closing)
        self._waited = 0
        self.trail = trail
        self.rail = Rail(words, theme, self)
        self.rail.chosen.connect(lambda step: self._go(self._applied().jump(step)))
        self._title, self._sentence = plain("", name="page-title"), plain("", name="page-sentence")
        self._message = MessageBar(words, self)
        self._stack = QStackedWidget(self)
        self._stack.setObjectName("page-stack")
        self._bar = ButtonBar(words, self)
        self._bar.help.clicked.connect(lambda: self.help_wanted.emit(self.page.help_page()))
        self._bar.back.clicked.connect(lambda: self._go(self._applied().back()))
        self._bar.primary.clicked.connect(self._on_primary)
        self._bar.cancel.clicked.connect(self._on_cancel)
        self._build()
        QShortcut(QKeySequence.StandardKey.HelpContents, self, self._bar.help.click)
        QShortcut(QKeySequence.StandardKey.Back, self, self._bar.back.click)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._bar.primary.click)

    def start(self) -> None:
        """Shows the first page. Apart from the constructor, so that `page_made` can be heard before."""
        self._show()

    @property
    def buttons(self) -> ButtonBar:
        return self._bar

    @property
    def page(self) -> Page:
        """The page on the screen."""
        return self._page_of(self.trail.step)

    @property
    def pages(self) -> Mapping[Step, Page]:
        """Those that have come up so far."""
        return self._pages

    def _page_of(self, step: Step) -> Page:
        if step not in self._pages:
            page = self._pages[step] = self._makers[step]()
            self._areas[step] = _scrolling(page)
            self._stack.addWidget(self._areas[step])
            page.changed.connect(self._on_changed)
            page.wants_forward.connect(self._on_primary)
            self.page_made.emit(page)
        return self._pages[step]

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        area = QWidget(self)
        area.setObjectName("page-area")
        column = QVBoxLayout(area)
        column.setContentsMargins(28, 24, 28, 12)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(12)
        column.addWidget(self._message)
        column.addWidget(self._stack, 1)
        right.addWidget(area, 1)
        right.addWidget(self._bar)
        row.addLayout(right, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a choice goes on; in fields and lists it means what it means there. Escape stops what is under way, never the wizard."""
        choosing = isinstance(self.focusWidget(), QAbstractButton)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and choosing:
            self._bar.primary.click()
        elif event.key() == Qt.Key.Key_Escape and self.busy:
            self.page.on_cancel()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through rail, message, page, button row; Qt alone would put what a page makes late at the end."""
        order = self._tab_order()
        now = self.focusWidget()
        if not order:
            return False
        position = order.index(now) if now in order else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        order[(position + (1 if forward else -1)) % len(order)].setFocus(reason)
        return True

    def _tab_order(self) -> list[QWidget]:
        parts = (self.rail, self._message, self._stack, self._bar)
        stops: list[tuple[int, QWidget]] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            stop = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            if stop and widget.isVisible() and widget.isEnabled():
                stops += [(place, widget) for place, part in enumerate(parts) if part.isAncestorOf(widget)]
            widget = widget.nextInFocusChain()
        return [widget for _, widget in sorted(stops, key=lambda stop: stop[0])]

    @property
    def message(self) -> str:
        """What the message bar says."""
        return self._message.text

    def say(self, text: str) -> None:
        """Shows a message above the page until it is closed or another step comes up; empty text hides it."""
        self._message.say(text)

    def open_at(self, state: WizardState, step: Step) -> None:
        """New knowledge from outside (a file dropped, a case opened), and where to go with it."""
        self._go(self.trail.with_state(state).jump(step))

    def _applied(self) -> Trail:
        return self.trail.with_state(self.page.apply(self.trail.state))

    def _on_changed(self) -> None:
        if self.sender() in (None, self.page):
            self.trail = self._applied()
            self._draw()

    def _on_primary(self) -> None:
        if not self.page.standing().ready or not self.page.on_primary():
            return
        before, self.trail = self.trail.step, self._applied()
        self._go(self.trail.forward())
        if self.trail.step is before and self.trail.next_step is None:
            self.close()

    def _on_cancel(self) -> None:
        if not self.page.on_cancel():
            self.close()

    def _go(self, trail: Trail) -> None:
        moved = trail.step is not self.trail.step
        self.trail = trail
        if moved:
            self.say("")
            self._show()
        else:
            self._draw()

    def _show(self) -> None:
        page = self.page
        page.on_enter(self.trail.state)
        self._stack.setCurrentWidget(self._areas[self.trail.step])
        self._draw()
        focus = page.first_focus() or self._bar.primary
        QTimer.singleShot(0, focus, focus.setFocus)

    def _draw(self) -> None:
        news, standing = self.page.news(), self.page.standing()
        self._title.setText(news.title)
        self._title.setAccessibleName(news.title)
        self._sentence.setText(news.sentence)
        self._bar.primary.setText(standing.primary)
        self._bar.primary.setEnabled(standing.ready)
        self._bar.why_not.setText("" if standing.ready else standing.why_not)
        self._bar.back.setVisible(len(self.trail.visited) > 1)
        self._bar.back.setEnabled(not standing.busy)
        self._bar.cancel.setText(self._words("button.cancel" if standing.busy or self.trail.next_step else "button.close"))
        self._bar.arrange()
        notes = {step: page.standing().note for step, page in self._pages.items() if step in self.trail.visited}
        self.rail.show_trail(self.trail, notes, self._subtitle(self.trail.state))

    @property
    def busy(self) -> bool:
        """Whether some page has work under way."""
        return any(page.standing().busy for page in self._pages.values())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Work that is under way is asked to stop, and the window goes when it has; closing twice does not wait.

        A look gets six seconds. A change that is being made on a server is made to its end and written down, however long that takes.
        """
        if not self.busy or self._closing.isActive():
            self._closing.stop()
            for page in self._pages.values():
                page.on_cancel()
            event.accept()
            self.left.emit()
            return
        event.ignore()
        for page in self._pages.values():
            page.on_cancel()
        self.say(self._words("closing.repairing" if self._applied().state.repairing else "closing"))
        self._waited = 0
        self._closing.start()

    def _on_closing(self) -> None:
        self._waited += _ASK_AGAIN_MS
        too_long = self._waited >= CLOSING_MS and not self._applied().state.repairing
        if not self.busy or too_long:
            self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.busy and _local_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _local_file(event)
        if file is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.file_dropped.emit(file)


def _local_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def _scrolling(page: Page) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
