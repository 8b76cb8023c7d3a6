"""What was seen on a server, or why it could not be seen. Typed, flat, all times in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """The look succeeded."""

    value: T


@dataclass(frozen=True, slots=True)
class NotSeen:
    """The look did not succeed. `reason` is a words id (`refused`, `timed-out`, `access-denied`, …), `facts` fill its text.

    Never means "missing": a thing that is known not to be there is Seen with an empty value.
    """

    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A PowerShell error record, flattened. Category, id and type are the same in every language of Windows, the message is not."""

    category: str
    id: str
    type: str = ""
    message: str = ""
    hresult: int = 0
    target: str = ""
    inner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one probe printed. `value` is a list of flat objects; empty when it found nothing or failed."""

    probe: str
    ok: bool
    value: tuple[JsonValue, ...] = ()
    fault: Fault | None = None
    errors: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    milliseconds: int = 0


ON_THE_SPOT = "evidence"
"""Stands as scheme and method where nobody connected: a person ran the collector on the server, and its answers came in a file."""


@dataclass(frozen=True, slots=True)
class ReachSeen:
    """WS-Management answered at this address; or the evidence file of this name holds the answers (scheme ON_THE_SPOT, port 0)."""

    address: str
    port: int
    scheme: str


@dataclass(frozen=True, slots=True)
class SignInSeen:
    """The server accepted this account."""

    username: str
    method: str


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """The server's clock minus the workstation's, in seconds, true within ± error_seconds. From HTTP Date headers.

    `jumped_seconds` is the largest jump of the server's clock between two answers: at least that far forward (negative: back); 0 for none.
    """

    offset_seconds: float
    error_seconds: float
    samples: int
    jumped_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TlsSeen:
    """The certificate a TLS server showed. `sha256` is 64 lower-case hex digits; times in UTC."""

    sha256: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one look at one server brought, as it came; it is what a saved case keeps.

    `reach`, `sign_in` and `clock` come from the connection, `answers` (by probe id) from the round. `lost` says why probes
    without an answer have none (connection cut, deadline, cancelled); None when the round ran to its end.
    """

    server: str
    reach: Seen[ReachSeen] | NotSeen
    sign_in: Seen[SignInSeen] | NotSeen
    clock: Seen[ClockSeen] | NotSeen
    answers: Mapping[str, Answer] = field(default_factory=dict)
    lost: NotSeen | None = None
    tls: TlsSeen | None = None
    started: datetime | None = None
    finished: datetime | None = None
