"""The figures that monitoring systems keep: what of a case can be drawn over time, found by the names of the facts.

A fact's name carries its unit, so that a new check with such facts is measured without being listed here.
"""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict

STATES = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.FAIL: 2, Verdict.UNKNOWN: 3}
"""As the exit codes; what is not applicable has no state."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """A certificate that checks judged by its end. `days_left` is negative when it is over; `ends` only where its date is known."""

    check: str
    thumbprint: str
    days_left: float
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Offset:
    """A server's clock minus the reference, true within ± `error_seconds` as far as that is known."""

    server: str
    seconds: float
    error_seconds: float | None


def verdict_counts(case: Case) -> dict[Verdict, int]:
    """Every verdict, those that nothing has too."""
    found = Counter(finding.verdict for finding in case.findings)
    return {verdict: found[verdict] for verdict in Verdict}


def expiries(case: Case) -> tuple[Expiry, ...]:
    """Each certificate once for every check that judged it, the one that ends first in front; of several servers the worst word counts."""
    found: dict[tuple[str, str], Expiry] = {}
    for finding in case.findings:
        days, thumbprint = _number(finding, "days_left"), finding.facts.get("thumbprint")
        if days is None or not isinstance(thumbprint, str) or not thumbprint:
            continue
        known = found.get((finding.check, thumbprint))
        if known is None or days < known.days_left:
            found[finding.check, thumbprint] = Expiry(finding.check, thumbprint, days, _moment(finding.facts.get("not_after")))
    return tuple(sorted(found.values(), key=lambda one: (one.days_left, one.check, one.thumbprint)))


def offsets(case: Case) -> tuple[Offset, ...]:
    """One for every server whose clock was measured, the one that is furthest off in front."""
    found: dict[str, Offset] = {}
    for finding in case.findings:
        seconds = _number(finding, "offset_seconds")
        if seconds is not None and finding.server is not None:
            found.setdefault(finding.server, Offset(finding.server, seconds, _number(finding, "error_seconds")))
    return tuple(sorted(found.values(), key=lambda one: (-abs(one.seconds), one.server)))


def _number(finding: Finding, name: str) -> float | None:
    value = finding.facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 and math.isfinite(value) else None


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return None if moment is None or moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
