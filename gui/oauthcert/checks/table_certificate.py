"""More checks of the product's step 3: how the certificate was made, its change, and the other certificates of a server."""

from oauthcert.checks.check import (
    ABOUT_CERTIFICATE,
    NO_KEY,
    NOT_APPLICABLE,
    NOTHING_ASSIGNED,
    UNSEEN,
    Check,
    Group,
    Scope,
    fails,
    passes,
    warns,
)
from oauthcert.model.finding import Severity

KEY_PERMISSIONS = Check(
    "oauth-key-permissions",
    Group.STEP_3,
    Scope.SERVER,
    (
        passes("thumbprint", "accounts", "readers"),
        fails("cannot-read", "thumbprint", "accounts", "account_sids", "readers", "container", fixes=("grant-key-access",)),
        fails("denied", "thumbprint", "accounts", "account_sids", "denied_by", "container", fixes=("remove-key-denial",)),
        NO_KEY,
        *ABOUT_CERTIFICATE,
    ),
)

_MADE = ("thumbprint", "key_algorithm", "key_bits", "signature_hash")
_REQUEST = ("request-oauth",)
_NEXT = ("stage-oauth", "request-oauth")
_STAGED = ("thumbprint", "staged_thumbprint", "effective_date", "ahead_hours")
_REPLACED = ("staged_thumbprint", "effective_date")
_OTHER = ("uses", "thumbprint", "subject")
_RENEW_SERVER = ("renew-server-certificate",)

CERTIFICATE_CHECKS: tuple[Check, ...] = (
    Check(
        "oauth-subject",
        Group.STEP_3,
        Scope.DEPLOYMENT,
        (
            passes("thumbprint", "subject", "default_sip_domain"),
            passes("thumbprint", "subject", "sip_domains", "default_sip_domain", named="other-sip-domain"),
            passes("thumbprint", "names", "sip_domains", *_REPLACED, named="replacement-staged"),
            warns("no-sip-domain", "thumbprint", "names", "sip_domains", fixes=_NEXT, severity=Severity.LOW),
            warns("friendly-name-shared", "thumbprint", "friendly_name", "places", fixes=("rename-certificate",), severity=Severity.LOW),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "oauth-strength",
        Group.STEP_3,
        Scope.SERVER,
        (
            passes(*_MADE),
            passes(*_MADE, *_REPLACED, named="replacement-staged"),
            fails("broken-hash", *_MADE, fixes=_REQUEST, severity=Severity.CRITICAL),
            fails("short-key", *_MADE, "needed_bits", fixes=_REQUEST),
            warns("short-key-tolerated", *_MADE, "needed_bits", fixes=_NEXT),
            fails("pss", *_MADE, "link", "link_thumbprint", fixes=_REQUEST),
            fails("weak-root", *_MADE, "link", "link_thumbprint", "algorithm", fixes=("reissue-authority",)),
            warns("not-rsa", *_MADE, fixes=_NEXT, severity=Severity.HIGH),
            warns("sha512", *_MADE, "link", "link_thumbprint", "os_name", fixes=("update-for-sha512", "request-oauth")),
            warns("not-for-servers", *_MADE, "usages", fixes=_NEXT),
            warns("self-signed", *_MADE, fixes=_NEXT),
            warns("sha1", *_MADE, fixes=_NEXT, severity=Severity.LOW),
            *ABOUT_CERTIFICATE,
        ),
    ),
    Check(
        "oauth-dedicated",
        Group.STEP_3,
        Scope.DEPLOYMENT,
        (
            passes("thumbprint", "servers_read", "servers_needing"),
            passes("thumbprint", "servers", "uses", *_REPLACED, named="replacement-staged"),
            warns("reused", "thumbprint", "servers", "uses", fixes=_NEXT),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "oauth-rollover",
        Group.STEP_3,
        Scope.DEPLOYMENT,
        (
            passes("thumbprint"),
            passes(*_STAGED, "not_after", "staged_not_after", named="staged"),
            passes("thumbprint", "previous_thumbprint", "age_days", named="previous-kept"),
            fails("after-expiry", *_STAGED, "not_after", fixes=("stage-oauth",)),
            fails("staged-not-valid", *_STAGED, "staged_not_before", "staged_not_after", fixes=("stage-oauth",)),
            warns("too-soon", *_STAGED, "needed_hours", fixes=("stage-oauth",)),
            warns("not-arrived", *_STAGED, "servers", fixes=("force-replication", "import-oauth-pfx"), severity=Severity.HIGH),
            warns("ends-first", *_STAGED, "not_after", "staged_not_after", fixes=_NEXT),
            warns(
                "previous-expired",
                "thumbprint",
                "previous_thumbprint",
                "previous_not_after",
                fixes=("remove-previous-oauth",),
                severity=Severity.LOW,
            ),
            warns(
                "previous-left",
                "thumbprint",
                "previous_thumbprint",
                "age_days",
                "allowed_days",
                fixes=("remove-previous-oauth",),
                severity=Severity.LOW,
            ),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "other-certificates",
        Group.STEP_3,
        Scope.SERVER,
        (
            passes("uses", "ends"),
            fails("missing", "missing_uses", fixes=_RENEW_SERVER, severity=Severity.CRITICAL),
            fails("not-named", "missing_uses", "message", fixes=("install-chain", "renew-server-certificate"), severity=Severity.CRITICAL),
            fails("expired", *_OTHER, "not_after", "days_ago", fixes=_RENEW_SERVER, severity=Severity.CRITICAL),
            fails("not-trusted", *_OTHER, "message", fixes=("install-chain", "renew-server-certificate")),
            fails("broken-chain", *_OTHER, "problem", "broken_at", fixes=("install-chain", "renew-server-certificate")),
            fails("not-yet-valid", *_OTHER, "not_before", fixes=("sync-time", "renew-server-certificate")),
            warns("expires-soon", *_OTHER, "not_after", "days_left", "warn_days", fixes=_RENEW_SERVER, severity=Severity.HIGH),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
