"""The help window: our own pages beside the wizard, found by name or by the words in them."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from oauthcert.ui.desk import Desk
from oauthcert.ui.dialogs.help_text import FIRST, HelpPage, HelpTexts
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain


class HelpBrowser(QTextBrowser):
    """Shows Markdown of ours. Fetches nothing, neither pictures nor styles; links are told, not followed."""

    followed = Signal(QUrl)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(self.followed)
        self.document().setDocumentMargin(12)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return None

    def show_text(self, text: str) -> None:
        features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        self.document().setMarkdown(text, features)
        block = self.document().begin()
        while block.isValid():
            self._set_type(block)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def _set_type(self, block: QTextBlock) -> None:
        """Qt takes its own sizes and hardly any space for Markdown; these are the ones of the window."""
        cursor, shape = QTextCursor(block), block.blockFormat()
        level, pixels = shape.headingLevel(), self._theme.pixels
        if level:
            letters = QTextCharFormat()
            # Steps of HTML sizes: 1.5 and 1.2 times the text. A size in pixels would lose against the adjustment of the reader of Markdown.
            letters.setProperty(QTextFormat.Property.FontSizeAdjustment, 2 if level == 1 else 1)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(letters)
            shape.setTopMargin(pixels(4 if level == 1 else 16))
            shape.setBottomMargin(pixels(6))
        elif shape.hasProperty(QTextFormat.Property.BlockCodeFence):
            shape.setNonBreakableLines(False)
            shape.setBackground(self._theme.colour("rail"))
            shape.setLeftMargin(pixels(8))
            if not block.next().blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence):
                shape.setBottomMargin(pixels(8))
        elif block.textList() is not None:
            shape.setBottomMargin(pixels(4))
        elif cursor.currentTable() is None:
            shape.setBottomMargin(pixels(8))
        QTextCursor(block).setBlockFormat(shape)


class PageList(QListWidget):
    """Pages and headings; the key Home goes to the first page, where the heading above it cannot be chosen."""

    @property
    def first(self) -> int:
        """The row of the first page; -1 when there is none."""
        rows = (row for row in range(self.count()) if self.item(row).data(Qt.ItemDataRole.UserRole))
        return next(rows, -1)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self.model().index(self.first, 0)
        return super().moveCursor(action, modifiers)


class HelpWindow(QWidget):
    """Stays open beside the wizard.

    `open_page` takes what `Page.help_page` or a finding gives: a step, a check, `<check>.<cause>`, `fix-<id>`.
    """

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("help-window")
        self.setWindowTitle(desk.phrase("help.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(QSize(min(theme.pixels(900), 1400), min(theme.pixels(680), 1000)))
        self._desk, self._texts = desk, HelpTexts(desk.catalogue)
        self._shown = ""
        self.search = QLineEdit(self)
        self.search.setObjectName("help-search")
        self.search.setAccessibleName(desk.phrase("help.search"))
        self.search.setPlaceholderText(desk.phrase("help.search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self._on_first)
        self.list = PageList(self)
        self.list.setObjectName("help-pages")
        self.list.setAccessibleName(desk.phrase("help.pages"))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.currentItemChanged.connect(lambda item, _before: self._on_chosen(item))
        self.none = plain(desk.phrase("help.none"), "secondary", name="help-none")
        self.browser = HelpBrowser(theme, self)
        self.browser.setObjectName("help-text")
        self.browser.setAccessibleName(desk.phrase("help.text"))
        self.browser.followed.connect(self._on_link)
        self._build(theme)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)
        self._on_search("")

    def _build(self, theme: Theme) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.search, self.none):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.browser)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.pixels(260), theme.pixels(600)])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.addWidget(split)

    @property
    def shown(self) -> str:
        """The id of the page that is open."""
        return self._shown

    def open_page(self, wanted: str) -> None:
        """Shows the window with this page, or with the first one when there is none of that name."""
        page = self._texts.page(wanted) or self._texts.page(FIRST)
        self.search.clear()
        if page is not None:
            self._show(page)
        self.show()
        self.raise_()
        self.activateWindow()
        self.browser.setFocus()

    def _show(self, page: HelpPage) -> None:
        if page.id != self._shown:
            self._shown = page.id
            self.browser.show_text(page.text)
            self.setWindowTitle(f"{page.title} – {self._desk.phrase('help.title')}")
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == page.id:
                self.list.setCurrentRow(row)

    def _on_search(self, typed: str) -> None:
        """All pages under their headings; what was found stands in the order of how well it fits, without any."""
        found = self._texts.search(typed)
        self.list.blockSignals(True)
        self.list.clear()
        if typed.strip():
            self._list(found)
        else:
            for group in self._texts.groups:
                self._head(group.heading)
                self._list(group.pages)
        self.list.blockSignals(False)
        self.none.setVisible(not found)

    def _list(self, pages: Iterable[HelpPage]) -> None:
        for page in pages:
            item = QListWidgetItem(page.title, self.list)
            item.setData(Qt.ItemDataRole.UserRole, page.id)
            if page.id == self._shown:
                self.list.setCurrentItem(item)

    def _head(self, heading: str) -> None:
        """Keys and mouse pass it by: it is no page."""
        item = QListWidgetItem(heading, self.list)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        letters = item.font()
        letters.setBold(True)
        item.setFont(letters)

    def _on_first(self) -> None:
        if self.list.first >= 0:
            self.list.setCurrentRow(self.list.first)
            self.browser.setFocus()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        page = self._texts.page(str(item.data(Qt.ItemDataRole.UserRole))) if item is not None else None
        if page is not None:
            self._show(page)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_link(self, link: QUrl) -> None:
        """Other pages open here, https in the operator's own browser, anything else not at all."""
        if link.scheme() == "https":
            QDesktopServices.openUrl(link)
        elif not link.scheme():
            page = self._texts.page(link.path().removesuffix(".md"))
            if page is not None:
                self._show(page)
