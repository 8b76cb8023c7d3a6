"""A large choice with a picture, a title and a sentence; works like a radio button, by mouse and keyboard."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.ui import icons
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain


class Choice(QPushButton):
    """Checkable and exclusive within its parent; its accessible name is the title, its description the sentence."""

    def __init__(self, icon: str, title: str, sentence: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "choice")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        self._picture = Tile(icon, theme, self)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = plain(title, "card-title", self)
        self._sentence = plain(sentence, "secondary", self)
        for label in (self._title, self._sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row.addLayout(words, 1)

    def sizeHint(self) -> QSize:
        width = max(320, self.width())
        return QSize(width, self._height_for(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self._height_for(max(280, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self._height_for(event.size().width()))

    def _height_for(self, width: int) -> int:
        text = width - 2 * 16 - self._picture.width() - 16
        lines = self._title.heightForWidth(text) + 2 + self._sentence.heightForWidth(text)
        return max(self._picture.height(), lines) + 2 * 12 + 4


class Tile(QLabel):
    """An icon on a pale ground of the accent colour."""

    def __init__(self, icon: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # grows with the text, but not so far that it takes the text's place
        size = min(theme.pixels(36), 56)
        self.setFixedSize(size, size)
        self._ground = theme.tint("accent")
        self.setPixmap(icons.pixmap(icon, theme.colour("accent"), size * 5 // 9))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self.rect(), 6, 6)
        painter.end()
        super().paintEvent(event)
