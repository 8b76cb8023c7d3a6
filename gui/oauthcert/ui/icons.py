"""Our own line icons, coloured by token and drawn sharp at any scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from oauthcert import assets


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return assets.text(f"icons/{name}.svg")


def pixmap(name: str, colour: QColor, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """`resources/icons/<name>.svg` in one colour, `size` logical pixels wide. Raises FileNotFoundError.

    Drawn once and then taken from Qt's own store of pictures: badges and table cells ask for it at every paint.
    """
    key = f"{name} {colour.name()} {size} {ratio}"
    there = QPixmap()
    if QPixmapCache.find(key, there):
        return there
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour.name()).encode()))
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, image)
    return image


def icon(name: str, colour: QColor, size: int = 16) -> QIcon:
    return QIcon(pixmap(name, colour, size))
