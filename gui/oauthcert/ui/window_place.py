"""Where the window stood and how large it was, kept for the next start."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget


class WindowPlace:
    """Without a file nothing is kept. A file that cannot be read or written is no reason not to open the window."""

    def __init__(self, file: Path | None) -> None:
        self._kept = QSettings(str(file), QSettings.Format.IniFormat) if file is not None else None

    def restore(self, window: QWidget) -> None:
        """Qt moves a window whose screen is gone to one that is there."""
        kept = self._kept.value("window") if self._kept is not None else None
        if isinstance(kept, QByteArray):
            window.restoreGeometry(kept)

    def remember(self, window: QWidget) -> None:
        if self._kept is not None:
            self._kept.setValue("window", window.saveGeometry())
            self._kept.sync()
