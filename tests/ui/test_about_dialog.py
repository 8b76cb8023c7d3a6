"""The about window names the version, the licence, what was never seen, and everything the program brings along."""

import re
import tomllib

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from oauthcert import __version__
from oauthcert.ui.dialogs.about import LICENCES, AboutDialog
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk
from tests.project.checkout import ROOT


def test_that_it_says_version_licence_and_what_was_not_seen(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    dialog = AboutDialog(desk, theme)
    qtbot.addWidget(dialog)
    said = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert __version__ in said
    assert "MIT" in said
    assert desk.phrase("about.not-seen") in said
    assert all(package in said for package, _ in LICENCES)
    assert "about." not in said


def test_that_it_can_be_closed_by_keyboard(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    dialog = AboutDialog(desk, theme)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.close_button.isDefault()
    dialog.close_button.click()
    assert not dialog.isVisible()


def test_that_every_library_the_program_asks_for_is_named() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[=\[]", entry)[0].lower().replace("-", "_") for entry in wanted}
    assert names <= {package.lower().replace("-", "_") for package, _ in LICENCES}
