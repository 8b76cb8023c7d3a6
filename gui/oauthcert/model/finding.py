"""What was judged: findings, and the causes that explain them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Fact = str | int | float | bool | None | tuple[str, ...]


class Verdict(StrEnum):
    """UNKNOWN is "could not look", always with a reason; it is never shown or counted as FAIL."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one check about one server, or about the deployment when `server` is None.

    `words` is the id of its texts (`<check>.<variant>`); `facts` are what it was judged from and fill the texts: names carry the
    unit (`age_minutes`, `offset_seconds`), times are ISO 8601 in UTC. `because` holds ids of findings that explain this one.
    `fixes` are fix ids on offer, in the order to try.
    """

    check: str
    server: str | None
    verdict: Verdict
    severity: Severity
    words: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    because: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.check}@{self.server or 'deployment'}"


@dataclass(frozen=True, slots=True)
class Cause:
    """A finding that nothing else explains, with the ids of all findings it explains, nearest first."""

    finding: str
    explains: tuple[str, ...] = ()
