"""What a look and a repair tell while they run. Events of one server come in order; those of different servers mix."""

from dataclasses import dataclass
from datetime import datetime

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding
from oauthcert.model.repair import Repair, StepResult


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


@dataclass(frozen=True, slots=True)
class RepairStarted:
    """A plan is being carried out; `run` is its id in the journal."""

    run: str


@dataclass(frozen=True, slots=True)
class StepStarted:
    """The turn of this step (its id) has come. For a step that a person does: it is to be shown now."""

    step: str


@dataclass(frozen=True, slots=True)
class StepSaid:
    """Something worth a line in the log: what the server noted, as plain text."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class StepWaiting:
    """The servers were looked at again. `seen` are the findings waited for, as they stand now; `until` is when the wait gives up. UTC."""

    step: str
    since: datetime
    until: datetime
    seen: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StepEnded:
    """Nothing more will come from this step."""

    result: StepResult


@dataclass(frozen=True, slots=True)
class VerifyStarted:
    """All steps are over; these servers are looked at again."""

    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repaired:
    """The last event of a repair."""

    repair: Repair


RepairEvent = RepairStarted | StepStarted | StepSaid | StepWaiting | StepEnded | VerifyStarted | Repaired
