"""Finds the issuers a server lacks in what the other servers of the deployment trust already."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.certs.chain import ChainProblem, build_chain
from oauthcert.certs.signing_request import AnswerUnreadable, read_answer
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.oauth_chain import chain_of
from oauthcert.checks.view import ServerView
from oauthcert.fixes.situation import Situation, own_certificates
from oauthcert.model.evidence import Seen
from oauthcert.model.server_evidence import StoreCertificate

_DATES = frozenset({ChainProblem.EXPIRED, ChainProblem.NOT_YET_VALID})


@dataclass(frozen=True, slots=True)
class Missing:
    """A certificate to put in, and whose stores it comes from (empty: the operator's file)."""

    certificate: Certificate
    source: str

    @property
    def store(self) -> str:
        return "Root" if self.certificate.self_signed else "CA"


def leaf_on(situation: Situation, server: ServerView, thumbprint: str) -> Certificate | None:
    """The certificate whose chain is meant, as it lies on that server."""
    for one in own_certificates(server):
        if plain_thumbprint(one.thumbprint) == thumbprint:
            return next(_readable(situation, (one,)), None)
    return None


def missing_issuers(situation: Situation, server: ServerView, leaf: Certificate) -> tuple[Missing, ...]:
    """What has to be put in so that the chain holds, by the stores of the first other server on which it does. None: nobody has it."""
    here = server.evidence.store
    if not isinstance(here, Seen):
        return ()
    at_hand = {one.sha256 for one in _readable(situation, (*here.value.intermediate, *here.value.root))}
    trusted = {one.sha256 for one in _readable(situation, here.value.root)}
    for other in situation.deployment.servers:
        store = other.evidence.store
        if other is server or other.edge or not isinstance(store, Seen):
            continue
        chain = chain_of(leaf, store.value, other, situation.look.certificates)
        if any(problem.link > 0 or problem.problem not in _DATES for problem in chain.problems):
            continue
        lacking = [one for one in chain.path[1:] if one.sha256 not in (trusted if one.self_signed else at_hand)]
        if lacking:
            return tuple(Missing(one, other.name) for one in lacking)
    return ()


def from_file(situation: Situation, server: ServerView, leaf: Certificate, data: bytes) -> tuple[Missing, ...]:
    """Those of the certificates in a file (one, or a chain; binary or text) that make the chain whole; none when they do not.

    An issuer is not a root for lying in a file: trust in a new root is what the operator gives by choosing the file.
    """
    here = server.evidence.store
    given = issuers_in(data)
    if not isinstance(here, Seen) or not given:
        return ()
    intermediates, roots = (tuple(_readable(situation, part)) for part in (here.value.intermediate, here.value.root))
    chain = build_chain(
        leaf,
        (*intermediates, *(one for one in given if not one.self_signed)),
        (*roots, *(one for one in given if one.self_signed)),
        situation.deployment.now,
    )
    if any(problem.link > 0 or problem.problem not in _DATES for problem in chain.problems):
        return ()
    new = {one.sha256 for one in given} - {one.sha256 for one in (*intermediates, *roots)}
    return tuple(Missing(one, "") for one in chain.path[1:] if one.sha256 in new)


def issuers_in(data: bytes) -> tuple[Certificate, ...]:
    """The certificates in a file; none when it holds no certificate."""
    try:
        return read_answer(data)
    except AnswerUnreadable:
        return ()


def _readable(situation: Situation, certificates: Iterable[StoreCertificate]) -> Iterator[Certificate]:
    for one in certificates:
        try:
            yield situation.look.certificates.read(one.der)
        except CertificateUnreadable:
            continue
