"""A button that copies a text for a ticket and says so for a moment."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.finding_text import small_button

SAID_MS = 2000


class CopyButton(QWidget):
    """`make_text` is called when the button is pressed, since a whole case takes some time to write."""

    def __init__(
        self,
        words: str,
        spoken: str,
        make_text: Callable[[], str],
        context: CardContext,
        parent: QWidget | None = None,
        *,
        name: str = "copy",
    ) -> None:
        super().__init__(parent)
        self._words, self._spoken, self._make_text, self._context = words, spoken, make_text, context
        self.button = small_button(words, self, name=name, spoken=spoken)
        # The width of the longer words, so that nothing moves when they change.
        copied = context.catalogue.window("findings.copied")
        self.button.setMinimumWidth(max(self.button.sizeHint().width(), small_button(copied).sizeHint().width()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(SAID_MS)
        self._back.timeout.connect(lambda: self._say(self._words, self._spoken))
        self.button.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self._context.copy(self._make_text())
        copied = self._context.catalogue.window("findings.copied")
        self._say(copied, f"{copied}: {self._spoken}")
        self._back.start()

    def _say(self, words: str, spoken: str) -> None:
        self.button.setText(words.replace("&", "&&"))
        self.button.setAccessibleName(spoken)
