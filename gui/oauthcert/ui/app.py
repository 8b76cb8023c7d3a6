"""Starts the window: application, theme, translators of Qt's own words, crash hook."""

import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from oauthcert import assets
from oauthcert.flow.steps import Step
from oauthcert.ui import theme as themes
from oauthcert.ui.desk import Desk
from oauthcert.ui.page import Page
from oauthcert.ui.pages.start import StartPage
from oauthcert.ui.theme import Style, Theme
from oauthcert.ui.wizard import Wizard


def make_application(arguments: Sequence[str], language: str, style: Style, text_percent: int = 100) -> tuple[QApplication, Theme]:
    """The one QApplication, with Qt's own words in `language` and our theme. An application that is there already is taken."""
    there = QApplication.instance()
    application = there if isinstance(there, QApplication) else QApplication([sys.argv[0], *arguments])
    application.setApplicationName("OAuthCert Wizard")
    application.setStyle("Fusion")
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(application)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    theme = themes.theme_of(style, tomllib.loads(assets.text("report/tokens.toml")), application.palette(), text_percent)
    themes.apply(theme, application)
    return application, theme


def make_wizard(desk: Desk, theme: Theme, pages: Callable[[Desk, Theme], dict[Step, Page]], version: str) -> Wizard:
    return Wizard(desk, theme, StartPage(desk, theme), pages(desk, theme), version)


def open_first(wizard: Wizard, case: Path | None, scenario: str | None) -> None:
    """What the command line asked for: a case file, or a practice scenario."""
    if case is not None:
        wizard.open_file(case)
    elif scenario is not None:
        wizard.open_practice(scenario)
