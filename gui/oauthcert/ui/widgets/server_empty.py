"""What stands in place of the table while there is no server: the three ways to fill it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.choice import Tile
from oauthcert.ui.widgets.labels import plain

_WAYS = (("add", "type"), ("file", "import"), ("server", "discover"))


class ServersEmpty(Card):
    """Explains; the buttons are above it."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("servers-empty")
        self.column.addWidget(plain(desk.phrase("servers.empty.title"), "card-title"))
        self.column.setSpacing(12)
        for icon, way in _WAYS:
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(Tile(icon, theme, self), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(plain(desk.phrase(f"servers.empty.{way}")))
            words.addWidget(plain(desk.phrase(f"servers.empty.{way}.sentence"), "secondary"))
            row.addLayout(words, 1)
            self.column.addLayout(row)
