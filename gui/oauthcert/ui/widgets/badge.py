"""A verdict as shape, word and colour at once."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.theme import VERDICT_TOKENS, Style, Theme

_BEFORE, _BETWEEN, _AFTER = 8, 4, 10


class BadgePainter:
    """Draws pills, for a badge that is a widget and for those that are cells of a table; everything grows with the text."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._theme = theme
        self.font = QFont(font)
        self.font.setPixelSize(theme.pixels(12))
        self.font.setWeight(QFont.Weight.Normal)
        self._metrics = QFontMetricsF(self.font)
        self._mark = theme.pixels(14)

    def size(self, words: str) -> QSize:
        around = _BEFORE + self._mark + _BETWEEN + _AFTER
        return QSize(round(self._metrics.horizontalAdvance(words)) + around, round(self._metrics.height()) + 6)

    def draw(
        self, painter: QPainter, at: QPoint, verdict: Verdict, words: str, *, widest: int = 0, mark: str = "", mute: bool = False
    ) -> None:
        """`widest`: pixels there are, when there may be too few. `mark`: an icon in place of the verdict's. `mute`: no colour."""
        theme, token = self._theme, "mute" if mute else VERDICT_TOKENS[verdict]
        size, colour = self.size(words), theme.colour(token)
        if widest and size.width() > widest:
            room = widest - (size.width() - self._metrics.horizontalAdvance(words))
            words = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            size.setWidth(self.size(words).width())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pill = QRectF(at.x(), at.y(), size.width(), size.height())
        self._ground(painter, pill.adjusted(0.5, 0.5, -0.5, -0.5), theme.tint(token), colour)
        picture = icons.pixmap(mark or verdict.value, colour, self._mark)
        painter.drawPixmap(at + QPoint(_BEFORE, round((size.height() - self._mark) / 2)), picture)
        painter.setFont(self.font)
        painter.setPen(colour)
        left = _BEFORE + self._mark + _BETWEEN
        painter.drawText(pill.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    def _ground(self, painter: QPainter, pill: QRectF, ground: QColor, edge: QColor) -> None:
        painter.setBrush(ground)
        painter.setPen(QPen(edge) if self._theme.style is Style.CONTRAST else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)


class Badge(QWidget):
    """A pill: icon and words on a pale ground. `verdict` gives shape and colour, `words` is what it says."""

    def __init__(self, verdict: Verdict, words: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pill = BadgePainter(theme, self.font())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_verdict(verdict, words)

    def show_verdict(self, verdict: Verdict, words: str, *, mute: bool = False) -> None:
        """`mute`: in no colour, since there is none of it."""
        self._verdict, self._words, self._mute = verdict, words, mute
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._pill.size(self._words)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pill.draw(QPainter(self), QPoint(0, 0), self._verdict, self._words, mute=self._mute)
