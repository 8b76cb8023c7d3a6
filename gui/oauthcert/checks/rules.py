"""The rules by which one finding explains another, as data: who, whom, over what span, and on what evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from oauthcert.checks.rules_certificate import CERTIFICATE_RULES
from oauthcert.checks.rules_product import PRODUCT_RULES
from oauthcert.model.finding import Finding, Verdict


class Span(Enum):
    """Where the explaining finding is to be found, seen from the explained one."""

    SAME_SERVER = auto()
    FROM_DEPLOYMENT = auto()
    FROM_CMS_SERVER = auto()
    FROM_LEAD = auto()
    """One server's finding for those of all the others: the CMS server's, else the first."""
    LEAD_TO_FELLOWS = auto()
    """As FROM_LEAD, among findings that say the same of the same certificate."""
    TO_DEPLOYMENT = auto()


def variant_of(finding: Finding) -> str:
    return finding.words.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Which:
    """Findings of a check (`*`: of any), of these variants only, or any that is a warning or a failure when none is named."""

    check: str
    variants: frozenset[str] = frozenset()

    def fits(self, finding: Finding) -> bool:
        if self.check not in ("*", finding.check):
            return False
        if self.variants:
            return variant_of(finding) in self.variants
        return finding.verdict in (Verdict.WARN, Verdict.FAIL)


@dataclass(frozen=True, slots=True)
class Context:
    """What evidence the rules may ask for beyond the two findings.

    `accepted_usernames` are those some server accepted, in lower case; `verdicts` gives the verdict by check and server.
    `odd_servers` name another certificate than the reference; `all_odd_lag` tells whether each of them is merely behind while
    replication to it is known to be in trouble.
    """

    cms_server: str | None
    edge_servers: frozenset[str]
    accepted_usernames: frozenset[str]
    verdicts: Mapping[tuple[str, str | None], Verdict]
    odd_servers: frozenset[str]
    all_odd_lag: bool


When = Callable[[Finding, Finding, Context], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    cause: Which
    effect: Which
    span: Span
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """A finding that keeps other questions to the same server from being answered, for these reasons (none named: for any)."""

    check: str
    variants: frozenset[str]
    reasons: frozenset[str] = frozenset()
    same_reason: bool = False

    def holds(self, finding: Finding, reason: str) -> bool:
        if self.variants and variant_of(finding) not in self.variants:
            return False
        if finding.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            return False
        if self.same_reason:
            return finding.facts.get("reason") == reason
        return not self.reasons or reason in self.reasons


def _which(text: str) -> Which:
    """`check` or `check.variant|variant`."""
    check, _, variants = text.partition(".")
    return Which(check, frozenset(variants.split("|")) if variants else frozenset())


def _rule(cause: str, effect: str, span: Span, when: When | None = None) -> Rule:
    return Rule(_which(cause), _which(effect), span, when)


# --- evidence -----------------------------------------------------------------------------------------------------------------


def _refused_for_the_clock(_cause: Finding, effect: Finding, context: Context) -> bool:
    """Kerberos said so, or the very account is good elsewhere; a wrong password would be wrong everywhere."""
    if variant_of(effect) == "clock-skew":
        return True
    if variant_of(effect) != "sign-in-refused" or not context.accepted_usernames:
        return False
    username = effect.facts.get("username")
    return not isinstance(username, str) or username.lower() in context.accepted_usernames


def _spared(_cause: Finding, effect: Finding, _context: Context) -> bool:
    return effect.facts.get("reason") == "sign-in-spared"


def _valid_by_reference(_cause: Finding, effect: Finding, _context: Context) -> bool:
    return effect.facts.get("valid_by_reference") is True


def _not_arrived(_cause: Finding, effect: Finding, context: Context) -> bool:
    """Whatever hinders replication explains an old store only where nothing has arrived since."""
    return context.verdicts.get(("replication-arrived", effect.server)) is not Verdict.PASS


def _only_the_service(_cause: Finding, effect: Finding, _context: Context) -> bool:
    """Test-CsReplica also tests that the service runs; with more problems than that one, it has found something of its own."""
    problems = effect.facts.get("problems")
    return not isinstance(problems, tuple) or len(problems) <= 1


def _store_not_current(_cause: Finding, effect: Finding, context: Context) -> bool:
    """The certificate comes with the configuration; if that is there, its lack has another cause."""
    return context.verdicts.get(("local-store-current", effect.server)) is not Verdict.PASS


def _all_odd_ones_lag(cause: Finding, _effect: Finding, context: Context) -> bool:
    """Different stores are no second assignment where every odd one merely lags behind."""
    return context.all_odd_lag and cause.server in context.odd_servers


def _port_served_by_replica(_cause: Finding, effect: Finding, context: Context) -> bool:
    """On an Edge server the replica service itself answers the port; elsewhere file sharing does."""
    return variant_of(effect) == "transfer-failed" or effect.server in context.edge_servers


def _nobody_to_ask(cause: Finding, effect: Finding, _context: Context) -> bool:
    """Had there been a CMS server, what kept it from answering would explain both."""
    return cause.facts.get("reason") == effect.facts.get("reason") == "cms-not-looked-at"


def _reference_unknown(_cause: Finding, effect: Finding, _context: Context) -> bool:
    return effect.facts.get("reason") == "reference-not-seen"


def _said_only_untrusted(_cause: Finding, effect: Finding, _context: Context) -> bool:
    return effect.facts.get("reason") == "not-found-or-untrusted"


def _no_product(_cause: Finding, effect: Finding, _context: Context) -> bool:
    return effect.facts.get("why") == "no-lync-product"


def _lacks_it_too(cause: Finding, effect: Finding, _context: Context) -> bool:
    """The server with the bad key holds the certificate, this one does not."""
    return cause.server != effect.server and cause.facts.get("thumbprint") == effect.facts.get("thumbprint")


# --- rules --------------------------------------------------------------------------------------------------------------------

_HINDRANCES = ("local-store-present", "replica-service", "replication-transport", "replication-up-to-date")
_BEHIND = "local-store-current.missing|older|different|still-arriving"

RULES: tuple[Rule, ...] = (
    _rule("time-source", "time-skew", Span.SAME_SERVER),
    _rule("time-skew.too-large", "sign-in-accepted", Span.SAME_SERVER, _refused_for_the_clock),
    _rule("sign-in-accepted", "sign-in-accepted.could-not-look", Span.FROM_LEAD, _spared),
    _rule("time-skew", "oauth-validity.not-yet-valid|expired", Span.SAME_SERVER, _valid_by_reference),
    _rule("time-skew", "oauth-chain.not-yet-valid-link|expired-link", Span.SAME_SERVER, _valid_by_reference),
    _rule("cms-master", "replication-up-to-date", Span.FROM_DEPLOYMENT),
    _rule("cms-master", "replication-arrived", Span.FROM_DEPLOYMENT),
    _rule("cms-master", _BEHIND, Span.FROM_DEPLOYMENT, _not_arrived),
    _rule("replica-service.stopped|disabled", "local-store-present.test-failed", Span.SAME_SERVER, _only_the_service),
    _rule("local-store-present.test-failed", "replica-service.missing", Span.SAME_SERVER),
    _rule("local-store-present.database-stopped|test-failed", "replication-up-to-date", Span.SAME_SERVER),
    _rule("replica-service.stopped|disabled|missing", "replication-up-to-date", Span.SAME_SERVER),
    _rule(
        "replica-service.stopped|disabled|missing",
        "replication-transport.port-closed|transfer-failed",
        Span.SAME_SERVER,
        _port_served_by_replica,
    ),
    _rule("replication-transport", "replication-up-to-date", Span.SAME_SERVER),
    _rule("replication-transport.file-store", "replication-up-to-date", Span.FROM_CMS_SERVER),
    *(_rule(hindrance, "replication-arrived", Span.SAME_SERVER) for hindrance in _HINDRANCES),
    *(_rule(hindrance, _BEHIND, Span.SAME_SERVER, _not_arrived) for hindrance in (*_HINDRANCES, "replication-arrived")),
    _rule("replication-arrived", "oauth-in-store", Span.SAME_SERVER, _store_not_current),
    _rule(_BEHIND, "oauth-in-store", Span.SAME_SERVER),
    _rule("oauth-assigned.not-global", _BEHIND, Span.FROM_DEPLOYMENT),
    _rule("local-store-current.older|missing", "oauth-single.different", Span.TO_DEPLOYMENT, _all_odd_ones_lag),
    _rule("oauth-single", "local-store-current.newer", Span.FROM_DEPLOYMENT),
    _rule("oauth-key-exportable", "oauth-in-store", Span.FROM_LEAD, _lacks_it_too),
    _rule("oauth-key-provider", "oauth-in-store", Span.FROM_LEAD, _lacks_it_too),
    _rule("oauth-validity", "oauth-validity", Span.LEAD_TO_FELLOWS),
    *(_rule(cause, effect, Span[span], when) for cause, effect, span, when in CERTIFICATE_RULES),
    *(_rule(cause, effect, Span[span], when) for cause, effect, span, when in PRODUCT_RULES),
    # could-not-look
    _rule("oauth-in-store", "local-store-current.could-not-look", Span.SAME_SERVER, _said_only_untrusted),
    _rule("oauth-chain", "local-store-current.could-not-look", Span.SAME_SERVER, _said_only_untrusted),
    _rule("oauth-private-key.does-not-open", "oauth-key-exportable.could-not-look", Span.SAME_SERVER),
    _rule("oauth-private-key.does-not-open", "oauth-key-provider.could-not-look", Span.SAME_SERVER),
    *(
        _rule("cms-master.could-not-look", f"{check}.could-not-look", Span.FROM_DEPLOYMENT, _nobody_to_ask)
        for check in ("replication-up-to-date", "replication-arrived", "replication-transport")
    ),
    _rule("oauth-assigned.could-not-look", "*.could-not-look", Span.FROM_DEPLOYMENT, _reference_unknown),
    # not needed
    _rule("oauth-assigned.none", "*.nothing-assigned", Span.FROM_DEPLOYMENT),
    _rule("oauth-in-store.missing", "*.no-certificate", Span.SAME_SERVER),
    _rule("oauth-private-key.no-key|key-file-missing", "*.no-key", Span.SAME_SERVER),
    _rule("powershell-usable.module-missing", "*.not-applicable", Span.SAME_SERVER, _no_product),
)

BLOCKERS: tuple[Blocker, ...] = (
    Blocker("server-reachable", frozenset({"could-not-look", "evidence-refused"})),
    Blocker("sign-in-accepted", frozenset()),
    Blocker("powershell-usable", frozenset({"missing"}), frozenset({"powershell-missing"})),
    Blocker("powershell-usable", frozenset({"constrained-language"}), frozenset({"language-constrained"})),
    Blocker("powershell-usable", frozenset({"module-missing", "module-broken"}), frozenset({"cmdlet-missing"})),
    Blocker("rights-sufficient", frozenset({"not-elevated", "group-missing"}), frozenset({"access-denied"})),
    Blocker("second-hop", frozenset({"refused"}), frozenset({"second-hop"})),
    # The round itself broke before its first answer: whatever kept that one kept the others.
    Blocker("powershell-usable", frozenset({"could-not-look"}), same_reason=True),
)
"""Tried in this order for every could-not-look and every server it was asked of."""

CAUSAL_ORDER = (
    "server-reachable",
    "time-source",
    "time-skew",
    "sign-in-accepted",
    "powershell-usable",
    "rights-sufficient",
    "second-hop",
    "product-build",
    "components-installed",
    "cms-master",
    "oauth-assigned",
    "replica-service",
    "local-store-present",
    "replica-service.missing",
    "replication-transport",
    "replication-up-to-date",
    "replication-arrived",
    "local-store-current",
    "oauth-single",
    "local-store-current.newer",
    "oauth-key-exportable",
    "oauth-key-provider",
    "oauth-in-store",
    "oauth-private-key",
    "oauth-key-permissions",
    "oauth-dedicated",
    "oauth-subject",
    "oauth-strength",
    "oauth-chain",
    "oauth-validity",
    "oauth-rollover",
    "other-certificates",
    "services-started",
    "metadata-published",
    "partner-exchange",
)
"""Checks (or single variants) such that a cause always stands before what it explains, among findings of the same kind."""

_GROUP_ORDER = (
    ("server-reachable", "sign-in-accepted", "powershell-usable", "rights-sufficient", "second-hop"),
    ("time-source", "time-skew"),
    ("cms-master",),
    (
        "local-store-present",
        "replica-service",
        "replication-transport",
        "replication-up-to-date",
        "replication-arrived",
        "local-store-current",
    ),
    ("components-installed",),
    (
        "oauth-assigned",
        "oauth-single",
        "oauth-in-store",
        "oauth-private-key",
        "oauth-key-exportable",
        "oauth-key-provider",
        "oauth-key-permissions",
        "oauth-chain",
        "oauth-validity",
        "oauth-rollover",
        "oauth-strength",
        "other-certificates",
        "oauth-dedicated",
        "oauth-subject",
    ),
    ("services-started",),
    ("metadata-published",),
    ("partner-exchange",),
    ("product-build",),  # never what broke it, so never the first to mend
)
CAUSE_GROUPS: Mapping[str, int] = MappingProxyType({check: n for n, group in enumerate(_GROUP_ORDER) for check in group})
"""The order in which causes are mended: what hinders looking, time, the CMS, replication, components, certificate, services, publishing."""
