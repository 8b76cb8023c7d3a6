"""One picture of the case as a button: drawn from SVG at any size, a click or Enter opens it large."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.report.tokens import Palette
from oauthcert.ui.theme import VERDICT_TOKENS, Theme
from oauthcert.ui.widgets.buttons import text_button
from oauthcert.ui.widgets.labels import said
from oauthcert.words.catalogue import Catalogue

LARGE = 2.0
"""How much larger than designed a picture is drawn in its own window, at 100 % text."""


def picture_palette(theme: Theme) -> Palette:
    """The window's colours under the names pictures use; in high contrast the pale grounds are computed."""
    grounds = {f"{name}-soft": theme.tint(name).name() for name in (*VERDICT_TOKENS.values(), "accent")}
    colours = {**grounds, **theme.colours}
    for verdict in Verdict:
        token = VERDICT_TOKENS[verdict]
        colours[verdict.value], colours[f"{verdict.value}-soft"] = colours[token], colours[f"{token}-soft"]
    return colours


class PictureView(QAbstractButton):
    """Keeps the picture's proportions; at most `largest` times its designed size. `description` says in words what it shows."""

    def __init__(self, svg: str, title: str, description: str, theme: Theme, parent: QWidget | None = None, largest: float = 1.0) -> None:
        super().__init__(parent)
        self._renderer = QSvgRenderer(QByteArray(svg.encode()), self)
        self._theme = theme
        self._designed = self._renderer.defaultSize()
        self._largest = largest * theme.text_percent / 100
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(200)

    @property
    def drawn(self) -> bool:
        """Whether the SVG could be read."""
        return self._renderer.isValid()

    def _scale(self, width: int) -> float:
        return min(self._largest, max(1, width) / max(1, self._designed.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._designed.height() * self._scale(width))

    def sizeHint(self) -> QSize:
        return QSize(round(self._designed.width() * self._largest), round(self._designed.height() * self._largest))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(200))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale(self.width())
        size = QSize(round(self._designed.width() * scale), round(self._designed.height() * scale))
        self._renderer.render(painter, QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height()))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class PictureWindow(QDialog):
    """The picture large, with its words below it. Escape closes it; it does not block the wizard's window from drawing."""

    def __init__(self, svg: str, title: str, description: str, theme: Theme, catalogue: Catalogue, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("picture-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        inner = QWidget(self)
        inner.setObjectName("page")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 12, 0)
        inside.setSpacing(12)
        self.view = PictureView(svg, title, description, theme, inner, LARGE)
        # Here it is only looked at.
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setCursor(Qt.CursorShape.ArrowCursor)
        inside.addWidget(self.view)
        inside.addWidget(said(description, name="picture-words"))
        inside.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setAccessibleName(title)
        area.setWidget(inner)
        column.addWidget(area, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = text_button(catalogue.window("button.close"), self, name="close-picture")
        close.clicked.connect(self.close)
        row.addWidget(close)
        column.addLayout(row)
        room = parent.window().size()
        self.resize(min(round(room.width() * 0.9), theme.pixels(1000)), round(room.height() * 0.9))
