"""What a look tells while it runs. Events of one server come in order; those of different servers mix."""

from dataclasses import dataclass

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Started:
    """These servers will be looked at."""

    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connecting:
    """The turn of this server has come."""

    server: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A probe has answered, or failed (`ok` False). `done` of `total` probes of this server have answered so far."""

    server: str
    probe: str
    ok: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ServerFinished:
    """Nothing more will come from this server. `reason` says why it did not answer everything, None when it did."""

    server: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Provisional:
    """Findings that are new or have changed since they were last told; the last word comes with the case."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The last event: all that was seen has been judged."""

    case: Case


Event = Started | Connecting | Answered | ServerFinished | Provisional | Judged
