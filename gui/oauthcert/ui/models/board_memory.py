"""Keeps Python's search for garbage away from the window while a look streams in."""

import gc


class QuietMemory:
    """Two hundred servers bring half a million long-lived objects. A full search among them, on whatever thread, holds every thread
    up for 70 ms and more (measured); a look makes hardly any cycles that need one.
    """

    def __init__(self) -> None:
        self._held = False

    def hold(self) -> None:
        """Searches once, while nothing moves on the screen yet, then not any more."""
        if not self._held and gc.isenabled():
            gc.collect()
            gc.disable()
            self._held = True

    def release(self) -> None:
        """Searches again from now on, but leaves out what has come: it goes when the last reference to its case does."""
        if self._held:
            gc.freeze()
            gc.enable()
            self._held = False
