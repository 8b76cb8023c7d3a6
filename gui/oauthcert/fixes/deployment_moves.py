"""What to do about a step that is not finished: one move for one server, with the findings and fixes to plan for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oauthcert.fixes.deployment_board import ARRIVAL, Held, Line, Role
from oauthcert.fixes.deployment_record import Deployment, How
from oauthcert.fixes.deployment_request import Refusal, Refused
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Fact, Finding, Verdict
from oauthcert.model.plan import Manner

ARRIVES_WITHIN = timedelta(minutes=10)
"""How long the configuration may take to a server before more is done about it; usually it is two to five minutes."""
_NEEDS_NEW = ("oauth-key-exportable", "oauth-key-provider", "oauth-strength", "oauth-validity")


@dataclass(frozen=True, slots=True)
class Move:
    """`id` is that of its texts (`deploy.move.<id>.…`). `wanted` is what to plan for; empty where nothing is planned.

    GUIDES without `wanted`: a person does it in the Deployment Wizard and says so; `confirmed`: no server shows whether it was done.
    `since` and `until` (UTC) are set for a wait. `together`: on several servers at once. `aside`: other servers come before it.
    """

    id: str
    step: int
    servers: tuple[str, ...]
    manner: Manner
    wanted: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    confirmed: bool = False
    together: bool = True
    aside: bool = False

    def joined(self, other: "Move") -> "Move":
        """The same for the servers of both; a wait lasts from the first to the last."""
        since = min((one for one in (self.since, other.since) if one is not None), default=None)
        until = max((one for one in (self.until, other.until) if one is not None), default=None)
        servers, wanted = ((*self.servers, *other.servers), (*self.wanted, *other.wanted))
        return replace(self, servers=tuple(dict.fromkeys(servers)), wanted=tuple(dict.fromkeys(wanted)), since=since, until=until)


def _not_there_yet(finding: Finding) -> bool:
    """The local store names a certificate that the server does not find or does not trust."""
    return finding.verdict is Verdict.UNKNOWN and finding.facts.get("reason") == "not-found-or-untrusted"


class Moves:
    """Chooses moves from one look and what is remembered."""

    def __init__(self, situation: Situation, known: Deployment, refused: Refused | None) -> None:
        self._situation, self._known, self._refused = situation, known, refused

    # --- before any step

    def without_home(self, board: Sequence[Line]) -> Move:
        """The server that holds the Central Management Store is not among those looked at: everything begins there."""
        first = next((line for line in board if not line.answers), None)
        if first is not None and not self._situation.deployment.cms.name:
            return self.reach(first)
        name = self._situation.deployment.cms.name
        return Move("add-home", 1, (name,) if name else (), Manner.GUIDES, together=False, facts={"server": name})

    def reach(self, line: Line) -> Move:
        """Nobody can look at this server; the others go on meanwhile, unless it is the first."""
        checks = ("server-reachable", "sign-in-accepted")
        wanted = tuple(
            one.id for check in checks if (one := self._situation.finding(check, line.server)) and one.verdict is not Verdict.PASS
        )
        return Move("reach", 1, (line.server,), Manner.DOES, wanted[:1], aside=line.role is not Role.CENTRAL, together=False)

    def to_be_finished(self, line: Line, held: Held) -> bool:
        """Step 3 is only finished in the Deployment Wizard itself, which then activates the computer; running services prove it."""
        if held.step != 3 or line.server in self._known.finished:
            return False
        return held.finished and not line.at(4).finished

    # --- the steps

    def for_step(self, line: Line, held: Held) -> Move:
        match held.step:
            case 1:
                return self._store(line, held)
            case 2:
                return self._components(line, held)
            case 3:
                return self._certificates(line, held)
        return self._services(line, held)

    def _store(self, line: Line, held: Held) -> Move:
        service = held.open("replica-service")
        if any(one.words == "replica-service.missing" for one in service):
            return self._by_person("run-step-1", 1, line)
        if stopped := [one for one in service if one.verdict is Verdict.FAIL]:
            return self._does("start-replica", 1, line, stopped)
        if absent := [one for one in held.open("local-store-present") if one.verdict is Verdict.FAIL]:
            return self._does("enable-replica", 1, line, absent)
        if blocked := [one for one in held.open("replication-transport") if one.verdict is Verdict.FAIL]:
            return self._does("open-way", 1, line, blocked)
        return self._arrival(line, held)

    def _components(self, line: Line, held: Held) -> Move:
        if not held.findings:  # nothing told yet
            return self._by_person("run-step-2", 2, line)
        move = "install-components" if any(one.words.endswith("services-missing") for one in held.findings) else "mend"
        return self._does(move, 2, line, held.findings, together=False)

    def _certificates(self, line: Line, held: Held) -> Move:
        assigned = held.open("oauth-assigned")
        if any(one.words == "oauth-assigned.none" for one in assigned):
            return self._first_certificate(line, assigned)
        if unfit := [one for one in held.findings if one.check in _NEEDS_NEW and one.verdict is Verdict.FAIL]:
            return self._by_person("certificate-unfit", 3, line, {"findings": tuple(one.id for one in unfit)})
        if held.findings and all(one.check in ARRIVAL or _not_there_yet(one) for one in held.findings):
            return self._arrival(line, held)
        if held.finished:
            return self._by_person("finish-step-3", 3, line, confirmed=True)
        if others := held.open("other-certificates"):
            return self._does("other-certificates", 3, line, others, together=False)
        rest = [one for one in held.findings if one.check not in ARRIVAL] or list(held.findings)
        return self._does("mend", 3, line, rest)

    def _first_certificate(self, line: Line, assigned: Sequence[Finding]) -> Move:
        """Only ever on the Central Management Server, and only when nothing speaks against it."""
        refused, ids = self._refused, tuple(one.id for one in assigned)
        if refused is None:
            return Move("request-certificate", 3, (line.server,), Manner.DOES, (*ids, "request-oauth"), together=False)
        facts: dict[str, Fact] = {"server": refused.server, "thumbprint": refused.thumbprint, "servers": refused.servers}
        if self._known.request is not None:
            facts |= {"asked_on": self._known.request.server, "number": self._known.request.number}
        match refused.why:
            case Refusal.CANDIDATE:
                return Move("assign-certificate", 3, (line.server,), Manner.DOES, (*ids, "assign-oauth"), facts, together=False)
            case Refusal.WAITING if self._known.request is not None and self._known.request.text:
                return Move("finish-request", 3, (line.server,), Manner.DOES, (*ids, "request-oauth"), facts, together=False)
        where = refused.server or line.server
        return Move(f"request-{refused.why.value}", 3, (where,), Manner.GUIDES, facts=facts, together=False)

    def _services(self, line: Line, held: Held) -> Move:
        wrong = [one for one in held.findings if one.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
        if not wrong and held.findings:
            started = self._known.last_sent(line.server)
            since = started.when if started is not None else self._situation.now
            return self._wait("starting", 4, line, since)
        if not wrong:
            return self._by_person("run-step-4", 4, line)
        names = tuple(dict.fromkeys(one.fixes[0] for one in wrong if one.fixes))
        starts = bool(names) and set(names) <= {"start-services", "start-cms-services"}
        return self._does("start-services" if starts else "mend", 4, line, wrong, fixes=names if starts else ())

    # --- what comes by itself

    def _arrival(self, line: Line, held: Held) -> Move:
        """Waits as long as it may take; then asks for it, then brings it over by hand, then says what is wrong."""
        findings = [one for one in held.findings if one.check in ARRIVAL]
        sent, now = self._known.last_sent(line.server), self._situation.now
        # Between the configuration and the certificate a store names what is not there yet: that cannot be read, and passes.
        coming = bool(findings) and all(one.check in ARRIVAL or _not_there_yet(one) for one in held.findings)
        if coming and sent is not None and now < sent.when + ARRIVES_WITHIN:
            return self._wait("replication", held.step, line, sent.when)
        if held.unseen or not findings:
            return self._does("mend", held.step, line, held.findings)
        young = self._assigned_at()
        if sent is None and young is not None and now < young + ARRIVES_WITHIN and all(one.verdict is Verdict.WARN for one in findings):
            return self._wait("replication", held.step, line, young)
        how = None if sent is None else sent.how
        late = [one for one in findings if "force-replication" in one.fixes] or findings
        if how in (None, How.RUNNING):
            return self._does("force-replication", held.step, line, late, fixes=("force-replication",))
        old = [one for one in findings if "refresh-local-store" in one.fixes]
        if how is How.FORCED and old and line.role is not Role.CENTRAL:
            return self._does("refresh-local-store", held.step, line, old, fixes=("refresh-local-store",))
        return self._does("force-replication-again", held.step, line, late, fixes=("force-replication",))

    def _assigned_at(self) -> datetime | None:
        return self._situation.deployment.assigned_at()

    def _wait(self, name: str, step: int, line: Line, since: datetime) -> Move:
        return Move(name, step, (line.server,), Manner.WAITS, since=since, until=since + ARRIVES_WITHIN)

    def _does(
        self, name: str, step: int, line: Line, findings: Sequence[Finding], *, fixes: Sequence[str] = (), together: bool = True
    ) -> Move:
        wanted = (*(one.id for one in findings), *fixes)
        facts: dict[str, Fact] = {"findings": tuple(one.id for one in findings)}
        return Move(name, step, (line.server,), Manner.DOES, wanted, facts, together=together)

    def _by_person(self, name: str, step: int, line: Line, facts: Mapping[str, Fact] | None = None, *, confirmed: bool = False) -> Move:
        return Move(name, step, (line.server,), Manner.GUIDES, facts=facts or {}, confirmed=confirmed, together=False)
