"""Discovering servers, and the practice lab: fake answers first, then the real look at a real lab."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oauthcert.casework.survey import over_the_network, survey
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import NotSeen
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui.desk import Discovery, FoundServer, RowSurvey
from oauthcert.ui.models.servers import Column
from oauthcert.ui.pages.servers import ServersPage
from oauthcert.ui.theme import Theme
from tests.ui.servers_at_hand import FE01, FE02, ServersDesk, all_done, button, enter, made_page, names, settle, state_text, type_in


@pytest.fixture
def desk() -> Iterator[ServersDesk]:
    made = ServersDesk()
    yield made
    made.release.set()


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, desk: ServersDesk) -> ServersPage:
    return made_page(qtbot, theme, desk)


# --- discovering


def test_that_discovering_says_what_it_needs(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    enter(page)
    QTest.mouseClick(button(page, "servers-discover"), Qt.MouseButton.LeftButton)
    assert page.note.text == "Add one server first; it is then asked for the others."
    enter(page, FE01)
    QTest.mouseClick(button(page, "servers-discover"), Qt.MouseButton.LeftButton)
    assert page.note.text.startswith("Discovering needs to sign in.")
    assert not [asked for asked in desk.asked if asked.startswith("discover")]


def discover(qtbot: QtBot, page: ServersPage, desk: ServersDesk, *targets: Target, scenario: str | None = None) -> None:
    desk.hold(Credential("CONTOSO\\admin", Secret("x")))
    enter(page, *targets, scenario=scenario, account="CONTOSO\\admin")
    settle(qtbot, page)
    QTest.mouseClick(button(page, "servers-discover"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.standing().busy, timeout=5000)
    settle(qtbot, page)


def test_that_discovered_servers_join_the_list_with_their_roles(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.discovery = Discovery(
        (
            FoundServer(FE01, ("standard-edition", "central-management"), "Skype for Business Server 2019"),
            FoundServer(FE02, ("front-end",)),
            FoundServer(Target("edge01.contoso.lab"), ("edge",)),
        )
    )
    discover(qtbot, page, desk, FE01, Target("fe02"))
    assert "discover fe01.contoso.lab as CONTOSO\\admin" in desk.asked
    assert names(page) == ["fe01.contoso.lab", "fe02", "edge01.contoso.lab"]
    model = page.board.table.model()
    assert [model.index(place, Column.ROLES).data() for place in range(3)] == ["Standard Edition, CMS", "Front End", "Edge"]
    assert model.index(0, Column.PRODUCT).data() == "Skype for Business Server 2019"
    assert page.note.text == "fe01.contoso.lab knows of 3 servers; 1 added."


def test_that_a_refused_discovery_says_why(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    desk.discovery = Discovery(not_seen=NotSeen("sign-in-refused", {"username": "x", "method": "ntlm"}))
    discover(qtbot, page, desk, FE01)
    assert page.note.text.startswith("fe01.contoso.lab could not be asked: The server did not accept")
    assert names(page) == ["fe01.contoso.lab"]


def test_that_a_discovery_can_be_stopped(qtbot: QtBot, page: ServersPage, desk: ServersDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_target: Target, _credential: Credential, token: CancelToken) -> Discovery:
        token.wait(10)
        token.raise_if_cancelled()
        raise AssertionError

    monkeypatch.setattr(desk, "discover", endless)
    desk.hold(Credential("admin", Secret("x")))
    enter(page, FE01, account="admin")
    QTest.mouseClick(button(page, "servers-discover"), Qt.MouseButton.LeftButton)
    assert page.standing().busy
    assert page.on_cancel() is True
    qtbot.waitUntil(lambda: not page.standing().busy, timeout=2000)
    assert page.note.text == "Stopped. The list is as it was."
    assert page.on_cancel() is False


# --- practice


def test_that_the_lab_is_reached_at_its_ports_whatever_is_typed(qtbot: QtBot, page: ServersPage, desk: ServersDesk) -> None:
    there = tuple(Target(name, port=port, address="127.0.0.1") for name, port in (("fe01.contoso.lab", 41001), ("fe02.contoso.lab", 41002)))
    desk.discovery = Discovery((FoundServer(there[0]), FoundServer(FE02), FoundServer(Target("fe09.contoso.lab"))))
    discover(qtbot, page, desk, *there, scenario="healthy-lync")
    assert "not in DNS" in page.practice_note.text
    assert page.note.text.endswith("1 of them does not run in this practice lab and was left out.")
    assert page.board.targets == there
    assert not button(page, "server-other").isVisible()
    page.board.table.select([there[1].name])
    QTest.keyClick(page.board.table, Qt.Key.Key_Delete)
    type_in(qtbot, page, "fe02.contoso.lab")
    assert page.board.targets == there


def test_that_leaving_practice_forgets_its_ports(qtbot: QtBot, page: ServersPage) -> None:
    enter(page, Target("fe01.contoso.lab", port=41001, address="127.0.0.1"), scenario="healthy-lync")
    enter(page)
    type_in(qtbot, page, "fe01.contoso.lab")
    assert page.board.targets == (FE01,)
    assert not page.practice_note.isVisible()


class LabDesk(ServersDesk):
    """The real look and the real discovery, at a practice lab."""

    def __init__(self, lab: PracticeLab) -> None:
        super().__init__()
        self._identify = over_the_network()
        self.hold(lab.credential)

    def survey(self, target: Target, token: CancelToken) -> RowSurvey:
        return survey(target, self._identify, token)

    def discover(self, target: Target, credential: Credential, token: CancelToken) -> Discovery:
        from oauthcert.casework.discover import discover as really

        return really(target, credential, WinrmGateway(), token)


@pytest.mark.parametrize(
    ("scenario", "server", "state"),
    [
        ("tls-untrusted", "fe02.contoso.lab", "certificate not trusted here"),
        ("not-winrm", "fe02.contoso.lab", "not Windows remote management"),
        ("server-unreachable", "fe03.contoso.lab", "connection refused"),
    ],
)
def test_that_the_lab_shows_each_reason(qtbot: QtBot, theme: Theme, scenario: str, server: str, state: str) -> None:
    with PracticeLab.open(scenario) as lab:
        page = ServersPage(LabDesk(lab), theme)
        qtbot.addWidget(page)
        page.show()
        enter(page, *lab.targets, scenario=scenario)
        qtbot.waitUntil(lambda: all_done(page), timeout=15000)
        assert state_text(page, server) == state
        assert page.news().title == "3 of 4 servers answer"
        if scenario == "tls-untrusted":
            page.board.table.select([server])
            QTest.mouseClick(button(page, "server-trust"), Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: page.news().title == "All 4 servers answer", timeout=15000)
        page.on_cancel()


def test_that_a_healthy_lab_is_discovered_from_one_server(qtbot: QtBot, theme: Theme) -> None:
    with PracticeLab.open("healthy-lync") as lab:
        desk = LabDesk(lab)
        page = ServersPage(desk, theme)
        qtbot.addWidget(page)
        page.show()
        enter(page, *lab.targets, scenario="healthy-lync", account=lab.credential.username)
        page.board.table.select([lab.targets[0].name])
        QTest.mouseClick(button(page, "servers-discover"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not page.standing().busy and all_done(page), timeout=30000)
        model = page.board.table.model()
        roles = {str(model.index(place, 0).data()): str(model.index(place, Column.ROLES).data()) for place in range(model.rowCount())}
        page.on_cancel()
    assert roles == {
        "fe01.contoso.lab": "Standard Edition, CMS",
        "fe02.contoso.lab": "Front End",
        "fe03.contoso.lab": "Front End",
        "edge01.contoso.lab": "Edge",
    }
