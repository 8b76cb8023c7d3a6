"""The facts behind a finding, a line each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from oauthcert.report.fact_lines import FactLine
from oauthcert.ui.widgets.labels import said
from oauthcert.words.catalogue import Catalogue

MOST_FACTS = 60


class FactsTable(QWidget):
    """Label at the left, value at the right; both wrap. Hidden while there is nothing in it."""

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = catalogue
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._shown: list[FactLine] = []

    def show_lines(self, lines: Sequence[FactLine]) -> None:
        """Beyond the first sixty they are counted only; the report has them all."""
        if list(lines) != self._shown:
            self._clear()
            self._shown = list(lines)
            for number, line in enumerate(lines[:MOST_FACTS]):
                self._add(number, line)
            if len(lines) > MOST_FACTS:
                more = said(self._words.label("and_more", count=len(lines) - MOST_FACTS), "secondary", self)
                self._grid.addWidget(more, MOST_FACTS, 0, 1, 2)
        self.setVisible(bool(lines))

    def _add(self, number: int, line: FactLine) -> None:
        label = said(line.label, "secondary", self)
        value = said(line.value, "machine" if line.machine else "", self)
        value.setAccessibleName(f"{line.label}: {line.value}")
        value.setToolTip(line.utc)
        for column, widget in enumerate((label, value)):
            widget.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(widget, number, column)

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
