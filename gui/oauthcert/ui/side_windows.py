"""The windows beside the wizard: help, settings, about, and the page for defects. Each is imported when it is first wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QPalette

from oauthcert.casework.settings import Settings
from oauthcert.ui.desk import Desk
from oauthcert.ui.dialogs.crash import Crash, CrashCatcher
from oauthcert.ui.frame import Frame
from oauthcert.ui.theme import Style

if TYPE_CHECKING:
    from oauthcert.ui.dialogs.help import HelpWindow
    from oauthcert.ui.wizard import Wizard


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the windows beside the wizard need: the desktop's palette, the log file, and how to take secrets out of a text."""

    system: QPalette
    log_file: Path | None = None
    clean: Callable[[str], str] = str


class SideWindows(QObject):
    """Opens them when frame or wizard ask for them; they go with the wizard's window."""

    def __init__(self, desk: Desk, wizard: "Wizard", surroundings: Surroundings) -> None:
        super().__init__(wizard)
        self._desk, self._wizard, self._around = desk, wizard, surroundings
        self._help: HelpWindow | None = None
        self.crashes = CrashCatcher(surroundings.clean, self._keep, self)
        self.crashes.caught.connect(self.show_crash)
        wizard.crashed.connect(self.crashes.report)
        wizard.frame_made.connect(self.attend)
        wizard.ended.connect(self.close)
        self.attend(wizard.frame)

    def attend(self, frame: Frame) -> None:
        """Hears a frame; a restyled window has a new one, and help is then drawn anew too."""
        self.close()
        frame.help_wanted.connect(self.open_help)
        frame.rail.settings.connect(self.open_settings)
        frame.rail.about.connect(self.open_about)

    def open_help(self, page: str) -> None:
        from oauthcert.ui.dialogs.help import HelpWindow

        if self._help is None:
            self._help = HelpWindow(self._desk, self._wizard.theme)
        self._help.open_page(page)

    def open_settings(self) -> None:
        from oauthcert.ui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._desk, self._wizard.theme, self._around.system, self._wizard.frame)
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, settings: Settings) -> None:
        language = self._desk.catalogue.language
        self._wizard.restyle(Style(settings.style), settings.text_percent)
        if settings.language not in {"", language}:
            self._wizard.frame.say(self._desk.phrase("settings.language.later"))

    def open_about(self) -> None:
        from oauthcert.ui.dialogs.about import AboutDialog

        AboutDialog(self._desk, self._wizard.theme, self._wizard.frame).open()

    def show_crash(self, crash: Crash) -> None:
        from oauthcert.ui.dialogs.crash import CrashDialog

        dialog = CrashDialog(self._desk, self._wizard.theme, crash, self._around.log_file, self._wizard.frame)
        dialog.accepted.connect(self._wizard.frame.close)
        dialog.open()

    def _keep(self) -> Path | None:
        case = self._wizard.frame.trail.state.case
        return self._desk.keep_case(case) if case is not None else None

    def close(self) -> None:
        if self._help is not None:
            self._help.close()
            self._help.deleteLater()
            self._help = None
