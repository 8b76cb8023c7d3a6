"""The window stays quick while two hundred servers stream in: a timer of the window's thread is never kept waiting."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from oauthcert import assets
from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal, Step
from oauthcert.flow.trail import Trail
from oauthcert.lab.apart import LabProcess
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui import theme as themes
from oauthcert.ui.frame import Frame
from oauthcert.ui.pages.check import CheckPage
from oauthcert.ui.theme import Style
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue

SERVERS = 200
BEAT_MS = 10


class Heartbeat(QObject):
    """`late`: by how many seconds each beat came too late; `worked`: the seconds of processor time its thread took before it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.late: list[float] = []
        self.worked: list[float] = []
        self._spent = time.thread_time()
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - BEAT_MS / 1000))
        self._last = now
        spent = time.thread_time()
        self.worked.append(spent - self._spent)
        self._spent = spent

    def share(self, share: float) -> float:
        return sorted(self.late)[min(len(self.late) - 1, int(len(self.late) * share))]


@pytest.fixture
def lab() -> Iterator[LabProcess]:
    started = LabProcess("replica-stopped", servers=SERVERS)
    yield started
    started.close()


@pytest.mark.timeout(300)
def test_that_the_window_beats_on_while_two_hundred_servers_stream_in(qtbot: QtBot, qapp: QApplication, lab: LabProcess) -> None:
    theme = themes.theme_of(Style.LIGHT, tomllib.loads(assets.text("report/tokens.toml")), qapp.palette())
    themes.apply(theme, qapp)
    parts = DeskParts(
        catalogue=Catalogue("en"),
        gateway=WinrmGateway(),
        vault=MemoryStore,
        practice=lambda _scenario: lab,
        exercises=tuple,
        now=lambda: datetime.now(UTC),
    )
    desk = WindowDesk(parts)
    desk.hold(lab.credential)
    page = CheckPage(desk, theme)
    account = Account(lab.credential.username, ready=True)
    state = WizardState(goal=Goal.PRACTICE, scenario="replica-stopped", targets=lab.targets, account=account)
    frame = Frame({Step.CHECK: lambda: page}, desk.phrase, theme, Trail(state, (Step.START, Step.CHECK)))
    qtbot.addWidget(frame)
    frame.start()
    frame.show()
    qtbot.waitExposed(frame)
    # What is drawn for the first time is not what is measured here.
    qtbot.wait(300)
    heart = Heartbeat(frame)
    start = frame.findChild(QPushButton, "primary")
    assert isinstance(start, QPushButton)
    start.click()
    assert page.standing().busy
    qtbot.waitUntil(lambda: not page.standing().busy, timeout=240_000)
    # The case has come; what it takes to show it belongs to it.
    qtbot.wait(300)
    print(f"\n{len(heart.late)} beats, p99 {heart.share(0.99) * 1000:.1f} ms, worst {max(heart.late) * 1000:.1f} ms late")
    case = page.apply(state).case
    assert case is not None
    assert len(case.observations) == SERVERS
    assert all(observation.lost is None for observation in case.observations)
    assert case.causes[0].finding == "replica-service@fe02.contoso.lab"
    assert sum(page.board.counts.values()) == len(case.findings)
    # The design's bounds are 16 ms (p99) and 50 ms (worst) on a machine that does nothing else, where 12 ms and 33 ms were measured;
    # these hold where other programs take its processors.
    assert heart.share(0.5) < 0.05
    assert heart.share(0.99) < 1.0
    assert max(heart.late) < 3.0
    # What the window's own thread computed between two beats does not depend on who else is at work.
    assert max(heart.worked) < 0.2
