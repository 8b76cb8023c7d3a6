"""Push buttons whose words are plain text."""

from PySide6.QtWidgets import QPushButton, QWidget


def text_button(text: str, parent: QWidget | None = None, *, role: str = "", name: str = "", spoken: str = "") -> QPushButton:
    """`role` picks its looks in the style sheet; `spoken` is its accessible name where the words alone do not say what it is about."""
    button = QPushButton(doubled(text), parent)
    if role:
        button.setProperty("role", role)
    button.setObjectName(name)
    button.setAccessibleName(spoken or text)
    button.setAutoDefault(False)
    return button


def small_button(text: str, parent: QWidget | None = None, *, name: str = "", spoken: str = "") -> QPushButton:
    """For a card's own matters, beside its title or under its text."""
    return text_button(text, parent, role="small", name=name, spoken=spoken)


def doubled(text: str) -> str:
    """For a button or menu: a single ampersand would underline the next letter."""
    return text.replace("&", "&&")
