"""What is to be done about findings: steps in order, each with what it runs, what that does and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oauthcert.model.finding import Fact


class Consent(StrEnum):
    """What the operator has to agree to, weakest first. DISRUPTIVE drops users or restarts something; IRREVERSIBLE has no way back."""

    LOOK = "look"
    CHANGE = "change"
    DISRUPTIVE = "disruptive"
    IRREVERSIBLE = "irreversible"

    @property
    def rank(self) -> int:
        return tuple(Consent).index(self)


class Manner(StrEnum):
    """DOES: the tool runs it. GUIDES: a person does it, the tool looks afterwards. WAITS: nothing changes, something has to arrive."""

    DOES = "does"
    GUIDES = "guides"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class FromStep:
    """An argument that an earlier step brings: `field` of its `after`. `secret`: it is never shown, logged or written down."""

    step: str
    field: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class FromAsk:
    """An argument that the operator gives, by the id of the question."""

    ask: str


@dataclass(frozen=True, slots=True)
class Action:
    """One call of a function in resources/powershell/fixes. Argument values: as in a Question, or Secret, FromStep, FromAsk.

    `seconds` is its deadline on the server.
    """

    function: str
    scripts: tuple[str, ...]
    arguments: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on one server. `id` is `<fix>@<server>/<number>`, unique in its plan.

    `words` is the id of its texts in `steps.toml` (title, effect, undo, notice; for GUIDES also `do`), filled by `facts`. `needs` are ids
    of the rights and ways it takes (`server-admins`, `local-administrator`, `second-hop`, `enroll`). `settles` are the findings that have
    to pass when it is done; a step that WAITS ends when they all do, at the latest after `longest_seconds`. `wide`: it changes the whole
    deployment, so that nothing else may run meanwhile. `undo` takes `before` and `after` of the step as FromStep of this very step.
    """

    id: str
    fix: str
    server: str
    manner: Manner
    words: str
    consent: Consent
    facts: Mapping[str, Fact] = field(default_factory=dict)
    action: Action | None = None
    undo: Action | None = None
    needs: tuple[str, ...] = ()
    typical_seconds: float = 10.0
    longest_seconds: float = 120.0
    settles: tuple[str, ...] = ()
    wide: bool = False


class AskKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    FILE = "file"
    SECRET = "secret"  # noqa: S105 - a kind of question
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Ask:
    """Something only the operator knows. `words` is the id of its texts; `default` and `choices` as text (a MOMENT in ISO 8601, UTC)."""

    id: str
    fix: str
    kind: AskKind
    words: str
    default: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding for which the plan does nothing, and why (an id of a text): what explains it goes first, nothing can be done, …"""

    finding: str
    reason: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order they run. `made` in UTC. `asks` are still to be answered before the steps that need them can run."""

    made: datetime
    steps: tuple[Step, ...]
    asks: tuple[Ask, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def consent(self) -> Consent:
        """The strongest that any step takes."""
        return max((step.consent for step in self.steps), key=lambda consent: consent.rank, default=Consent.LOOK)

    def step(self, step_id: str) -> Step:
        """Raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
