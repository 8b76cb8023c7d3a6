"""The rules about how the certificate was made, its change, and a server's other certificates: cause, effect, span, evidence."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from oauthcert.model.finding import Finding

if TYPE_CHECKING:
    from oauthcert.checks.rules import Context

Told = Callable[[Finding, Finding, "Context"], bool]
_BAD_CHAIN = "oauth-chain.missing-link|untrusted-root|expired-link|not-yet-valid-link|weak-link|bad-link|disallowed"


def _same_link(cause: Finding, effect: Finding, _context: "Context") -> bool:
    """Both chains stop at the same certificate."""
    links = {cause.facts.get(name) for name in ("missing_subject", "link", "root")} - {None}
    return effect.facts.get("broken_at") in links


def _of_the_certificate_itself(cause: Finding, effect: Finding, _context: "Context") -> bool:
    return effect.facts.get("link_thumbprint") == cause.facts.get("thumbprint")


def _among_the_servers(cause: Finding, effect: Finding, _context: "Context") -> bool:
    servers = effect.facts.get("servers")
    return isinstance(servers, tuple) and cause.server in servers


def _valid_by_reference(_cause: Finding, effect: Finding, _context: "Context") -> bool:
    return effect.facts.get("valid_by_reference") is True


CERTIFICATE_RULES: tuple[tuple[str, str, str, Told | None], ...] = (
    ("oauth-dedicated.reused", "oauth-subject.no-sip-domain", "FROM_DEPLOYMENT", None),
    ("oauth-strength", "oauth-strength", "LEAD_TO_FELLOWS", None),
    ("oauth-strength.broken-hash|short-key", "oauth-chain.weak-link", "SAME_SERVER", _of_the_certificate_itself),
    (_BAD_CHAIN, "other-certificates.broken-chain", "SAME_SERVER", _same_link),
    (_BAD_CHAIN, "other-certificates.not-named", "SAME_SERVER", None),
    ("time-skew", "other-certificates.not-yet-valid|expired", "SAME_SERVER", _valid_by_reference),
    ("cms-master", "oauth-rollover.not-arrived", "FROM_DEPLOYMENT", None),
    *(
        (hindrance, "oauth-rollover.not-arrived", "TO_DEPLOYMENT", _among_the_servers)
        for hindrance in ("replica-service", "local-store-present", "replication-transport", "replication-up-to-date")
    ),
    ("oauth-private-key.does-not-open", "oauth-key-permissions.could-not-look", "SAME_SERVER", None),
)
"""The span by its name in `rules.Span`."""
