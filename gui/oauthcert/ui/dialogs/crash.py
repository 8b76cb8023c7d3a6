"""When the window itself breaks: the log gets the traceback, the case is kept, and a calm page says so, once for each defect."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oauthcert import __version__
from oauthcert.ui.desk import Desk
from oauthcert.ui.dialogs.parts import SideWindow
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.method_fold import FoldButton

log = logging.getLogger(__name__)

_MOST = 20
"""Different defects shown in one run. Beyond, they only go to the log: somebody has to be able to close the window."""


@dataclass(frozen=True, slots=True)
class Crash:
    """`details` is the traceback without secrets; `kept` the file the case was saved in, None when there was none to save."""

    kind: str
    details: str
    kept: Path | None


class CrashCatcher(QObject):
    """Hears what nobody else caught, on any thread; `caught` carries a Crash on the thread that made the catcher.

    `clean` takes known secrets out of a text, `keep` saves the case and tells where (it is called on the window's thread).
    """

    caught = Signal(object)
    _heard = Signal(object)

    def __init__(self, clean: Callable[[str], str], keep: Callable[[], Path | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clean, self._keep = clean, keep
        self._seen: set[tuple[str, ...]] = set()
        self._before: tuple[Callable[..., object], Callable[..., object]] | None = None
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on nothing ends on a terminal that nobody sees. `remove` gives back what was there before."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def remove(self) -> None:
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None

    def report(self, error: BaseException) -> None:
        """For an error that was caught and has no words."""
        self._on_error(type(error), error, error.__traceback__)

    def _on_thread_error(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._on_error(told.exc_type, told.exc_value, told.exc_traceback)

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("the program broke", exc_info=(kind, error, trace))
        place = tuple(f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace))
        signature = (kind.__name__, *place)
        if signature in self._seen or len(self._seen) >= _MOST:
            return
        self._seen.add(signature)
        details = "".join(traceback.format_exception(kind, error, trace))
        try:
            self._heard.emit((kind.__name__, self._clean(f"OAuthCert Wizard {__version__}\n{details}")))
        except RuntimeError:
            # The window has gone and Qt has deleted this object; the log has it.
            return

    def _on_heard(self, told: tuple[str, str]) -> None:
        try:
            kept = self._keep()
        except Exception:
            log.exception("the case could not be kept")
            kept = None
        self.caught.emit(Crash(*told, kept))


class CrashDialog(SideWindow):
    """Says what happened, what was kept and what to do. Rejected: go on; accepted: close the program."""

    def __init__(self, desk: Desk, theme: Theme, crash: Crash, log_file: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(desk.phrase("crash.title"), theme, QSize(620, 460), parent)
        self.setObjectName("crash-window")
        self._crash = crash
        phrase = desk.phrase
        self.column.addWidget(plain(phrase("crash.sentence"), name="crash-sentence"))
        kept = phrase("crash.kept", file=str(crash.kept)) if crash.kept else phrase("crash.nothing-kept")
        self.column.addWidget(plain(kept, name="crash-kept", selectable=True))
        self.column.addWidget(plain(phrase("crash.do"), name="crash-do"))
        if log_file is not None:
            self.column.addWidget(plain(phrase("crash.log", file=str(log_file)), "secondary", name="crash-log", selectable=True))
        self._build_details(desk)
        self.column.addStretch(1)
        self.copy_button = self.add_button("copy-details", phrase("crash.copy"))
        self.copy_button.clicked.connect(self._copy)
        self.copied = plain("", "secondary", name="copied")
        self._copied_words = phrase("crash.copied")
        self.buttons.addWidget(self.copied, 1)
        self.go_on_button = self.add_button("go-on", phrase("crash.go-on"), "primary")
        self.go_on_button.clicked.connect(self.reject)
        self.end_button = self.add_button("end", phrase("crash.end"))
        self.end_button.clicked.connect(self.accept)
        self.go_on_button.setFocus()

    def _build_details(self, desk: Desk) -> None:
        self.fold = FoldButton(desk.phrase("crash.details"), desk, self.theme, self)
        self.fold.setObjectName("show-details")
        self.column.addWidget(self.fold)
        self.details = QPlainTextEdit(self)
        self.details.setObjectName("details")
        self.details.setAccessibleName(desk.phrase("crash.details"))
        self.details.setProperty("role", "machine")
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setPlainText(self._crash.details)
        self.details.setMinimumHeight(self.theme.pixels(160))
        self.details.hide()
        self.fold.toggled.connect(self.details.setVisible)
        self.column.addWidget(self.details, 1)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._crash.details)
        self.copied.setText(self._copied_words)
