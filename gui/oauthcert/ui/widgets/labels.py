"""Labels that show text as it is: no rich text is guessed from what a server said."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_WORD = re.compile(r"\S+")
_EVERY = re.compile(r"(\S{12})(?=\S)")
_BREAK = "\u200b"
LONGEST_WORD = 24


def plain(text: str = "", role: str = "", parent: QWidget | None = None, *, name: str = "", selectable: bool = False) -> QLabel:
    """A wrapping plain-text label, as high as its text is at the width it has. `role` picks its type in the style sheet."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setText(text)
    # Wrapping has set this bit already, a policy made anew would take it away again.
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    if role:
        label.setProperty("role", role)
    if name:
        label.setObjectName(name)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return label


def said(text: str, role: str = "", parent: QWidget | None = None, *, name: str = "") -> QLabel:
    """A plain label for text of any origin, whose longest words break instead of widening the window. Selectable, except where places
    to break were put in: copied, they would end up invisibly in a command or a path."""
    shown = breakable(text)
    label = plain(shown, role, parent, name=name, selectable=shown == text)
    # Selecting is by mouse or, once focused by a click, by keys; hundreds of labels are no stops for the Tab key.
    if shown == text:
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return label


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """The text with invisible places to break in words of more than `longest` letters (paths, full names, hashes)."""

    def with_breaks(found: re.Match[str]) -> str:
        word = found[0]
        return word if len(word) <= longest else _EVERY.sub(lambda piece: piece[1] + _BREAK, word)

    return _WORD.sub(with_breaks, text)
