"""Inputs that the mouse wheel leaves alone: it scrolls the page they stand on, and must not change an account on its way."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox


class QuietComboBox(QComboBox):
    """Changes by keyboard, by its list and by typing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class QuietSpinBox(QSpinBox):
    """Changes by keyboard, by its arrows and by typing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
