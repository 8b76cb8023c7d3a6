"""What must hold before a check can be judged at all: the server answered, has the product, needs the certificate, has it."""

from dataclasses import dataclass
from typing import TypeVar

from oauthcert.checks.assignment import Standing, plain_thumbprint
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import StoreCertificate, StoreSeen

T = TypeVar("T")


def unanswered(check: str, server: ServerView) -> Finding | None:
    """Could-not-look for a server that was not reached or did not let us in."""
    if server.unanswered is None:
        return None
    look = "reach" if isinstance(server.evidence.reach, NotSeen) else "sign-in"
    return say_unseen(check, server.name, server.unanswered, look, (server.name,))


def unseen(check: str, server: ServerView, part: Seen[T] | NotSeen, look: str) -> Finding | None:
    """Could-not-look when this part of the server's own evidence was not seen."""
    return say_unseen(check, server.name, part, look, (server.name,)) if isinstance(part, NotSeen) else None


def not_told(check: str, server: ServerView, look: str) -> Finding:
    """The look succeeded, yet the fact that decides was left out."""
    return say_unseen(check, server.name, NotSeen("not-told"), look, (server.name,))


def outside_lync(check: str, server: ServerView) -> Finding | None:
    """For checks of the product's own steps: not answered, or the product is not (known to be) there."""
    if finding := unanswered(check, server):
        return finding
    if server.lync is None:
        return unseen(check, server, server.evidence.product, "product") or not_told(check, server, "product")
    return None if server.lync else say_not_needed(check, server.name, "no-lync-product")


def outside_oauth(check: str, server: ServerView) -> Finding | None:
    """As `outside_lync`, and for servers whose roles need no OAuth certificate."""
    if finding := outside_lync(check, server):
        return finding
    if server.edge:
        return say_not_needed(check, server.name, "edge-server")
    if server.needs_oauth is None:
        evidence = server.evidence
        missing = unseen(check, server, evidence.topology, "topology") or unseen(check, server, evidence.oauth, "oauth")
        return missing or not_told(check, server, "topology")
    return None if server.needs_oauth else say_not_needed(check, server.name, "role-without-oauth")


def without_reference(check: str, server: ServerView | None, deployment: DeploymentView) -> Finding | None:
    """Nothing is assigned, or nobody knows what. `server` is None for a finding of the deployment."""
    reference, name = deployment.reference, server.name if server else None
    if reference.standing is Standing.ASSIGNED:
        return None
    if reference.standing is Standing.NONE:
        return say(check, "nothing-assigned", name)
    if reference.standing is Standing.UNNAMED:
        said = None if reference.server is None else deployment.servers[reference.server].local
        message = (said.unnamed.message if said and said.unnamed else None) or ""
        return say_unseen(check, name, NotSeen("not-found-or-untrusted", {"message": message}), "oauth", (deployment.reference_server,))
    if server is None:
        return say_unseen(check, None, NotSeen("reference-not-seen"), "oauth", blocked_servers(deployment))
    # About one server it is enough to name the one that should have told; the deployment's own finding has the rest.
    asked = (deployment.reference_server,) if deployment.reference_server else ()
    return say_unseen(check, name, NotSeen("reference-not-seen"), "oauth", asked)


def blocked_servers(deployment: DeploymentView) -> tuple[str, ...]:
    """The servers whose local store could have told which certificate is assigned, but was not read."""
    return tuple(s.name for s in deployment.servers if s.lync is not False and not s.edge and s.local is None)


@dataclass(frozen=True, slots=True)
class Held:
    """The deployment's certificate as it lies in a server's store."""

    thumbprint: str
    certificate: StoreCertificate
    store: StoreSeen


def held_certificate(check: str, server: ServerView, deployment: DeploymentView) -> Held | Finding:
    """The reference certificate in LocalMachine\\My, or the finding that stands instead of a judgement about it."""
    instead = outside_oauth(check, server) or without_reference(check, server, deployment)
    if instead:
        return instead
    wanted = deployment.reference.thumbprint
    store = server.evidence.store
    if isinstance(store, NotSeen):
        return say_unseen(check, server.name, store, "store", (server.name,))
    for certificate in store.value.my:
        if plain_thumbprint(certificate.thumbprint) == wanted:
            return Held(wanted, certificate, store.value)
    if store.value.my_left_out > 0:
        left = NotSeen("store-cut", {"left_out": str(store.value.my_left_out)})
        return say_unseen(check, server.name, left, "store", (server.name,))
    variant = "missing" if check == "oauth-in-store" else "no-certificate"
    if variant == "no-certificate":
        return say(check, variant, server.name, thumbprint=wanted)
    return say(
        check,
        variant,
        server.name,
        thumbprint=wanted,
        reference_server=deployment.reference_server,
        certificates_seen=store.value.my_count,
    )
