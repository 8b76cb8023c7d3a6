"""Where servers are typed or pasted: a line that grows with what is pasted. What is no server stays in it, with a sentence each."""

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oauthcert.model.target import Target
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme

MOST_LINES = 5
_FRAME = 17  # border and padding of the style sheet, above and below
_COMMENT = re.compile(r"(?:^|(?<=[\s,;]))#.*")
_SEPARATORS = re.compile(r"[\s,;]+")

Read = Callable[[str], tuple[tuple[Target, ...], tuple[str, ...]]]


class ServerEntry(QPlainTextEdit):
    """`entered` when Enter is pressed; Shift+Enter begins a new line."""

    entered = Signal()

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read: Read = desk.parse_targets
        self.setObjectName("server-names")
        self.setAccessibleName(desk.phrase("servers.entry.name"))
        self.setPlaceholderText(desk.phrase("servers.entry.example"))
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self._least = theme.pixels(32)
        self.textChanged.connect(self._grow)
        self._grow()

    def _grow(self) -> None:
        lines = max(1, self.blockCount())
        many = lines > MOST_LINES
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded if many else Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One line is as high as the button beside it.
        self.setFixedHeight(max(self._least, min(lines, MOST_LINES) * self.fontMetrics().lineSpacing() + _FRAME))

    def set_least_height(self, pixels: int) -> None:
        self._least = pixels
        self.document().setDocumentMargin(max(0, (pixels - self.fontMetrics().lineSpacing() - _FRAME + 1) // 2))
        self._grow()

    def take(self) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """The servers in the text, which are taken out of it, and a sentence for each piece that stays."""
        found: dict[str, Target] = {}
        left: list[str] = []
        said: list[str] = []
        for line in self.toPlainText().splitlines():
            wrong: list[str] = []
            for piece in _pieces(line):
                targets, sentences = self._read(piece)
                for target in targets:
                    found.setdefault(target.name, target)
                if sentences:
                    wrong.append(piece)
                    said.extend(sentences)
            if wrong:
                left.append(" ".join(wrong))
        self.setPlainText("\n".join(left))
        self.moveCursor(self.textCursor().MoveOperation.End)
        return tuple(found.values()), tuple(said)

    @property
    def holds_text(self) -> bool:
        return bool(self.toPlainText().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """A dropped file goes to the page, which reads it; here it would leave its path."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)


def _pieces(line: str) -> Iterator[str]:
    return (piece for piece in _SEPARATORS.split(_COMMENT.sub("", line)) if piece)
