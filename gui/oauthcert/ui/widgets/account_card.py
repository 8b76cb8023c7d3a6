"""Who signs in: the account's name, its password, and whether this computer shall remember it."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.account_inputs import QuietComboBox
from oauthcert.ui.widgets.account_name import AccountName, Form, read_account_name
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.secret_edit import SecretEdit

MOST_NAMES = 500


class AccountCard(Card):
    """`changed`: the name is another, or its password was begun. `typed` carries a Secret, `forget` the name of a stored account."""

    changed = Signal()
    typed = Signal(object)
    confirmed = Signal()
    forget = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stored: frozenset[str] = frozenset()
        self._safe: bool | None = None
        self._password_needed, self._anew = True, False
        self._fixed = False
        self._last = ""
        self.column.addWidget(plain(desk.phrase("sign-in.account"), "card-title"))
        self._build_name()
        self._password_title = plain(desk.phrase("sign-in.password"), "secondary")
        self.column.addWidget(self._password_title)
        self.password = SecretEdit(desk, self)
        self.password.typed.connect(self.typed)
        self.password.begun.connect(lambda _begun: self.changed.emit())
        self.password.confirmed.connect(self.confirmed)
        self.column.addWidget(self.password)
        self._password_title.setBuddy(self.password.edit)
        self._build_remember()
        self.fixed_note = plain(desk.phrase("sign-in.practice"), "secondary", name="practice-note")
        self.fixed_note.hide()
        self.column.addWidget(self.fixed_note)

    def _build_name(self) -> None:
        self.name_box = QuietComboBox(self)
        self.name_box.setObjectName("account")
        self.name_box.setEditable(True)
        self.name_box.setInsertPolicy(QuietComboBox.InsertPolicy.NoInsert)
        self.name_box.setSizeAdjustPolicy(QuietComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.name_box.setMinimumContentsLength(16)
        edit = self.name_box.lineEdit()
        assert edit is not None  # noqa: S101 - an editable box has one
        edit.setObjectName("account-name")
        edit.setMaxLength(300)
        edit.setPlaceholderText(self._desk.phrase("sign-in.account.example"))
        for part in (self.name_box, edit):
            part.setAccessibleName(self._desk.phrase("sign-in.account"))
            part.setAccessibleDescription(self._desk.phrase("sign-in.account.forms"))
        self.name_box.currentTextChanged.connect(lambda _text: self._on_name())
        self._forms = plain(self._desk.phrase("sign-in.account.forms"), "secondary", name="account-forms")
        self.column.addWidget(self._forms)
        self.column.addWidget(self.name_box)
        self.name_note = plain("", "secondary", name="account-note")
        self.name_note.hide()
        self.column.addWidget(self.name_note)
        self.column.addSpacing(4)

    def _build_remember(self) -> None:
        self.remember = QCheckBox(self._desk.phrase("sign-in.remember"), self)
        self.remember.setObjectName("remember")
        self.remember.setAccessibleName(self._desk.phrase("sign-in.remember"))
        self.remember.toggled.connect(lambda _on: self.changed.emit())
        self.forget_button = QPushButton(self._desk.phrase("sign-in.forget"), self)
        self.forget_button.setObjectName("forget")
        self.forget_button.setProperty("role", "small")
        self.forget_button.clicked.connect(lambda: self.forget.emit(self.name.text))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.remember, 1)
        row.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        self.remember_note = plain(self._desk.phrase("sign-in.store.opening"), "secondary", name="remember-note")
        self.column.addWidget(self.remember_note)
        self.store_note = plain("", "warned", name="store-problem", selectable=True)
        self.store_note.hide()
        self.column.addWidget(self.store_note)

    @property
    def name(self) -> AccountName:
        return read_account_name(self.name_box.currentText())

    @property
    def stored(self) -> bool:
        return self.name.text.casefold() in self._stored

    def show_name(self, username: str) -> None:
        if self.name_box.currentText() != username:
            self.name_box.setCurrentText(username)

    def show_fixed(self, fixed: bool) -> None:
        """In practice everything is filled in, and nothing of it may be changed."""
        self._fixed = fixed
        self.name_box.setEnabled(not fixed)
        self.fixed_note.setVisible(fixed)
        self._draw_parts()

    def show_store(self, names: Iterable[str], safe: bool) -> None:
        """The accounts this computer remembers, and whether it has a store that lasts. The name that was typed stays."""
        known = sorted(names, key=str.casefold)[:MOST_NAMES]
        self._stored, self._safe = frozenset(name.casefold() for name in known), safe
        before = self.name_box.currentText()
        self.name_box.blockSignals(True)
        self.name_box.clear()
        self.name_box.addItems(known)
        self.name_box.setCurrentText(before or (known[0] if len(known) == 1 and not self._fixed else ""))
        self.name_box.blockSignals(False)
        self._on_name()

    def show_held(self, held: bool, password_needed: bool, optional: bool) -> None:
        """What the empty password field says: stored, typed before, not needed, or the order in which to go."""
        self._password_needed, self._anew = password_needed, held
        key = "stored" if self.stored else "first"
        if self.name.wrong is None and not self.stored:
            key = "ticket" if optional else "empty"
        self.password.set_hint(self._desk.phrase("sign-in.password.held" if held else f"sign-in.password.{key}"))
        self._draw_parts()

    def say_store(self, text: str) -> None:
        """A problem with the password store; empty text hides it."""
        self.store_note.setText(text)
        self.store_note.setVisible(bool(text))

    def _draw_parts(self) -> None:
        asked = self._password_needed and not self._fixed
        for part in (self._password_title, self.password, self.remember, self.remember_note):
            part.setVisible(asked)
        self.password.edit.setEnabled(self.name.wrong is None)
        self.password.show_typed.setEnabled(self.name.wrong is None)
        self._forms.setVisible(not self._fixed)
        if self._safe is not None:
            key = "memory" if not self._safe else "stored" if self.stored and not self._anew else "safe"
            self.remember_note.setText(self._desk.phrase(f"sign-in.remember.{key}"))
        self.remember.setEnabled(bool(self._safe) and (self._anew or not self.stored))
        self.forget_button.setVisible(asked and self.stored)

    def _on_name(self) -> None:
        name = self.name
        key = f"sign-in.account.wrong.{name.wrong.value}" if name.wrong and name.text else ""
        if name.form in (Form.BARE, Form.LOCAL) and not self._fixed:
            key = f"sign-in.account.{name.form.value}"
        self.name_note.setText(self._desk.phrase(key) if key else "")
        self.name_note.setProperty("role", "wrong" if name.wrong else "secondary")
        self.name_note.style().polish(self.name_note)
        self.name_note.setVisible(bool(key))
        self._draw_parts()
        if name.text != self._last:
            self._last = name.text
            self.changed.emit()
