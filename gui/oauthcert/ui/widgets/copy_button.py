"""A button that copies a text and says so for a moment."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from oauthcert.ui.widgets.buttons import doubled
from oauthcert.words.catalogue import Catalogue

SAID_MS = 2000


def copy_text(text: str) -> None:
    """To the clipboard."""
    QGuiApplication.clipboard().setText(text)


class CopyButton(QPushButton):
    """`make_text` is called when the button is pressed, since a whole case takes some time to write; `copy` takes the text."""

    def __init__(
        self,
        words: str,
        make_text: Callable[[], str],
        catalogue: Catalogue,
        parent: QWidget | None = None,
        *,
        copy: Callable[[str], None] = copy_text,
        spoken: str = "",
        role: str = "",
        name: str = "copy",
    ) -> None:
        super().__init__(parent)
        self._words, self._spoken, self._copied = words, spoken or words, catalogue.window("copied")
        self._make_text, self._copy = make_text, copy
        if role:
            self.setProperty("role", role)
        self.setObjectName(name)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(SAID_MS)
        self._back.timeout.connect(lambda: self._say(self._words, self._spoken))
        self._say(self._copied, self._copied)
        # The width of the longer words, so that nothing moves when they change.
        self.ensurePolished()
        least = self.sizeHint().width()
        self._say(self._words, self._spoken)
        self.setMinimumWidth(max(least, self.sizeHint().width()))
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self._copy(self._make_text())
        self._say(self._copied, f"{self._copied}: {self._spoken}")
        self._back.start()

    def _say(self, words: str, spoken: str) -> None:
        self.setText(doubled(words))
        self.setAccessibleName(spoken)
