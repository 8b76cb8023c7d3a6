"""Judges the dates of the deployment's certificate against a server's own clock and the reference clock."""

from datetime import datetime

from oauthcert.certs.certificate import CertificateUnreadable
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import Held, held_certificate
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.staged import has_with_key, replacement, staged_assignment
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import Assignment

_DAY = 86400


def oauth_validity(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """The certificate's own dates where it could be read, else what the assignment says of it. The worse of the two clocks decides."""
    check = "oauth-validity"
    held = held_certificate(check, server, deployment)
    thumbprint = deployment.reference.thumbprint
    if isinstance(held, Finding):
        if not (isinstance(server.evidence.store, NotSeen) and held.facts.get("look") == "store"):
            return held
        dates = _assignment_dates(server, deployment)
        if dates is None:
            return held
    else:
        dates = _certificate_dates(held, look) or _assignment_dates(server, deployment)
        if dates is None:
            why = NotSeen("unparsable-certificate", {"thumbprint": thumbprint})
            return say_unseen(check, server.name, why, "store", (server.name,))
    return _judge(server, deployment, look, thumbprint, *dates)


def _successor(server: ServerView, deployment: DeploymentView, not_after: datetime) -> Assignment | None:
    """The staged certificate, if it takes over in time, lasts longer, and lies here with its key."""
    found = staged_assignment(deployment)
    staged = found[0] if found else None
    if staged is None or staged.effective_date is None or staged.effective_date > not_after:
        return None
    if staged.not_after is not None and staged.not_after <= not_after:
        return None
    return staged if has_with_key(server, plain_thumbprint(staged.thumbprint)) else None


def _certificate_dates(held: Held, look: Look) -> tuple[datetime, datetime] | None:
    try:
        certificate = look.certificates.read(held.certificate.der)
    except CertificateUnreadable:
        return None
    return certificate.not_before, certificate.not_after


def _assignment_dates(server: ServerView, deployment: DeploymentView) -> tuple[datetime, datetime] | None:
    """From the server's own assignment if it names the reference certificate, else from the reference itself."""
    own = server.local.current if server.local and server.local.thumbprint == deployment.reference.thumbprint else None
    for assignment in (own, deployment.reference.assignment):
        if assignment is not None and assignment.not_before is not None and assignment.not_after is not None:
            return assignment.not_before, assignment.not_after
    return None


def _judge(
    server: ServerView, deployment: DeploymentView, look: Look, thumbprint: str, not_before: datetime, not_after: datetime
) -> Finding:
    check = "oauth-validity"
    earlier, later = sorted((server.time, deployment.now))
    days_left = seconds_between(later, not_after) / _DAY
    facts: dict[str, Fact] = {
        "thumbprint": thumbprint,
        "not_before": iso(not_before),
        "not_after": iso(not_after),
        "days_left": tenth(days_left),
        "server_time": iso(server.time),
        "reference_time": iso(deployment.now),
        "valid_by_reference": not_before <= deployment.now <= not_after,
    }
    if earlier < not_before:
        return say(check, "not-yet-valid", server.name, **facts)
    if days_left < 0:
        return say(check, "expired", server.name, **facts, days_ago=tenth(-days_left))
    if days_left <= look.thresholds.expiry_warn_days and (staged := _successor(server, deployment, not_after)):
        return say(check, "renewal-staged", server.name, **facts, **replacement(staged))
    if days_left <= look.thresholds.expiry_fail_days:
        return say(check, "expires-soon", server.name, **facts, fail_days=look.thresholds.expiry_fail_days)
    if days_left <= look.thresholds.expiry_warn_days:
        return say(check, "renewal-due", server.name, **facts, warn_days=look.thresholds.expiry_warn_days)
    return say(check, "pass", server.name, **facts)
