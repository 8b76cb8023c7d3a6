"""What the product stands on in one simulated server, and what went on there beside the replication."""

from dataclasses import dataclass, field
from datetime import datetime

from oauthcert.lab.timed import Timed


@dataclass(frozen=True, slots=True)
class Note:
    """An event that a scenario puts into a log. `level` 2 error, 3 warning, 4 information; `when` in true time."""

    when: datetime
    log: str
    provider: str
    id: int
    level: int
    text: str


@dataclass(slots=True)
class Ground:
    """`dot_net_release` None: what the product version comes with. `schannel` holds settings by name, none by default.

    `web_since`: the web site publishes what it had read by then; None: it reads every change.
    """

    free_megabytes: int = 61440
    dot_net_release: int | None = None
    schannel: dict[str, int] = field(default_factory=dict)
    web_since: Timed[datetime | None] = field(default_factory=lambda: Timed[datetime | None](None))
    notes: list[Note] = field(default_factory=list)
