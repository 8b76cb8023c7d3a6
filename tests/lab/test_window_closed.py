"""The window is closed in the middle of a repair: the step is made to its end and written down, or the next start tells the story."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.casework.diagnose import diagnose
from oauthcert.casework.limits import Limits
from oauthcert.fixes.recovery import State, Story, stories
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import PATHS, Goal, Step
from oauthcert.flow.trail import Trail
from oauthcert.lab.apart import LabProcess
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.plan import Consent
from oauthcert.model.secret import Credential, Secret
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.ui import frame as frames
from oauthcert.ui.app import Styling, make_application, page_makers
from oauthcert.ui.frame import Frame
from oauthcert.ui.models.fix_run import Stage
from oauthcert.ui.pages.fix import FixPage
from oauthcert.ui.theme import Style
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue

pytestmark = pytest.mark.timeout(150)

FE02 = "fe02.contoso.lab"
START = "Start-StoppedService"
ROOT = Path(__file__).parents[2]


def desk_of(journal: Path) -> WindowDesk:
    parts = DeskParts(Catalogue("en"), WinrmGateway(), MemoryStore, LabProcess, list, lambda: datetime.now(UTC), journal_dir=journal)
    return WindowDesk(parts)


def looked_at(lab: PracticeLab) -> Case:
    return diagnose(
        lab.targets,
        lambda _target: lab.credential,
        WinrmGateway(),
        limits=Limits(),
        source="live",
        token=CancelToken(),
        tell=lambda _event: None,
        now=lambda: datetime.now(UTC),
    )


def frame_of(desk: WindowDesk, case: Case, credential: Credential) -> Frame:
    """The real window in front of the plan for this case."""
    desk.hold(credential)
    application = make_application("en")
    theme = Styling(application)(Style.LIGHT, 100)
    state = WizardState(Goal.TROUBLESHOOT, targets=case.targets, account=Account(credential.username, ready=True), case=case)
    path = PATHS[state.goal]
    made = Frame(
        {step: partial(make, desk, theme) for step, make in page_makers().items()},
        desk.phrase,
        theme,
        Trail(state, path[: path.index(Step.FIX) + 1]),
    )
    made.start()
    return made


def begun(frame: Frame, wait: Callable[[Callable[[], bool]], None]) -> None:
    """Agrees to everything and presses the button; returns when the first step is intended."""
    page = frame.page
    assert isinstance(page, FixPage)
    wait(lambda: page.run.stage is Stage.READY and bool(page.run.levels))
    for consent in Consent:
        page.run.agree(consent, True)
    frame.buttons.primary.click()
    wait(lambda: page.run.current is not None)


@pytest.fixture
def lab() -> Iterator[PracticeLab]:
    with PracticeLab.open("replica-stopped") as opened:
        yield opened


def intended(journal: Path) -> bool:
    return any(b'"intend"' in file.read_bytes() for file in journal.glob("*.ndjson"))


def test_that_a_step_that_runs_is_made_and_written_down_before_the_window_closes(
    qtbot: QtBot, lab: PracticeLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "CLOSING_MS", 500)  # what a look gets; the step takes longer
    case = looked_at(lab)
    frame = frame_of(desk_of(tmp_path), case, lab.credential)
    qtbot.addWidget(frame)
    frame.show()
    lab.disturb(FE02, START, ProbeQuirk(seconds=2.0, times=1))
    begun(frame, lambda condition: qtbot.waitUntil(condition, timeout=20_000))
    qtbot.waitUntil(lambda: intended(tmp_path), timeout=20_000)
    frame.close()
    assert frame.isVisible()
    assert "written down" in frame.message
    qtbot.waitUntil(lambda: not frame.isVisible(), timeout=30_000)
    assert [deed.function for deed in lab.deeds] == [START]
    (story,) = stories(tmp_path)
    assert isinstance(story, Story)
    assert [one.state for one in story.steps] == [State.DONE, State.NOT_BEGUN]
    assert (story.unfinished, story.how_ended) == (False, "stopped")
    assert {counter.running for counter in lab.counters().values()} == {0}


@pytest.mark.skipif(os.name != "posix", reason="a pipe between two programs")
def test_that_a_window_closed_twice_forgets_no_change(qtbot: QtBot, lab: PracticeLab, tmp_path: Path) -> None:
    """Closed twice, so that nothing is waited for: what was begun has no end, and what is said of it is what the server shows."""
    lab.disturb(FE02, START, ProbeQuirk(seconds=8.0, times=1))
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'gui'}{os.pathsep}{ROOT}", "QT_QPA_PLATFORM": "offscreen"}
    targets = [[one.name, one.scheme, one.port, one.address] for one in lab.targets]
    order = json.dumps([targets, lab.credential.username, lab.credential.password.reveal(), str(tmp_path)])
    ended = subprocess.run(
        [sys.executable, "-m", "tests.lab.test_window_closed"],
        cwd=ROOT,
        env=environment,
        input=order,
        text=True,
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    (story,) = stories(tmp_path)
    assert isinstance(story, Story)
    first, second = story.steps
    assert second.state is State.NOT_BEGUN
    assert lab.credential.password.reveal().encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    told = [one.run for one in desk_of(tmp_path).interrupted()]
    assert told == [story.run] if story.unfinished else told == []
    # the program may or may not have had the time to hear of it; what it says of it is true either way
    assert first.state is State.DONE or (story.unfinished and first.state is State.UNKNOWN)
    assert len(lab.deeds) == 1 if first.state is State.DONE else len(lab.deeds) <= 1


def _leave() -> None:
    """The program of the second test: repairs, and closes its window twice while the step runs."""
    targets, username, password, journal = json.loads(sys.stdin.read())
    from oauthcert.model.target import Target

    made = tuple(Target(name, scheme, port, address) for name, scheme, port, address in targets)
    credential = Credential(username, Secret(password))
    gateway = WinrmGateway()
    case = diagnose(
        made,
        lambda _target: credential,
        gateway,
        limits=Limits(),
        source="live",
        token=CancelToken(),
        tell=lambda _event: None,
        now=lambda: datetime.now(UTC),
    )
    frame = frame_of(desk_of(Path(journal)), replace(case, source="live"), credential)
    frame.show()

    def wait(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end
            QApplication.processEvents()
            time.sleep(0.01)

    begun(frame, wait)
    wait(lambda: intended(Path(journal)))
    frame.close()
    assert frame.isVisible()
    frame.close()
    assert not frame.isVisible()
    application = QApplication.instance()
    assert application is not None
    QTimer.singleShot(0, application, application.quit)
    application.exec()


if __name__ == "__main__":
    _leave()
