"""The selected server: what its card says and offers, and how rows are changed, removed and brought back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import WizardState
from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.target import Target
from oauthcert.ui.desk import RowSurvey
from oauthcert.ui.models.servers_words import read_connection
from oauthcert.ui.pages.servers import ServersPage
from oauthcert.ui.theme import Theme
from tests.ui.servers_at_hand import (
    EDGE,
    FE01,
    FE02,
    TLS,
    UNTRUSTED,
    ServersDesk,
    all_done,
    button,
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


# --- the selected server


def test_that_an_untrusted_certificate_is_shown_and_can_be_trusted_for_this_server(
    qtbot: QtBot, page: ServersPage, desk: ServersDesk
) -> None:
    desk.surveys = {EDGE.name: UNTRUSTED}
    enter(page, FE01, EDGE)
    settle(qtbot, page)
    page.board.table.select([EDGE.name])
    assert state_text(page, EDGE.name) == "certificate not trusted here"
    shown = label(page, "server-card-certificate")
    assert "CN=edge01.contoso.lab" in shown
    assert "CN=Contoso CA" in shown
    assert "4 Mar 2028" in shown
    assert label(page, "server-card-fingerprint") == "SHA-256 " + " ".join([":".join(["7C"] * 8)] * 4)
    QTest.mouseClick(button(page, "server-copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == ":".join(["7C"] * 32)
    QTest.mouseClick(button(page, "server-trust"), Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert page.board.targets == (FE01, replace(EDGE, fingerprint=TLS.sha256))
    assert state_text(page, EDGE.name) == "answers in 9 ms"
    assert "you allowed its fingerprint" in label(page, "server-card-meaning")


@pytest.mark.parametrize(("why", "offered"), [("expired", True), ("fingerprint", True), ("revoked", False), ("something-new", True)])
def test_that_trust_is_offered_where_it_helps(qtbot: QtBot, page: ServersPage, desk: ServersDesk, why: str, offered: bool) -> None:
    desk.surveys = {EDGE.name: replace(UNTRUSTED, not_seen=NotSeen("tls-not-trusted", {"why": why, "sha256": TLS.sha256}))}
    enter(page, EDGE)
    settle(qtbot, page)
    assert button(page, "server-trust").isVisible() is offered
    assert label(page, "server-card-meaning")


def test_that_no_trust_is_offered_without_a_fingerprint(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.surveys = {EDGE.name: RowSurvey(EDGE, None, NotSeen("tls-not-trusted", {"why": "other", "sha256": ""}))}
    enter(page, EDGE)
    settle(qtbot, page)
    assert not button(page, "server-trust").isVisible()
    assert not button(page, "server-copy").isVisible()


def test_that_a_clock_that_is_off_is_told_on_the_way(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.surveys = {FE01.name: RowSurvey(FE01, 5, None, None, ("Negotiate",), "10.0.17763", ClockSeen(421.0, 0.5, 2))}
    enter(page, FE01, FE02)
    settle(qtbot, page)
    assert "7 min 1 s" in label(page, "server-card-meaning")
    assert "Negotiate" in label(page, "server-card-meaning")


def test_that_hostile_text_is_shown_as_it_is(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    hostile = replace(TLS, subject="<img src=x onerror=1><b>CN=x</b>")
    desk.surveys = {EDGE.name: replace(UNTRUSTED, tls=hostile)}
    enter(page, EDGE)
    settle(qtbot, page)
    assert "<b>CN=x</b>" in label(page, "server-card-certificate")
    assert all(found.textFormat() is Qt.TextFormat.PlainText for found in page.findChildren(QLabel) if found.text())


# --- changing rows


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("HTTPS 5986", ("https", 5986)),
        ("https", ("https", 5986)),
        ("5986", ("https", 5986)),
        ("8443", ("http", 8443)),
        ("https:8443", ("https", 8443)),
        (" http  80 ", ("http", 80)),
        ("", None),
        ("ftp 21", None),
        ("https 0", None),
        ("https 65536", None),
        ("https 59 86", None),
    ],
)
def test_that_a_connection_is_read_as_it_is_typed(typed: str, expected: tuple[str, int] | None) -> None:
    read = read_connection(typed, FE01)
    assert (read and (read.scheme, read.port)) == expected


def test_that_trust_ends_with_tls() -> None:
    trusted = replace(EDGE, fingerprint="ab" * 32)
    assert read_connection("https 8443", trusted) == replace(trusted, port=8443)
    assert read_connection("http", trusted) == Target(EDGE.name)


def test_that_an_edited_connection_is_tried_once(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    enter(page, FE01)
    settle(qtbot, page)
    table = page.board.table
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QComboBox, "connection-editor")
    assert isinstance(editor, QComboBox)
    editor.setEditText("https 8443")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.surveyed_targets) == 2, timeout=5000)
    settle(qtbot, page)
    assert desk.surveyed_targets == [FE01, replace(FE01, scheme="https", port=8443)]
    assert page.board.targets == (replace(FE01, scheme="https", port=8443),)


def test_that_several_are_removed_and_brought_back_with_their_places(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    five = [Target(f"fe0{number}.contoso.lab") for number in range(1, 6)]
    enter(page, *five)
    settle(qtbot, page)
    page.board.table.select([five[1].name, five[3].name])
    QTest.keyClick(page.board.table, Qt.Key.Key_Delete)
    assert page.board.targets == (five[0], five[2], five[4])
    assert page.board.undo_note.text == "2 servers were removed."
    assert page.apply(WizardState(targets=tuple(five))).targets == (five[0], five[2], five[4])
    QTest.keyClick(page.board.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.board.targets == tuple(five)
    assert page.board.table.names() == (five[1].name, five[3].name)
    assert not page.board.undo_note.isVisible()
    assert all_done(page)
    assert len(desk.surveyed_targets) == 5


def test_that_the_last_row_can_go_and_come_back(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, FE01)
    settle(qtbot, page)
    QTest.mouseClick(button(page, "server-remove"), Qt.MouseButton.LeftButton)
    assert page.board.empty.isVisible()
    assert not page.standing().ready
    QTest.mouseClick(page.board.undo_note.button, Qt.MouseButton.LeftButton)
    assert page.board.targets == (FE01,)


def test_that_a_row_typed_again_after_its_removal_is_not_doubled_by_undo(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, FE01, FE02)
    page.board.table.select([FE01.name])
    QTest.keyClick(page.board.table, Qt.Key.Key_Delete)
    type_in(qtbot, page, FE01.name)
    QTest.mouseClick(page.board.undo_note.button, Qt.MouseButton.LeftButton)
    assert sorted(names(page)) == [FE01.name, FE02.name]


def test_that_the_menu_offers_what_can_be_done(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, FE01, FE02)
    page.board.table.select([FE01.name, FE02.name])
    menu = page.board.table.menu()
    assert menu is not None
    assert [action.text() for action in menu.actions() if action.text()] == ["Try again", "Over HTTPS 5986", "Remove"]
    next(action for action in menu.actions() if action.text() == "Over HTTPS 5986").trigger()
    assert {(target.scheme, target.port) for target in page.board.targets} == {("https", 5986)}
