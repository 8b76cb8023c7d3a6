"""What opens and closes: a head that is a button, and a body that is made when it is first wanted."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.finding_head import FindingHead, FoldHead
from oauthcert.ui.widgets.labels import said


class FoldCard(Card):
    """`make_body` is called once, when the card is first opened. `opened` tells what it is about."""

    opened = Signal(str)

    def __init__(self, head: FindingHead, make_body: Callable[[], QWidget], parent: QWidget | None = None, *, about: str = "") -> None:
        super().__init__(parent)
        self.head = head
        self._make_body, self._about = make_body, about
        self.body: QWidget | None = None
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.column.addWidget(head)
        head.toggled.connect(self._fold)

    def _fold(self, opened: bool) -> None:
        if opened and self.body is None:
            self.body = self._make_body()
            self.body.setContentsMargins(16, 4, 16, 12)
            self.column.addWidget(self.body)
        if self.body is not None:
            self.body.setVisible(opened)
        if opened:
            self.opened.emit(self._about)


class Fold(QWidget):
    """A part of a card that opens and closes (facts, sources, a long list of names)."""

    def __init__(self, words: str, make_body: Callable[[], QWidget], context: CardContext, *, name: str) -> None:
        super().__init__()
        self.head = FoldHead(words, context, self)
        self.head.setObjectName(name)
        self._make_body = make_body
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.head)
        self.head.toggled.connect(self._fold)

    def _fold(self, opened: bool) -> None:
        if opened and self._body is None:
            self._body = self._make_body()
            self._column.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(opened)


def names_label(names: tuple[str, ...], most: int = 300) -> QWidget:
    """Many names as one label; a case of thousands of servers must not make thousands of widgets."""
    shown = ", ".join(names[:most])
    return said(shown if len(names) <= most else f"{shown}, …", "secondary", name="names")
