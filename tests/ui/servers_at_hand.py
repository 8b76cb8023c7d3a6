"""A servers page at a fake desk, and short ways to use it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import NotSeen, TlsSeen
from oauthcert.model.target import Target
from oauthcert.ui.desk import RowSurvey
from oauthcert.ui.models.servers import Column
from oauthcert.ui.models.servers_words import Phase
from oauthcert.ui.pages.servers import ServersPage
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk

FE01, FE02, EDGE = Target("fe01.contoso.lab"), Target("fe02.contoso.lab"), Target("edge01.contoso.lab", "https", 5986)
TLS = TlsSeen("7c" * 32, "CN=edge01.contoso.lab", "CN=Contoso CA", datetime(2026, 3, 4, tzinfo=UTC), datetime(2028, 3, 4, tzinfo=UTC))
UNTRUSTED = RowSurvey(EDGE, None, NotSeen("tls-not-trusted", {"why": "untrusted", "sha256": TLS.sha256}), TLS)


class ServersDesk(FakeDesk):
    """Answers for the target it is asked about; `held_back` servers answer when `release` is set."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.held_back: set[str] = set()
        self.release = threading.Event()
        self.most_at_once = 0
        self._running = 0
        self._counting = threading.Lock()
        self.surveyed_targets: list[Target] = []
        self.broken: set[str] = set()

    def survey(self, target: Target, token: CancelToken) -> RowSurvey:
        with self._counting:
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
            self.surveyed_targets.append(target)
        try:
            while target.name in self.held_back and not self.release.is_set():
                token.raise_if_cancelled()
                token.wait(0.01)
            if target.name in self.broken:
                raise RuntimeError("a bug")
            answer = super().survey(target, token)
            if target.fingerprint is not None:
                return RowSurvey(target, 9, None, TLS)
            return replace(answer, target=target)
        finally:
            with self._counting:
                self._running -= 1


def enter(page: ServersPage, *targets: Target, scenario: str | None = None, account: str = "") -> None:
    goal = Goal.PRACTICE if scenario else Goal.TROUBLESHOOT
    page.on_enter(WizardState(goal=goal, scenario=scenario, targets=targets, account=Account(account)))


def type_in(qtbot: QtBot, page: ServersPage, text: str) -> None:
    page.entry.setPlainText(text)
    QTest.keyClick(page.entry, Qt.Key.Key_Return)


def all_done(page: ServersPage) -> bool:
    return all(row.phase is Phase.DONE for row in page.board.rows)


def settle(qtbot: QtBot, page: ServersPage) -> None:
    qtbot.waitUntil(lambda: all_done(page), timeout=5000)


def names(page: ServersPage) -> list[str]:
    return [row.target.name for row in page.board.rows]


def state_text(page: ServersPage, name: str) -> str:
    model = page.board.table.model()
    return str(model.index(names(page).index(name), Column.STATE).data())


def label(page: ServersPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text() if not found.isHidden() else ""


def made_page(qtbot: QtBot, theme: Theme, desk: ServersDesk) -> ServersPage:
    page = ServersPage(desk, theme)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def button(page: ServersPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found
