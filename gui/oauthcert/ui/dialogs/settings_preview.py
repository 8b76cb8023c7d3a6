"""A small piece of the window in the style and size that are being chosen."""

import tomllib

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oauthcert import assets
from oauthcert.model.finding import Verdict
from oauthcert.ui import theme as themes
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Style, Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain


class Preview(QWidget):
    """Drawn anew for each choice; nothing else changes before the settings are saved. `system` is the desktop's own palette."""

    def __init__(self, desk: Desk, system: QPalette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._system = desk, system
        self._tokens = tomllib.loads(assets.text("report/tokens.toml"))
        self._shown: tuple[Style, int] | None = None
        self.setAccessibleName(desk.phrase("settings.preview"))
        self._holder = QVBoxLayout(self)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._piece: QWidget | None = None

    def show_look(self, style: Style, text_percent: int) -> None:
        if self._shown == (style, text_percent):
            return
        self._shown = (style, text_percent)
        theme = themes.theme_of(style, self._tokens, self._system, text_percent)
        if self._piece is not None:
            self._holder.removeWidget(self._piece)
            self._piece.deleteLater()
        self._piece = self._draw(theme)
        self._holder.addWidget(self._piece)

    def _draw(self, theme: Theme) -> QWidget:
        piece = QWidget(self)
        piece.setObjectName("page")
        piece.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        piece.setPalette(themes.palette(theme))
        piece.setStyleSheet(themes.style_sheet(theme))
        around = QVBoxLayout(piece)
        around.setContentsMargins(12, 12, 12, 12)
        card = Card(piece)
        card.column.addWidget(plain(self._desk.phrase("settings.preview.title"), "card-title"))
        card.column.addWidget(plain(self._desk.phrase("settings.preview.sentence"), "secondary"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL):
            row.addWidget(Badge(verdict, self._desk.catalogue.verdict(verdict), theme, card))
        row.addStretch(1)
        button = QPushButton(self._desk.phrase("button.next"), card)
        button.setProperty("role", "primary")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(button)
        card.column.addLayout(row)
        around.addWidget(card)
        return piece
