"""The head of a card that opens and closes. It paints its words itself: one light widget where a row of labels would be seven."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.finding_context import LARGE_TEXT, CardContext
from oauthcert.ui.widgets.labels import LONGEST_WORD, breakable

_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
_PAD, _GAP, _NARROWEST = 16, 12, 160
_ENDLESS = 100_000
_MOST_WIDTHS = 12


class FoldHead(QAbstractButton):
    """Space, Enter or a click toggles it; its accessible name says the verdict and the title, its description whether it is open."""

    def __init__(self, title: str, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self._context = title, context
        # Beside a badge large type leaves room for few letters in a line.
        large = context.theme.text_percent >= LARGE_TEXT
        self._words = breakable(title, LONGEST_WORD // 2 if large else LONGEST_WORD)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._heights: dict[int, int] = {}
        self.toggled.connect(self._say_state)
        self._say_state(False)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Layouts ask for a handful of widths, over and over."""
        if width not in self._heights:
            if len(self._heights) >= _MOST_WIDTHS:
                self._heights.clear()
            self._heights[width] = self._height(width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.heightForWidth(max(self.width(), _NARROWEST)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def _height(self, width: int) -> int:
        return self._wrapped(self._words, self._type(13), width - self._arrow_size - 4) + 8

    def _type(self, size: int, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._context.theme.pixels(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _wrapped(self, text: str, font: QFont, width: int) -> int:
        return QFontMetrics(font).boundingRect(QRect(0, 0, max(1, width), _ENDLESS), _WRAP, text).height()

    @property
    def _arrow_size(self) -> int:
        return self._context.theme.pixels(16)

    def _arrow(self) -> QPixmap:
        picture = icons.pixmap("down", self._context.theme.colour("mute"), self._arrow_size)
        return picture if self.isChecked() else picture.transformed(QTransform().rotate(-90))

    def _say_state(self, opened: bool) -> None:
        self.setAccessibleDescription(self._context.catalogue.window("findings.opened" if opened else "findings.folded"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._context.theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw(self, painter: QPainter) -> None:
        """An arrow, then the words."""
        painter.drawPixmap(0, 4, self._arrow())
        self._write(
            painter, self._words, self._type(13), "text", QRect(self._arrow_size + 4, 4, self.width() - self._arrow_size - 4, self.height())
        )

    def _write(self, painter: QPainter, text: str, font: QFont, token: str, box: QRect) -> None:
        painter.setFont(font)
        painter.setPen(self._context.theme.colour(token))
        painter.drawText(box, _WRAP, text)


class WrappedLink(FoldHead):
    """A link whose words may take several lines: a button of ordinary kind would make the page as wide as the longest title."""

    def __init__(self, title: str, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(title, context, parent)
        self.setCheckable(False)
        self.setObjectName("source")

    def _draw(self, painter: QPainter) -> None:
        left, font = self._arrow_size + 2, self._type(13)
        font.setUnderline(True)
        self._write(painter, self._words, font, "accent", QRect(left, 4, self.width() - left, self.height()))


class FindingHead(FoldHead):
    """Badge, title, a note under it, an arrow at the right."""

    def __init__(self, verdict: Verdict, word: str, title: str, note: str, context: CardContext, parent: QWidget | None = None) -> None:
        self._note = breakable(note)
        super().__init__(title, context, parent)
        self.setAccessibleName(": ".join(part for part in (word, title, note) if part))
        self._badge = Badge(verdict, word, context.theme, self)
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.resize(self._badge.sizeHint())
        self._place_badge()

    @property
    def _left(self) -> int:
        return _PAD + self._badge.sizeHint().width() + _GAP

    def _room(self, width: int) -> int:
        return width - self._left - _GAP - self._arrow_size - _PAD

    def _height(self, width: int) -> int:
        room = self._room(width)
        note = self._wrapped(self._note, self._type(12), room) + 2 if self._note else 0
        return max(self._wrapped(self._words, self._type(14, True), room) + note, self._badge.sizeHint().height()) + 2 * 10

    def _place_badge(self) -> None:
        line = QFontMetrics(self._type(14, True)).height()
        self._badge.move(_PAD, 10 + round((line - self._badge.height()) / 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badge()

    def _draw(self, painter: QPainter) -> None:
        room, title = self._room(self.width()), self._type(14, True)
        self._write(painter, self._words, title, "text", QRect(self._left, 10, room, self.height()))
        if self._note:
            top = 10 + self._wrapped(self._words, title, room) + 2
            self._write(painter, self._note, self._type(12), "mute", QRect(self._left, top, room, self.height()))
        painter.drawPixmap(self.width() - _PAD - self._arrow_size, 10, self._arrow())
