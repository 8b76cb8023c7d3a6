"""The first page: what to do, what an error text means, cases of late, what can be practised."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from oauthcert.casework.recent import RecentCase
from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Goal
from oauthcert.ui.desk import Explanation
from oauthcert.ui.pages.start import StartPage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.choice import Choice
from oauthcert.ui.widgets.explain_box import ExplainBox
from oauthcert.ui.widgets.scenario_list import ScenarioList
from tests.fakes.desk import FakeDesk

Kind = TypeVar("Kind", bound=QWidget)
KNOWN = Explanation(
    "A clock is off",
    "Kerberos refuses it.",
    "Mend the clock.",
    ("time-skew",),
    looks=("Clock",),
    others=("Locked",),
    cause="No time source.",
    mends=("Correct the time",),
)


@pytest.fixture
def page(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> StartPage:
    desk.recent = (RecentCase(Path("monday & co.json"), "monday & co", 3, 1, "fail", datetime(2026, 11, 20, 9, tzinfo=UTC)),)
    made = StartPage(desk, theme)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.on_enter(WizardState())
    with qtbot.waitExposed(made):
        made.show()
    return made


def found(page: StartPage, kind: type[Kind], name: str) -> Kind:
    there = page.findChild(kind, name)
    assert isinstance(there, kind)
    return there


def choice(page: StartPage, goal: Goal) -> Choice:
    return found(page, Choice, f"goal-{goal.value}")


def said(page: StartPage, part: str) -> str:
    label = found(page, QLabel, f"explain-{part}")
    return label.text() if label.isVisible() else ""


def paste(page: StartPage, qtbot: QtBot, text: str) -> None:
    box = page.findChild(ExplainBox)
    assert isinstance(box, ExplainBox)
    with qtbot.waitSignal(box.answered, timeout=5000):
        found(page, QPlainTextEdit, "error-text").setPlainText(text)


@pytest.mark.parametrize("goal", list(Goal))
def test_that_a_choice_becomes_the_goal(page: StartPage, qtbot: QtBot, goal: Goal) -> None:
    QTest.mouseClick(choice(page, goal), Qt.MouseButton.LeftButton)
    assert page.apply(WizardState()).goal is goal
    assert [one.value for one in Goal if choice(page, one).isChecked()] == [goal.value]


def test_that_scenarios_are_read_and_shown_only_for_practice(page: StartPage, qtbot: QtBot) -> None:
    listing = page.findChild(ScenarioList)
    assert isinstance(listing, ScenarioList)
    assert (listing.isVisible(), listing.count()) == (False, 0)
    QTest.mouseClick(choice(page, Goal.PRACTICE), Qt.MouseButton.LeftButton)
    assert (listing.isVisible(), listing.count(), listing.selected()) == (True, 2, "first-deployment")
    assert found(page, QLabel, "scenario-story").text() == "Step 1 ran before the certificate existed."
    chosen: list[str] = []
    page.practice_chosen.connect(chosen.append)
    assert not page.on_primary()
    assert chosen == ["first-deployment"]


def test_that_a_known_text_is_explained_and_leads_to_a_check(page: StartPage, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.explanation = KNOWN
    paste(page, qtbot, "  KRB_AP_ERR_SKEW ")
    assert desk.asked == ["explain KRB_AP_ERR_SKEW"]
    assert (said(page, "title"), said(page, "meaning"), said(page, "action")) == (
        "A clock is off",
        "Kerberos refuses it.",
        "Mend the clock.",
    )
    assert "Clock" in said(page, "looks")
    assert said(page, "others") == desk.phrase("explain.others", others="Locked")
    assert said(page, "cause") == desk.phrase("explain.cause", cause="No time source.")
    assert "Correct the time" in said(page, "mends")
    QTest.mouseClick(choice(page, Goal.RENEW), Qt.MouseButton.LeftButton)
    check = found(page, QPushButton, "explain-check")
    with qtbot.waitSignal(page.wants_forward, timeout=1000):
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    assert page.goal is Goal.TROUBLESHOOT


def test_that_an_unknown_text_says_what_was_searched(page: StartPage, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.explanation = Explanation("", "", "Look at all servers.", tried=("0x80131500",))
    paste(page, qtbot, "something 0x80131500")
    assert said(page, "title") == desk.phrase("explain.unknown")
    assert "0x80131500" in said(page, "meaning")
    assert said(page, "action") == "Look at all servers."
    assert not found(page, QPushButton, "explain-check").isVisible()
    paste(page, qtbot, "")
    assert said(page, "title") == ""


def test_that_what_fits_as_well_is_not_passed_off_as_a_second_problem(page: StartPage, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.explanation = replace(KNOWN, sure=False)
    paste(page, qtbot, "clock or lock")
    assert said(page, "others") == desk.phrase("explain.perhaps", others="Locked")


def test_that_a_text_cleared_meanwhile_gets_no_answer(page: StartPage, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.explanation = KNOWN
    paste(page, qtbot, "KRB_AP_ERR_SKEW")
    found(page, QPlainTextEdit, "error-text").setPlainText("KRB_AP_ERR_SKEW again")
    paste(page, qtbot, " ")
    qtbot.wait(50)
    assert [said(page, part) for part in ("title", "meaning", "cause", "action", "looks", "mends", "others")] == [""] * 7


def test_that_a_text_like_html_is_shown_as_it_is(page: StartPage, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.explanation = Explanation("<b>bold</b>", "<img src=x>", "&amp;", ("time-skew",))
    paste(page, qtbot, "<b>")
    label = found(page, QLabel, "explain-title")
    assert (label.text(), label.textFormat()) == ("<b>bold</b>", Qt.TextFormat.PlainText)


def test_that_a_recent_case_opens(page: StartPage, qtbot: QtBot) -> None:
    row = found(page, QPushButton, "recent-case")
    assert row.accessibleName() == "monday & co, 3 servers · 20 Nov 2026, 1 cause"
    with qtbot.waitSignal(page.file_chosen, timeout=1000) as chosen:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert chosen.args == [Path("monday & co.json")]


def test_that_an_empty_list_of_cases_says_how_they_get_there(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = StartPage(desk, theme)
    qtbot.addWidget(page)
    assert desk.phrase("recent.empty") in [label.text() for label in page.findChildren(QLabel)]
