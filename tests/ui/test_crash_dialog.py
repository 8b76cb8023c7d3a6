"""Defects: told once each, on the window's thread, without secrets, and with the case kept."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from oauthcert.casework.log_file import LogFile
from oauthcert.model.secret import Secret
from oauthcert.ui.dialogs.crash import Crash, CrashCatcher, CrashDialog
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk

CANARY = "CANARY-crash-9"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[LogFile]:
    opened = LogFile(tmp_path / "oauthcert.log")
    opened.open()
    opened.hide(Secret(CANARY))
    yield opened
    opened.close()


@pytest.fixture
def kept() -> list[str]:
    return []


@pytest.fixture
def catcher(qtbot: QtBot, log_file: LogFile, kept: list[str]) -> CrashCatcher:
    def keep() -> Path:
        kept.append(threading.current_thread().name)
        return Path("recovered-case.json")

    return CrashCatcher(log_file.clean, keep)


def broken(text: str = CANARY) -> Exception:
    try:
        int(f"could not send {text}")
    except ValueError as error:
        return error
    raise AssertionError("not reached")


def test_that_a_defect_is_told_without_secrets_and_logged(qtbot: QtBot, catcher: CrashCatcher, log_file: LogFile) -> None:
    with qtbot.waitSignal(catcher.caught, timeout=5000) as told:
        catcher.report(broken())
    assert told.args is not None
    crash = told.args[0]
    assert crash.kind == "ValueError"
    assert "Traceback" in crash.details
    assert "•••" in crash.details
    assert CANARY not in crash.details
    assert crash.kept == Path("recovered-case.json")
    written = log_file.file.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert CANARY not in written


def test_that_a_defect_on_another_thread_is_told_on_this_one(qtbot: QtBot, catcher: CrashCatcher, kept: list[str]) -> None:
    catcher.install()
    try:
        with qtbot.waitSignal(catcher.caught, timeout=5000):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    finally:
        catcher.remove()
    assert kept == [threading.main_thread().name]


def test_that_the_same_defect_is_shown_once_and_another_too(qtbot: QtBot, catcher: CrashCatcher, log_file: LogFile) -> None:
    seen: list[Crash] = []
    catcher.caught.connect(seen.append)
    for _ in range(5):
        catcher.report(broken())
    catcher.report(RuntimeError("another"))
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=5000)
    qtbot.wait(20)
    assert [crash.kind for crash in seen] == ["ValueError", "RuntimeError"]
    assert log_file.file.read_text(encoding="utf-8").count("ValueError: invalid literal") == 5


def test_that_a_flood_of_defects_ends(qtbot: QtBot, catcher: CrashCatcher) -> None:
    seen: list[Crash] = []
    catcher.caught.connect(seen.append)
    for number in range(100):
        catcher.report(type(f"Defect{number}", (Exception,), {})("x"))
    qtbot.wait(50)
    assert 0 < len(seen) <= 20


def test_that_a_case_that_cannot_be_kept_is_no_second_crash(qtbot: QtBot) -> None:
    def refuse() -> Path:
        raise OSError("disk full")

    catcher = CrashCatcher(str, refuse)
    with qtbot.waitSignal(catcher.caught, timeout=5000) as told:
        catcher.report(broken())
    assert told.args is not None
    assert told.args[0].kept is None


def test_that_the_hooks_before_come_back(catcher: CrashCatcher) -> None:
    before = (sys.excepthook, threading.excepthook)
    catcher.install()
    assert sys.excepthook != before[0]
    catcher.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_that_an_interrupt_is_no_defect(qtbot: QtBot, catcher: CrashCatcher, capsys: pytest.CaptureFixture[str]) -> None:
    with qtbot.assertNotEmitted(catcher.caught, wait=50):
        catcher.report(KeyboardInterrupt())
    capsys.readouterr()


@pytest.mark.parametrize("saved", [Path("recovered-case.json"), None])
def test_that_the_page_says_what_was_kept_and_copies_the_details(qtbot: QtBot, desk: FakeDesk, theme: Theme, saved: Path | None) -> None:
    dialog = CrashDialog(desk, theme, Crash("ValueError", "the details", saved), Path("oauthcert.log"))
    qtbot.addWidget(dialog)
    dialog.show()
    texts = [label.text() for label in dialog.findChildren(type(dialog.title))]
    expected = desk.phrase("crash.kept", file=str(saved)) if saved else desk.phrase("crash.nothing-kept")
    assert expected in texts
    assert not dialog.details.isVisible()
    dialog.fold.setChecked(True)
    assert dialog.details.isVisible()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "the details"
    assert dialog.copied.text() == desk.phrase("crash.copied")


@pytest.mark.parametrize(("button", "result"), [("go_on_button", QDialog.DialogCode.Rejected), ("end_button", QDialog.DialogCode.Accepted)])
def test_that_going_on_and_closing_are_told_apart(
    qtbot: QtBot, desk: FakeDesk, theme: Theme, button: str, result: QDialog.DialogCode
) -> None:
    dialog = CrashDialog(desk, theme, Crash("ValueError", "", None))
    qtbot.addWidget(dialog)
    dialog.show()
    getattr(dialog, button).click()
    assert dialog.result() == result.value


def test_that_nothing_is_logged_of_a_window_that_has_gone(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    catcher = CrashCatcher(str, lambda: None)
    catcher.deleteLater()
    qtbot.wait(20)
    with caplog.at_level(logging.ERROR):
        catcher.report(broken())
    assert [record.getMessage() for record in caplog.records] == ["the program broke"]
