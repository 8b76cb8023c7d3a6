"""The servers page: what is typed, pasted or dropped, how rows try themselves, and what people need."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import WizardState
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.ui.desk import RowSurvey
from oauthcert.ui.models.servers import Column
from oauthcert.ui.pages.servers import ServersPage
from oauthcert.ui.theme import Theme
from tests.ui.servers_at_hand import (
    FE01,
    FE02,
    ServersDesk,
    enter,
    label,
    made_page,
    names,
    settle,
    state_text,
    type_in,
)


@pytest.fixture
def desk() -> Iterator[ServersDesk]:
    made = ServersDesk()
    yield made
    made.release.set()


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, desk: ServersDesk) -> ServersPage:
    return made_page(qtbot, theme, desk)


# --- filling the list


def test_that_an_empty_list_explains_the_ways_to_fill_it(page: ServersPage) -> None:
    enter(page)
    assert page.board.empty.isVisible()
    assert not page.board.table.isVisible()
    assert not page.board.card.isVisible()
    assert (page.standing().ready, page.standing().why_not, page.standing().note) == (False, "Add at least one server.", "")
    assert page.first_focus() is page.entry


def test_that_a_pasted_list_becomes_rows_that_try_themselves(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    enter(page)
    type_in(qtbot, page, "fe01.contoso.lab, FE02.contoso.lab\nfe03.contoso.lab # the new one")
    settle(qtbot, page)
    assert names(page) == ["fe01.contoso.lab", "fe02.contoso.lab", "fe03.contoso.lab"]
    assert page.entry.toPlainText() == ""
    assert page.news().title == "All 3 servers answer"
    assert page.standing().note == "3"
    assert state_text(page, "fe01.contoso.lab") == "answers in 12 ms"
    assert [target.name for target in page.apply(WizardState()).targets] == names(page)


def test_that_what_is_no_server_stays_in_the_box_with_a_sentence(qtbot: QtBot, page: ServersPage) -> None:
    enter(page)
    type_in(qtbot, page, "fe01.contoso.lab, bad!name\nworse!name; fe02.contoso.lab")
    assert names(page) == ["fe01.contoso.lab", "fe02.contoso.lab"]
    assert page.entry.toPlainText() == "bad!name\nworse!name"
    assert page.note.text == "bad!name is no server\nworse!name is no server"
    assert page.on_primary() is False


def test_that_many_wrong_pieces_do_not_fill_the_page(qtbot: QtBot, page: ServersPage) -> None:
    enter(page)
    type_in(qtbot, page, " ".join(f"bad!{number}" for number in range(300)))
    assert len(page.note.text.splitlines()) == 5
    assert "296" in page.note.text


def test_that_a_name_typed_again_is_told_and_not_doubled(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, FE01)
    type_in(qtbot, page, "FE01.contoso.lab")
    assert names(page) == ["fe01.contoso.lab"]
    assert page.note.text == "fe01.contoso.lab is in the list already."


def test_that_next_takes_what_was_typed_and_not_added_yet(page: ServersPage) -> None:
    enter(page)
    page.entry.setPlainText("fe01.contoso.lab")
    assert page.standing().ready
    assert page.on_primary() is True
    assert names(page) == ["fe01.contoso.lab"]


def test_that_shift_enter_begins_a_new_line_and_adds_nothing(qtbot: QtBot, page: ServersPage) -> None:
    enter(page)
    page.entry.setPlainText("fe01")
    QTest.keyClick(page.entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert names(page) == []


def drop_of(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def dropped(page: ServersPage, data: QMimeData) -> bool:
    """Whether the page takes it."""
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), actions, data, buttons, keys)
    entering.ignore()
    page.dragEnterEvent(entering)
    if entering.isAccepted():
        page.dropEvent(QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    return entering.isAccepted()


def test_that_a_dropped_list_is_read_and_its_wrong_lines_told(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    enter(page)
    desk.lists["servers.csv"] = ((FE01, FE02), ("Line 4: bad", "Line 5: bad", "Line 6: bad", "Line 7: bad", "Line 8: bad", "Line 9: bad"))
    assert dropped(page, drop_of(Path("/lists/servers.csv")))
    qtbot.waitUntil(lambda: len(page.board.rows) == 2, timeout=5000)
    assert page.note.text.splitlines()[0] == "2 servers were added from servers.csv."
    assert page.note.text.splitlines()[-1] == "2 more lines were left out."


def test_that_a_file_that_is_no_list_is_told_and_changes_nothing(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, FE01)
    page.read_file(Path("/lists/holiday.xlsx"))
    qtbot.waitUntil(lambda: "holiday.xlsx" in page.note.text, timeout=5000)
    assert names(page) == ["fe01.contoso.lab"]
    assert not page.standing().busy


@pytest.mark.parametrize("files", [("case.json",), ("a.csv", "b.csv")])
def test_that_a_case_or_several_files_are_left_to_the_window(page: ServersPage, files: tuple[str, ...]) -> None:
    enter(page)
    assert not dropped(page, drop_of(*(Path("/lists") / file for file in files)))
    assert not page.entry.canInsertFromMimeData(drop_of(Path("/lists/a.csv")))


# --- trying


def test_that_few_are_tried_at_a_time_and_each_once(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    many = tuple(Target(f"fe{number:03}.contoso.lab") for number in range(60))
    desk.held_back = {target.name for target in many[:20]}
    enter(page, *many)
    qtbot.waitUntil(lambda: desk.most_at_once == 8, timeout=5000)
    assert page.news().title == "Trying the servers: 0 of 60"
    desk.release.set()
    settle(qtbot, page)
    assert desk.most_at_once == 8
    assert sorted(target.name for target in desk.surveyed_targets) == [target.name for target in many]


def test_that_coming_back_does_not_try_anew_what_is_known(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    enter(page, FE01)
    settle(qtbot, page)
    enter(page, FE01, FE02)
    settle(qtbot, page)
    assert [target.name for target in desk.surveyed_targets] == ["fe01.contoso.lab", "fe02.contoso.lab"]


def test_that_the_answer_of_a_removed_row_is_not_heard(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.held_back = {FE01.name}
    enter(page, FE01, FE02)
    qtbot.waitUntil(lambda: state_text(page, FE01.name) == "connecting", timeout=5000)
    page.board.table.select([FE01.name])
    QTest.keyClick(page.board.table, Qt.Key.Key_Delete)
    desk.release.set()
    settle(qtbot, page)
    qtbot.wait(50)
    assert names(page) == ["fe02.contoso.lab"]
    assert page.news().title == "The server answers"


def test_that_servers_that_do_not_answer_do_not_block(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.surveys = {FE02.name: RowSurvey(FE02, None, NotSeen("refused", {"address": "10.0.0.2", "port": "5985"}))}
    enter(page, FE01, FE02)
    settle(qtbot, page)
    assert page.news().title == "1 of 2 servers answer"
    assert page.standing().ready
    assert page.on_primary() is True
    page.board.table.select([FE02.name])
    assert label(page, "server-card-title") == "fe02.contoso.lab (HTTP 5985): connection refused"
    assert "nothing listens" in label(page, "server-card-meaning")
    assert "winrm quickconfig" in label(page, "server-card-action")


@pytest.mark.parametrize(
    "reason",
    ["name-not-found", "timed-out", "unreachable", "connection-reset", "tls-version", "not-wsman", "tls-name-mismatch", "wsman-fault"],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_reason_has_words(qtbot: QtBot, theme: Theme, language: str, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    desk = ServersDesk(language)
    facts = dict.fromkeys(("name", "address", "port", "phase", "seconds", "status", "message", "code", "server", "why"), "x")
    desk.surveys = {FE01.name: RowSurvey(FE01, None, NotSeen(reason, facts))}
    page = ServersPage(desk, theme)
    qtbot.addWidget(page)
    page.show()
    enter(page, FE01)
    settle(qtbot, page)
    page.board.table.select([FE01.name])
    assert label(page, "server-card-title")
    assert label(page, "server-card-meaning")
    assert [record.getMessage() for record in caplog.records] == []


def test_that_a_bug_costs_one_row_only(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.broken = {FE01.name}
    enter(page, FE01, FE02)
    settle(qtbot, page)
    assert state_text(page, FE01.name) == "could not be tried"
    assert state_text(page, FE02.name) == "answers in 12 ms"
    page.board.table.select([FE01.name])
    assert "log" in label(page, "server-card-meaning")


def test_that_news_is_told_in_bounded_number_while_many_answer(qtbot: QtBot, page: ServersPage) -> None:
    told: list[float] = []
    page.changed.connect(lambda: told.append(time.monotonic()))
    enter(page, *(Target(f"fe{number:03}.contoso.lab") for number in range(200)))
    settle(qtbot, page)
    assert len(told) < 100


# --- people


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_everything_has_a_name_and_tab_goes_through_in_reading_order(qtbot: QtBot, theme: Theme, language: str) -> None:
    page = ServersPage(ServersDesk(language), theme)
    qtbot.addWidget(page)
    page.show()
    enter(page, FE01)
    settle(qtbot, page)
    page.entry.setFocus()
    passed: list[str] = []
    for _ in range(20):
        focused = page.focusWidget()
        if focused is None or (passed and focused.objectName() == passed[0]):
            break
        assert focused.objectName()
        assert focused.accessibleName() or (isinstance(focused, QPushButton) and focused.text()) or isinstance(focused, QLabel)
        passed.append(focused.objectName())
        page.focusNextChild()
    reached = [name for name in passed if not name.startswith("server-card")]
    assert reached == [
        "server-names",
        "servers-add",
        "servers-discover",
        "servers-import",
        "servers",
        "server-again",
        "server-other",
        "server-remove",
    ]


@pytest.mark.parametrize("width", [600, 760, 1000, 1600])
def test_that_nothing_is_wider_than_the_page(qtbot: QtBot, page: ServersPage, width: int) -> None:
    enter(page, Target("a-very-long-server-name-of-sixty.branch-office.corp.example.com"), FE02)
    settle(qtbot, page)
    page.resize(width, 700)
    qtbot.wait(20)
    table = page.board.table
    assert sum(table.columnWidth(column) for column in Column) <= table.viewport().width() + 1
    assert table.columnWidth(Column.SERVER) >= 140
    for pressed in page.findChildren(QPushButton):
        if pressed.isVisible():
            assert pressed.mapTo(page, pressed.rect().topRight()).x() <= page.width()
