"""The checks of what partners see, and of the partnership with Exchange."""

from oauthcert.checks.check import (
    NOT_APPLICABLE,
    NOTHING_ASSIGNED,
    UNSEEN,
    Check,
    Group,
    Scope,
    Variant,
    fails,
    passes,
    warns,
)
from oauthcert.model.finding import Severity, Verdict

_PUBLISHED = ("url", "published", "thumbprint")
_WRONG = (*_PUBLISHED, "assigned_at", "servers_right")
_TRUST = ("issuer", "trusted_issuers", "autodiscover_url")
_STALE = ("recycle-web-app", "refresh-partner")

PARTNER_CHECKS: tuple[Check, ...] = (
    Check(
        "metadata-published",
        Group.PARTNERS,
        Scope.SERVER,
        (
            passes(*_PUBLISHED),
            fails("old-certificate", *_WRONG, fixes=_STALE),
            fails("other-certificate", *_WRONG, fixes=_STALE),
            fails("nothing", *_WRONG, fixes=("recycle-web-app",)),
            warns("not-yet", *_WRONG, "age_minutes", "allowed_minutes", fixes=("recycle-web-app",)),
            fails("no-answer", "url", "error", "message", fixes=("start-services", "recycle-web-app")),
            fails("tls-failed", "url", "error", "message", fixes=("enable-tls-12",)),
            warns("old-tls", *_PUBLISHED, "tls", fixes=("enable-tls-12",)),
            fails("http-error", "url", "status", fixes=("recycle-web-app",)),
            fails("not-metadata", "url", fixes=("recycle-web-app",)),
            Variant("no-web-server", Verdict.NOT_APPLICABLE, Severity.INFO),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "partner-exchange",
        Group.PARTNERS,
        Scope.DEPLOYMENT,
        (
            passes("partner", *_TRUST),
            passes("partner", "told_by", named="online"),
            fails("disabled", "partner", "told_by", fixes=("configure-partner",)),
            fails("no-address", "partner", "told_by", fixes=("correct-autodiscover-url",)),
            fails("wrong-address", "partner", "autodiscover_url", "told_by", fixes=("correct-autodiscover-url",)),
            warns("trust-level", "partner", "trust_level", "told_by", fixes=("configure-partner",)),
            fails("unreachable", "autodiscover_url", "servers", "error", fixes=("open-partner-way",)),
            fails("tls-not-trusted", "autodiscover_url", "servers", "error", fixes=("correct-partner-certificate",)),
            fails("no-challenge", "autodiscover_url", "servers", "status", fixes=("enable-oauth-on-exchange",)),
            fails("not-trusted", *_TRUST, fixes=("configure-partner-on-exchange",)),
            fails("realm-mismatch", *_TRUST, "realm", "realms_trusted", fixes=("configure-partner-on-exchange", "refresh-partner")),
            fails("wildcard-domain", *_TRUST, fixes=("name-accepted-domains",)),
            warns("refused-lately", *_TRUST, "event_id", "event_time", "event_message", fixes=("refresh-partner",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
