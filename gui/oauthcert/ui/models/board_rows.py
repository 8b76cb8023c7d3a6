"""The board as plain values: which light stands where, and how far each server is. No Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from oauthcert.checks.check import Scope
from oauthcert.checks.table import CHECKS
from oauthcert.collect.probes import probes_of
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.target import Target

PROBLEMS = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN})
_WORST_FIRST = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)


class Stage(StrEnum):
    """IDLE: nothing asked in this run. QUEUED: its turn has not come yet. FINISHED: nothing more will come."""

    IDLE = "idle"
    QUEUED = "queued"
    ASKING = "asking"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Light:
    """One cell with a check in it. `verdict` is None until there is an answer; `stale` while the server is being asked again."""

    check: str
    verdict: Verdict | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A column of lights: its group, the check it shows for servers, and the one for the whole deployment, if there is one."""

    group: str
    check: str
    deployment_check: str | None

    def check_for(self, server: str | None) -> str | None:
        return self.deployment_check if server is None else self.check


def places(groups: Mapping[str, tuple[str, ...]]) -> tuple[Place, ...]:
    """The columns, left to right. Checks of the deployment share the columns of their group, so that no column is empty on all servers."""
    whole = {check.id for check in CHECKS if check.scope is Scope.DEPLOYMENT}
    found: list[Place] = []
    for group, checks in groups.items():
        single = [check for check in checks if check not in whole]
        common = [check for check in checks if check in whole]
        for number, check in enumerate(single):
            found.append(Place(group, check, common[number] if number < len(common) else None))
    return tuple(found)


@dataclass(slots=True)
class Row:
    """One server, or the deployment when `server` is None. `probes` are the questions it is asked, in their order; `stale` are checks
    whose finding is from the look before."""

    server: str | None
    probes: tuple[str, ...] = ()
    findings: dict[str, Finding] = field(default_factory=dict)
    stage: Stage = Stage.IDLE
    answered: set[str] = field(default_factory=set)
    reason: str | None = None
    stale: set[str] = field(default_factory=set)
    looked_at: datetime | None = None

    @property
    def total(self) -> int:
        """How many answers are, or were, to be expected: a server that is done with brings no more."""
        return len(self.answered) if self.stage is Stage.FINISHED else len(self.probes)

    @property
    def waits_for(self) -> str | None:
        """The probe whose answer comes next; a server answers in the order of the questions."""
        return next((probe for probe in self.probes if probe not in self.answered), None)

    @property
    def has_problem(self) -> bool:
        return any(finding.verdict in PROBLEMS for finding in self.findings.values())

    def worst_check(self, order: Iterable[str | None]) -> str | None:
        """The first of these checks with the worst verdict there is; None where nothing is wrong."""
        checks = [check for check in order if check in self.findings]
        for verdict in _WORST_FIRST:
            for check in checks:
                if check is not None and self.findings[check].verdict is verdict:
                    return check
        return None

    def badness(self) -> tuple[int, ...]:
        """Greater is worse: failures, then warnings, then what could not be looked at."""
        verdicts = [finding.verdict for finding in self.findings.values()]
        return tuple(verdicts.count(verdict) for verdict in _WORST_FIRST)

    def ask(self) -> None:
        """Its turn will come; what is known stays, as old."""
        self.stage, self.answered, self.reason = Stage.QUEUED, set(), None
        self.stale = set(self.findings)


def rows_of(targets: Iterable[Target]) -> list[Row]:
    """The deployment first, then the servers in the order given."""
    return [Row(None), *(Row(target.name, tuple(probe.id for probe in probes_of(target))) for target in targets)]
