"""The settings window: every setting in it, with its unit and bounds, and only what makes sense goes out."""

from dataclasses import asdict

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oauthcert.casework.settings import SPANS, Settings, Waits
from oauthcert.casework.whole_file import FileNotWritten
from oauthcert.checks.thresholds import Thresholds
from oauthcert.ui.dialogs.settings import SettingsDialog
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk

OTHER = Settings("de", "dark", 150, 8, 60.0, Waits(3, 10, 20), Thresholds(expiry_warn_days=120, skew_warn_seconds=60))


@pytest.fixture
def dialog(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> SettingsDialog:
    made = SettingsDialog(desk, theme, QPalette())
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_every_setting_is_there_with_unit_bounds_and_name(dialog: SettingsDialog, desk: FakeDesk) -> None:
    figures = dialog.rows._figures
    assert set(figures) == set(SPANS)
    for name, figure in figures.items():
        assert (figure.minimum(), figure.maximum()) == (SPANS[name].low, SPANS[name].high)
        assert figure.suffix().strip() == desk.phrase(f"settings.unit.{SPANS[name].unit}")
        assert figure.accessibleName() == desk.phrase(f"settings.{name}") != f"settings.{name}"
        assert figure.accessibleDescription()
    assert set(dialog.rows._boxes) == {"language", "style"}


def test_that_what_is_in_force_is_shown_and_comes_out_unchanged(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.chosen = OTHER
    dialog = SettingsDialog(desk, theme, QPalette())
    qtbot.addWidget(dialog)
    assert dialog.settings() == OTHER


def test_that_fractions_from_a_file_survive(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.chosen = Settings(thresholds=Thresholds(skew_warn_seconds=90.5))
    dialog = SettingsDialog(desk, theme, QPalette())
    qtbot.addWidget(dialog)
    assert dialog.settings() == desk.chosen


def test_that_saving_hands_them_to_the_desk_and_tells(qtbot: QtBot, dialog: SettingsDialog, desk: FakeDesk) -> None:
    dialog.show_settings(OTHER)
    with qtbot.waitSignal(dialog.saved) as told:
        dialog.save_button.click()
    assert told.args == [OTHER]
    assert desk.chosen == OTHER
    assert not dialog.isVisible()


def test_that_cancelling_changes_nothing(dialog: SettingsDialog, desk: FakeDesk) -> None:
    dialog.show_settings(OTHER)
    dialog.cancel_button.click()
    assert desk.chosen == Settings()


def test_that_defaults_come_back(dialog: SettingsDialog) -> None:
    dialog.show_settings(OTHER)
    dialog.defaults_button.click()
    assert dialog.settings() == Settings()


@pytest.mark.parametrize(("low", "high"), [("skew_warn_seconds", "skew_fail_seconds"), ("expiry_fail_days", "expiry_warn_days")])
def test_that_bounds_in_the_wrong_order_are_told_and_not_saved(dialog: SettingsDialog, desk: FakeDesk, low: str, high: str) -> None:
    dialog.rows._figures[low].setValue(int(asdict(Thresholds())[high]) + 1)
    assert not dialog.save_button.isEnabled()
    assert desk.phrase(f"settings.{low}") in dialog.problem.text()
    assert desk.phrase(f"settings.{high}") in dialog.problem.text()
    dialog.rows._figures[high].setValue(dialog.rows._figures[low].value())
    assert dialog.save_button.isEnabled()
    assert dialog.problem.text() == ""


def test_that_a_disk_that_refuses_is_told_and_the_window_stays(dialog: SettingsDialog, desk: FakeDesk) -> None:
    desk.settings_error = FileNotWritten("x", file="settings.json", why="No space left on device")
    dialog.show_settings(OTHER)
    dialog.save_button.click()
    assert dialog.isVisible()
    assert "No space left on device" in dialog.problem.text()
    assert desk.chosen == Settings()


def test_that_the_preview_follows_and_the_window_does_not(dialog: SettingsDialog, qapp: QApplication) -> None:
    before, sheet = dialog.preview._shown, qapp.styleSheet()
    dialog.rows._boxes["style"].setCurrentIndex(2)
    dialog.rows._figures["text_percent"].setValue(200)
    assert dialog.preview._shown != before
    assert qapp.styleSheet() == sheet


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_problems_of_the_file_read_as_sentences(language: str) -> None:
    desk = FakeDesk(language)
    for kind in ("unreadable", "unknown", "wrong", "order"):
        said = desk.phrase(f"settings.problem.{kind}", name="x", found="y")
        assert said.endswith(".")
        assert "settings." not in said
    for name in (*SPANS, "language", "style", "waits", "thresholds"):
        assert not desk.phrase(f"settings.{name}").startswith("settings.")
