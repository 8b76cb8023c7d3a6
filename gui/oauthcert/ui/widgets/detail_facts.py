"""The facts behind a finding, a line each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.detail_text import Line
from oauthcert.ui.widgets.labels import plain


def wrapping(text: str = "", role: str = "", parent: QWidget | None = None, *, name: str = "", selectable: bool = False) -> QLabel:
    """A plain label that is never higher than its text at the width it has, so that a pane of them does not scroll for nothing."""
    label = plain(text, role, parent, name=name, selectable=selectable)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


class FactTable(QWidget):
    """Label at the left, value at the right; both wrap."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._theme = theme
        self._shown: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        if list(lines) == self._shown:
            return
        self._shown = list(lines)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            label = wrapping(line.label, "secondary", self)
            value = wrapping(line.value, "machine" if line.machine else "", self, selectable=True)
            value.setAccessibleName(f"{line.label}: {line.value}")
            value.setToolTip(line.utc)
            for column, widget in enumerate((label, value)):
                widget.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                self._grid.addWidget(widget, number, column)
        self.setVisible(bool(lines))
