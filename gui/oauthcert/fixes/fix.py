"""What a repair is before it is planned: its id, its manner, what it takes, what it may settle, and who plans it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding
from oauthcert.model.plan import Ask, Consent, LeftOut, Manner, Step

SERVER_ADMINS = "server-admins"
LOCAL_ADMINISTRATOR = "local-administrator"
SECOND_HOP = "second-hop"
ENROLL = "enroll"


class Stage(IntEnum):
    """When a step has its turn: what hinders looking first; what needs configuration and certificate waits until they have arrived."""

    REACH = 0
    TIME = 1
    SERVICES = 2
    REPLICATION = 3
    CERTIFICATES = 4
    REQUEST = 5
    ASSIGN = 6
    WAIT = 7
    PRODUCT = 8
    LAST = 9


@dataclass(frozen=True, slots=True)
class Placed:
    """A step and its turn; steps of the same stage keep the order in which they were planned."""

    stage: Stage
    step: Step


@dataclass(frozen=True, slots=True)
class Outline:
    """What one fix does about some findings. `not_for` are ids of findings that it does not fit, so that the next one is tried."""

    steps: tuple[Placed, ...] = ()
    asks: tuple[Ask, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    not_for: tuple[str, ...] = ()


class Planner(Protocol):
    """Pure. `findings` are those the fix was chosen for, in reading order; none when it was asked for by its own name."""

    def __call__(self, situation: Situation, fix: "Fix", findings: Sequence[Finding]) -> Outline: ...


@dataclass(frozen=True, slots=True)
class Fix:
    """`settles` are the checks it may make pass, `needs` the rights and ways it takes, `consent` the strongest its steps may take.

    `standing`: it may be asked for though nothing is wrong (a renewal before it is due).
    """

    id: str
    manner: Manner
    consent: Consent
    stage: Stage
    needs: tuple[str, ...]
    settles: tuple[str, ...]
    planner: Planner
    standing: bool = False
