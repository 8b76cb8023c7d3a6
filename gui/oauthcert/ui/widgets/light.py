"""A light: the verdict's shape on a pale ground of its colour, drawn once per verdict and then copied."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.models.board_rows import Light
from oauthcert.ui.theme import VERDICT_TOKENS, Style, Theme

# Lights grow with the text, but not without end: twenty of them have to fit beside a name.
_LARGEST = 26
_OLD = 0.4
_RATIO = 2.0


class LightPainter:
    """`size` is the edge of a light in pixels, `pitch` the distance from one to the next."""

    def __init__(self, theme: Theme) -> None:
        self.size = min(theme.pixels(18), _LARGEST)
        self.pitch = self.size + 3
        self._theme = theme
        self._pictures: dict[tuple[Verdict | None, bool], QPixmap] = {}

    def draw(self, painter: QPainter, at: QPointF, light: Light) -> None:
        picture = self._pictures.get((light.verdict, light.stale))
        if picture is None:
            picture = self._pictures[light.verdict, light.stale] = self._picture(light.verdict, light.stale)
        painter.drawPixmap(at, picture)

    def _picture(self, verdict: Verdict | None, old: bool) -> QPixmap:
        theme, edge = self._theme, round(self.size * _RATIO)
        image = QPixmap(edge, edge)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.scale(_RATIO, _RATIO)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_OLD if old else 1.0)
        box = QRectF(0, 0, self.size, self.size)
        if verdict is None:
            self._ground(painter, box, theme.tint("mute"), theme.colour("line"))
        else:
            colour, icon = theme.verdict(verdict), round(self.size * 0.72)
            self._ground(painter, box, theme.tint(VERDICT_TOKENS[verdict]), colour)
            painter.drawPixmap(QPointF((self.size - icon) / 2, (self.size - icon) / 2), icons.pixmap(verdict.value, colour, icon, _RATIO))
        painter.end()
        image.setDevicePixelRatio(_RATIO)
        return image

    def _ground(self, painter: QPainter, box: QRectF, ground: QColor, edge: QColor) -> None:
        # High contrast has one ground for everything, so there the box gets a line.
        contrast = self._theme.style is Style.CONTRAST
        painter.setPen(QPen(edge, 1) if contrast else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if contrast else box, 4, 4)
