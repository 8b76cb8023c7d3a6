"""Judges the partnership with Exchange on premises: how Lync trusts it, whether it can be reached, and whether it trusts Lync."""

from collections.abc import Sequence

from oauthcert.checks.cms import no_lync_server
from oauthcert.checks.moments import iso
from oauthcert.checks.partner_challenge import EXCHANGE, LYNC, error_category, realms_of_lync, trusted_issuers
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.product_evidence import Challenge, PartnerApplication, PartnersSeen
from oauthcert.model.server_evidence import EventSeen

CHECK = "partner-exchange"
_RIGHT_ENDING = "/autodiscover.svc"
_STORAGE = "LS Storage Service"
_REFUSED_BY_PARTNER = 32054


def partner_exchange(deployment: DeploymentView) -> Finding:
    """The configuration is the Central Management Server's, or of the first server that told its own; every server asks Exchange."""
    if no_lync_server(deployment):
        return say_not_needed(CHECK, None, "no-lync-server")
    tellers = _tellers(deployment)
    if not tellers:
        return _unseen(deployment)
    teller, told = tellers[0]
    exchange = [partner for partner in told.partners if partner.application_identifier.lower() == EXCHANGE]
    if not exchange:
        return say_not_needed(CHECK, None, "no-exchange-partner")
    partner = next((one for one in exchange if one.enabled), exchange[0])
    if not partner.enabled:
        return say(CHECK, "disabled", None, partner=partner.identity, told_by=teller.name)
    if partner.uses_oauth_server:
        return say(CHECK, "online", None, partner=partner.identity, told_by=teller.name)
    return _configured(partner, teller, told) or _asked(partner, told, tellers, deployment)


def _tellers(deployment: DeploymentView) -> list[tuple[ServerView, PartnersSeen]]:
    """Every server that told its partners, the Central Management Server first, then those that hold the OAuth certificate."""
    found = [(s, s.evidence.partners.value) for s in deployment.servers if isinstance(s.evidence.partners, Seen)]
    return sorted(found, key=lambda pair: (pair[0].position != deployment.cms.server, pair[0].needs_oauth is not True))


def _unseen(deployment: DeploymentView) -> Finding:
    server = deployment.cms_server or next(s for s in deployment.servers if s.lync is not False)
    answer = server.evidence.partners
    why = server.unanswered or (answer if isinstance(answer, NotSeen) else NotSeen("not-told"))
    return say_unseen(CHECK, None, why, "partners", (server.name,))


def _configured(partner: PartnerApplication, teller: ServerView, told: PartnersSeen) -> Finding | None:
    url = told.exchange_autodiscover_url or ""
    if not url:
        return say(CHECK, "no-address", None, partner=partner.identity, told_by=teller.name)
    if not (url.lower().startswith("https://") and url.lower().rstrip("/").endswith(_RIGHT_ENDING)):
        return say(CHECK, "wrong-address", None, partner=partner.identity, autodiscover_url=url, told_by=teller.name)
    if partner.trust_level is not None and partner.trust_level.lower() != "full":
        return say(CHECK, "trust-level", None, partner=partner.identity, trust_level=partner.trust_level, told_by=teller.name)
    return None


def _asked(
    partner: PartnerApplication, told: PartnersSeen, tellers: Sequence[tuple[ServerView, PartnersSeen]], deployment: DeploymentView
) -> Finding:
    """What Exchange said to the servers that asked it. One that cannot reach it is enough to break the users at home on it."""
    asked = [(server, seen.challenge) for server, seen in tellers if seen.challenge is not None and server.needs_oauth is not False]
    url = told.exchange_autodiscover_url or ""
    if not asked:
        return say_unseen(CHECK, None, NotSeen("not-told"), "partners", (tellers[0][0].name,))
    for variant, fits in (("unreachable", _unreached), ("tls-not-trusted", _untrusted), ("no-challenge", _unchallenged)):
        hit = [(server.name, challenge) for server, challenge in asked if fits(challenge)]
        if hit:
            first = hit[0][1]
            error = first.problem or first.trust or ""
            if variant == "no-challenge":
                return say(CHECK, variant, None, autodiscover_url=url, servers=tuple(n for n, _ in hit), status=first.status or 0)
            return say(CHECK, variant, None, autodiscover_url=url, servers=tuple(n for n, _ in hit), error=error)
    return _trusted(partner, told, asked[0][1], url, deployment)


def _unreached(challenge: Challenge) -> bool:
    return challenge.problem is not None


def _untrusted(challenge: Challenge) -> bool:
    return challenge.trust not in (None, "None")


def _unchallenged(challenge: Challenge) -> bool:
    return not challenge.authenticate


def _trusted(partner: PartnerApplication, told: PartnersSeen, challenge: Challenge, url: str, deployment: DeploymentView) -> Finding:
    issuers = trusted_issuers(challenge.authenticate or "")
    realm = (told.realm or _default_domain(deployment)).lower()
    realms = realms_of_lync(issuers)
    facts: dict[str, Fact] = {"issuer": f"{LYNC}@{realm}", "trusted_issuers": issuers, "autodiscover_url": url}
    if not realms:
        return say(CHECK, "not-trusted", None, **facts)
    if realm and realm not in realms and "*" not in realms:
        return say(CHECK, "realm-mismatch", None, **facts, realm=realm, realms_trusted=realms)
    event = _refusal(deployment)
    if "invalid_tenant" in (error_category(challenge.diagnostics), error_category(event.message if event else None)):
        return say(CHECK, "wildcard-domain", None, **facts)
    if event is not None:
        told_event: dict[str, Fact] = {"event_id": event.id, "event_time": iso(event.time), "event_message": event.message}
        return say(CHECK, "refused-lately", None, **facts, **told_event)
    return say(CHECK, "pass", None, **facts, partner=partner.identity)


def _default_domain(deployment: DeploymentView) -> str:
    """The realm where none is set."""
    for server in deployment.servers:
        topology = server.evidence.topology
        if isinstance(topology, Seen) and topology.value.default_sip_domain:
            return topology.value.default_sip_domain
    return ""


def _refusal(deployment: DeploymentView) -> EventSeen | None:
    """The newest event in which a server says that Exchange refused it."""
    events = [
        event
        for server in deployment.servers
        if isinstance(server.evidence.incidents, Seen)
        for event in server.evidence.incidents.value
        if event.id == _REFUSED_BY_PARTNER and event.provider.startswith(_STORAGE)
    ]
    return max(events, key=lambda event: event.time, default=None)
