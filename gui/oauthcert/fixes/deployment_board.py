"""Steps 1 to 4 of every server as the findings show them: which are finished, and what holds the others up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from oauthcert.checks.check import Group
from oauthcert.checks.table import CHECKS
from oauthcert.checks.view import ServerView
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding, Verdict

STEPS = (1, 2, 3, 4)
_NUMBERS = {Group.STEP_1: 1, Group.STEP_2: 2, Group.STEP_3: 3, Group.STEP_4: 4}
# The Deployment Wizard starts MASTER and FTA together with the other services: what they lack is no fault of Step 1.
_STEP_OF: Mapping[str, int] = {check.id: _NUMBERS[check.group] for check in CHECKS if check.group in _NUMBERS} | {"cms-master": 4}
_OF_DEPLOYMENT = ("cms-master", "oauth-assigned", "oauth-single")
ARRIVAL = ("local-store-current", "replication-up-to-date", "replication-arrived", "oauth-in-store")
"""Checks that pass by themselves once the configuration has come through."""
_STARTING = ("services-started.still-starting",)


class Role(StrEnum):
    """In the order to work on them. CENTRAL holds the Central Management Store; OTHER is no server of the product."""

    CENTRAL = "central"
    FRONT_END = "front-end"
    EDGE = "edge"
    OTHER = "other"


class CellState(StrEnum):
    """NOW: to be done now. WAITING: it comes by itself. LATER: something else comes first. UNSEEN: nobody could look."""

    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    LATER = "later"
    NOT_NEEDED = "not-needed"
    UNSEEN = "could-not-look"


@dataclass(frozen=True, slots=True)
class Held:
    """One step of one server: `findings` hold it up (none: finished), `needed` is False where the server has no such step.

    `told` is False where nothing says yet whether it is finished, since something before it is not.
    """

    step: int
    findings: tuple[Finding, ...] = ()
    needed: bool = True
    told: bool = True

    @property
    def finished(self) -> bool:
        return not self.findings and self.told

    @property
    def unseen(self) -> bool:
        """Nothing is known to be wrong, but not everything could be looked at."""
        return bool(self.findings) and all(one.verdict is Verdict.UNKNOWN for one in self.findings)

    def open(self, *checks: str) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.check in checks)


@dataclass(frozen=True, slots=True)
class Line:
    """One server with its four steps."""

    server: str
    role: Role
    steps: tuple[Held, ...]
    answers: bool = True

    def at(self, step: int) -> Held:
        return self.steps[step - 1]

    @property
    def finished(self) -> bool:
        return all(held.finished for held in self.steps if held.needed)


def lines(situation: Situation) -> tuple[Line, ...]:
    """The server that holds the Central Management Store first, then Front Ends and what else needs the certificate, then Edges."""
    by_server: dict[str | None, list[Finding]] = {}
    for finding in situation.case.findings:
        by_server.setdefault(finding.server, []).append(finding)
    home = situation.cms
    made = [_line(situation, view, by_server.get(view.name, []), by_server.get(None, []), home) for view in situation.deployment.servers]
    order = tuple(Role)
    return tuple(sorted(made, key=lambda line: order.index(line.role)))


def _line(situation: Situation, view: ServerView, own: Sequence[Finding], shared: Sequence[Finding], home: ServerView | None) -> Line:
    central = view is home
    role = Role.CENTRAL if central else Role.EDGE if view.edge else Role.OTHER if view.lync is False else Role.FRONT_END
    common = [one for one in shared if _concerns(one, view, central=central)]
    steps = tuple(_held(situation, number, [one for one in (*common, *own) if _STEP_OF.get(one.check) == number], role) for number in STEPS)
    return Line(view.name, role, steps, answers=view.unanswered is None)


def _concerns(finding: Finding, view: ServerView, *, central: bool) -> bool:
    """What concerns the deployment is done on the Central Management Server; without a certificate nobody gets past Step 3."""
    if finding.check == "oauth-assigned":
        return view.needs_oauth is not False and view.lync is not False
    return finding.check in _OF_DEPLOYMENT and central


def _held(situation: Situation, number: int, findings: Sequence[Finding], role: Role) -> Held:
    if role is Role.OTHER:
        return Held(number, needed=False)
    asked = [one for one in findings if one.server is not None] or list(findings)
    needed = any(one.words.partition(".")[2] != Verdict.NOT_APPLICABLE.value for one in asked)
    holding = tuple(one for one in findings if _holds_up(one) and not _from_later(situation, one, number, role))
    seen = [one for one in findings if one.verdict in (Verdict.PASS, Verdict.WARN)]
    return Held(number, holding, needed, told=bool(seen or holding) and not _waits_for_another(findings))


def _holds_up(finding: Finding) -> bool:
    """A warning does when it is about something that is on its way; other warnings can wait until the deployment runs."""
    if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        return True
    return finding.verdict is Verdict.WARN and (finding.check in ARRIVAL or finding.words in _STARTING)


def _waits_for_another(findings: Sequence[Finding]) -> bool:
    """Components that are not installed cannot have been started."""
    return any(one.words == "services-started.not-installed" for one in findings)


def _from_later(situation: Situation, finding: Finding, number: int, role: Role) -> bool:
    """On the Central Management Server a later step may be what this waits for: replication begins with the services of Step 4."""
    if role is not Role.CENTRAL:
        return False
    seen: set[str] = set()
    above = list(finding.because)
    while above:
        one = situation.findings.get(above.pop())
        if one is None or one.id in seen:
            continue
        seen.add(one.id)
        mine = one.server in (None, finding.server)
        if mine and _STEP_OF.get(one.check, 0) > number:
            return True
        above += one.because
    return False
