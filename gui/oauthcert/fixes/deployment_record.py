"""What is remembered of a first deployment between two runs of the program: values only, and no secret among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from oauthcert.model.plan import Step
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.target import Target

EVERYWHERE = "*"
"""In place of a server: all that take part in replication."""
REQUESTING = frozenset({"Request-OAuthCertificate", "New-OAuthSigningRequest"})
_COMPLETING = "Complete-OAuthSigningRequest"
_ASSIGNING = "Set-OAuthAssignment"
_GOES = (Outcome.CHANGED, Outcome.ALREADY)
_NOT_MADE = (Outcome.REFUSED, Outcome.FAILED, Outcome.SKIPPED, Outcome.UNDONE)


class RequestState(StrEnum):
    """BEGUN: sent or about to be, its end was not seen. WAITING: an answer of the authority is to come. MADE: the certificate is there."""

    BEGUN = "begun"
    WAITING = "waiting"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Requested:
    """The one certificate request. `text` is what a person carries to the authority, `number` what the authority calls it."""

    server: str
    when: datetime
    state: RequestState
    thumbprint: str = ""
    text: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which certificate was assigned, where and when (UTC)."""

    server: str
    thumbprint: str
    when: datetime


class How(StrEnum):
    """What set the configuration going to a server, gentlest first."""

    RUNNING = "running"
    FORCED = "forced"
    LOADED = "loaded"

    @property
    def rank(self) -> int:
        return tuple(How).index(self)


@dataclass(frozen=True, slots=True)
class Sent:
    """The configuration was set going to `server` (EVERYWHERE: to all) at `when` (UTC)."""

    server: str
    when: datetime
    how: How


@dataclass(frozen=True, slots=True)
class Deployment:
    """`finished` are servers on which the operator said that Step 3 is finished; `source` as in Case. Names as in the targets."""

    begun: datetime
    targets: tuple[Target, ...]
    account: str = ""
    method: str = ""
    source: str = "live"
    request: Requested | None = None
    assigned: Assigned | None = None
    sent: tuple[Sent, ...] = ()
    finished: frozenset[str] = field(default=frozenset())

    def shares(self, targets: Sequence[Target], source: str) -> bool:
        """Whether these servers belong to this deployment: one in common will do, since lists grow while one deploys."""
        mine = {target.name for target in self.targets}
        return source == self.source and any(target.name in mine for target in targets)

    def last_sent(self, server: str) -> Sent | None:
        """What was last set going to this server."""
        mine = [one for one in self.sent if one.server in (server, EVERYWHERE)]
        return max(mine, key=lambda one: (one.when, one.how.rank), default=None)

    def with_finished(self, servers: Sequence[str]) -> "Deployment":
        return replace(self, finished=self.finished | frozenset(servers))

    def requesting(self, step: Step, now: datetime) -> "Deployment":
        """Before it is sent: whatever becomes of this program, it is known that somebody asked for a certificate."""
        return replace(self, request=Requested(step.server, now, RequestState.BEGUN))

    def with_result(self, step: Step, result: StepResult) -> "Deployment":
        """What a step of a repair brought."""
        function = step.action.function if step.action is not None else ""
        if function in REQUESTING:
            return replace(self, request=self._requested(step, result))
        if result.outcome not in _GOES:
            return self
        if function == _COMPLETING and self.request is not None:
            made = replace(self.request, state=RequestState.MADE, thumbprint=_text(result.after, "thumbprint"), text="")
            return replace(self, request=made)
        if function == _ASSIGNING:
            assigned = Assigned(step.server, _text(result.after, "thumbprint"), result.finished)
            return replace(self, assigned=assigned, sent=_with(self.sent, (EVERYWHERE,), result.finished, How.RUNNING))
        servers, how = _sent(step, function)
        return replace(self, sent=_with(self.sent, servers, result.finished, how)) if servers else self

    def _requested(self, step: Step, result: StepResult) -> Requested | None:
        """An answer that was lost leaves it begun; what certainly was not made was never requested."""
        before = self.request or Requested(step.server, result.started, RequestState.BEGUN)
        if result.outcome in _NOT_MADE:
            return None
        if result.outcome not in _GOES:
            return before
        after = result.after
        thumbprint = _text(after, "thumbprint")
        if thumbprint:
            return replace(before, server=step.server, state=RequestState.MADE, thumbprint=thumbprint)
        return replace(
            before, server=step.server, state=RequestState.WAITING, text=_text(after, "request"), number=_text(after, "requestId")
        )


def _sent(step: Step, function: str) -> tuple[tuple[str, ...], How]:
    """To whom a step set the configuration going, and how."""
    arguments: Mapping[str, object] = step.action.arguments if step.action is not None else {}
    match function:
        case "Start-StoppedService" if arguments.get("Name") in ("MASTER", "FTA"):
            return (EVERYWHERE,), How.RUNNING
        case "Start-StoppedService" if arguments.get("Name") == "REPLICA":
            return (step.server,), How.RUNNING
        case "Enable-LocalReplica":
            return (step.server,), How.RUNNING
        case "Invoke-ConfigurationReplication":
            named = step.facts.get("servers")
            return (named if isinstance(named, tuple) and named else (EVERYWHERE,)), How.FORCED
        case "Import-LocalConfiguration":
            return (step.server,), How.LOADED
    return (), How.RUNNING


def _with(sent: Sequence[Sent], servers: Sequence[str], when: datetime, how: How) -> tuple[Sent, ...]:
    """The newest of each kind for each server; older ones tell nothing any more."""
    kept = [one for one in sent if one.how is not how or one.server not in servers]
    return (*kept, *(Sent(server, when, how) for server in servers))


def _text(facts: Mapping[str, object], name: str) -> str:
    value = facts.get(name)
    return "" if value is None else str(value)
