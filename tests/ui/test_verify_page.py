"""The page Verify, used: before and after, what is still on its way, the calendar, the way back."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import WizardState
from oauthcert.model.errors import CaseFileError
from oauthcert.model.finding import Verdict
from oauthcert.model.repair import Outcome, Repair
from oauthcert.ui.pages.verify import VerifyPage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from tests.fakes.desk import FakeDesk
from tests.ui import repair_at_hand as hand

GOOD = hand.repaired(hand.PLAN, Outcome.CHANGED, Outcome.ARRIVED, Outcome.CHANGED)
LATE = hand.repaired(
    hand.PLAN,
    Outcome.CHANGED,
    Outcome.STILL_ON_ITS_WAY,
    Outcome.CHANGED,
    after=replace(hand.AFTER, findings=(hand.AFTER.findings[0], hand.LATE)),
)


def opened(qtbot: QtBot, desk: FakeDesk, theme: Theme, repair: Repair | None, **more: object) -> VerifyPage:
    page = VerifyPage(desk, theme, **more)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    known: WizardState = hand.state(desk)
    page.on_enter(known.with_repair(repair) if repair is not None else known)
    return page


def test_that_before_and_after_stand_side_by_side(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, GOOD)
    said = [badge.accessibleName() for badge in page.table.findChildren(Badge)]
    fail, passed = desk.catalogue.verdict(Verdict.FAIL), desk.catalogue.verdict(Verdict.PASS)
    assert said == [fail, passed, fail, passed]
    assert page.news().title == desk.phrase("verify.good.title")
    assert not page.way.isVisible()


def test_that_what_did_not_arrive_is_still_on_its_way_and_looked_at_again(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, LATE)
    assert page.way.isVisible()
    assert page.news().title != desk.phrase("verify.good.title")
    assert page.standing().note
    desk.look_case = hand.AFTER
    page.way.button.click()
    qtbot.waitUntil(lambda: not page.way.isVisible())
    assert page.news().title == desk.phrase("verify.good.title")
    assert page.apply(hand.state(desk)).case is hand.AFTER


def test_that_a_repair_that_was_not_looked_at_is_not_called_good(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, hand.repaired(hand.PLAN, Outcome.CHANGED, after=None))
    assert page.news().title == desk.phrase("verify.unseen.title")
    assert not page.judgement.isVisible()


def test_that_without_a_repair_the_page_says_so(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, None)
    assert page.news().title == desk.phrase("verify.none.title")


def test_that_taking_back_shows_what_first_and_then_does_it(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    undone = replace(GOOD, after=hand.BEFORE, results=(replace(GOOD.results[0], outcome=Outcome.UNDONE), *GOOD.results[1:]))
    desk.undoing = lambda _repair: undone
    page = opened(qtbot, desk, theme, GOOD)
    page.back.button.click()
    assert "undo" not in desk.asked
    listed = page.back.findChild(QLabel, "undo-list")
    assert listed is not None
    assert listed.isVisible()
    page.back.button.click()
    qtbot.waitUntil(lambda: page.repair is undone)
    assert not page.back.isVisible()
    assert page.news().title == desk.phrase("verify.wrong.title")


def test_that_an_undo_that_cannot_begin_is_told(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    def refuses(_repair: Repair) -> Repair:
        raise CaseFileError("gone")

    desk.undoing = refuses
    page = opened(qtbot, desk, theme, GOOD)
    page.back.button.click()
    page.back.button.click()
    qtbot.waitUntil(lambda: not page.standing().busy)
    assert page.news().sentence != desk.phrase("verify.sentence")
    assert page.repair is GOOD


def test_that_calendar_entries_are_saved_where_the_operator_says(qtbot: QtBot, desk: FakeDesk, theme: Theme, tmp_path: Path) -> None:
    desk.reminders = "BEGIN:VEVENT\r\nEND:VEVENT\r\n"
    page = opened(qtbot, desk, theme, GOOD, choose=lambda _parent, _title, name: str(tmp_path / "renewal"))
    page.later.button.click()
    assert desk.reports == {tmp_path / "renewal.ics": desk.reminders}
    assert "renewal.ics" in page.later.said.text()


def test_that_a_calendar_that_cannot_be_saved_is_told(qtbot: QtBot, desk: FakeDesk, theme: Theme, tmp_path: Path) -> None:
    desk.reminders = "BEGIN:VEVENT\r\nEND:VEVENT\r\n"
    desk.write_error = CaseFileError("full")
    page = opened(qtbot, desk, theme, GOOD, choose=lambda _parent, _title, name: str(tmp_path / name))
    page.later.button.click()
    assert page.later.said.isVisible()
    assert not desk.reports


def test_that_without_dates_there_is_no_calendar_to_save(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    assert not opened(qtbot, desk, theme, GOOD).later.isVisible()
