"""A verdict as shape, word and colour at once."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.theme import VERDICT_TOKENS, Style, Theme


class Badge(QWidget):
    """A pill: icon and words on a pale ground. `verdict` gives shape and colour, `words` is what it says."""

    def __init__(self, verdict: Verdict, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_verdict(verdict, words)

    def show_verdict(self, verdict: Verdict, words: str) -> None:
        self._verdict, self._words = verdict, words
        self.setAccessibleName(words)
        font = self.font()
        font.setPixelSize(self._theme.pixels(12))
        self.setFont(font)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(round(metrics.horizontalAdvance(self._words)) + 8 + 14 + 4 + 10, round(metrics.height()) + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.verdict(self._verdict)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(self._theme.tint(VERDICT_TOKENS[self._verdict]))
        painter.setPen(QPen(colour) if self._theme.style is Style.CONTRAST else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        mark = icons.pixmap(self._verdict.value, colour, 14)
        painter.drawPixmap(8, round((self.height() - 14) / 2), mark)
        painter.setPen(colour)
        painter.drawText(box.adjusted(26, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words)
