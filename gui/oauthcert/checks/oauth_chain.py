"""Judges the chain of the deployment's certificate with one server's own stores, at that server's own time."""

from collections.abc import Iterable

from oauthcert.certs.certificate import Certificate, CertificateReader, CertificateUnreadable
from oauthcert.certs.chain import ChainProblem, ChainResult, LinkProblem, build_chain
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import held_certificate
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import StoreCertificate, StoreSeen

_WEAK = frozenset({ChainProblem.WEAK_SIGNATURE, ChainProblem.WEAK_KEY})
_DATES = frozenset({ChainProblem.EXPIRED, ChainProblem.NOT_YET_VALID})


def oauth_chain(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """The dates of the certificate itself are the business of oauth-validity; here only those of its issuers count."""
    check = "oauth-chain"
    held = held_certificate(check, server, deployment)
    if isinstance(held, Finding):
        return held
    try:
        leaf = look.certificates.read(held.certificate.der)
    except CertificateUnreadable as unreadable:
        why = NotSeen("unparsable-certificate", {"thumbprint": held.thumbprint, "detail": unreadable.detail})
        return say_unseen(check, server.name, why, "store", (server.name,))
    chain = chain_of(leaf, held.store, server, look.certificates)
    problem = next((p for p in chain.problems if not (p.link == 0 and p.problem in _DATES)), None)
    if problem is not None:
        return _broken(server, held.thumbprint, problem, chain, deployment)
    return _around(server, held.thumbprint, chain, held.store, look)


def chain_of(leaf: Certificate, store: StoreSeen, server: ServerView, reader: CertificateReader) -> ChainResult:
    """What this server makes of a certificate with its own stores, at its own time."""
    disallowed = frozenset(plain_thumbprint(thumbprint) for thumbprint in store.disallowed)
    return build_chain(
        leaf,
        _readable(store.intermediate, reader),
        _readable(store.root, reader),
        server.time,
        disallowed=disallowed,
        personal=_readable(store.my, reader),
    )


def _readable(certificates: Iterable[StoreCertificate], reader: CertificateReader) -> list[Certificate]:
    """One that cannot be read can vouch for nobody; it is passed over, as Windows does."""
    found = []
    for certificate in certificates:
        try:
            found.append(reader.read(certificate.der))
        except CertificateUnreadable:
            continue
    return found


def _broken(server: ServerView, thumbprint: str, problem: LinkProblem, chain: ChainResult, deployment: DeploymentView) -> Finding:
    check, link, kind = "oauth-chain", problem.certificate, problem.problem
    facts: dict[str, Fact] = {"thumbprint": thumbprint, "link": link.subject, "link_thumbprint": link.thumbprint}
    if kind is ChainProblem.MISSING_ISSUER:
        about = {"key_id": "", "url": "", "other_key": "", **problem.facts}
        told: dict[str, Fact] = {name: about[name] for name in ("key_id", "url", "other_key")}
        return say(check, "missing-link", server.name, thumbprint=thumbprint, missing_subject=link.issuer, wanted_by=link.subject, **told)
    if kind is ChainProblem.UNTRUSTED_ROOT:
        store = problem.facts.get("store", "")
        root: dict[str, Fact] = {"root": link.subject, "root_thumbprint": link.thumbprint, "store": store}
        return say(check, "untrusted-root", server.name, thumbprint=thumbprint, **root)
    if kind is ChainProblem.EXPIRED:
        valid_then = link.not_before <= deployment.now <= link.not_after
        return say(check, "expired-link", server.name, **facts, not_after=iso(link.not_after), valid_by_reference=valid_then)
    if kind is ChainProblem.NOT_YET_VALID:
        valid_then = link.not_before <= deployment.now <= link.not_after
        return say(check, "not-yet-valid-link", server.name, **facts, not_before=iso(link.not_before), valid_by_reference=valid_then)
    if kind in _WEAK:
        algorithm = " ".join(text for name in ("algorithm", "bits") if (text := problem.facts.get(name, "")))
        return say(check, "weak-link", server.name, **facts, algorithm=algorithm)
    if kind is ChainProblem.DISALLOWED:
        return say(check, "disallowed", server.name, **facts)
    if kind is ChainProblem.SIGNATURE_NOT_CHECKED:
        why = NotSeen("not-told", {"algorithm": problem.facts.get("algorithm", ""), "link": link.subject, "links": str(len(chain.path))})
        return say_unseen(check, server.name, why, "store", (server.name,))
    return say(check, "bad-link", server.name, **facts, problem=kind.value)


def _around(server: ServerView, thumbprint: str, chain: ChainResult, store: StoreSeen, look: Look) -> Finding:
    """A good chain, and the state of the root store, which can break it for Schannel all the same."""
    check = "oauth-chain"
    if store.misplaced_roots:
        # Windows 2012 and later refuse client certificates while one lies there (KB 2795828).
        return say(
            check,
            "misplaced-root",
            server.name,
            thumbprint=thumbprint,
            misplaced=tuple(root.subject for root in store.misplaced_roots),
            misplaced_thumbprints=tuple(root.thumbprint for root in store.misplaced_roots),
        )
    if store.root_count > look.thresholds.root_count:
        allowed = look.thresholds.root_count
        return say(check, "too-many-roots", server.name, thumbprint=thumbprint, root_count=store.root_count, allowed_count=allowed)
    root = chain.path[-1].subject
    return say(check, "pass", server.name, thumbprint=thumbprint, links=len(chain.path), root=root)
