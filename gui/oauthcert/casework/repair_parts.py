"""What a repair is made of: the way to the servers, the person beside it, the journal's place, and its pace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from oauthcert.casework.events import Event, RepairEvent
from oauthcert.casework.limits import Limits
from oauthcert.casework.person import Given, Nobody, Person
from oauthcert.checks.thresholds import Thresholds
from oauthcert.fixes.engine import PAUSES
from oauthcert.fixes.journal import DiskFile, LineFile
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.port import Gateway

Tell = Callable[[Event | RepairEvent], None]

__all__ = ["Given", "Nobody", "Person", "RepairParts", "Tell", "open_on_disk"]


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
