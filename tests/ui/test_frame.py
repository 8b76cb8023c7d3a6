"""The frame: steps, buttons, messages, files dropped on it, and how it closes."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Step
from oauthcert.flow.trail import Trail
from oauthcert.model.target import Target
from oauthcert.ui import frame as frames
from oauthcert.ui.frame import Frame
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk


class Plain(Page):
    """A page that does what the test says."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step, self.entered, self.cancelled = step, 0, 0
        self.now = Standing(True, f"after {step.value}", "because")
        self.state: WizardState | None = None
        self.stops = True
        self.field = QLineEdit(self)
        self.column.addWidget(self.field)

    def on_enter(self, state: WizardState) -> None:
        self.entered += 1

    def apply(self, state: WizardState) -> WizardState:
        return self.state or replace(state, targets=(Target("fe01"),))

    def news(self) -> News:
        return News(f"News of {self.step.value}", "A sentence.")

    def standing(self) -> Standing:
        return self.now

    def on_cancel(self) -> bool:
        self.cancelled += 1
        if self.now.busy and self.stops:
            self.now = replace(self.now, busy=False)
            return True
        return False

    def first_focus(self) -> QWidget:
        return self.field

    def help_page(self) -> str:
        return self.step.value


@pytest.fixture
def frame(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> Frame:
    makers = {step: lambda step=step: Plain(step) for step in Step}
    made = Frame(makers, desk.phrase, theme, Trail(), lambda _state: "a case")
    qtbot.addWidget(made)
    made.start()
    with qtbot.waitExposed(made):
        made.show()
    return made


def page_of(frame: Frame) -> Plain:
    page = frame.page
    assert isinstance(page, Plain)
    return page


def test_that_pages_are_made_when_they_come_up(frame: Frame) -> None:
    assert list(frame.pages) == [Step.START]
    frame.buttons.primary.click()
    assert list(frame.pages) == [Step.START, Step.SERVERS]
    frame.buttons.back.click()
    frame.buttons.primary.click()
    assert page_of(frame).entered == 2


def test_that_the_frame_says_what_the_page_says(frame: Frame, qtbot: QtBot) -> None:
    page = page_of(frame)
    page.now = Standing(False, "Go", "Not yet.")
    page.changed.emit()
    assert (frame.buttons.primary.text(), frame.buttons.primary.isEnabled(), frame.buttons.why_not.text()) == ("Go", False, "Not yet.")
    frame.buttons.primary.click()
    assert frame.trail.step is Step.START


def test_that_back_is_there_only_where_there_is_a_way_back(frame: Frame) -> None:
    assert not frame.buttons.back.isVisible()
    frame.buttons.primary.click()
    assert frame.buttons.back.isVisible()
    page_of(frame).now = Standing(False, "Stop", busy=True)
    page_of(frame).changed.emit()
    assert not frame.buttons.back.isEnabled()


def test_that_a_message_goes_with_its_page(frame: Frame) -> None:
    frame.say("Something happened.")
    assert frame.message == "Something happened."
    frame.buttons.primary.click()
    assert frame.message == ""


def test_that_cancel_stops_work_before_it_closes(frame: Frame) -> None:
    page_of(frame).now = Standing(False, "Stop", busy=True)
    frame.buttons.cancel.click()
    assert frame.isVisible()
    frame.buttons.cancel.click()
    assert not frame.isVisible()


def test_that_closing_waits_for_work_to_stop(frame: Frame, qtbot: QtBot) -> None:
    page = page_of(frame)
    page.now, page.stops = Standing(False, "Stop", busy=True), False
    left: list[bool] = []
    frame.left.connect(lambda: left.append(True))
    frame.close()
    assert frame.isVisible()
    assert page.cancelled == 1
    assert frame.message
    page.now = Standing(True, "Go")
    qtbot.waitUntil(lambda: not frame.isVisible(), timeout=3000)
    assert left == [True]


def test_that_closing_waits_no_longer_than_it_says(frame: Frame, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "CLOSING_MS", 200)
    page = page_of(frame)
    page.now, page.stops = Standing(False, "Stop", busy=True), False
    frame.close()
    qtbot.waitUntil(lambda: not frame.isVisible(), timeout=3000)


def test_that_a_change_on_a_server_is_waited_for_as_long_as_it_takes(frame: Frame, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "CLOSING_MS", 100)
    page = page_of(frame)
    page.now, page.stops, page.state = Standing(False, "Stop", busy=True), False, WizardState(repairing=True)
    frame.close()
    assert frame.message.startswith("A change is being made")
    qtbot.wait(600)
    assert frame.isVisible()
    page.now, page.state = Standing(True, "Go"), WizardState()
    qtbot.waitUntil(lambda: not frame.isVisible(), timeout=3000)


def test_that_closing_twice_leaves_even_a_change(frame: Frame) -> None:
    page = page_of(frame)
    page.now, page.stops, page.state = Standing(False, "Stop", busy=True), False, WizardState(repairing=True)
    frame.close()
    assert frame.isVisible()
    frame.close()
    assert not frame.isVisible()


def test_that_closing_twice_does_not_wait(frame: Frame) -> None:
    page = page_of(frame)
    page.now, page.stops = Standing(False, "Stop", busy=True), False
    frame.close()
    frame.close()
    assert not frame.isVisible()


def drop(frame: Frame, *urls: QUrl) -> bool:
    data = QMimeData()
    data.setUrls(list(urls))
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    frame.dropEvent(event)
    return event.isAccepted()


def test_that_one_file_may_be_dropped_anywhere(frame: Frame, tmp_path: Path) -> None:
    dropped: list[Path] = []
    frame.file_dropped.connect(dropped.append)
    file = QUrl.fromLocalFile(str(tmp_path / "case.json"))
    assert drop(frame, file)
    assert not drop(frame, file, file)
    assert not drop(frame, QUrl("https://contoso.lab/case.json"))
    assert dropped == [tmp_path / "case.json"]


def test_that_help_is_about_what_is_on_the_screen(frame: Frame, qtbot: QtBot) -> None:
    wanted: list[str] = []
    frame.help_wanted.connect(wanted.append)
    frame.buttons.help.click()
    frame.buttons.primary.click()
    QTest.keyClick(frame, Qt.Key.Key_F1)
    assert wanted == ["start", "servers"]


def test_that_enter_in_a_field_does_not_go_on(frame: Frame, qtbot: QtBot) -> None:
    QTest.keyClick(page_of(frame).field, Qt.Key.Key_Return)
    assert [*frame.trail.visited] == [Step.START]
    QTest.keyClick(page_of(frame).field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [*frame.trail.visited] == [Step.START, Step.SERVERS]


def test_that_what_a_page_makes_late_is_reached_by_tab_before_the_buttons(frame: Frame, qtbot: QtBot) -> None:
    page = page_of(frame)
    late = QPushButton("late", page)
    page.column.addWidget(late)
    late.show()
    page.field.setFocus()
    qtbot.waitUntil(page.field.hasFocus, timeout=3000)
    for expected in (late, frame.buttons.help, frame.buttons.primary, frame.buttons.cancel):
        QTest.keyClick(frame.focusWidget() or frame, Qt.Key.Key_Tab)
        assert frame.focusWidget() is expected
    QTest.keyClick(frame.buttons.cancel, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert frame.focusWidget() is frame.buttons.primary


def test_that_the_rail_leads_back_and_not_where_something_lacks(frame: Frame, qtbot: QtBot) -> None:
    frame.buttons.primary.click()
    steps = {button.objectName(): button for button in frame.rail.findChildren(QPushButton)}
    assert steps["step-start"].isEnabled()
    assert not steps["step-check"].isEnabled()
    assert steps["step-fix"].isVisible()
    assert not steps["step-fix"].isEnabled()
    assert not steps["step-deploy"].isVisible()
    assert "Say which account" in steps["step-check"].toolTip()
    assert steps["step-servers"].accessibleDescription() == "you are here"
    steps["step-start"].click()
    assert frame.trail.step is Step.START


def test_that_large_text_puts_the_buttons_into_two_rows(frame: Frame, qtbot: QtBot) -> None:
    def top(button: QPushButton) -> int:
        return button.mapTo(frame, QPoint()).y()

    frame.resize(1280, 820)
    assert top(frame.buttons.help) == pytest.approx(top(frame.buttons.primary), abs=4)
    page_of(frame).now = Standing(True, "A button with a really long text " * 6)
    page_of(frame).changed.emit()
    qtbot.waitUntil(lambda: top(frame.buttons.help) < top(frame.buttons.primary) - 10, timeout=2000)
