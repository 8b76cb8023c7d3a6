"""Which certificates of a server could be the deployment's: told from its stores and keys as they were seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.oauth_chain import chain_of
from oauthcert.checks.view import ServerView
from oauthcert.fixes.situation import Situation, own_certificates
from oauthcert.model.evidence import Seen

_SHORTEST_LIFE = timedelta(days=30)
_AT_SIGNATURE = 2
_OAUTH_USE = "oauthtokenissuer"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate that can be assigned from `server`: its key is there, opens and may travel, and the server trusts it."""

    server: ServerView
    thumbprint: str
    certificate: Certificate


def known_on(server: ServerView) -> tuple[str, ...]:
    """Every certificate with a key that a server held when it was looked at; one more than these was requested since."""
    return tuple(sorted(plain_thumbprint(one.thumbprint) for one in own_certificates(server) if one.has_private_key))


def candidates(situation: Situation, server: ServerView) -> tuple[Candidate, ...]:
    """The newest first. Not what serves something else; that would bring its fate upon the tokens."""
    found = [one for one in _readable(situation, server) if _is_fit(situation, one) and one.thumbprint not in _in_other_use(server)]
    return tuple(sorted(found, key=lambda one: one.certificate.not_before, reverse=True))


def candidate(situation: Situation, server: ServerView, thumbprint: str) -> Candidate | None:
    """This very certificate, if it could be assigned from that server, whatever else it is used for."""
    return next((one for one in _readable(situation, server) if one.thumbprint == thumbprint and _is_fit(situation, one)), None)


def newer(situation: Situation, server: ServerView) -> Candidate | None:
    """The newest that was made after the certificate in use and ends later: somebody requested it and did not get to assigning it."""
    reference = situation.deployment.reference
    present = next((one.certificate for one in _readable(situation, server) if one.thumbprint == reference.thumbprint), None)
    assignment = reference.assignment
    begin = present.not_before if present else (assignment.not_before if assignment else None)
    end = present.not_after if present else (assignment.not_after if assignment else None)
    previous = plain_thumbprint(assignment.previous_thumbprint) if assignment else ""
    for one in candidates(situation, server):
        later = (begin is None or one.certificate.not_before > begin) and (end is None or one.certificate.not_after > end)
        if later and one.thumbprint not in (reference.thumbprint, previous):
            return one
    return None


def _readable(situation: Situation, server: ServerView) -> Iterator[Candidate]:
    for one in own_certificates(server):
        if one.has_private_key:
            try:
                certificate = situation.look.certificates.read(one.der)
            except CertificateUnreadable:
                continue
            yield Candidate(server, plain_thumbprint(one.thumbprint), certificate)


def _is_fit(situation: Situation, one: Candidate) -> bool:
    server, certificate = one.server, one.certificate
    store, keys = server.evidence.store, server.evidence.keys
    if not isinstance(store, Seen) or not isinstance(keys, Seen) or not _is_named(situation, certificate):
        return False
    at = situation.deployment.now
    lasts = certificate.not_before <= max(at, server.time) and certificate.not_after > at + _SHORTEST_LIFE
    key = next((key for key in keys.value if plain_thumbprint(key.thumbprint) == one.thumbprint), None)
    opens = key is not None and key.opens and key.kind == "csp" and key.exportable is True and key.key_spec != _AT_SIGNATURE
    return lasts and opens and chain_of(certificate, store.value, server, situation.look.certificates).ok


def _is_named(situation: Situation, certificate: Certificate) -> bool:
    """After the deployment, or as the certificate in use is."""
    assignment = situation.deployment.reference.assignment
    if assignment is not None and assignment.subject and assignment.subject.lower() == certificate.subject.lower():
        return True
    names = {certificate.subject_common_name.lower(), *(name.lower() for name in certificate.dns_names)}
    return bool(names & sip_domains(situation))


def sip_domains(situation: Situation) -> frozenset[str]:
    found: set[str] = set()
    for server in situation.deployment.servers:
        topology = server.evidence.topology
        if isinstance(topology, Seen):
            found |= {domain.lower() for domain in topology.value.sip_domains}
            if topology.value.default_sip_domain:
                found.add(topology.value.default_sip_domain.lower())
    return frozenset(found)


def _in_other_use(server: ServerView) -> frozenset[str]:
    uses = server.evidence.uses
    if not isinstance(uses, Seen):
        return frozenset()
    return frozenset(plain_thumbprint(one.thumbprint) for one in uses.value if one.use and one.use.lower() != _OAUTH_USE)
