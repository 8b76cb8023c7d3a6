"""The whole wizard over the real lab server: every flow from the first page to the report, once by keyboard alone."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from oauthcert.casework.case_file import open_case
from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.casework.practice import Exercise
from oauthcert.compose import real_desk
from oauthcert.flow.steps import Goal, Step
from oauthcert.lab.apart import LabProcess
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenarios import load_scenario
from oauthcert.model.evidence import NotSeen
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui.app import Styling, make_application, page_makers
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Style
from oauthcert.ui.widgets.choice import Choice
from oauthcert.ui.wizard import Wizard
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue

pytestmark = pytest.mark.timeout(150)
LOOK_MS = 90_000


def desk_of(tmp_path: Path) -> WindowDesk:
    exercises = [Exercise(name, name, name, 3) for name in ("first-deployment", "replica-stopped")]
    parts = DeskParts(
        Catalogue("en"),
        WinrmGateway(),
        MemoryStore,
        LabProcess,
        lambda: exercises,
        lambda: datetime.now(UTC),
        recent_file=tmp_path / "recent.json",
        journal_dir=tmp_path / "journal",
    )
    return WindowDesk(parts)


class Walk:
    """One wizard, and what an operator does with it."""

    def __init__(self, qtbot: QtBot, wizard: Wizard) -> None:
        self.qtbot, self.wizard = qtbot, wizard

    @property
    def step(self) -> Step:
        return self.wizard.frame.trail.step

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = [one for one in self.wizard.frame.findChildren(kind) if one.objectName() == name and one.isVisible()]
        assert len(found) == 1, f"{len(found)} of {name}"
        return found[0]

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(QPushButton, name), Qt.MouseButton.LeftButton)

    def choose(self, goal: Goal) -> None:
        QTest.mouseClick(self.find(Choice, f"goal-{goal.value}"), Qt.MouseButton.LeftButton)

    def forward(self, step: Step) -> None:
        button = self.wizard.frame.buttons.primary
        self.qtbot.waitUntil(button.isEnabled, timeout=30_000)
        self.press("primary")
        self.arrive(step)

    def arrive(self, step: Step) -> None:
        self.qtbot.waitUntil(lambda: self.step is step, timeout=60_000)

    def key(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, key, modifier)

    def look(self) -> None:
        self.press("primary")
        self.wait_for_case()

    def wait_for_case(self) -> None:
        self.qtbot.waitUntil(lambda: self.wizard.frame.trail.state.case is not None and not self.wizard.frame.busy, timeout=LOOK_MS)

    def verdicts(self) -> dict[str, str]:
        case = self.wizard.frame.trail.state.case
        assert case is not None
        return {finding.id: finding.verdict.value for finding in case.findings}


@pytest.fixture
def walk(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Walk]]:
    opened: list[Wizard] = []

    def begin() -> Walk:
        application = make_application("en")
        wizard = Wizard(desk_of(tmp_path), Styling(application), Style.LIGHT, 100, page_makers())
        opened.append(wizard)
        with qtbot.waitExposed(wizard.frame):
            wizard.show()
        wizard.frame.activateWindow()
        return Walk(qtbot, wizard)

    yield begin
    for wizard in opened:
        wizard.frame.close()
        qtbot.waitUntil(partial(closed, wizard), timeout=15_000)
        wizard.close_practice()
        wizard.frame.deleteLater()


def closed(wizard: Wizard) -> bool:
    return not wizard.frame.isVisible()


def expected(scenario: str) -> dict[str, str]:
    return {finding: verdict.value for finding, verdict in load_scenario(scenario).oracle().findings.items()}


def test_that_the_desk_of_the_program_is_all_the_window_asks_for(tmp_path: Path) -> None:
    desk: Desk = desk_of(tmp_path)
    made: Callable[..., Desk] = real_desk
    assert desk.phrase("button.next") == "Next"
    assert callable(made)


@pytest.mark.timeout(240)
def test_that_practice_leads_from_a_scenario_to_its_repair_by_keyboard_alone(walk: Callable[[], Walk]) -> None:
    here = walk()
    here.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), Choice), timeout=5000)
    here.key(*[Qt.Key.Key_Down] * 4)
    assert here.wizard.frame.trail.state.goal is Goal.PRACTICE
    here.key(Qt.Key.Key_Tab, Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Return)
    here.arrive(Step.SERVERS)
    assert here.wizard.practice is not None
    for step in (Step.SIGN_IN, Step.CHECK):
        here.qtbot.waitUntil(here.wizard.frame.buttons.primary.isEnabled, timeout=30_000)
        QTest.keyClick(here.wizard.frame, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        here.arrive(step)
    QTest.keyClick(here.wizard.frame, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    here.wait_for_case()
    assert here.verdicts() == expected("replica-stopped")
    for step in (Step.FINDINGS, Step.FIX):
        QTest.keyClick(here.wizard.frame, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        here.arrive(step)
    here.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QCheckBox), timeout=10_000)
    assert not here.wizard.frame.buttons.primary.isEnabled()
    here.key(Qt.Key.Key_Space)
    QTest.keyClick(here.wizard.frame, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    here.qtbot.waitUntil(lambda: here.wizard.frame.trail.state.repair is not None, timeout=LOOK_MS)
    for step in (Step.VERIFY, Step.REPORT):
        QTest.keyClick(here.wizard.frame, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        here.arrive(step)
    assert set(here.verdicts().values()) == {"pass", "not-applicable"}
    QTest.keyClick(here.wizard.frame, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert here.step is Step.VERIFY


@pytest.mark.parametrize("goal", [Goal.TROUBLESHOOT, Goal.RENEW, Goal.FIRST_DEPLOYMENT])
def test_that_typed_names_are_looked_at(walk: Callable[[], Walk], goal: Goal) -> None:
    here = walk()
    with PracticeLab.open("healthy-lync") as lab:
        here.choose(goal)
        here.forward(Step.SERVERS)
        entry = here.find(QPlainTextEdit, "server-names")
        QTest.keyClicks(entry, f"localhost:{lab.targets[0].port} 127.0.0.1:{lab.targets[1].port}")
        QTest.keyClick(entry, Qt.Key.Key_Return)
        here.forward(Step.SIGN_IN)
        assert [target.name for target in here.wizard.frame.trail.state.targets] == ["localhost", "127.0.0.1"]
        name = here.find(QComboBox, "account")
        QTest.keyClicks(name, lab.credential.username)
        QTest.keyClicks(here.find(QLineEdit, "password"), lab.credential.password.reveal())
        for box in here.wizard.frame.findChildren(QCheckBox, "remember"):
            assert not box.isChecked()
        here.forward(Step.CHECK)
        here.look()
        case = here.wizard.frame.trail.state.case
        assert case is not None
        assert case.source == "live"
        assert [observation.lost for observation in case.observations] == [None, None]
        assert here.verdicts()["sign-in-accepted@localhost"] == "pass"
        assert lab.credential.password.reveal() not in repr(here.wizard.frame.trail)
        here.forward(Step.DEPLOY if goal is Goal.FIRST_DEPLOYMENT else Step.FINDINGS)
        if goal is Goal.RENEW:
            here.forward(Step.FIX)
        if goal is Goal.TROUBLESHOOT:
            here.forward(Step.REPORT)
        else:
            here.press("step-report")
            here.arrive(Step.REPORT)


def test_that_a_saved_case_opens_without_any_server(walk: Callable[[], Walk], tmp_path: Path) -> None:
    from shutil import copyfile

    file = tmp_path / "monday.json"
    copyfile(Path(__file__).parents[1] / "data" / "case-1.json", file)
    here = walk()
    here.wizard.open_file(file)
    here.arrive(Step.FINDINGS)
    state = here.wizard.frame.trail.state
    assert (state.goal, state.case_file) == (Goal.OPEN, str(file))
    assert state.case is not None
    assert state.case.observations == open_case(file).observations
    here.forward(Step.REPORT)
    assert [recent.file for recent in desk_of(tmp_path).recent_cases()] == [file]


def test_that_a_file_that_is_no_case_is_said_and_changes_nothing(walk: Callable[[], Walk], tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text("Dear colleague", encoding="utf-8")
    here = walk()
    for name in ("letter.json", "absent.json"):
        here.wizard.open_file(tmp_path / name)
        here.qtbot.waitUntil(lambda: bool(here.wizard.frame.message), timeout=5000)
        assert here.step is Step.START
        here.press("close-message")
        assert here.wizard.frame.message == ""


def test_that_a_wrong_password_is_an_answer_and_not_an_end(walk: Callable[[], Walk]) -> None:
    here = walk()
    with PracticeLab.open("healthy-lync") as lab:
        here.forward(Step.SERVERS)
        entry = here.find(QPlainTextEdit, "server-names")
        QTest.keyClicks(entry, f"localhost:{lab.targets[0].port}")
        QTest.keyClick(entry, Qt.Key.Key_Return)
        here.forward(Step.SIGN_IN)
        QTest.keyClicks(here.find(QComboBox, "account"), lab.credential.username)
        QTest.keyClicks(here.find(QLineEdit, "password"), "wrong")
        here.forward(Step.CHECK)
        here.look()
        case = here.wizard.frame.trail.state.case
        assert case is not None
        assert isinstance(case.observations[0].lost, NotSeen)
        assert here.verdicts()["sign-in-accepted@localhost"] == "fail"


def test_that_closing_while_servers_are_asked_stops_first(walk: Callable[[], Walk]) -> None:
    here = walk()
    with PracticeLab.open("healthy-lync", probe_seconds=1.0) as lab:
        here.forward(Step.SERVERS)
        entry = here.find(QPlainTextEdit, "server-names")
        QTest.keyClicks(entry, f"localhost:{lab.targets[0].port}")
        QTest.keyClick(entry, Qt.Key.Key_Return)
        here.forward(Step.SIGN_IN)
        QTest.keyClicks(here.find(QComboBox, "account"), lab.credential.username)
        QTest.keyClicks(here.find(QLineEdit, "password"), lab.credential.password.reveal())
        here.forward(Step.CHECK)
        here.press("primary")
        listener = lab.listener(lab.targets[0].name)
        here.qtbot.waitUntil(lambda: listener.snapshot().requests > 2, timeout=30_000)
        here.wizard.frame.close()
        assert here.wizard.frame.isVisible()
        here.qtbot.waitUntil(lambda: not here.wizard.frame.isVisible(), timeout=10_000)
        here.qtbot.waitUntil(lambda: listener.snapshot().shells == 0, timeout=10_000)
