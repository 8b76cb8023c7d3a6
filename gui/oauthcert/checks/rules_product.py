"""The rules about components, services, published metadata and partners: cause, effect, span, evidence."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from oauthcert.model.finding import Finding

if TYPE_CHECKING:
    from oauthcert.checks.rules import Context

Told = Callable[[Finding, Finding, "Context"], bool]
_INCOMPLETE = "components-installed.services-missing|no-room"
_IDLE = "services-started.certificate-refused|misplaced-certificates|fabric-broken|waiting-for-pool|worker-failed|disabled|stopped"
_STALE = "metadata-published.old-certificate|other-certificate|nothing|not-yet"
_BEHIND = "local-store-current.missing|older|different|still-arriving"


def _names(fact: str, name: str, finding: Finding) -> bool:
    told = finding.facts.get(fact)
    return isinstance(told, tuple) and name in told


def _front_end_is_idle(_cause: Finding, effect: Finding, _context: "Context") -> bool:
    """The wizard starts the front end only when Step 3 is complete; other services do not wait for it."""
    return _names("stopped_services", "RTCSRV", effect)


def _web_server_is_idle(cause: Finding, _effect: Finding, _context: "Context") -> bool:
    return _names("stopped_services", "W3SVC", cause) or _names("disabled_services", "W3SVC", cause)


def _master_is_missing(cause: Finding, _effect: Finding, _context: "Context") -> bool:
    return _names("missing_services", "MASTER", cause)


def _machine_not_listed(_cause: Finding, effect: Finding, _context: "Context") -> bool:
    return effect.facts.get("reason") == "machine-not-listed"


PRODUCT_RULES: tuple[tuple[str, str, str, Told | None], ...] = (
    ("components-installed.dot-net-old", "local-store-present.test-failed", "SAME_SERVER", None),
    ("components-installed.dot-net-old", "replica-service.missing", "SAME_SERVER", None),
    ("replica-service.missing", "replication-transport.share-missing", "SAME_SERVER", None),
    ("local-store-present.test-failed", "replication-transport.share-missing", "SAME_SERVER", None),
    ("oauth-in-store.missing", "services-started.stopped", "SAME_SERVER", _front_end_is_idle),
    ("oauth-validity.expired", "services-started.stopped|certificate-refused", "SAME_SERVER", _front_end_is_idle),
    ("oauth-chain.misplaced-root", "services-started.misplaced-certificates|waiting-for-pool|stopped", "SAME_SERVER", _front_end_is_idle),
    ("oauth-chain.weak-link", "services-started.waiting-for-pool|stopped", "SAME_SERVER", _front_end_is_idle),
    ("other-certificates", "services-started.certificate-refused", "SAME_SERVER", None),
    (_INCOMPLETE, "metadata-published.no-answer|http-error|not-metadata|nothing", "SAME_SERVER", None),
    (_IDLE, "metadata-published.no-answer", "SAME_SERVER", _web_server_is_idle),
    (_BEHIND, _STALE, "SAME_SERVER", None),
    ("oauth-in-store.missing", _STALE, "SAME_SERVER", None),
    (_STALE, "partner-exchange.refused-lately", "TO_DEPLOYMENT", None),
    ("oauth-validity.expired", "partner-exchange.refused-lately", "TO_DEPLOYMENT", None),
    ("time-skew.too-large", "partner-exchange.refused-lately", "TO_DEPLOYMENT", None),
    # could-not-look
    (_INCOMPLETE, "cms-master.could-not-look", "FROM_CMS_SERVER", _master_is_missing),
    ("local-store-present.not-in-topology", "components-installed.could-not-look", "SAME_SERVER", _machine_not_listed),
    # not needed
    (_INCOMPLETE, "services-started.not-installed", "SAME_SERVER", None),
    (_INCOMPLETE, "metadata-published.no-web-server", "SAME_SERVER", None),
)
"""The span by its name in `rules.Span`."""
