"""Servers tried from outside: a few threads for all of them, none heard of that was dropped."""

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.casework.survey import RowSurvey
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.target import Target
from oauthcert.ui.models.servers_survey import LANES, Surveyor

ROWS = tuple(Target(f"fe{number:03}.contoso.lab") for number in range(200))
Survey = Callable[[Target, CancelToken], RowSurvey]


class Staged:
    """Answers when `gate` is open; a token that is set while it waits ends it."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.under_way, self.most = 0, 0
        self._lock = threading.Lock()

    def __call__(self, target: Target, token: CancelToken) -> RowSurvey:
        with self._lock:
            self.asked.append(target.name)
            self.threads.add(threading.get_ident())
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            for _ in range(2000):
                if self.gate.is_set():
                    return RowSurvey(target, 3, None)
                if token.wait(0.005):
                    raise Cancelled
            raise TimeoutError
        finally:
            with self._lock:
                self.under_way -= 1


class Heard:
    def __init__(self, surveyor: Surveyor) -> None:
        self.begun: list[Target] = []
        self.answers: list[RowSurvey] = []
        self.broke: list[Exception] = []
        surveyor.begun.connect(self.begun.append)
        surveyor.surveyed.connect(self.answers.append)
        surveyor.broke.connect(self.broke.append)


@pytest.fixture
def staged() -> Staged:
    return Staged()


def started(survey: Survey) -> tuple[Surveyor, Heard]:
    surveyor = Surveyor(survey)
    return surveyor, Heard(surveyor)


def test_that_two_hundred_rows_take_no_more_threads_than_there_are_lanes(qtbot: QtBot, staged: Staged) -> None:
    staged.gate.set()
    surveyor, heard = started(staged)
    before = threading.active_count()
    for row in ROWS:
        surveyor.ask(row)
        surveyor.ask(row)
    assert threading.active_count() - before <= LANES
    qtbot.waitUntil(lambda: not surveyor.busy, timeout=10_000)
    assert sorted(staged.asked) == sorted(row.name for row in ROWS)
    assert {answer.target for answer in heard.answers} == set(ROWS) == set(heard.begun)
    assert staged.most <= LANES
    assert surveyor.wait(2)


def test_that_a_row_that_comes_when_all_lanes_have_ended_is_asked(qtbot: QtBot, staged: Staged) -> None:
    staged.gate.set()
    surveyor, heard = started(staged)
    for row in ROWS[:30]:
        surveyor.ask(row)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: len(heard.answers) == 30, timeout=10_000)


def test_that_a_dropped_row_is_not_heard_of_and_frees_its_lane(qtbot: QtBot, staged: Staged) -> None:
    surveyor, heard = started(staged)
    for row in ROWS[: LANES + 2]:
        surveyor.ask(row)
    qtbot.waitUntil(lambda: len(heard.begun) == LANES, timeout=5000)
    for row in (ROWS[0], ROWS[1], ROWS[LANES]):
        surveyor.drop(row)
    # One of those that waited takes a freed lane; the other was dropped before its turn.
    qtbot.waitUntil(lambda: len(heard.begun) == LANES + 1, timeout=5000)
    staged.gate.set()
    qtbot.waitUntil(lambda: not surveyor.busy, timeout=5000)
    assert {answer.target for answer in heard.answers} == {*ROWS[2:LANES], ROWS[LANES + 1]}
    assert ROWS[LANES].name not in staged.asked


def test_that_a_row_that_is_dropped_and_asked_anew_is_answered_once(qtbot: QtBot, staged: Staged) -> None:
    surveyor, heard = started(staged)
    surveyor.ask(ROWS[0])
    qtbot.waitUntil(lambda: len(heard.begun) == 1, timeout=5000)
    surveyor.drop(ROWS[0])
    surveyor.ask(ROWS[0])
    staged.gate.set()
    qtbot.waitUntil(lambda: not surveyor.busy, timeout=5000)
    qtbot.wait(50)
    assert [answer.milliseconds for answer in heard.answers] == [3]


def test_that_stopping_ends_every_lane(qtbot: QtBot, staged: Staged) -> None:
    surveyor, heard = started(staged)
    for row in ROWS:
        surveyor.ask(row)
    surveyor.stop()
    assert not surveyor.busy
    assert surveyor.wait(5)
    qtbot.wait(20)
    assert heard.answers == []


def test_that_an_error_nobody_expected_is_told_and_the_row_is_answered(qtbot: QtBot) -> None:
    def survey(_target: Target, _token: CancelToken) -> RowSurvey:
        raise ValueError("odd")

    surveyor, heard = started(survey)
    surveyor.ask(ROWS[0])
    surveyor.ask(ROWS[1])
    qtbot.waitUntil(lambda: not surveyor.busy, timeout=5000)
    assert [type(error) for error in heard.broke] == [ValueError, ValueError]
    assert [answer.not_seen.reason for answer in heard.answers if answer.not_seen] == ["unexpected", "unexpected"]
