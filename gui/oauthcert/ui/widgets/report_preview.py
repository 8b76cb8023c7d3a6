"""The report as it will be printed: white paper, built piece by piece, larger and smaller with Ctrl and the wheel."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent, QTextDocument, QTextOption, QWheelEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from oauthcert.report.print_html import PrintPage
from oauthcert.report.tokens import palette
from oauthcert.ui import printing
from oauthcert.ui.theme import Theme

LEAST, MOST, STEP = 50, 300, 10
"""Zoom in per cent."""
_MARGIN = 20
_WIDEST = 520  # of the report's pictures, in px at 100 %


class ReportPreview(QTextBrowser):
    """Follows no link and fetches nothing. `filled` is sent when the whole report stands there."""

    filled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._points = printing.POINTS * theme.text_percent / 100
        self._page: PrintPage | None = None
        self._pictures: dict[str, QImage] = {}
        self._undrawn: list[tuple[str, str]] = []
        self._paper: QTextDocument | None = None
        self._pieces: Iterator[int] = iter(())
        self._zoom, self._scale = 100, 0.0
        self.setObjectName("report-preview")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setTabChangesFocus(True)
        self.setMinimumSize(240, 320)
        # Text breaks anywhere and pictures fit the width: a bar could only come from rounding.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Paper is white in every theme.
        light = palette("light")
        self.setStyleSheet(f"QTextBrowser {{ background: {light['panel']}; color: {light['text']} }}")
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(150)
        self._settling.timeout.connect(self._on_settled)

    @property
    def zoom(self) -> int:
        return self._zoom

    def show_page(self, page: PrintPage | None) -> None:
        """Begins to build the page, from its top; None empties the paper."""
        self._page, self._pictures = page, {}
        self._undrawn = list(page.pictures.items()) if page is not None else []
        if self._undrawn:
            self._pieces = iter(())
            self._filling.start()
        else:
            self._build()

    def zoom_to(self, percent: int) -> None:
        percent = max(LEAST, min(MOST, percent))
        if percent != self._zoom:
            self._zoom = percent
            if not self._undrawn:
                self._build(stay=True)

    def _room(self) -> float:
        """How much larger than designed pictures may be here."""
        return min(self._points / printing.POINTS * self._zoom / 100, max(0.3, (self.viewport().width() - 2 * _MARGIN) / _WIDEST))

    def _build(self, stay: bool = False) -> None:
        bar = self.verticalScrollBar()
        share = bar.value() / bar.maximum() if stay and bar.maximum() else 0.0
        self._scale, self._share = self._room(), share
        if self._page is None:
            self._filling.stop()
            self._put(QTextDocument(self))
            return
        document = printing.new_document(self._page, self._pictures, self._points * self._zoom / 100, self._scale)
        document.setDocumentMargin(_MARGIN)
        document.setParent(self)
        self._put(document)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._pieces = printing.pour(document, self._page)
        self._filling.start()

    def _put(self, document: QTextDocument) -> None:
        """Qt deletes the document it made itself, but none of ours."""
        old, self._paper = self._paper, document
        self.setDocument(document)
        if old is not None:
            old.deleteLater()

    def _fill(self) -> None:
        """One picture or one piece at a time: the window answers in between."""
        if self._undrawn:
            name, svg = self._undrawn.pop()
            self._pictures[name] = printing.drawn(svg)
            if not self._undrawn:
                self._build()
        elif next(self._pieces, None) is None:
            self._filling.stop()
            bar = self.verticalScrollBar()
            bar.setValue(round(self._share * bar.maximum()))
            self.filled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            self.zoom_to(self._zoom + (STEP if turned > 0 else -STEP if turned < 0 else 0))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: -STEP, Qt.Key.Key_0: 100 - self._zoom}
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in steps:
            self.zoom_to(self._zoom + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settling.start()

    def _on_settled(self) -> None:
        if self._page is not None and not self._undrawn and abs(self._room() - self._scale) > 0.02:
            self._build(stay=True)
