"""Asks servers from outside, a few at a time, without holding up the window."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import RowSurvey

LANES = 8


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question under way; its token is set when nobody wants the answer any more."""

    target: Target
    token: CancelToken


@dataclass(frozen=True, slots=True)
class _Answer:
    asked: _Asked
    survey: RowSurvey
    error: Exception | None = None


class Surveyor(QObject):
    """`begun` carries a target that is being asked now, `surveyed` the answer. A target that was dropped is not heard of any more.

    `broke` carries an error nobody expected; its target is answered with the reason `unexpected` all the same.
    A lane is a thread that asks until nobody waits: starting one for each of two hundred rows would make the window stumble.
    """

    begun = Signal(object)
    surveyed = Signal(object)
    broke = Signal(object)

    def __init__(self, survey: Callable[[Target, CancelToken], RowSurvey], parent: QObject | None = None, lanes: int = LANES) -> None:
        super().__init__(parent)
        self._survey = survey
        # Lanes take from the left, the window puts to the right; everything else is the window's alone.
        self._waiting: deque[_Asked] = deque()
        self._wanted: dict[Target, _Asked] = {}
        self._lanes: list[JobBridge] = []
        for _ in range(lanes):
            lane = JobBridge(self)
            lane.told.connect(self._on_told)
            lane.finished.connect(partial(self._on_finished, lane))
            self._lanes.append(lane)

    @property
    def busy(self) -> bool:
        return bool(self._wanted)

    def ask(self, target: Target) -> None:
        """Once: a target that waits or is being asked already is not asked again."""
        if target in self._wanted:
            return
        asked = self._wanted[target] = _Asked(target, CancelToken())
        self._waiting.append(asked)
        idle = next((lane for lane in self._lanes if not lane.busy), None)
        if idle is not None:
            idle.start(self._work, "survey")

    def drop(self, target: Target) -> None:
        """Its answer is not wanted any more; a lane that asks it is freed."""
        asked = self._wanted.pop(target, None)
        if asked is not None:
            asked.token.cancel()

    def stop(self) -> None:
        for target in tuple(self._wanted):
            self.drop(target)

    def wait(self, seconds: float) -> bool:
        """For closing the window: whether all lanes ended."""
        return all(lane.wait(seconds) for lane in self._lanes)

    def _work(self, _token: CancelToken, tell: Tell) -> object:
        """Runs on the thread of a lane."""
        while True:
            try:
                asked = self._waiting.popleft()
            except IndexError:
                return None
            if not asked.token.cancelled:
                tell(asked)
                tell(self._answer(asked))

    def _answer(self, asked: _Asked) -> _Answer:
        try:
            return _Answer(asked, self._survey(asked.target, asked.token))
        except Cancelled:
            return _Answer(asked, RowSurvey(asked.target, None, NotSeen("cancelled", {})))
        except Exception as error:
            return _Answer(asked, RowSurvey(asked.target, None, NotSeen("unexpected", {"type": type(error).__name__})), error)

    def _on_told(self, news: _Asked | _Answer) -> None:
        asked = news.asked if isinstance(news, _Answer) else news
        if self._wanted.get(asked.target) is not asked:
            return  # dropped, and perhaps asked anew, in the meantime
        if isinstance(news, _Asked):
            self.begun.emit(asked.target)
            return
        del self._wanted[asked.target]
        if news.error is not None:
            self.broke.emit(news.error)
        self.surveyed.emit(news.survey)

    def _on_finished(self, lane: JobBridge, _outcome: Outcome) -> None:
        """Somebody may have come to wait after the lane had looked."""
        if self._waiting and not lane.busy:
            lane.start(self._work, "survey")
