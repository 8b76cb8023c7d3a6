"""A head that opens and closes what stands under it, and points with a hanging bullet."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain


class FoldButton(QPushButton):
    """Checked means open; its accessible description says which it is."""

    def __init__(self, text: str, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._desk, self._theme = desk, theme
        self.setProperty("role", "fold")
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setIconSize(QSize(theme.pixels(12), theme.pixels(12)))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def _on_toggled(self, opened: bool) -> None:
        self.setIcon(icons.icon("down" if opened else "right", self._theme.colour("accent"), self._theme.pixels(12)))
        self.setAccessibleDescription(self._desk.phrase("sign-in.hop.opened" if opened else "sign-in.hop.closed"))


def point(text: str, name: str = "") -> QWidget:
    """One entry of a list: further lines begin under the first word, not under the bullet."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    bullet = plain("•")
    bullet.setWordWrap(False)
    bullet.setAccessibleName(" ")
    row.addWidget(bullet, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(plain(text, name=name), 1)
    return holder
