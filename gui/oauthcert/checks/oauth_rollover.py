"""Judges a planned change of certificate, and what an earlier one has left behind."""

from datetime import datetime

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.cms import no_lync_server
from oauthcert.checks.gates import without_reference
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.oauth_names import stored_certificate
from oauthcert.checks.say import say, say_not_needed
from oauthcert.checks.staged import has_with_key, staged_assignment
from oauthcert.checks.view import DeploymentView, ServerView, corrected
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import Assignment

_HOUR, _DAY = 3600, 86400
_SETTLED_DAYS = 1
"""Nobody tidies up on the day of a change; tokens that the previous one signed last as long."""


def oauth_rollover(deployment: DeploymentView, look: Look) -> Finding:
    """The next certificate first, if one is staged; else the previous one."""
    check = "oauth-rollover"
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    if finding := without_reference(check, None, deployment):
        return finding
    staged = staged_assignment(deployment)
    return _previous(deployment, look) if staged is None else _staged(deployment, look, *staged)


def _staged(deployment: DeploymentView, look: Look, staged: Assignment, said_by: ServerView) -> Finding:
    check, thresholds = "oauth-rollover", look.thresholds
    thumbprint = plain_thumbprint(staged.thumbprint)
    effective = corrected(staged.effective_date or deployment.now, said_by)
    made = deployment.now if staged.update_time is None else corrected(staged.update_time, said_by)
    next_dates = _dates(deployment, look, staged)
    current_end = _dates(deployment, look, deployment.reference.assignment)[1]
    facts: dict[str, Fact] = {
        "thumbprint": deployment.reference.thumbprint,
        "staged_thumbprint": thumbprint,
        "effective_date": iso(effective),
        "not_after": iso(current_end),
        "staged_not_after": iso(next_dates[1]),
        "ahead_hours": tenth(seconds_between(made, effective) / _HOUR),
    }
    if current_end is not None and effective > current_end:
        return say(check, "after-expiry", None, **facts)
    begins, ends = next_dates
    if (begins is not None and begins > effective) or (ends is not None and ends <= effective):
        return say(check, "staged-not-valid", None, **facts, staged_not_before=iso(begins))
    if seconds_between(made, effective) < thresholds.lead_hours * _HOUR:
        return say(check, "too-soon", None, **facts, needed_hours=thresholds.lead_hours)
    lacking = tuple(s.name for s in deployment.servers if s.needs_oauth and has_with_key(s, thumbprint) is False)
    if lacking and seconds_between(made, deployment.now) > thresholds.arriving_seconds:
        return say(check, "not-arrived", None, **facts, servers=lacking)
    if ends is not None and current_end is not None and ends <= current_end:
        return say(check, "ends-first", None, **facts)
    return say(check, "staged", None, **facts)


def _dates(deployment: DeploymentView, look: Look, said: Assignment | None) -> tuple[datetime | None, datetime | None]:
    """Of the certificate where some store has it, else as the assignment says."""
    if said is None:
        return None, None
    certificate = stored_certificate(deployment, plain_thumbprint(said.thumbprint), look)
    return (said.not_before, said.not_after) if certificate is None else (certificate.not_before, certificate.not_after)


def _previous(deployment: DeploymentView, look: Look) -> Finding:
    """The previous one still checks tokens; after a day nobody has any of it, and once it has ended it is only clutter."""
    check, assignment = "oauth-rollover", deployment.reference.assignment
    thumbprint = plain_thumbprint(assignment.previous_thumbprint) if assignment else ""
    if assignment is None or not thumbprint:
        return say(check, "pass", None, thumbprint=deployment.reference.thumbprint)
    certificate = stored_certificate(deployment, thumbprint, look)
    ends = certificate.not_after if certificate else None
    since = max((one for one in (assignment.effective_date, assignment.update_time) if one is not None), default=None)
    days = 0.0 if since is None else seconds_between(corrected(since, deployment.cms_server), deployment.now) / _DAY
    facts: dict[str, Fact] = {
        "thumbprint": deployment.reference.thumbprint,
        "previous_thumbprint": thumbprint,
        "previous_not_after": iso(ends),
        "age_days": tenth(max(days, 0.0)),
    }
    if ends is not None and ends < deployment.now and (since is None or days >= _SETTLED_DAYS):
        return say(check, "previous-expired", None, **facts)
    if days > look.thresholds.previous_days:
        return say(check, "previous-left", None, **facts, allowed_days=look.thresholds.previous_days)
    return say(check, "previous-kept", None, **facts)
