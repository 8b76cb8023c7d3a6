"""Starts the window: application, theme, translators of Qt's own words, pages, crash hook."""

import gc
import sys
import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from oauthcert import __version__, assets
from oauthcert.casework.settings import Settings
from oauthcert.flow.steps import Step
from oauthcert.ui import icons
from oauthcert.ui import theme as themes
from oauthcert.ui.desk import Desk
from oauthcert.ui.options import Options
from oauthcert.ui.page import Page
from oauthcert.ui.side_windows import SideWindows, Surroundings
from oauthcert.ui.theme import Style, Theme
from oauthcert.ui.window_place import WindowPlace
from oauthcert.ui.wizard import PageMakers, Wizard

# Step -> module and class of its page. Each is imported when its step first comes up: the first page should not wait for the last.
PAGES: Mapping[Step, tuple[str, str]] = {
    Step.START: ("oauthcert.ui.pages.start", "StartPage"),
    Step.SERVERS: ("oauthcert.ui.pages.servers", "ServersPage"),
    Step.SIGN_IN: ("oauthcert.ui.pages.sign_in", "SignInPage"),
    Step.CHECK: ("oauthcert.ui.pages.check", "CheckPage"),
    Step.FINDINGS: ("oauthcert.ui.pages.findings", "FindingsPage"),
    Step.DEPLOY: ("oauthcert.ui.pages.deploy", "DeployPage"),
    Step.FIX: ("oauthcert.ui.pages.fix", "FixPage"),
    Step.VERIFY: ("oauthcert.ui.pages.verify", "VerifyPage"),
    Step.REPORT: ("oauthcert.ui.pages.report", "ReportPage"),
}


def page_makers() -> PageMakers:
    """How each step's page is made."""

    def maker(module: str, name: str) -> Callable[[Desk, Theme], Page]:
        def make(desk: Desk, theme: Theme) -> Page:
            page: Page = getattr(import_module(module), name)(desk, theme)
            return page

        return make

    return {step: maker(*place) for step, place in PAGES.items()}


@dataclass(frozen=True, slots=True)
class Look:
    """How the window looks: style, text size, language. What the options do not say is taken from the settings."""

    style: Style = Style.AUTO
    text_percent: int = 100
    language: str = "en"

    @classmethod
    def of(cls, options: Options, settings: Settings, language: str) -> "Look":
        return cls(Style(options.style or settings.style), settings.text_percent, language)


def make_application(language: str) -> QApplication:
    """The one QApplication, with Qt's own words in `language`. An application that is there already is taken."""
    there = QApplication.instance()
    application = there if isinstance(there, QApplication) else QApplication([sys.argv[0]])
    application.setApplicationName("OAuthCert Wizard")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("oauthcert-wizard")
    application.setStyle("Fusion")
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(application)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    return application


class Styling:
    """Makes a theme and puts it on the application. The desktop's palette is kept from before, since ours takes its place."""

    def __init__(self, application: QApplication) -> None:
        self._application, self.system = application, QPalette(application.palette())
        self._tokens = tomllib.loads(assets.text("report/tokens.toml"))

    def __call__(self, style: Style, text_percent: int) -> Theme:
        theme = themes.theme_of(style, self._tokens, self.system, text_percent)
        themes.apply(theme, self._application)
        self._application.setWindowIcon(icons.icon("program", theme.colour("accent"), 64))
        return theme


@dataclass(frozen=True, slots=True)
class Around:
    """What the window needs besides its desk; `window_file` remembers place and size, `clean` takes secrets out of a text."""

    window_file: Path | None = None
    log_file: Path | None = None
    clean: Callable[[str], str] = str


def run_window(desk: Desk, options: Options, look: Look, around: Around) -> int:
    """Opens the window and returns its exit code once it is closed."""
    application = make_application(look.language)
    styling = Styling(application)
    wizard = Wizard(desk, styling, look.style, look.text_percent, page_makers())
    place = WindowPlace(around.window_file)
    place.restore(wizard.frame)
    wizard.show()
    QTimer.singleShot(0, wizard, lambda: open_first(wizard, options))
    QTimer.singleShot(200, wizard, _warm)
    side = SideWindows(desk, wizard, Surroundings(styling.system, around.log_file, around.clean))
    side.crashes.install()
    try:
        code = application.exec()
        place.remember(wizard.frame)
        return code
    finally:
        side.crashes.remove()
        wizard.close_practice()


def open_first(wizard: Wizard, options: Options) -> None:
    """What the command line asked for: a case file, or a practice scenario."""
    if options.case is not None:
        wizard.open_file(options.case)
    elif options.scenario is not None:
        wizard.open_practice(options.scenario)


def _warm() -> None:
    """Imports the other pages on a thread of its own while the operator reads the first one. From here on garbage is collected again."""
    gc.freeze()
    gc.enable()

    def read_on() -> None:
        for module, _ in PAGES.values():
            import_module(module)

    threading.Thread(target=read_on, name="oauthcert-warm", daemon=True).start()
