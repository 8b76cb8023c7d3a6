"""The second hop in plain words, folded until somebody wants to know."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from oauthcert.model.secret import SignInMethod
from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

WAYS = ("direct", "product", "credssp", "delegation", "never")


class SecondHopCard(Card):
    """`show_method` marks which of the ways the chosen method already goes."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.fold = QToolButton(self)
        self.fold.setObjectName("second-hop")
        self.fold.setProperty("role", "fold")
        self.fold.setText(desk.phrase("sign-in.hop.title"))
        self.fold.setAccessibleName(desk.phrase("sign-in.hop.title"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setIconSize(QSize(theme.pixels(12), theme.pixels(12)))
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._on_fold)
        self.column.addWidget(self.fold)
        self.column.addWidget(plain(desk.phrase("sign-in.hop.short"), "secondary"))
        self.inside = QWidget(self)
        column = QVBoxLayout(self.inside)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain(desk.phrase("sign-in.hop.what"), name="hop-what"))
        self.state = plain("", name="hop-state")
        column.addWidget(self.state)
        for way in WAYS:
            column.addWidget(plain(f"•  {desk.phrase(f'sign-in.hop.{way}')}", name=f"hop-{way}"))
        self.column.addWidget(self.inside)
        self._on_fold(False)

    def show_method(self, method: SignInMethod) -> None:
        crosses = method is SignInMethod.CREDSSP
        self.state.setText(self._desk.phrase("sign-in.hop.crosses" if crosses else "sign-in.hop.stays"))

    def _on_fold(self, opened: bool) -> None:
        self.inside.setVisible(opened)
        self.fold.setIcon(icons.icon("down" if opened else "right", self._theme.colour("accent"), 12))
        self.fold.setAccessibleDescription(self._desk.phrase("sign-in.hop.opened" if opened else "sign-in.hop.closed"))
