"""Forward, back and jump through the steps of a goal, with the reason where a step may not be left yet."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import PATHS, Step


class Hindrance(StrEnum):
    """Why a step may not be left yet; an id of a text."""

    NO_SERVERS = "no-servers"
    NO_ACCOUNT = "no-account"
    NO_PASSWORD = "no-password"  # noqa: S105 - a reason, not a password
    STILL_LOOKING = "still-looking"
    STILL_REPAIRING = "still-repairing"
    NOT_LOOKED = "not-looked"
    NO_CASE = "no-case"


def _servers(state: WizardState) -> Hindrance | None:
    return None if state.targets else Hindrance.NO_SERVERS


def _sign_in(state: WizardState) -> Hindrance | None:
    if not state.account.username:
        return Hindrance.NO_ACCOUNT
    return None if state.account.ready else Hindrance.NO_PASSWORD


def _check(state: WizardState) -> Hindrance | None:
    if state.looking:
        return Hindrance.STILL_LOOKING
    return None if state.case else Hindrance.NOT_LOOKED


def _findings(state: WizardState) -> Hindrance | None:
    return None if state.case else Hindrance.NO_CASE


def _repair(state: WizardState) -> Hindrance | None:
    if state.repairing:
        return Hindrance.STILL_REPAIRING
    return None if state.case else Hindrance.NO_CASE


RULES: dict[Step, Callable[[WizardState], Hindrance | None]] = {
    Step.SERVERS: _servers,
    Step.SIGN_IN: _sign_in,
    Step.CHECK: _check,
    Step.FINDINGS: _findings,
    Step.DEPLOY: _repair,
    Step.FIX: _repair,
}

PASSED_OVER: dict[Step, Callable[[WizardState], bool]] = {
    Step.FIX: lambda state: not state.plannable and state.repair is None,
    Step.VERIFY: lambda state: state.repair is None,
}
"""Steps of the path that have nothing to show in some states."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The state and the steps visited, last one current. Every move gives a new trail; a move that is not allowed gives the same one."""

    state: WizardState = field(default_factory=WizardState)
    visited: tuple[Step, ...] = field(default=(Step.START,))

    @property
    def step(self) -> Step:
        return self.visited[-1]

    @property
    def path(self) -> tuple[Step, ...]:
        return PATHS[self.state.goal]

    def hindrance(self, step: Step | None = None) -> Hindrance | None:
        """Why `step` (the current one when None) may not be left forwards."""
        rule = RULES.get(step or self.step)
        return rule(self.state) if rule else None

    @property
    def next_step(self) -> Step | None:
        """The step after this one; None on the last."""
        ahead = self.path[self.path.index(self.step) + 1 :]
        return next((step for step in ahead if not self.passes_over(step)), None)

    def passes_over(self, step: Step) -> bool:
        """Whether there is nothing to do in this step as things are."""
        rule = PASSED_OVER.get(step)
        return rule is not None and rule(self.state)

    def with_state(self, state: WizardState) -> "Trail":
        """New knowledge; steps that the goal does not take are dropped from the trail (the first always stays)."""
        path = PATHS[state.goal]
        return Trail(state, tuple(step for step in self.visited if step in path) or (Step.START,))

    def forward(self) -> "Trail":
        following = self.next_step
        if following is None or self.hindrance():
            return self
        return replace(self, visited=(*self.visited, following))

    def back(self) -> "Trail":
        """Shortens the trail and keeps what is known. Not while servers are being asked or changed: cancel first."""
        if len(self.visited) == 1 or self.state.busy:
            return self
        return replace(self, visited=self.visited[:-1])

    def reachable(self, step: Step) -> bool:
        """Whether the rail may lead there now: visited steps, and those for which nothing on the way is missing."""
        if step not in self.path or self.state.busy or self.passes_over(step):
            return step is self.step
        before = self.path[: self.path.index(step)]
        return all(self.hindrance(earlier) is None for earlier in before)

    def jump(self, step: Step) -> "Trail":
        if step is self.step or not self.reachable(step):
            return self
        before = (earlier for earlier in self.path[: self.path.index(step)] if not self.passes_over(earlier))
        return replace(self, visited=(*before, step))

    def done(self, step: Step) -> bool:
        """Whether the rail shows a tick: lies behind, and nothing is missing in it."""
        return step in self.visited[:-1] and self.hindrance(step) is None
