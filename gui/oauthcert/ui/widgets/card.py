"""A card: a panel with a thin line around it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Card(QFrame):
    """`role` is card, or cause for one with a coloured edge. Put widgets into `column`."""

    def __init__(self, parent: QWidget | None = None, *, role: str = "card", margin: int = 16) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        # Without this a style sheet does not paint the background of a plain frame subclass.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        # The coloured edge of a cause takes three pixels more; words stand under each other all the same.
        self.column.setContentsMargins(margin - 3 if role == "cause" else margin, margin - 4, margin, margin - 4)
        self.column.setSpacing(4)


def stacked(*cards: QWidget) -> QWidget:
    """Cards one under the other, at the top of the room there is."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return holder
