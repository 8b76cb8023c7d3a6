"""The second hop in plain words, folded until somebody wants to know."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.model.secret import SignInMethod
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.method_fold import FoldButton, point

WAYS = ("direct", "product", "credssp", "delegation", "never")


class SecondHopCard(Card):
    """`show_method` marks which of the ways the chosen method already goes."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.fold = FoldButton(desk.phrase("sign-in.hop.title"), desk, theme, self)
        self.fold.setObjectName("second-hop")
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
            column.addWidget(point(desk.phrase(f"sign-in.hop.{way}"), f"hop-{way}"))
        self.column.addWidget(self.inside)
        self.inside.hide()
        self.fold.toggled.connect(self.inside.setVisible)

    def show_method(self, method: SignInMethod) -> None:
        crosses = method is SignInMethod.CREDSSP
        self.state.setText(self._desk.phrase("sign-in.hop.crosses" if crosses else "sign-in.hop.stays"))
