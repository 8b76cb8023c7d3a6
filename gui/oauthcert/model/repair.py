"""What became of a plan: one result for each step that was begun, and the case before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oauthcert.model.case import Case
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Plan


class Outcome(StrEnum):
    """How a step ended. UNCERTAIN: the answer was lost, nobody knows yet whether the change was made; neither done nor not done."""

    CHANGED = "changed"
    ALREADY = "already"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    ARRIVED = "arrived"
    STILL_ON_ITS_WAY = "still-on-its-way"
    BY_HAND = "by-hand"
    SKIPPED = "skipped"
    UNDONE = "undone"

    @property
    def good(self) -> bool:
        return self in (Outcome.CHANGED, Outcome.ALREADY, Outcome.ARRIVED, Outcome.BY_HAND, Outcome.UNDONE)


@dataclass(frozen=True, slots=True)
class StepResult:
    """`reason` is an id of a text when it did not go well; `before` and `after` are what the server said, without secrets. Times in UTC."""

    step: str
    outcome: Outcome
    started: datetime
    finished: datetime
    reason: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    before: Mapping[str, Fact] = field(default_factory=dict)
    after: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """`after` is None while nothing was judged again. `run` is its id in the journal; "" for a plan that was not applied."""

    plan: Plan
    results: tuple[StepResult, ...]
    before: Case
    after: Case | None = None
    run: str = ""

    @property
    def went_well(self) -> bool:
        """Every step was begun and ended well."""
        return len(self.results) == len(self.plan.steps) and all(result.outcome.good for result in self.results)
