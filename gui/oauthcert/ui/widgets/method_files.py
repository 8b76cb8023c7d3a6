"""The two files of a client certificate: the certificate and its key, both PEM."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.labels import plain

PARTS = ("certificate", "key")


class MethodFiles(QWidget):
    """Paths only: the files are read when signing in, and what is wrong with them is told then."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._edits: dict[str, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in PARTS:
            column.addLayout(self._row(part))
        self._missing = plain("", "wrong", name="files-missing")
        self._missing.hide()
        column.addWidget(self._missing)

    def _row(self, part: str) -> QHBoxLayout:
        name = self._desk.phrase(f"sign-in.files.{part}")
        edit = QLineEdit(self)
        edit.setObjectName(f"file-{part}")
        edit.setAccessibleName(name)
        edit.setPlaceholderText(name)
        edit.textChanged.connect(lambda _text: self._on_changed())
        self._edits[part] = edit
        browse = QPushButton(self._desk.phrase("sign-in.files.browse"), self)
        browse.setObjectName(f"browse-{part}")
        browse.setProperty("role", "small")
        browse.setAccessibleName(f"{self._desk.phrase('sign-in.files.browse')} {name}")
        browse.clicked.connect(lambda: self._browse(part))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(edit, 1)
        row.addWidget(browse)
        return row

    @property
    def certificate(self) -> str:
        return self._edits["certificate"].text().strip()

    @property
    def key(self) -> str:
        return self._edits["key"].text().strip()

    @property
    def complete(self) -> bool:
        return all(path and _is_file(path) for path in (self.certificate, self.key))

    def show_files(self, certificate: str, key: str) -> None:
        self._edits["certificate"].setText(certificate)
        self._edits["key"].setText(key)

    def _browse(self, part: str) -> None:
        title, kinds = self._desk.phrase(f"sign-in.files.{part}"), self._desk.phrase("sign-in.files.filter")
        file, _kind = QFileDialog.getOpenFileName(self, title, self._edits[part].text(), kinds)
        if file:
            self._edits[part].setText(file)

    def _on_changed(self) -> None:
        missing = [path for path in (self.certificate, self.key) if path and not _is_file(path)]
        self._missing.setText(self._desk.phrase("sign-in.files.missing", file=missing[0]) if missing else "")
        self._missing.setVisible(bool(missing))
        self.changed.emit()


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
