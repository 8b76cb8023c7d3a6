"""How to sign in: the methods with what each means, what it still needs, and why one cannot be chosen."""

from collections.abc import Sequence
from ipaddress import ip_address

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from oauthcert.model.secret import SignInMethod
from oauthcert.model.target import Target
from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.method_files import MethodFiles

ORDER = (SignInMethod.NTLM, SignInMethod.KERBEROS, SignInMethod.CREDSSP, SignInMethod.CERTIFICATE, SignInMethod.BASIC)
OVER_TLS = frozenset({SignInMethod.BASIC, SignInMethod.CERTIFICATE})
INDENT = 28


class MethodCard(Card):
    """`changed`: another method, its consent, or its files."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._targets: Sequence[Target] = ()
        self.column.setSpacing(0)
        self.column.addWidget(plain(desk.phrase("sign-in.method"), "card-title"))
        self.column.addSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[SignInMethod, QRadioButton] = {}
        self._why_not: dict[SignInMethod, QWidget] = {}
        self.confirm = QCheckBox(desk.phrase("sign-in.credssp.confirm"), self)
        self.files = MethodFiles(desk, self)
        self.files.changed.connect(self.changed)
        self.warning = plain("", "warned", name="kerberos-warning")
        self._parts: dict[SignInMethod, QWidget] = {
            SignInMethod.KERBEROS: self.warning,
            SignInMethod.CREDSSP: self._consent(),
            SignInMethod.CERTIFICATE: self.files,
        }
        for method in ORDER:
            self._add(method)
        self._buttons[SignInMethod.NTLM].setChecked(True)
        self._draw()

    def _add(self, method: SignInMethod) -> None:
        phrase = self._desk.phrase
        button = QRadioButton(phrase(f"sign-in.method.{method.value}"), self)
        button.setObjectName(f"method-{method.value}")
        button.setAccessibleName(phrase(f"sign-in.method.{method.value}"))
        button.setAccessibleDescription(phrase(f"sign-in.method.{method.value}.sentence"))
        button.toggled.connect(self._on_toggled)
        self._group.addButton(button)
        self._buttons[method] = button
        self.column.addWidget(button)
        below = QVBoxLayout()
        below.setContentsMargins(INDENT, 0, 0, 8)
        below.setSpacing(4)
        below.addWidget(plain(phrase(f"sign-in.method.{method.value}.sentence"), "secondary"))
        if method in OVER_TLS:
            why = plain(phrase("sign-in.method.needs-tls"), "secondary", name=f"why-not-{method.value}")
            self._why_not[method] = why
            below.addWidget(why)
        if method in self._parts:
            below.addWidget(self._parts[method])
        self.column.addLayout(below)

    def _consent(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(plain(self._desk.phrase("sign-in.credssp.explanation"), "warned", name="credssp-explanation"))
        self.confirm.setObjectName("credssp-confirm")
        self.confirm.setAccessibleName(self._desk.phrase("sign-in.credssp.confirm"))
        self.confirm.setAccessibleDescription(self._desk.phrase("sign-in.credssp.explanation"))
        self.confirm.toggled.connect(self._on_toggled)
        column.addWidget(self.confirm)
        return part

    @property
    def method(self) -> SignInMethod:
        return next(method for method, button in self._buttons.items() if button.isChecked())

    @property
    def lacking(self) -> str:
        """The id of the sentence that says what the method still needs; empty when it has all."""
        if self.method is SignInMethod.CREDSSP and not self.confirm.isChecked():
            return "sign-in.why-not.credssp"
        if self.method is SignInMethod.CERTIFICATE and not self.files.complete:
            return "sign-in.why-not.files"
        return "sign-in.why-not.tls" if not self._buttons[self.method].isEnabled() and self.method in OVER_TLS else ""

    def show_method(self, method: SignInMethod) -> None:
        self._buttons[method].setChecked(True)

    def show_targets(self, targets: Sequence[Target], fixed: bool) -> None:
        """Which methods can be chosen depends on the servers; in practice none but the one there is."""
        self._targets = targets
        all_tls = bool(targets) and all(target.scheme == "https" for target in targets)
        for method, button in self._buttons.items():
            impossible = method in OVER_TLS and not all_tls
            button.setEnabled(not fixed and not impossible)
            if method in self._why_not:
                self._why_not[method].setVisible(impossible)
        self._draw()

    def _on_toggled(self) -> None:
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        for method, part in self._parts.items():
            part.setVisible(self._buttons[method].isChecked() if method in self._buttons else False)
        addresses = tuple(target.name for target in self._targets if _is_address(target.name))
        listed = self._desk.catalogue.formats.listed(addresses)
        self.warning.setText(self._desk.phrase("sign-in.kerberos.address", count=len(addresses), servers=listed))
        self.warning.setVisible(self.method is SignInMethod.KERBEROS and bool(addresses))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
