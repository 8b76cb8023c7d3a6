"""A field for a password: never shown unless asked, and empty again as soon as it is left."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.model.secret import Secret
from oauthcert.ui.desk import Desk

_STAYING = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason, Qt.FocusReason.ActiveWindowFocusReason}


class SecretEdit(QWidget):
    """`typed` carries the Secret when the field is left or Enter was pressed; `confirmed` follows for Enter.

    `begun` says whether there is text in the field, which nobody has been told of yet.
    """

    typed = Signal(object)
    confirmed = Signal()
    begun = Signal(bool)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setObjectName("password")
        self.edit.setAccessibleName(desk.phrase("sign-in.password"))
        # Qt limits no field by itself; nobody types more, and a store keeps at most 1280.
        self.edit.setMaxLength(1280)
        self.show_typed = QCheckBox(desk.phrase("sign-in.password.show"), self)
        self.show_typed.setObjectName("show-password")
        self.show_typed.setAccessibleName(desk.phrase("sign-in.password.show"))
        self.show_typed.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_typed.toggled.connect(self._on_show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        row = QHBoxLayout()
        row.addWidget(self.show_typed)
        row.addStretch(1)
        column.addLayout(row)
        self._on_show(False)
        self.edit.textEdited.connect(lambda text: self.begun.emit(bool(text)))
        self.edit.returnPressed.connect(self._on_enter)
        for part in (self.edit, self.show_typed):
            part.installEventFilter(self)
        self.setFocusProxy(self.edit)

    def set_hint(self, text: str) -> None:
        """What the empty field says, such as that a password is stored."""
        self.edit.setPlaceholderText(text)
        self.edit.setAccessibleDescription(text)

    def take(self) -> None:
        """Hands over what is in the field, if anything is, and empties it."""
        text = self.edit.text()
        self.show_typed.setChecked(False)
        # setText forgets the undo history; clear() would keep it, and Ctrl+Z would bring the password back.
        self.edit.setText("")
        if text:
            self.typed.emit(Secret(text))
            self.begun.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            self._on_focus_out(event.reason())
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.take()
        super().hideEvent(event)

    def _on_focus_out(self, reason: Qt.FocusReason) -> None:
        if reason is Qt.FocusReason.ActiveWindowFocusReason:
            self.show_typed.setChecked(False)
        if reason in _STAYING or self.window().focusWidget() in (self.edit, self.show_typed):
            return
        self.take()

    def _on_enter(self) -> None:
        self.take()
        self.confirmed.emit()

    def _on_show(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.edit.setInputMethodHints(hints.ImhSensitiveData | hints.ImhNoPredictiveText | hints.ImhNoAutoUppercase)
