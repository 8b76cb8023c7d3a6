"""Labels and buttons for what findings say: plain text of any length and origin that wraps instead of widening the window."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from oauthcert.ui.widgets.labels import plain

_WORD = re.compile(r"\S+")
_EVERY = re.compile(r"(\S{12})(?=\S)")
_BREAK = "\u200b"
LONGEST_WORD = 24


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """The text with invisible places to break in words of more than `longest` letters (paths, full names, hashes)."""

    def with_breaks(found: re.Match[str]) -> str:
        word = found[0]
        return word if len(word) <= longest else _EVERY.sub(lambda piece: piece[1] + _BREAK, word)

    return _WORD.sub(with_breaks, text)


def said(text: str, role: str = "", parent: QWidget | None = None, *, name: str = "") -> QLabel:
    """A wrapping plain-text label that takes the height its text needs. Selectable, except where places to break were put in:
    copied, they would end up invisibly in a command or a path."""
    shown = breakable(text)
    label = plain(shown, role, parent, name=name, selectable=shown == text)
    # Selecting is by mouse or, once focused by a click, by keys; hundreds of labels are no stops for the Tab key.
    if shown == text:
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def small_button(text: str, parent: QWidget | None = None, *, role: str = "small", name: str = "", spoken: str = "") -> QPushButton:
    """A small button; `spoken` is its accessible name where the words alone do not say what it is about."""
    # An ampersand would underline the next letter.
    button = QPushButton(text.replace("&", "&&"), parent)
    button.setProperty("role", role)
    button.setObjectName(name)
    button.setAccessibleName(spoken or text)
    button.setAutoDefault(False)
    return button
