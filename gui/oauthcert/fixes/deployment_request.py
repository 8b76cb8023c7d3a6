"""One certificate request for a whole deployment: whether there may be one, or what speaks against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from oauthcert.certs.certificate import CertificateUnreadable
from oauthcert.checks.assignment import Standing, plain_thumbprint
from oauthcert.checks.view import ServerView
from oauthcert.fixes.candidates import candidates, sip_domains
from oauthcert.fixes.deployment_record import REQUESTING, Deployment, RequestState
from oauthcert.fixes.situation import Situation, own_certificates
from oauthcert.model.errors import UsageError
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.plan import Plan, Step


class SecondRequest(UsageError):
    """A certificate was requested for this deployment already, or nobody can tell. Facts: `why` (a Refusal), `server`."""

    words = "second-request"


class Refusal(StrEnum):
    """Why no certificate is requested now. The order is that of certainty: what the servers show comes before what is remembered."""

    ASSIGNED = "assigned"
    CANDIDATE = "candidate"
    CANDIDATE_ELSEWHERE = "candidate-elsewhere"
    CANDIDATE_UNFIT = "candidate-unfit"
    WAITING = "waiting"
    MADE = "made"
    BEGUN = "begun"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, slots=True)
class Refused:
    """`server` is where the certificate lies or was requested, as far as that is known; `servers` are those that could not be looked at."""

    why: Refusal
    server: str = ""
    thumbprint: str = ""
    servers: tuple[str, ...] = ()


def refusal(situation: Situation, known: Deployment) -> Refused | None:
    """None only when every server that may hold a certificate was looked into, none does, and none was requested from here."""
    reference = situation.deployment.reference
    if reference.standing in (Standing.ASSIGNED, Standing.UNNAMED):
        return Refused(Refusal.ASSIGNED, situation.deployment.reference_server, reference.thumbprint)
    home = situation.cms
    named = list(_named(situation))
    if home is not None and (fit := candidates(situation, home)):
        return Refused(Refusal.CANDIDATE, home.name, fit[0].thumbprint)
    for server, thumbprint in named:
        elsewhere = home is not None and server is not home
        return Refused(Refusal.CANDIDATE_ELSEWHERE if elsewhere else Refusal.CANDIDATE_UNFIT, server.name, thumbprint)
    if known.assigned is not None:
        return Refused(Refusal.ASSIGNED, known.assigned.server, known.assigned.thumbprint)
    if known.request is not None:
        why = {RequestState.WAITING: Refusal.WAITING, RequestState.MADE: Refusal.MADE}.get(known.request.state, Refusal.BEGUN)
        return Refused(why, known.request.server, known.request.thumbprint)
    unseen = _unseen(situation)
    if home is None or reference.standing is Standing.NOT_SEEN or unseen:
        return Refused(Refusal.NOT_SEEN, "" if home is None else home.name, servers=unseen)
    return None


def _named(situation: Situation) -> Iterator[tuple[ServerView, str]]:
    """Certificates with a key, after a SIP domain, that serve nothing else: somebody requested them for OAuth, fit or not."""
    domains = sip_domains(situation)
    for server in situation.deployment.servers:
        uses = server.evidence.uses
        taken = {plain_thumbprint(one.thumbprint) for one in uses.value} if isinstance(uses, Seen) else set[str]()
        for one in own_certificates(server):
            thumbprint = plain_thumbprint(one.thumbprint)
            if not one.has_private_key or thumbprint in taken:
                continue
            try:
                certificate = situation.look.certificates.read(one.der)
            except CertificateUnreadable:
                continue
            if certificate.subject_common_name.lower() in domains:
                yield server, thumbprint


def _unseen(situation: Situation) -> tuple[str, ...]:
    """Servers of the product on which a certificate may lie that nobody has looked at."""
    return tuple(
        server.name
        for server in situation.deployment.servers
        if server.lync is not False and server.needs_oauth is not False and isinstance(server.evidence.store, NotSeen)
    )


def requests(plan: Plan) -> tuple[Step, ...]:
    """The steps of a plan that ask an authority for a certificate."""
    return tuple(step for step in plan.steps if step.action is not None and step.action.function in REQUESTING)
