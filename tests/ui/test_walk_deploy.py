"""The guided first deployment over real WinRM with the practice lab: from red to green, with one request, by the page alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Manner
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui.models.fix_run import Stage
from oauthcert.ui.pages.check import CheckPage
from oauthcert.ui.pages.deploy import DeployPage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.fix_asks import AskField
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue

pytestmark = pytest.mark.timeout(170)
AUTHORITY = r"ca01.contoso.lab\Contoso Issuing CA 1"
MOST_MOVES = 40


class Walk:
    """Somebody who does what the page says, and nothing else."""

    def __init__(self, qtbot: QtBot, theme: Theme, lab: PracticeLab, folder: Path) -> None:
        self.qtbot, self.lab = qtbot, lab

        def running(_scenario: str) -> PracticeLab:
            return lab

        journal = folder / "journal"
        parts = DeskParts(Catalogue("en"), WinrmGateway(), MemoryStore, running, tuple, lambda: datetime.now(UTC), journal_dir=journal)
        self.desk = WindowDesk(parts)
        self.desk.open_practice(lab.scenario.id)
        self.desk.hold(lab.credential)
        account = Account(lab.credential.username, ready=True)
        self.state = WizardState(Goal.FIRST_DEPLOYMENT, lab.scenario.id, lab.targets, account)
        check = CheckPage(self.desk, theme)
        qtbot.addWidget(check)
        check.on_enter(self.state)
        check.on_primary()
        qtbot.waitUntil(lambda: not check.standing().busy, timeout=90_000)
        self.state = check.apply(self.state)
        self.page = DeployPage(self.desk, theme)
        qtbot.addWidget(self.page)
        self.page.show()
        self.page.on_enter(self.state)
        self.did: list[tuple[str, int, tuple[str, ...]]] = []

    def settle(self) -> None:
        run = self.page.run

        def quiet() -> bool:
            planning = run.plans and run.fix.stage in (Stage.NOTHING, Stage.PLANNING)
            return run.guidance is not None and not run.working and not run.busy and not planning and not run.fix.replanning

        self.qtbot.waitUntil(quiet, timeout=60_000)

    def to_the_end(self) -> None:
        for _ in range(MOST_MOVES):
            self.settle()
            guidance = self.page.run.guidance
            if guidance is not None and guidance.ready:
                return
            self.one()
        raise AssertionError(f"not ready after {self.did}")

    def one(self) -> None:
        page, move = self.page, self.page.run.move
        assert move is not None, page.news()
        if not self.did or self.did[-1][0] != move.id or self.did[-1][2] != move.servers:
            self.did.append((move.id, move.step, move.servers))
        assert all(name.partition(".")[0] in page.news().title for name in move.servers)
        before = page.run.guidance
        if move.manner is Manner.WAITS:
            self.qtbot.wait(700)
        if move.wanted:
            self.answer()
            self.settle()
            for box in page.repair.consent.boxes.values():
                if not box.isHidden() and not box.isChecked():
                    box.click()
        if move.confirmed:
            page.now.lab.click()
        else:
            assert page.standing().ready, page.standing().why_not
            page.on_primary()
        self.qtbot.waitUntil(lambda: page.run.guidance is not before, timeout=90_000)

    def answer(self) -> None:
        """As a person would: over the network, at this authority."""
        for name, text in (("request-oauth.way", "online"), ("request-oauth.authority", AUTHORITY)):
            self.settle()
            for field in self.page.repair.asks.findChildren(AskField):
                if field.ask.id == name and self.page.run.fix.answers.get(name) != text:
                    field.answered.emit(text)
                    break


@pytest.fixture
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeLab]:
    with PracticeLab.open(request.param, pace=100) as lab:
        yield lab


@pytest.mark.parametrize("practice", ["first-deployment"], indirect=True)
def test_that_the_trap_of_step_3_is_left_without_a_request(qtbot: QtBot, theme: Theme, practice: PracticeLab, tmp_path: Path) -> None:
    walk = Walk(qtbot, theme, practice, tmp_path)
    assert walk.state.case is not None
    assert walk.state.case.exit_code == 2
    walk.to_the_end()
    others = ("fe02.contoso.lab", "fe03.contoso.lab")
    # replication takes its time to each of them, and nobody waits for the other
    for server in others:
        way = [move for move, _, servers in walk.did if server in servers and move != "replication"]
        assert way == ["start-replica", "finish-step-3", "start-services"]
    assert {step for move, step, _ in walk.did if move == "replication"} == {1}
    counted = Counter(deed.function for deed in practice.deeds)
    assert counted == {"Start-StoppedService": 4, "by-hand:finish-step-3": 2}
    after = walk.page.apply(walk.state).case
    assert after is not None
    assert [one.id for one in after.findings if one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)] == []
    assert walk.page.news().title == "The deployment is ready: all four steps on all servers"
    assert walk.page.on_primary()


@pytest.mark.parametrize("practice", ["first-deployment-nothing-yet"], indirect=True)
def test_that_nothing_becomes_a_deployment_with_one_request(qtbot: QtBot, theme: Theme, practice: PracticeLab, tmp_path: Path) -> None:
    walk = Walk(qtbot, theme, practice, tmp_path)
    walk.to_the_end()
    moves = [move for move, _, _ in walk.did if move != "replication"]
    assert moves[:4] == ["start-replica", "request-certificate", "finish-step-3", "start-services"]
    counted = Counter(deed.function for deed in practice.deeds)
    assert counted["Request-OAuthCertificate"] == 1
    assert counted["Set-OAuthAssignment"] == 1
    assert counted["by-hand:finish-step-3"] == 3
    after = walk.page.apply(walk.state).case
    assert after is not None
    assert after.exit_code == 0
    assert [snapshot.shells for snapshot in practice.counters().values()] == [0, 0, 0]
