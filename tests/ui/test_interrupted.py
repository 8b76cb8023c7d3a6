"""The first page after a repair was cut off: what its journal says, and the ways to go on."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from oauthcert.casework.resuming import How, Resumed
from oauthcert.fixes.journal import Header
from oauthcert.fixes.journal_reading import RunRecord
from oauthcert.fixes.recovery import State, StepStory, Story
from oauthcert.flow.state import WizardState
from oauthcert.model.secret import Secret
from oauthcert.model.target import Target
from oauthcert.ui.pages.start import StartPage
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk
from tests.ui import repair_at_hand as hand

RUN = "20261121T142600Z-abc123"


def story(*states: State, source: str = "live", unfinished: bool = True) -> Story:
    header = Header(RUN, "1", hand.NOW, "CONTOSO\\admin", "user", "desk01", source, (Target(hand.FE02),), hand.PLAN)
    steps = tuple(StepStory(step, state) for step, state in zip(hand.PLAN.steps, states, strict=False))
    return Story(RunRecord(Path("run.ndjson"), header, ()), steps, unfinished)


def opened(qtbot: QtBot, desk: FakeDesk, theme: Theme, *stories: Story) -> StartPage:
    desk.stories = stories
    page = StartPage(desk, theme)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.on_enter(WizardState())
    return page


def text(page: StartPage, name: str) -> str:
    label = page.interrupted.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_that_without_an_interrupted_repair_nothing_is_said_of_one(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    assert not page.interrupted.isVisible()
    assert page.news().title == desk.phrase("start.title")


def test_that_an_interrupted_repair_comes_first_and_says_what_is_certain(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, story(State.DONE, State.UNKNOWN, State.NOT_BEGUN))
    assert page.news().title == desk.phrase("interrupted.page.title")
    lines = text(page, "interrupted-lines").split("\n")
    assert [line.partition(":")[0] for line in lines] == ["done", "begun, not known whether it was done", "not begun"]
    assert "CONTOSO\\admin" in text(page, "interrupted-text")
    assert [how for how, button in page.interrupted.buttons.items() if button.isVisible()] == [How.LOOK, How.UNDO, How.KEEP]


def test_that_only_what_makes_sense_is_offered(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, story(State.NOT_DONE))
    assert [how for how, button in page.interrupted.buttons.items() if button.isVisible()] == [How.KEEP]


def test_that_a_practice_lab_that_has_gone_is_not_asked(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, story(State.UNKNOWN, source="practice:replica-stopped"))
    assert [how for how, button in page.interrupted.buttons.items() if button.isVisible()] == [How.KEEP]
    assert page.interrupted.findChild(QLineEdit, "password") is not None
    assert not page.interrupted.findChild(QLineEdit, "password").isVisible()  # type: ignore[union-attr]


def test_that_looking_uses_the_typed_password_and_shows_how_it_stands(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.resumed = Resumed(story(State.DONE, State.WAITED, State.NOT_BEGUN), ())
    page = opened(qtbot, desk, theme, story(State.UNKNOWN))
    edit = page.interrupted.findChild(QLineEdit, "password")
    assert edit is not None
    QTest.keyClicks(edit, "a password")
    page.interrupted.buttons[How.LOOK].click()
    qtbot.waitUntil(lambda: text(page, "interrupted-news") == desk.phrase("interrupted.looked"))
    assert desk.asked[-1] == f"resume {RUN} look CONTOSO\\admin"
    assert edit.text() == ""
    assert text(page, "interrupted-lines").startswith("done")


def test_that_without_any_password_it_is_asked_for(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, story(State.UNKNOWN))
    page.interrupted.buttons[How.LOOK].click()
    qtbot.waitUntil(lambda: "CONTOSO\\admin" in text(page, "interrupted-news"))
    assert not any(line.startswith("resume") for line in desk.asked)


def test_that_keeping_asks_no_server_and_ends_it(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.resumed = Resumed(story(State.UNKNOWN, unfinished=False), ())
    page = opened(qtbot, desk, theme, story(State.UNKNOWN))
    page.interrupted.buttons[How.KEEP].click()
    qtbot.waitUntil(lambda: not page.interrupted.isVisible())
    assert desk.asked[-1] == f"resume {RUN} keep -"
    assert page.news().title == desk.phrase("start.title")


def test_that_a_second_interrupted_repair_follows_the_first(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    first, second = story(State.UNKNOWN), replace(story(State.DONE))
    desk.resumed = Resumed(replace(first, unfinished=False), ())
    page = opened(qtbot, desk, theme, first)
    qtbot.waitUntil(page.interrupted.isVisible)
    desk.resumed = Resumed(replace(first, unfinished=False), ())
    page.interrupted.buttons[How.KEEP].click()
    desk.stories = (second,)
    qtbot.waitUntil(lambda: not page.standing().busy)
    desk.stories = (second,)
    page.on_enter(WizardState())
    assert text(page, "interrupted-lines").startswith("done")


def test_that_a_journal_that_cannot_be_gone_on_with_is_told(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.stored["CONTOSO\\admin"] = Secret("a password")
    page = opened(qtbot, desk, theme, story(State.UNKNOWN))
    page.interrupted.buttons[How.UNDO].click()
    qtbot.waitUntil(lambda: page.interrupted.news.isVisible() and text(page, "interrupted-news") != desk.phrase("interrupted.working"))
    assert page.interrupted.isVisible()
