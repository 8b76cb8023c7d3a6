"""Keeps Python's search for garbage away from the window while a look streams in."""

import gc

from PySide6.QtCore import QObject, QTimer

IDLE_MS = 2000


class QuietMemory(QObject):
    """A full search begins on whatever thread makes an object too many and holds every thread up; looks make no cycles that need one
    (two hundred servers in the practice lab: 28 ms of processor time per search, nothing found).

    So there is none during a look, and one a while after it, when the news has been drawn. What has come is not frozen, so that no case
    is kept longer than it is used.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._search)

    def hold(self) -> None:
        """No search from now on; one that was due is put off."""
        self._idle.stop()
        if gc.isenabled():
            gc.disable()
            self._held = True

    def release(self) -> None:
        """Searches again, first when there has been some rest."""
        if self._held:
            self._idle.start()

    def _search(self) -> None:
        gc.collect()
        gc.enable()
        self._held = False
