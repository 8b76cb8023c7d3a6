"""The certificate that is planned to come next: who says so, whether it has arrived, and what is said of one that it will replace."""

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.moments import iso
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import Seen
from oauthcert.model.finding import Fact
from oauthcert.model.server_evidence import Assignment, StoreCertificate

REPLACEMENT_STAGED = "replacement-staged"
"""The variant for what is wrong with the present certificate and will be over on the day of the change."""


def staged_assignment(deployment: DeploymentView) -> tuple[Assignment, ServerView] | None:
    """The certificate that comes next and the server that said so: the one the reference comes from, else any other."""
    servers = sorted(deployment.servers, key=lambda server: server.position != deployment.reference.server)
    for server in servers:
        if server.local is not None and server.local.staged and not server.edge:
            return min(server.local.staged, key=lambda one: one.effective_date or deployment.now), server
    return None


def held_on(server: ServerView, thumbprint: str) -> StoreCertificate | None:
    """This certificate in the server's own store, with or without its key."""
    store = server.evidence.store
    if not isinstance(store, Seen):
        return None
    return next((one for one in store.value.my if plain_thumbprint(one.thumbprint) == thumbprint), None)


def has_with_key(server: ServerView, thumbprint: str) -> bool | None:
    """Whether this server's store holds the certificate with its key; None where the store was not read to its end."""
    store = server.evidence.store
    if not isinstance(store, Seen):
        return None
    if (found := held_on(server, thumbprint)) is not None:
        return found.has_private_key
    return None if store.value.my_left_out > 0 else False


def replacement(staged: Assignment) -> dict[str, Fact]:
    """What is told of it beside the certificate that it replaces."""
    return {"staged_thumbprint": plain_thumbprint(staged.thumbprint), "effective_date": iso(staged.effective_date)}
