"""Judges what the certificate is called, and whether it is one of its own."""

from collections.abc import Collection, Iterator

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.cms import no_lync_server
from oauthcert.checks.gates import without_reference
from oauthcert.checks.look import Look
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.staged import REPLACEMENT_STAGED, replacement, staged_assignment
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import Assignment, StoreCertificate, TopologySeen

OAUTH_USE = "oauthtokenissuer"


def oauth_subject(deployment: DeploymentView, look: Look) -> Finding:
    """A name of the deployment's own in subject or alternative names; no host is looked up by it, so nothing breaks without."""
    check = "oauth-subject"
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    if finding := without_reference(check, None, deployment):
        return finding
    certificate = stored_certificate(deployment, deployment.reference.thumbprint, look)
    assignment = deployment.reference.assignment
    subject = certificate.subject if certificate else (assignment.subject if assignment else None) or ""
    names = _names(certificate, subject)
    topology = _topology(deployment)
    if topology is None or not (topology.sip_domains or topology.default_sip_domain):
        return say_unseen(check, None, _topology_unseen(deployment), "topology", _asked_for_topology(deployment))
    if not names:
        return say_unseen(check, None, NotSeen("not-told"), "store", (deployment.reference_server,))
    default = (topology.default_sip_domain or "").lower()
    domains = tuple(dict.fromkeys(one.lower() for one in (default, *topology.sip_domains) if one))
    common: dict[str, Fact] = {
        "thumbprint": deployment.reference.thumbprint,
        "subject": subject,
        "names": tuple(names),
        "sip_domains": domains,
    }
    if not set(names) & set(domains):
        if (staged := _staged_with(deployment, look, domains)) is not None:
            return say(check, REPLACEMENT_STAGED, None, **common, **replacement(staged))
        return say(check, "no-sip-domain", None, **common, default_sip_domain=default)
    if shared := _same_friendly_name(deployment, look):
        name, places = shared
        return say(check, "friendly-name-shared", None, **common, friendly_name=name, places=places)
    return say(check, "pass" if default in names or not default else "other-sip-domain", None, **common, default_sip_domain=default)


def oauth_dedicated(deployment: DeploymentView) -> Finding:
    """Whether any server uses the very same certificate for something else as well."""
    check = "oauth-dedicated"
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    if finding := without_reference(check, None, deployment):
        return finding
    wanted = deployment.reference.thumbprint
    needing = [server for server in deployment.servers if server.lync is not False and server.needs_oauth is not False]
    read = [server for server in needing if isinstance(server.evidence.uses, Seen)]
    found = tuple((server.name, use) for server in read for use in _other_uses(server, wanted))
    if found:
        facts: dict[str, Fact] = {
            "thumbprint": wanted,
            "servers": tuple(dict.fromkeys(name for name, _ in found)),
            "uses": tuple(f"{name}: {use}" for name, use in found),
        }
        staged = staged_assignment(deployment)
        if staged is not None and not any(_other_uses(server, plain_thumbprint(staged[0].thumbprint)) for server in read):
            return say(check, REPLACEMENT_STAGED, None, **facts, **replacement(staged[0]))
        return say(check, "reused", None, **facts)
    if not read:
        first = next((server.evidence.uses for server in needing if isinstance(server.evidence.uses, NotSeen)), NotSeen("not-told"))
        return say_unseen(check, None, first, "uses", tuple(server.name for server in needing))
    return say(check, "pass", None, thumbprint=wanted, servers_read=len(read), servers_needing=len(needing))


def _staged_with(deployment: DeploymentView, look: Look, domains: Collection[str]) -> Assignment | None:
    """The staged certificate, if it names one of these domains."""
    staged = staged_assignment(deployment)
    if staged is None:
        return None
    certificate = stored_certificate(deployment, plain_thumbprint(staged[0].thumbprint), look)
    return staged[0] if set(_names(certificate, staged[0].subject or "")) & set(domains) else None


def stored_certificate(deployment: DeploymentView, thumbprint: str, look: Look) -> Certificate | None:
    """This certificate as the first server that has it holds it; None where none does, or its bytes are no certificate."""
    for _, held in _held(deployment, thumbprint):
        try:
            return look.certificates.read(held.der)
        except CertificateUnreadable:
            return None
    return None


def _held(deployment: DeploymentView, thumbprint: str) -> Iterator[tuple[ServerView, StoreCertificate]]:
    for server in deployment.servers:
        if isinstance(server.evidence.store, Seen):
            for certificate in server.evidence.store.value.my:
                if plain_thumbprint(certificate.thumbprint) == thumbprint:
                    yield server, certificate


def _names(certificate: Certificate | None, subject: str) -> list[str]:
    """The common name and the alternative names, in lower case. Without the certificate only what the assignment says of its subject."""
    if certificate is not None:
        found = (certificate.subject_common_name, *certificate.dns_names)
    else:
        found = tuple(part.strip()[3:] for part in subject.split(",") if part.strip().lower().startswith("cn="))
    return list(dict.fromkeys(name.strip().lower() for name in found if name.strip()))


def _topology(deployment: DeploymentView) -> TopologySeen | None:
    """The CMS server's, else any that was read."""
    servers = sorted(deployment.servers, key=lambda server: server.position != deployment.cms.server)
    seen = (server.evidence.topology for server in servers)
    return next((part.value for part in seen if isinstance(part, Seen)), None)


def _topology_unseen(deployment: DeploymentView) -> NotSeen:
    unseen = (server.evidence.topology for server in deployment.servers if server.lync is not False)
    return next((part for part in unseen if isinstance(part, NotSeen)), NotSeen("not-told"))


def _asked_for_topology(deployment: DeploymentView) -> tuple[str, ...]:
    return tuple(s.name for s in deployment.servers if s.lync is not False and isinstance(s.evidence.topology, NotSeen))


def _same_friendly_name(deployment: DeploymentView, look: Look) -> tuple[str, tuple[str, ...]] | None:
    """The certificate's friendly name, and where one that is valid has the same; tools and people pick by it (D-17)."""
    name, places = "", []
    for server, held in _held(deployment, deployment.reference.thumbprint):
        own = held.friendly_name.strip()
        if not own or not isinstance(server.evidence.store, Seen):
            continue
        for other in server.evidence.store.value.my:
            if other.thumbprint != held.thumbprint and other.has_private_key and other.friendly_name.strip().lower() == own.lower():
                try:
                    ended = look.certificates.read(other.der).not_after < deployment.now
                except CertificateUnreadable:
                    continue
                if not ended:
                    name = name or own
                    places.append(f"{server.name}: {plain_thumbprint(other.thumbprint)}")
    return (name, tuple(places)) if places else None


def _other_uses(server: ServerView, thumbprint: str) -> list[str]:
    if not isinstance(server.evidence.uses, Seen):
        return []
    return [
        said.use
        for said in server.evidence.uses.value
        if said.use and said.use.lower() != OAUTH_USE and plain_thumbprint(said.thumbprint) == thumbprint
    ]
