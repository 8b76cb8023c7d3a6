"""The board above, what a light means below, and a handle between them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from oauthcert.ui.widgets.board_view import BoardView

# Of the height there is: the board takes what its rows need, but leaves the pane below this much.
_PANE_SHARE = 0.4


class BoardSplit(QSplitter):
    """Shares the height out anew with every size of the window, until the operator has moved the handle."""

    def __init__(self, view: BoardView, detail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._view = view
        self._by_hand = False
        self.setObjectName("board-and-detail")
        self.setHandleWidth(12)
        self.setChildrenCollapsible(False)
        self.addWidget(view)
        self.addWidget(detail)
        self.splitterMoved.connect(self._on_moved)

    def _on_moved(self) -> None:
        self._by_hand = True

    def share_height(self) -> None:
        if not self._by_hand:
            room = self.height() - self.handleWidth()
            board = min(self._view.wanted_height(), round(room * (1 - _PANE_SHARE)))
            self.setSizes([board, room - board])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.share_height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.share_height()
