"""The simulated fixes that bring a new certificate: from the online authority, or with a request that a person carries there."""

import base64
import binascii
from datetime import timedelta

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.signing_request import AnswerUnreadable, make_signing_request, read_answer
from oauthcert.lab.enrollment import BACKDATED, VALID
from oauthcert.lab.errors import CmdletError, no_certificate_needed
from oauthcert.lab.fix_assignment import AssignmentState, assignment_state, in_store
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Key, Pending, Placed, StoreName
from oauthcert.lab.stamps import utc

RECENT = timedelta(days=14)
"""How long a certificate with a SIP domain as its name counts as lately requested for OAuth."""
_SIZES = (1024, 2048, 4096)


def request_oauth_certificate(doing: Doing) -> Result:
    """Request-OAuthCertificate, answered at once unless the authority holds requests back."""
    reason, before = _obstacle(doing)
    if reason:
        return refused(reason, before)
    _needs_certificate(doing)
    authority = doing.deployment.enrollment
    kind = authority.key_for(doing.text("Authority"), doing.text("Template"))
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    number = authority.number()
    doing.did(f"request {number}")
    if authority.holds:
        return changed(before, {**_UNKNOWN, "pending": True, "requestId": number})
    issuer = doing.deployment.authority
    certificate = issuer.enroll(issuer.fresh_key(_bits(doing)), doing.moment - BACKDATED, doing.moment + VALID)
    placed = Placed(certificate, doing.moment, kind, doing.text("FriendlyName"))
    doing.machine.placed.setdefault(StoreName.MY, []).append(placed)
    after: Facts = {**_UNKNOWN, **_dates(placed), "subject": certificate.subject, "pending": False, "requestId": number}
    return changed(before, after, (f"Request-CsCertificate on {doing.machine.name}: Completed. No errors or warnings.",))


def new_oauth_signing_request(doing: Doing) -> Result:
    """New-OAuthSigningRequest: the key stays here and waits for the answer."""
    reason, before = _obstacle(doing)
    if reason:
        return refused(reason, before)
    _needs_certificate(doing)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    issuer, domain = doing.deployment.authority, doing.deployment.sip_domain
    key = issuer.fresh_key(_bits(doing))
    stand_in = issuer.stand_in(key, doing.moment)
    doing.machine.pending[stand_in.thumbprint] = Pending(stand_in, doing.text("FriendlyName"))
    doing.did(f"request {stand_in.thumbprint}")
    return changed(before, {"request": make_signing_request(domain, key, (domain,)), "pendingThumbprint": stand_in.thumbprint})


def complete_oauth_signing_request(doing: Doing) -> Result:
    """Complete-OAuthSigningRequest: the answer takes over the key that waits for it."""
    try:
        answered = read_answer(base64.b64decode(doing.text("Answer"), validate=True))
    except (AnswerUnreadable, binascii.Error):
        answered = ()
    for one in answered:
        own = in_store(doing, one.thumbprint)
        if own is not None and own.key is not None:
            return already(_issued(own))
    before = _issued(None)
    if not answered:
        return refused("wrong-certificate", before)
    waiting = {read_certificate(pending.stand_in.der).public_key: pending for pending in doing.machine.pending.values()}
    if not waiting:
        return refused("no-pending-request", before)
    issued = next((one for one in answered if one.public_key in waiting), None)
    if issued is None:
        return refused("wrong-certificate", before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    pending = waiting[issued.public_key]
    placed = Placed(doing.deployment.authority.recognised(issued.der), doing.moment, Key(), pending.friendly_name)
    doing.machine.placed.setdefault(StoreName.MY, []).append(placed)
    del doing.machine.pending[pending.stand_in.thumbprint]
    doing.did(issued.thumbprint)
    return changed(before, _issued(placed))


def remove_pending_request(doing: Doing) -> Result:
    """Remove-PendingRequest, the way back."""
    thumbprint = doing.thumbprint()
    before: Facts = {"present": thumbprint in doing.machine.pending}
    if not before["present"]:
        return already(before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    del doing.machine.pending[thumbprint]
    doing.did(thumbprint)
    return changed(before, {"present": False})


_UNKNOWN: Facts = {"thumbprint": None, "subject": None, "notBefore": None, "notAfter": None}


def _obstacle(doing: Doing) -> tuple[str, Facts]:
    """What speaks against one more request, and what stands in the way."""
    state = assignment_state(doing)
    if state.named.casefold() != doing.text("ExpectedThumbprint").casefold():
        return "changed-meanwhile", {"thumbprint": state.named or None}
    known = {one.upper() for one in doing.texts("CandidatesKnown")} | _named(state)
    for placed in doing.deployment.certificates(doing.machine, StoreName.MY, doing.moment):
        recent = placed.certificate.not_before > doing.machine.local_time(doing.moment) - RECENT
        candidate = recent and placed.key is not None and placed.certificate.subject == f"CN={doing.deployment.sip_domain}"
        if candidate and placed.certificate.thumbprint not in known:
            return "requested-meanwhile", {"thumbprint": placed.certificate.thumbprint}
    return "", {"thumbprint": state.named or None}


def _named(state: AssignmentState) -> set[str]:
    return {one for one in (state.named, state.thumbprint, state.staged, state.previous) if one}


def _needs_certificate(doing: Doing) -> None:
    if not doing.machine.role.needs_oauth:
        raise CmdletError(no_certificate_needed())


def _bits(doing: Doing) -> int:
    return doing.number("KeySize") if doing.number("KeySize") in _SIZES else 2048


def _dates(placed: Placed) -> Facts:
    certificate = placed.certificate
    return {"thumbprint": certificate.thumbprint, "notBefore": utc(certificate.not_before), "notAfter": utc(certificate.not_after)}


def _issued(placed: Placed | None) -> Facts:
    if placed is None:
        return {"thumbprint": None, "notBefore": None, "notAfter": None, "hasPrivateKey": False}
    return {**_dates(placed), "hasPrivateKey": placed.key is not None}
