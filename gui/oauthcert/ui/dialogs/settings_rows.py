"""The rows of the settings: a name at the left, at the right a list or a figure with its unit and its bounds."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from oauthcert.casework.settings import Span
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.account_inputs import QuietComboBox, QuietSpinBox
from oauthcert.ui.widgets.labels import plain

WIDTH = 190


class Rows(QObject):
    """Makes the rows and knows what is chosen in them."""

    changed = Signal()

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk, self._theme = desk, theme
        self._boxes: dict[str, QuietComboBox] = {}
        self._figures: dict[str, QuietSpinBox] = {}
        self._exact: dict[str, float] = {}

    @property
    def first(self) -> QWidget:
        return next(iter(self._boxes.values()))

    def choices(self, name: str, values: Sequence[str]) -> QHBoxLayout:
        box = QuietComboBox()
        for value in values:
            box.addItem(self._desk.phrase(f"settings.{name}.{value or 'system'}"), value)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._boxes[name] = box
        return self._row(name, box)

    def figure(self, name: str, span: Span) -> QHBoxLayout:
        figure = QuietSpinBox()
        figure.setRange(span.low, span.high)
        figure.setSuffix(f" {self._desk.phrase(f'settings.unit.{span.unit}')}")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        figure.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)
        bounds = self._desk.phrase("settings.bounds", low=span.low, high=span.high)
        figure.setToolTip(bounds)
        figure.setAccessibleDescription(bounds)
        if span.unit == "percent":
            figure.setSingleStep(25)
        figure.valueChanged.connect(lambda value: self._on_figure(name, value))
        self._figures[name] = figure
        return self._row(name, figure)

    def _row(self, name: str, part: QWidget) -> QHBoxLayout:
        said = self._desk.phrase(f"settings.{name}")
        part.setObjectName(name)
        part.setAccessibleName(said)
        part.setFixedWidth(self._theme.pixels(WIDTH))
        label = plain(said)
        label.setBuddy(part)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(label, 1)
        row.addWidget(part)
        return row

    def show(self, values: Mapping[str, str | float]) -> None:
        self._exact = {name: float(values[name]) for name in self._figures}
        for name, box in self._boxes.items():
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(values[name])))
            box.blockSignals(False)
        for name, figure in self._figures.items():
            figure.blockSignals(True)
            figure.setValue(round(self._exact[name]))
            figure.blockSignals(False)

    def values(self) -> dict[str, str | float]:
        """Figures that were not touched keep the fraction that a file may have given them."""
        chosen: dict[str, str | float] = {name: str(box.currentData()) for name, box in self._boxes.items()}
        return chosen | {name: self._exact.get(name, figure.value()) for name, figure in self._figures.items()}

    def _on_figure(self, name: str, value: int) -> None:
        self._exact[name] = float(value)
        self.changed.emit()
