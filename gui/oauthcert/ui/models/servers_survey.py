"""Asks servers from outside, a few at a time, without holding up the window."""

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import RowSurvey

LANES = 8


class Surveyor(QObject):
    """`begun` carries a target that is being asked now, `surveyed` the answer. A target that was dropped is not heard of any more.

    `broke` carries an error nobody expected; its target is answered with the reason `unexpected` all the same.
    """

    begun = Signal(object)
    surveyed = Signal(object)
    broke = Signal(object)

    def __init__(self, survey: Callable[[Target, CancelToken], RowSurvey], parent: QObject | None = None, lanes: int = LANES) -> None:
        super().__init__(parent)
        self._survey = survey
        self._waiting: deque[Target] = deque()
        self._wanted: set[Target] = set()
        self._lanes: list[JobBridge] = []
        self._asking: dict[JobBridge, Target] = {}
        for _ in range(lanes):
            lane = JobBridge(self)
            lane.finished.connect(partial(self._on_finished, lane))
            self._lanes.append(lane)

    @property
    def busy(self) -> bool:
        return bool(self._wanted)

    def ask(self, target: Target) -> None:
        """Once: a target that waits or is being asked already is not asked again."""
        if target in self._wanted:
            return
        self._wanted.add(target)
        self._waiting.append(target)
        self._fill()

    def drop(self, target: Target) -> None:
        """Its answer is not wanted any more; a lane that asks it is freed."""
        self._wanted.discard(target)
        for lane, asked in self._asking.items():
            if asked == target:
                lane.cancel()

    def stop(self) -> None:
        self._waiting.clear()
        self._wanted.clear()
        for lane in self._asking:
            lane.cancel()

    def wait(self, seconds: float) -> bool:
        """For closing the window: whether all lanes ended."""
        return all(lane.wait(seconds) for lane in self._lanes)

    def _fill(self) -> None:
        for lane in self._lanes:
            if lane in self._asking:
                continue
            target = self._next()
            if target is None:
                return
            self._asking[lane] = target
            lane.start(partial(self._run, target), "survey")
            self.begun.emit(target)

    def _next(self) -> Target | None:
        while self._waiting:
            target = self._waiting.popleft()
            if target in self._wanted:
                return target
        return None

    def _run(self, target: Target, token: CancelToken, _tell: Tell) -> object:
        return self._survey(target, token)

    def _on_finished(self, lane: JobBridge, outcome: Outcome) -> None:
        target = self._asking.pop(lane)
        if target in self._wanted and not outcome.cancelled:
            self._wanted.discard(target)
            answer = outcome.value
            if outcome.error is not None:
                self.broke.emit(outcome.error)
            if not isinstance(answer, RowSurvey):
                answer = RowSurvey(target, None, NotSeen("unexpected", {"type": type(outcome.error).__name__}))
            self.surveyed.emit(answer)
        self._fill()
