"""Judges the evidence of all servers: every check once per server (or once for the deployment), then what explains what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from oauthcert.checks.causes import link
from oauthcert.checks.check import Scope
from oauthcert.checks.clock import time_skew, time_source
from oauthcert.checks.cms import cms_master
from oauthcert.checks.components import components_installed
from oauthcert.checks.local_store import local_store_current, local_store_present, replica_service
from oauthcert.checks.look import Look
from oauthcert.checks.metadata import Publications, metadata_published
from oauthcert.checks.oauth_assignment import oauth_assigned, oauth_single
from oauthcert.checks.oauth_chain import oauth_chain
from oauthcert.checks.oauth_key import oauth_in_store, oauth_key_exportable, oauth_key_provider, oauth_private_key
from oauthcert.checks.oauth_key_access import oauth_key_permissions
from oauthcert.checks.oauth_names import oauth_dedicated, oauth_subject
from oauthcert.checks.oauth_rollover import oauth_rollover
from oauthcert.checks.oauth_strength import oauth_strength
from oauthcert.checks.oauth_validity import oauth_validity
from oauthcert.checks.other_certificates import other_certificates
from oauthcert.checks.partners import partner_exchange
from oauthcert.checks.product import product_build
from oauthcert.checks.reach import powershell_usable, server_reachable, sign_in_accepted
from oauthcert.checks.replication import replication_arrived, replication_up_to_date
from oauthcert.checks.rights import rights_sufficient, second_hop
from oauthcert.checks.rules import Context
from oauthcert.checks.service_state import services_started
from oauthcert.checks.table import CHECKS
from oauthcert.checks.transport import Deliveries, replication_transport
from oauthcert.checks.view import DeploymentView, ServerView, deployment_view
from oauthcert.model.evidence import ON_THE_SPOT, Seen
from oauthcert.model.finding import Cause, Finding, Verdict
from oauthcert.model.server_evidence import ServerEvidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings in reading order (check by check, servers in their own order) and causes, first to mend first."""

    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class _Court:
    """Everything a judge may be handed."""

    deployment: DeploymentView
    deliveries: Deliveries
    publications: Publications
    look: Look


_OF_SERVER: Mapping[str, Callable[[ServerView, _Court], Finding]] = MappingProxyType(
    {
        "server-reachable": lambda server, _: server_reachable(server),
        "sign-in-accepted": lambda server, _: sign_in_accepted(server),
        "powershell-usable": lambda server, _: powershell_usable(server),
        "rights-sufficient": lambda server, _: rights_sufficient(server),
        "second-hop": lambda server, _: second_hop(server),
        "time-skew": lambda server, court: time_skew(server, court.deployment, court.look),
        "time-source": lambda server, court: time_source(server, court.look),
        "product-build": lambda server, court: product_build(server, court.look),
        "local-store-present": lambda server, _: local_store_present(server),
        "local-store-current": lambda server, court: local_store_current(server, court.deployment, court.look),
        "replica-service": lambda server, _: replica_service(server),
        "replication-up-to-date": lambda server, court: replication_up_to_date(server, court.deployment, court.look),
        "replication-arrived": lambda server, court: replication_arrived(server, court.deployment, court.look),
        "replication-transport": lambda server, court: replication_transport(server, court.deployment, court.deliveries),
        "components-installed": lambda server, court: components_installed(server, court.look),
        "services-started": lambda server, court: services_started(server, court.look),
        "metadata-published": lambda server, court: metadata_published(server, court.deployment, court.publications, court.look),
        "oauth-in-store": lambda server, court: oauth_in_store(server, court.deployment),
        "oauth-private-key": lambda server, court: oauth_private_key(server, court.deployment),
        "oauth-key-exportable": lambda server, court: oauth_key_exportable(server, court.deployment),
        "oauth-key-provider": lambda server, court: oauth_key_provider(server, court.deployment),
        "oauth-key-permissions": lambda server, court: oauth_key_permissions(server, court.deployment),
        "oauth-chain": lambda server, court: oauth_chain(server, court.deployment, court.look),
        "oauth-validity": lambda server, court: oauth_validity(server, court.deployment, court.look),
        "oauth-strength": lambda server, court: oauth_strength(server, court.deployment, court.look),
        "other-certificates": lambda server, court: other_certificates(server, court.deployment, court.look),
    }
)
_OF_DEPLOYMENT: Mapping[str, Callable[[_Court], Finding]] = MappingProxyType(
    {
        "cms-master": lambda court: cms_master(court.deployment, court.look),
        "partner-exchange": lambda court: partner_exchange(court.deployment),
        "oauth-assigned": lambda court: oauth_assigned(court.deployment),
        "oauth-single": lambda court: oauth_single(court.deployment, court.look),
        "oauth-subject": lambda court: oauth_subject(court.deployment, court.look),
        "oauth-dedicated": lambda court: oauth_dedicated(court.deployment),
        "oauth-rollover": lambda court: oauth_rollover(court.deployment, court.look),
    }
)


def judge(evidence: Sequence[ServerEvidence], look: Look) -> Judgement:
    """Never raises on what servers claim. Server names must differ; with no server at all there is nothing to say."""
    if not evidence:
        return Judgement((), ())
    deployment = deployment_view(evidence, look)
    court = _Court(deployment, Deliveries(deployment), Publications(deployment), look)
    findings: list[Finding] = []
    for check in CHECKS:
        if check.scope is Scope.DEPLOYMENT:
            findings.append(_OF_DEPLOYMENT[check.id](court))
        else:
            findings.extend(_OF_SERVER[check.id](server, court) for server in deployment.servers)
    linked = link(findings, _context(deployment, findings))
    return Judgement(linked.findings, linked.causes)


ALONE = (
    "server-reachable",
    "sign-in-accepted",
    "powershell-usable",
    "rights-sufficient",
    "second-hop",
    "time-source",
    "product-build",
    "local-store-present",
    "replica-service",
)
"""Checks whose verdict rests on the server's own answers alone: what other servers say later does not change it."""


def judge_server_provisional(evidence: ServerEvidence, look: Look) -> tuple[Finding, ...]:
    """What can be said of one server before the others have answered, for a board that fills: the checks of ALONE, unlinked.

    One caveat: that a check is not needed on this server (an Edge server, no product) may be known only once others have answered.
    """
    deployment = deployment_view((evidence,), look)
    court = _Court(deployment, Deliveries(deployment), Publications(deployment), look)
    return tuple(_OF_SERVER[check](deployment.servers[0], court) for check in ALONE)


def _context(deployment: DeploymentView, findings: Sequence[Finding]) -> Context:
    cms = deployment.cms_server
    signed_in = (s.evidence.sign_in.value for s in deployment.servers if isinstance(s.evidence.sign_in, Seen))
    accepted = (sign_in.username.lower() for sign_in in signed_in if sign_in.method != ON_THE_SPOT)
    verdicts = {(finding.check, finding.server): finding.verdict for finding in findings}
    wanted = deployment.reference.thumbprint
    odd = frozenset(s.name for s in deployment.servers if s.local and s.local.current and not s.edge and s.local.thumbprint != wanted)
    in_trouble = (Verdict.WARN, Verdict.FAIL)
    return Context(
        cms_server=cms.name if cms else None,
        edge_servers=frozenset(server.name for server in deployment.servers if server.edge),
        accepted_usernames=frozenset(accepted),
        verdicts=MappingProxyType(verdicts),
        odd_servers=odd,
        all_odd_lag=all(
            verdicts.get((check, server)) in in_trouble for server in odd for check in ("local-store-current", "replication-up-to-date")
        ),
    )
