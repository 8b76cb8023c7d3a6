"""What a repair is made of: the way to the servers, the person beside it, the journal's place, and its pace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from oauthcert.casework.events import Event, RepairEvent
from oauthcert.casework.limits import Limits
from oauthcert.checks.thresholds import Thresholds
from oauthcert.fixes.engine import PAUSES
from oauthcert.fixes.journal import DiskFile, LineFile
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Ask, Step
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.port import Gateway

Tell = Callable[[Event | RepairEvent], None]
Given = str | Secret | bytes


class Person(Protocol):
    """Whoever sits in front of the repair. Called in the thread of the repair, which waits; both give up soon when `token` is cancelled."""

    def has_done(self, step: Step, token: CancelToken) -> bool:
        """Whether the step that a person does has been done; asked again while the servers do not show it. False leaves the step out."""

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        """The answer to a question that was still open when the plan was begun; None leaves out the steps that need it."""


class Nobody:
    """Nobody is there: what a person would have to do or to say is left out."""

    def has_done(self, step: Step, token: CancelToken) -> bool:
        del step, token
        return False

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        del ask, token
        return None


def open_on_disk(file: Path, new: bool) -> LineFile:
    return DiskFile(file, new=new)


@dataclass(frozen=True, slots=True)
class RepairParts:
    """`poll_seconds` lie between two looks of a step that waits, `look_pauses` before each further try to see what became of a change.

    `hide` is told every secret before it is used, so that no log shows it. `open_journal` opens the file of a run, a new one when the
    second argument says so; raises OSError.
    """

    gateway: Gateway
    credential: Callable[[Target], Credential | None]
    journal_dir: Path
    now: Callable[[], datetime]
    person: Person
    limits: Limits = field(default_factory=Limits)
    thresholds: Thresholds | None = None
    poll_seconds: float = 5.0
    look_pauses: tuple[float, ...] = PAUSES
    lanes: int = 8
    hide: Callable[[Secret], None] = lambda _secret: None
    open_journal: Callable[[Path, bool], LineFile] = open_on_disk
