"""The page of the first deployment: where each step stands, what to do now, what is waited for, and only one primary button."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from oauthcert.fixes.deployment import Guidance
from oauthcert.fixes.deployment_record import Assigned, Deployment, Requested, RequestState
from oauthcert.fixes.deployment_request import SecondRequest
from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Goal
from oauthcert.model.errors import CaseFileError
from oauthcert.model.plan import Plan
from oauthcert.ui.desk import Person
from oauthcert.ui.models.deploy_words import BY_HAND
from oauthcert.ui.pages.deploy import DeployPage
from oauthcert.ui.pages.start import StartPage
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk
from tests.ui import deploy_at_hand as at
from tests.ui import repair_at_hand as hand


class Opened:
    """The page on the screen with these guidances in turn."""

    def __init__(self, qtbot: QtBot, theme: Theme, desk: FakeDesk, *guides: Guidance, scenario: str | None = None) -> None:
        self.qtbot, self.desk = qtbot, desk
        desk.deployments.guides = list(guides)
        desk.deployments.made = hand.PLAN
        desk.look_case = replace(hand.BEFORE)
        self.saved: list[tuple[str, str]] = []
        self.page = DeployPage(desk, theme, save=lambda _parent, title, name: self.saved.append((title, name)) or "")  # type: ignore[func-returns-value]
        qtbot.addWidget(self.page)
        self.state = replace(hand.state(desk), goal=Goal.FIRST_DEPLOYMENT, scenario=scenario)
        self.page.resize(1000, 700)
        self.page.show()
        self.page.on_enter(self.state)
        self.settle()

    def settle(self) -> None:
        run = self.page.run
        self.qtbot.waitUntil(lambda: run.guidance is not None or bool(run.trouble), timeout=5000)
        self.qtbot.waitUntil(lambda: not run.working and not run.busy and run.fix.stage.value != "planning", timeout=5000)

    def said(self, name: str) -> str:
        label = self.page.findChild(QLabel, name)
        assert label is not None
        return label.text() if not label.isHidden() else ""

    def cells(self) -> list[list[str]]:
        table = self.page.matrix.table
        return [[item.text() for column in range(5) if (item := table.item(row, column))] for row in range(table.rowCount())]


def test_that_the_title_says_what_to_do_now_and_the_table_where(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.STARTING)
    page = here.page
    assert page.news().title == "Now: Step 1 on fe02 and fe03: start the Replica service"
    assert here.cells() == [["fe01", *["done"] * 4], ["fe02", "now", "done", "later", "later"], ["fe03", "now", "done", "later", "later"]]
    assert (page.standing().primary, page.standing().ready) == ("Start the Replica service", False)
    assert page.standing().why_not == "Agree to the changes first."
    assert page.standing().note == "6 of 12"
    assert "services.msc" in here.said("now-hand")
    assert page.now.by_hand.isVisible()
    assert "do not" in here.said("then-once").lower()


def test_that_every_cell_says_itself_to_those_who_do_not_see_it(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.guidance("dnwl", "d--?", now=at.FINISH))
    table = here.page.matrix.table
    spoken = [table.item(row, column).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2) for column in range(5)]  # type: ignore[union-attr]
    assert spoken[0] == "fe01.contoso.lab, Central Management Server"
    assert spoken[2] == "fe01.contoso.lab, Step 2 · Components: now."
    assert spoken[8] == "fe02.contoso.lab, Step 3 · Certificates: not needed."
    assert spoken[9] == "fe02.contoso.lab, Step 4 · Services: could not look."
    head = table.model().headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert head == "Step 1 Local store, 2 of 2 done"


def test_that_the_arrow_keys_go_from_step_to_step_and_tell_what_holds_it_up(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.STARTING)
    table = here.page.matrix.table
    assert "fe02.contoso.lab, Step 1" in here.said("deploy-about")
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert here.said("deploy-about") == "fe01.contoso.lab, Step 1 · Local store: done. Nothing is missing here."
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert "Step 2" in here.said("deploy-about")


def test_that_a_wait_shows_since_until_and_looks_again(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.ON_ITS_WAY, at.FINISHING)
    page = here.page
    assert page.news().title == "Waiting on fe02 and fe03: the configuration is on its way"
    assert "every 20 s" in page.news().sentence
    assert "at the latest until" in here.said("now-times")
    assert page.standing().primary == "Look again now"
    page.run._on_tick()
    here.settle()
    assert [one for one in desk.asked if one.startswith("again")] == [f"again {at.FE01}, {at.FE02}, {at.FE03}"]
    assert page.news().title == "Now: Step 3 on fe02: finish it in the Deployment Wizard"


def test_that_nothing_is_looked_at_by_itself_while_a_plan_is_read(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.guidance("dddd", "ndll", "wdll", now=at.REPLICA, then=(at.WAIT,)))
    here.page.run._on_tick()
    here.settle()
    assert not [one for one in desk.asked if one.startswith("again")]


def test_that_what_a_person_says_is_remembered_and_leads_on(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.FINISHING, at.READY)
    page = here.page
    assert "Press Close, not Request" in here.said("now-do")
    assert page.standing().primary == "Done, look again"
    assert not page.now.lab.isVisible()
    page.on_primary()
    here.settle()
    assert f"finished {at.FE02}" in desk.deployments.asked
    assert page.news().title == "The deployment is ready: all four steps on all servers"
    assert page.on_primary()
    assert page.standing().primary == "Report"


def test_that_a_person_may_say_it_of_all_servers_at_once(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.FINISHING, at.READY)
    assert here.page.now.all.text() == "Done on all 2 servers"
    here.page.now.all.click()
    here.settle()
    assert f"finished {at.FE02}, {at.FE03}" in desk.deployments.asked


def test_that_in_practice_the_lab_does_what_a_person_would_do(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.FINISHING, at.READY, scenario="first-deployment")
    here.page.now.lab.click()
    qtbot.waitUntil(lambda: f"finished {at.FE02}" in desk.deployments.asked, timeout=5000)
    assert desk.lab_did == [f"finish-step-3@{at.FE02}/1"]


def test_that_a_repair_runs_after_consent_and_the_next_move_follows(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.STARTING, at.ON_ITS_WAY)
    page = here.page
    desk.deployments.carrying = lambda plan, person, token, tell: hand.all_goes_well(plan, {}, person, token, tell)
    for box in page.repair.consent.boxes.values():
        if box.isVisible():
            box.click()
    assert page.standing().ready
    assert not page.on_primary()
    qtbot.waitUntil(lambda: page.run.move is at.WAIT, timeout=5000)
    assert desk.deployments.asked.count("carry out") == 1
    assert "repair" not in desk.asked
    after = page.apply(here.state)
    assert after.case is hand.AFTER
    assert not after.repairing


def test_that_a_second_request_is_told_in_words(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.STARTING)
    page = here.page

    def refused(_plan: Plan, _person: Person, *_rest: object) -> None:
        raise SecondRequest("no", why="assigned", server=at.FE01)

    desk.deployments.carrying = refused  # type: ignore[assignment]
    for box in page.repair.consent.boxes.values():
        if box.isVisible():
            box.click()
    page.on_primary()
    qtbot.waitUntil(lambda: "No second certificate" in here.said("now-trouble"), timeout=5000)
    assert page.standing().primary == "Plan again"


def test_that_an_uncertain_request_may_be_allowed_again_only_on_purpose(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.guidance("ddnl", "llll", now=at.BEGUN), at.STARTING)
    page = here.page
    assert "its end was not seen" in here.said("now-why")
    assert page.now.allow.isVisible()
    page.now.allow.click()
    here.settle()
    assert "allow" in desk.deployments.asked


def test_that_what_was_begun_and_cannot_be_read_is_said(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    desk.deployments.error = CaseFileError("broken")
    here = Opened(qtbot, theme, desk, at.STARTING)
    assert here.page.run.trouble
    assert here.page.news().sentence == here.page.run.trouble
    assert here.page.standing().ready
    desk.deployments.error = None
    here.page.on_primary()
    qtbot.waitUntil(lambda: here.page.run.guidance is not None, timeout=5000)


def test_that_cancel_stops_a_look_and_only_that(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    here = Opened(qtbot, theme, desk, at.ON_ITS_WAY)
    assert not here.page.on_cancel()
    here.page.run.look()
    assert here.page.on_cancel()
    here.settle()


def test_that_sixty_servers_are_scrolled_and_the_one_that_is_on_is_in_sight(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    rows = ["dddd", *["ddll"] * 48, "ddnl", *["ddll"] * 10]
    move = replace(at.FINISH, servers=("fe50.contoso.lab",))
    here = Opened(qtbot, theme, desk, at.guidance(*rows, now=move))
    table = here.page.matrix.table
    assert table.rowCount() == 60
    assert table.currentRow() == 49
    item = table.item(49, 3)
    assert item is not None
    assert table.visualItemRect(item).top() < table.viewport().height()
    assert table.height() < 400


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_move_has_words(language: str) -> None:
    desk = FakeDesk(language)
    for move in sorted(BY_HAND):
        for part in ("what", "why", "button", "hand"):
            key = f"deploy.move.{move}.{part}"
            assert desk.phrase(key, menu="M", findings="F", thumbprint="T") != key


# --- the first page


REMEMBERED = Deployment(at.BEGAN, hand.BEFORE.targets, "CONTOSO\\admin", "ntlm")


def opened(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> StartPage:
    page = StartPage(desk, theme)
    qtbot.addWidget(page)
    page.on_enter(WizardState())
    page.show()
    return page


def test_that_the_first_page_offers_to_go_on(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    desk.deployments.there = (REMEMBERED,)
    page = opened(qtbot, theme, desk)
    chosen: list[object] = []
    page.deployment_chosen.connect(chosen.append)
    assert page.begun.isVisible()
    assert page.begun.go.text() == "Go on with the deployment of 2 servers"
    page.begun.go.click()
    assert chosen == [REMEMBERED]


def test_that_forgetting_a_request_takes_a_second_press(qtbot: QtBot, theme: Theme, desk: FakeDesk) -> None:
    requested = Requested(at.FE01, at.BEGAN, RequestState.MADE, "AB" * 20)
    desk.deployments.there = (replace(REMEMBERED, request=requested, assigned=Assigned(at.FE01, "AB" * 20, at.BEGAN)),)
    page = opened(qtbot, theme, desk)
    page.begun.forget.click()
    assert page.begun.forget.text() == "Forget that a certificate was requested?"
    assert desk.deployments.there
    page.begun.forget.click()
    assert not desk.deployments.there
    assert not page.begun.isVisible()


def test_that_a_file_that_cannot_be_read_is_said_on_the_first_page(qtbot: QtBot, theme: Theme, desk: FakeDesk, tmp_path: Path) -> None:
    desk.deployments.error = CaseFileError(f"{tmp_path} is broken")
    page = opened(qtbot, theme, desk)
    assert page.begun.isVisible()
    assert not page.begun.go.isVisible()
