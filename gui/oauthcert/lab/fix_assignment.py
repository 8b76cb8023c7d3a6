"""The simulated fixes that assign: now, for later, and away with the previous one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oauthcert.lab.errors import CmdletError, ErrorRecord
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Load, Placed, StoreName
from oauthcert.lab.replication import OauthAssignment
from oauthcert.lab.stamps import utc

UNREADABLE = "unreadable"
LEAD = timedelta(hours=24)
"""How long before it is used a staged certificate has to be there (lync.md B1)."""
_SET = "Microsoft.Rtc.Management.Certificates.SetCertificateCmdlet"
_REMOVE = "Microsoft.Rtc.Management.Certificates.RemoveCertificateCmdlet"


def set_oauth_assignment(doing: Doing) -> Result:
    """Set-OAuthAssignment: for the whole deployment, at once."""
    before = _assignment(doing)
    wanted = doing.thumbprint()
    state = assignment_state(doing)
    if wanted and state.thumbprint == wanted and state.staged is None:
        return already(before)
    reason = _meanwhile(doing) or _unfit(doing, wanted)
    if reason:
        return refused(reason, before)
    if doing.preview:
        return preview(before)
    _assign(doing, wanted, None)
    return changed(before, _assignment(doing), (_report(doing, "Set-CsCertificate"),))


def add_staged_oauth(doing: Doing) -> Result:
    """Add-StagedOAuth: the deployment uses it from EffectiveDate on."""
    before = _staged(doing)
    wanted, effective = doing.thumbprint(), _moment(doing, "EffectiveDate")
    staged = before["stagedThumbprint"] == wanted and before["effectiveDate"] == utc(effective)
    if staged or (wanted and before["thumbprint"] == wanted):
        return already(before)
    reason = _meanwhile(doing) or _unfit(doing, wanted) or _untimely(doing, wanted, effective)
    if reason:
        return refused(reason, before)
    if doing.preview:
        return preview(before)
    _assign(doing, wanted, effective)
    return changed(before, _staged(doing), (_report(doing, "Set-CsCertificate"),))


def remove_previous_oauth(doing: Doing) -> Result:
    """Remove-PreviousOAuth: the deployment forgets the certificate it used before."""
    change = doing.deployment.local_assignment(doing.machine, doing.moment)
    state = assignment_state(doing)
    previous = state.previous
    before: Facts = {"previousThumbprint": previous}
    if previous is None or change is None or change.oauth is None:
        return already(before)
    if previous != doing.thumbprint("ExpectedPrevious") or state.staged is not None:
        return refused("changed-meanwhile", before)
    if doing.preview:
        return preview(before)
    doing.at.may_use_central_store("Remove-CsCertificate", _REMOVE)
    own = change.oauth
    kept = OauthAssignment(own.certificate, None, own.by, own.key, own.effective, own.since or change.when)
    doing.deployment.change(doing.moment, "oauth", kept)
    doing.machine.loads.append(Load(doing.moment, doing.moment))
    doing.did(previous)
    return changed(before, {"previousThumbprint": assignment_state(doing).previous})


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """What Get-CsCertificate tells on this server.

    `named` is the certificate it names, "" for none, "unreadable" when it says "not found or untrusted"; `thumbprint` the one in force.
    While `staged` waits for its effective date, the one in force is named as long as it lies in the store.
    """

    named: str = ""
    thumbprint: str = ""
    staged: str | None = None
    effective: datetime | None = None
    previous: str | None = None
    updated: datetime | None = None


def assignment_state(doing: Doing) -> AssignmentState:
    try:
        found = doing.at.get_cs_certificate()
    except CmdletError as error:
        if "not found or untrusted" not in error.record.message:
            raise
        return AssignmentState(UNREADABLE, UNREADABLE)
    if not found:
        return AssignmentState()
    (one,) = found
    effective, updated, own, before = one["EffectiveDate"], one["UpdateTime"], str(one["Thumbprint"]), one["PreviousThumbprint"]
    previous = str(before) if before else None
    time = updated if isinstance(updated, datetime) else None
    if isinstance(effective, datetime) and effective > doing.machine.local_time(doing.moment):
        there = previous is not None and in_store(doing, previous) is not None
        return AssignmentState(previous if previous and there else own, previous or "", own, effective, previous, time)
    return AssignmentState(own, own, previous=previous, updated=time)


def assigned_meanwhile(doing: Doing) -> bool:
    """Whether something else is assigned now than when the plan was made."""
    return assignment_state(doing).named.casefold() != doing.text("ExpectedThumbprint").casefold()


def in_store(doing: Doing, thumbprint: str) -> Placed | None:
    """The certificate in LocalMachine\\My of this server."""
    mine = doing.deployment.certificates(doing.machine, StoreName.MY, doing.moment)
    return next((placed for placed in mine if placed.certificate.thumbprint == thumbprint), None)


def _meanwhile(doing: Doing) -> str:
    return "changed-meanwhile" if assigned_meanwhile(doing) else ""


def _unfit(doing: Doing, thumbprint: str) -> str:
    placed = in_store(doing, thumbprint)
    if placed is None:
        return "not-in-store"
    key = placed.key
    if key is None or not key.file_present:
        return "no-private-key"
    if key.kind != "csp":
        return "key-not-csp"
    if not key.exportable:
        return "key-not-exportable"
    return "expired" if placed.certificate.not_after <= doing.machine.local_time(doing.moment) else ""


def _untimely(doing: Doing, thumbprint: str, effective: datetime) -> str:
    if effective < doing.machine.local_time(doing.moment) + LEAD:
        return "too-soon"
    staged = in_store(doing, thumbprint)
    current = doing.deployment.local_assignment(doing.machine, doing.moment)
    ends = [staged.certificate.not_after] if staged else []
    ends += [current.oauth.certificate.not_after] if current and current.oauth else []
    return "after-expiry" if effective >= min(ends) else ""


def _assign(doing: Doing, thumbprint: str, effective: datetime | None) -> None:
    doing.at.may_use_central_store("Set-CsCertificate", _SET)
    placed = in_store(doing, thumbprint)
    if placed is None:
        raise ValueError(thumbprint)
    doing.deployment.assign_oauth(doing.machine, doing.moment, placed.certificate, effective)
    # The server on which it is assigned shows it at once.
    doing.machine.loads.append(Load(doing.moment, doing.moment))
    doing.did(thumbprint)


def _assignment(doing: Doing) -> Facts:
    state = assignment_state(doing)
    return {"thumbprint": state.named or None, "updateTime": utc(state.updated)}


def _staged(doing: Doing) -> Facts:
    state = assignment_state(doing)
    return {"thumbprint": state.thumbprint or None, "stagedThumbprint": state.staged, "effectiveDate": utc(state.effective)}


def _moment(doing: Doing, name: str) -> datetime:
    """Raises as [datetime]::Parse does. Without a zone it is UTC."""
    try:
        parsed = datetime.fromisoformat(doing.text(name))
    except ValueError as problem:
        text = "String was not recognized as a valid DateTime."
        raise CmdletError(ErrorRecord("InvalidArgument", "FormatException", "System.FormatException", text)) from problem
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _report(doing: Doing, cmdlet: str) -> str:
    """What is left of the report of a cmdlet when its tags are gone."""
    return f"{cmdlet} on {doing.machine.name}: {utc(doing.machine.local_time(doing.moment))} Completed. No errors or warnings."
