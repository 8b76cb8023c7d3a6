"""How high wrapped text is. Qt's own guess is for a narrower column and would show needless scroll bars."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


def as_high_as_text(widget: QWidget, hint: QSize) -> QSize:
    """`hint` with the height that the widget's layout needs at the width it has; for `minimumSizeHint`."""
    layout = widget.layout()
    if widget.width() <= 0 or layout is None or not layout.hasHeightForWidth():
        return hint
    return QSize(hint.width(), layout.minimumHeightForWidth(max(widget.width(), hint.width())))


class TextColumn(QWidget):
    """What a scroll area holds where text wraps: never higher than its text."""

    def minimumSizeHint(self) -> QSize:
        return as_high_as_text(self, super().minimumSizeHint())
