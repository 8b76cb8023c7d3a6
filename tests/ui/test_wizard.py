"""The wizard around the frame: practice, opened files, another style, the windows beside it, and the end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from oauthcert.casework.settings import Settings
from oauthcert.fixes.deployment_record import Deployment
from oauthcert.flow.steps import Goal, Step
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import SignInMethod
from oauthcert.model.target import Target
from oauthcert.ui.app import Styling, open_first, page_makers
from oauthcert.ui.dialogs.help import HelpWindow
from oauthcert.ui.options import Options
from oauthcert.ui.side_windows import SideWindows, Surroundings
from oauthcert.ui.theme import Style
from oauthcert.ui.wizard import Wizard
from tests.fakes.desk import FakeDesk
from tests.ui.windows import saved_case


@pytest.fixture
def wizard(qtbot: QtBot, desk: FakeDesk, qapp: QApplication) -> Iterator[Wizard]:
    made = Wizard(desk, Styling(qapp), Style.LIGHT, 100, page_makers())
    with qtbot.waitExposed(made.frame):
        made.show()
    yield made
    made.frame.close()
    made.frame.deleteLater()


@pytest.fixture
def side(wizard: Wizard, desk: FakeDesk) -> SideWindows:
    return SideWindows(desk, wizard, Surroundings(QPalette()))


def dialogs(wizard: Wizard, name: str) -> list[QDialog]:
    return [one for one in wizard.frame.findChildren(QDialog) if one.objectName() == name and one.isVisible()]


def test_that_practice_brings_servers_and_account(wizard: Wizard, desk: FakeDesk, qtbot: QtBot) -> None:
    open_first(wizard, Options(scenario="oauth-expired"))
    qtbot.waitUntil(lambda: wizard.frame.trail.step is Step.SERVERS, timeout=5000)
    state = wizard.frame.trail.state
    assert (state.goal, state.scenario, state.targets) == (Goal.PRACTICE, "oauth-expired", desk.practice.targets)
    assert state.account.ready
    assert desk.held[state.account.username] is desk.practice.credential
    wizard.frame.close()
    assert desk.practice.closed


def test_that_a_lab_that_does_not_start_is_said(wizard: Wizard, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.practice_error = ScenarioError("the servers did not start")
    wizard.open_practice("oauth-expired")
    qtbot.waitUntil(lambda: "did not start" in wizard.frame.message, timeout=5000)
    assert wizard.frame.trail.step is Step.START


def test_that_an_error_without_words_is_told_as_a_defect(wizard: Wizard, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.practice_error = ZeroDivisionError()
    with qtbot.waitSignal(wizard.crashed, timeout=5000):
        wizard.open_practice("oauth-expired")


def test_that_a_case_from_the_command_line_opens_at_its_findings(wizard: Wizard, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.cases[Path("monday.json")] = saved_case()
    open_first(wizard, Options(case=Path("monday.json")))
    qtbot.waitUntil(lambda: wizard.frame.trail.step is Step.FINDINGS, timeout=5000)
    assert wizard.frame.trail.state.case is saved_case()
    note = wizard.frame.rail.findChild(QLabel, "rail-note")
    assert note is not None
    assert note.text().startswith("monday, ")


def test_that_another_style_keeps_what_is_known(wizard: Wizard, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.cases[Path("monday.json")] = saved_case()
    wizard.open_file(Path("monday.json"))
    qtbot.waitUntil(lambda: wizard.frame.trail.step is Step.FINDINGS, timeout=5000)
    before, size = wizard.frame, wizard.frame.size()
    wizard.restyle(Style.DARK, 150)
    assert wizard.frame is not before
    assert wizard.theme.style is Style.DARK
    assert wizard.theme.text_percent == 150
    assert (wizard.frame.trail.step, wizard.frame.trail.state.case, wizard.frame.size()) == (Step.FINDINGS, saved_case(), size)
    assert wizard.frame.isVisible()
    assert not before.isVisible()
    again = wizard.frame
    wizard.restyle(Style.DARK, 150)
    assert wizard.frame is again


def test_that_help_opens_at_the_page_on_the_screen_and_closes_with_the_window(
    wizard: Wizard, side: SideWindows, qtbot: QtBot, qapp: QApplication
) -> None:
    wizard.frame.buttons.help.click()
    opened = [one for one in qapp.topLevelWidgets() if isinstance(one, HelpWindow) and one.isVisible()]
    assert len(opened) == 1
    wizard.frame.close()
    assert not opened[0].isVisible()


def test_that_settings_and_about_open_from_the_rail(wizard: Wizard, side: SideWindows, desk: FakeDesk) -> None:
    wizard.frame.rail.settings.emit()
    (dialog,) = dialogs(wizard, "settings-window")
    dialog.saved.emit(Settings(style="dark", text_percent=125, language="de"))  # type: ignore[attr-defined]
    assert wizard.theme.style is Style.DARK
    assert wizard.theme.text_percent == 125
    assert wizard.frame.message == desk.phrase("settings.language.later")
    wizard.frame.rail.about.emit()
    assert len([one for one in wizard.frame.findChildren(QDialog) if one.isVisible()]) == 1


def test_that_a_defect_shows_a_calm_page_and_keeps_the_case(wizard: Wizard, side: SideWindows, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.cases[Path("monday.json")] = saved_case()
    wizard.open_file(Path("monday.json"))
    qtbot.waitUntil(lambda: wizard.frame.trail.step is Step.FINDINGS, timeout=5000)
    wizard.report(ZeroDivisionError("nobody expected this"))
    qtbot.waitUntil(lambda: len(dialogs(wizard, "crash-window")) == 1, timeout=5000)
    assert desk.kept is saved_case()


def test_that_news_of_the_settings_are_said_at_the_start(qtbot: QtBot, desk: FakeDesk, qapp: QApplication) -> None:
    desk.settings_told = ("The settings could not be read.", "second")
    wizard = Wizard(desk, Styling(qapp), Style.LIGHT, 100, page_makers())
    qtbot.addWidget(wizard.frame)
    wizard.show()
    assert wizard.frame.message == "The settings could not be read."


def test_that_practising_a_first_deployment_takes_its_own_way(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.open_practice("first-deployment")
    qtbot.waitUntil(lambda: wizard.frame.trail.step is Step.SERVERS, timeout=5000)
    state = wizard.frame.trail.state
    assert (state.goal, state.scenario) == (Goal.FIRST_DEPLOYMENT, "first-deployment")
    assert Step.DEPLOY in wizard.frame.trail.path


def test_that_a_deployment_goes_on_at_signing_in(wizard: Wizard) -> None:
    begun = Deployment(datetime.now(UTC), (Target("fe01.contoso.lab", port=5985), Target("fe02.contoso.lab")), "CONTOSO\\admin", "ntlm")
    wizard.go_on_with(begun)
    state = wizard.frame.trail.state
    assert (wizard.frame.trail.step, state.goal, state.targets) == (Step.SIGN_IN, Goal.FIRST_DEPLOYMENT, begun.targets)
    assert (state.account.username, state.account.method, state.account.ready) == ("CONTOSO\\admin", SignInMethod.NTLM, False)
