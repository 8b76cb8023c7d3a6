"""The pages Fix and Verify with the real practice lab: from the findings to a deployment in which everything passes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.casework.desk import DeskParts, RunningLab, WindowDesk
from oauthcert.casework.person import Nobody
from oauthcert.casework.repair_desk import UnfinishedRepair
from oauthcert.casework.repair_parts import open_on_disk
from oauthcert.casework.settings import Settings
from oauthcert.fixes.journal import Header, Journal
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.finding import Verdict
from oauthcert.model.plan import AskKind
from oauthcert.model.repair import Outcome
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui.models.fix_run import Stage
from oauthcert.ui.pages.check import CheckPage
from oauthcert.ui.pages.fix import FixPage
from oauthcert.ui.pages.verify import VerifyPage
from oauthcert.ui.theme import Theme
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue
from tests.ui import repair_at_hand as hand

LONG = 90_000


def desk_for(lab: PracticeLab, folder: Path) -> WindowDesk:
    def practice(_scenario: str) -> RunningLab:
        return lab

    parts = DeskParts(
        Catalogue("en"), WinrmGateway(), MemoryStore, practice, tuple, lambda: datetime.now(UTC), Settings(), journal_dir=folder / "journal"
    )
    desk = WindowDesk(parts)
    desk.open_practice(lab.scenario.id)
    desk.hold(lab.credential)
    return desk


def looked(qtbot: QtBot, theme: Theme, desk: WindowDesk, lab: PracticeLab) -> WizardState:
    page = CheckPage(desk, theme)
    qtbot.addWidget(page)
    account = Account(lab.credential.username, ready=True)
    state = WizardState(scenario=lab.scenario.id, targets=lab.targets, account=account)
    page.on_enter(state)
    page.on_primary()
    qtbot.waitUntil(lambda: not page.standing().busy, timeout=LONG)
    return page.apply(state)


def repaired(qtbot: QtBot, theme: Theme, desk: WindowDesk, state: WizardState) -> WizardState:
    page = FixPage(desk, theme)
    qtbot.addWidget(page)
    page.show()
    page.on_enter(state)
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY, timeout=LONG)
    for box in page.consent.boxes.values():
        if box.isVisible():
            box.click()
    assert page.standing().ready, page.standing().why_not
    page.on_primary()
    for _ in range(20):
        qtbot.waitUntil(lambda: page.guide.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
        if page.run.stage is Stage.OVER:
            break
        page.guide.lab.click()
        qtbot.waitUntil(lambda: not page.guide.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
    assert page.run.repair is not None
    assert page.run.repair.went_well, [(one.step, one.outcome, one.reason) for one in page.run.repair.results]
    return page.apply(state)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scenario", ["replica-stopped", "clock-off-7-minutes"])
def test_that_a_practice_deployment_is_repaired_through_the_window(scenario: str, qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with PracticeLab.open(scenario, pace=400) as lab:
        desk = desk_for(lab, tmp_path)
        state = looked(qtbot, theme, desk, lab)
        assert state.repairable
        after = repaired(qtbot, theme, desk, state)
        page = VerifyPage(desk, theme)
        qtbot.addWidget(page)
        page.show()
        page.on_enter(after)
        assert page.repair is not None
        assert page.repair.after is not None
        assert {one.id for one in page.repair.after.findings if one.verdict in (Verdict.FAIL, Verdict.WARN)} == set()
        assert page.news().title == desk.phrase("verify.good.title")
        assert desk.interrupted() == ()


@pytest.mark.timeout(240)
def test_that_an_expired_certificate_is_replaced_by_one_from_an_authority(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with PracticeLab.open("oauth-expired", pace=400) as lab:
        desk = desk_for(lab, tmp_path)
        state = looked(qtbot, theme, desk, lab)
        page = FixPage(desk, theme)
        qtbot.addWidget(page)
        page.show()
        page.on_enter(state)
        qtbot.waitUntil(lambda: page.run.stage is Stage.READY, timeout=LONG)
        assert page.run.plan is not None
        assert AskKind.SECRET not in {ask.kind for ask in page.run.plan.asks}
        for box in page.consent.boxes.values():
            if box.isVisible():
                box.click()
        assert page.standing().ready, page.standing().why_not
        page.on_primary()
        qtbot.waitUntil(lambda: page.guide.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
        assert page.guide.save.isVisible()
        assert "BEGIN NEW CERTIFICATE REQUEST" in page.run.request or "BEGIN CERTIFICATE REQUEST" in page.run.request
        page.guide.lab.click()
        qtbot.waitUntil(lambda: page.asks.lab.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
        page.asks.lab.click()
        qtbot.waitUntil(lambda: page.run.stage is Stage.OVER, timeout=LONG)
        assert page.run.repair is not None
        outcomes = [(one.step, one.outcome, one.reason) for one in page.run.repair.results]
        assert all(outcome in (Outcome.CHANGED, Outcome.ARRIVED, Outcome.BY_HAND) for _, outcome, _ in outcomes), outcomes
        assert page.run.repair.after is not None
        assert {one.words for one in page.run.repair.after.findings if one.verdict is Verdict.FAIL} == set()


@pytest.mark.timeout(240)
def test_that_a_certificate_is_renewed_ahead_of_time_though_nothing_is_wrong(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    with PracticeLab.open("healthy-lync", pace=400) as lab:
        desk = desk_for(lab, tmp_path)
        state = replace(looked(qtbot, theme, desk, lab), goal=Goal.RENEW)
        page = FixPage(desk, theme)
        qtbot.addWidget(page)
        page.show()
        page.on_enter(state)
        qtbot.waitUntil(lambda: page.run.stage is Stage.READY, timeout=LONG)
        assert page.run.plan is not None
        assert {step.fix for step in page.run.plan.steps} == {"stage-oauth"}
        assert any(ask.kind is AskKind.MOMENT for ask in page.run.plan.asks)
        for box in page.consent.boxes.values():
            if box.isVisible():
                box.click()
        page.on_primary()
        qtbot.waitUntil(lambda: page.guide.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
        page.guide.lab.click()
        qtbot.waitUntil(lambda: page.asks.lab.isVisible() or page.run.stage is Stage.OVER, timeout=LONG)
        page.asks.lab.click()
        qtbot.waitUntil(lambda: page.run.stage is Stage.OVER, timeout=LONG)
        assert page.run.repair is not None
        assert page.run.repair.went_well, [(one.step, one.outcome, one.reason) for one in page.run.repair.results]
        assert page.run.repair.after is not None
        rollover = page.run.repair.after.finding("oauth-rollover@deployment")
        assert rollover.verdict is Verdict.PASS
        assert "BEGIN:VEVENT" in desk.calendar(page.run.repair.after)


def test_that_an_interrupted_repair_of_the_same_servers_comes_first(tmp_path: Path) -> None:
    with PracticeLab.open("replica-stopped", pace=400) as lab:
        desk = desk_for(lab, tmp_path)
        case = replace(hand.BEFORE, targets=lab.targets)
        header = Header("20261121T142600Z-abc123", "1", hand.NOW, lab.credential.username, "user", "desk01", "live", lab.targets, hand.PLAN)
        file = tmp_path / "journal" / f"{header.run}.ndjson"
        file.parent.mkdir()
        opened = open_on_disk(file, True)
        Journal.begin(opened, str(file), header)
        opened.close()
        with pytest.raises(UnfinishedRepair) as refused:
            desk.repair(case, hand.PLAN, {}, lab.credential, Nobody(), CancelToken(), lambda _event: None)
        assert "first page" in desk.error(refused.value)
        assert lab.deeds == ()
