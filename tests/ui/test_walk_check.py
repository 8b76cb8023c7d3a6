"""The page "Check" with the real practice lab: from the first press of the button to the last light."""

import time
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.casework.desk import DeskParts, RunningLab, WindowDesk
from oauthcert.flow.state import Account, WizardState
from oauthcert.lab.practice import PracticeLab
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui.desk import Desk
from oauthcert.ui.pages.check import CheckPage
from oauthcert.ui.theme import Theme
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue

TWO = "fe02.contoso.lab"


def no_practice(scenario: str) -> RunningLab:
    raise AssertionError(f"{scenario} runs already")


@pytest.fixture
def real_desk() -> Desk:
    return WindowDesk(DeskParts(Catalogue("en"), WinrmGateway(), MemoryStore, no_practice, tuple, lambda: datetime.now(UTC)))


@pytest.mark.timeout(120)
def test_that_the_lights_end_up_as_the_scenario_says(qtbot: QtBot, theme: Theme, real_desk: Desk) -> None:
    with PracticeLab.open("replica-stopped") as lab:
        real_desk.hold(lab.credential)
        page = CheckPage(real_desk, theme)
        qtbot.addWidget(page)
        state = WizardState(scenario="replica-stopped", targets=lab.targets, account=Account(lab.credential.username, ready=True))
        page.on_enter(state)
        page.on_primary()
        qtbot.waitUntil(lambda: not page.standing().busy, timeout=90_000)
        after = page.apply(state)
        assert after.case is not None
        assert after.case.source == "practice:replica-stopped"
        assert after.case.exit_code == lab.oracle.exit_code
        assert page.view.place == (TWO, "replica-service")
        expected = {finding.id: finding.verdict for finding in after.case.findings}
        shown = {finding.id: finding.verdict for row in page.board.rows for finding in row.findings.values()}
        assert shown == expected
        # One server again, through the page.
        page.view.again.emit(TWO)
        qtbot.waitUntil(lambda: not page.standing().busy, timeout=90_000)
        assert {finding.id: finding.verdict for row in page.board.rows for finding in row.findings.values()} == expected


@pytest.mark.timeout(120)
def test_that_cancel_leaves_no_session_on_a_server(qtbot: QtBot, theme: Theme, real_desk: Desk) -> None:
    with PracticeLab.open("healthy-lync", probe_seconds=0.5) as lab:
        real_desk.hold(lab.credential)
        page = CheckPage(real_desk, theme)
        qtbot.addWidget(page)
        page.on_enter(WizardState(scenario="healthy-lync", targets=lab.targets, account=Account(lab.credential.username, ready=True)))
        page.on_primary()
        qtbot.waitUntil(lambda: any(row.answered for row in page.board.rows), timeout=60_000)
        pressed = time.monotonic()
        assert page.on_cancel()
        answered = time.monotonic() - pressed
        assert page.news().title == "Stopping"
        qtbot.waitUntil(lambda: not page.standing().busy, timeout=20_000)
        took = time.monotonic() - pressed
        assert all(snapshot.shells == 0 for snapshot in lab.counters().values())
        assert page.news().title == "Stopped"
    assert answered < 0.2
    assert took < 3
