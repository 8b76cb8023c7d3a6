"""Judges one path of certificates, leaf first, as Windows' chain engine would: dates, authority rights, strength, distrust."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from oauthcert.certs.certificate import Certificate
from oauthcert.certs.extensions import BASIC_CONSTRAINTS, KEY_USAGE, NAME_CONSTRAINTS
from oauthcert.certs.name_rules import forbidden_name
from oauthcert.certs.verdicts import ChainNote, ChainProblem, LinkNote, LinkProblem

BROKEN_HASHES = frozenset({"md2", "md4", "md5"})
SHORTEST_KEY = 1024
"""RSA keys below this have been blocked by Windows since KB2661254."""
RECOMMENDED_KEY = 2048
_DECISIVE = frozenset({BASIC_CONSTRAINTS, KEY_USAGE, NAME_CONSTRAINTS})


def judge_path(path: Sequence[Certificate], at: datetime, disallowed: Collection[str]) -> Iterator[LinkProblem]:
    """Everything on the path that stops it, from the leaf upwards; where the path ends and signatures are not judged here."""
    for link, certificate in enumerate(path):

        def stop(problem: ChainProblem, facts: Mapping[str, str] | None = None, link: int = link) -> LinkProblem:
            return LinkProblem(problem, link, path[link], facts or {})

        if certificate.thumbprint in disallowed:
            yield stop(ChainProblem.DISALLOWED)
        if at > certificate.not_after:
            yield stop(ChainProblem.EXPIRED, {"not_after": certificate.not_after.isoformat()})
        if at < certificate.not_before:
            yield stop(ChainProblem.NOT_YET_VALID, {"not_before": certificate.not_before.isoformat()})
        for identifier in certificate.critical_unknown:
            yield stop(ChainProblem.UNKNOWN_CRITICAL_EXTENSION, {"extension": identifier})
        for identifier in _DECISIVE.intersection(certificate.damaged):
            yield stop(ChainProblem.UNREADABLE_EXTENSION, {"extension": identifier})
        if certificate.key_algorithm in ("RSA", "DSA") and 0 < certificate.key_bits < SHORTEST_KEY:
            yield stop(ChainProblem.WEAK_KEY, {"algorithm": certificate.key_algorithm, "bits": str(certificate.key_bits)})
        if certificate.signature_hash in BROKEN_HASHES and not certificate.self_signed:
            yield stop(ChainProblem.WEAK_SIGNATURE, {"algorithm": certificate.signature_hash})
        if link:
            yield from _judge_authority(path, link)


def _judge_authority(path: Sequence[Certificate], link: int) -> Iterator[LinkProblem]:
    """May `path[link]` issue what lies below it?

    A root may lack basicConstraints altogether, as roots of the last century and of version 1 do; every other issuer must have them.
    Self-issued certificates below do not count towards the path length (RFC 5280, 6.1.4 l).
    """
    authority, below = path[link], path[:link]
    if authority.is_ca is False or (authority.is_ca is None and not authority.self_signed):
        yield LinkProblem(ChainProblem.NOT_A_CA, link, authority, {"why": "basic-constraints"})
    elif authority.key_usage is not None and "key-cert-sign" not in authority.key_usage:
        yield LinkProblem(ChainProblem.NOT_A_CA, link, authority, {"why": "key-usage"})
    found = sum(not certificate.self_issued for certificate in below[1:])
    if authority.path_length is not None and authority.is_ca and found > authority.path_length:
        facts = {"allowed": str(authority.path_length), "found": str(found)}
        yield LinkProblem(ChainProblem.PATH_LENGTH, link, authority, facts)
    if authority.name_constraints is not None:
        for lower, certificate in enumerate(below):
            if certificate.self_issued and lower:
                continue
            name = forbidden_name(authority.name_constraints, certificate)
            if name:
                yield LinkProblem(ChainProblem.NAME_NOT_ALLOWED, lower, certificate, {"name": name, "below": authority.subject})


def note_path(path: Sequence[Certificate], roots: Collection[str], intermediates: Collection[str]) -> Iterator[LinkNote]:
    """What is worth knowing about the links; `roots` and `intermediates` are the SHA-256 digits of the store's certificates."""
    for link, certificate in enumerate(path):
        if certificate.self_signed and not link:
            yield LinkNote(ChainNote.SELF_SIGNED_LEAF, link, certificate)
        if not certificate.self_signed and certificate.sha256 in roots:
            yield LinkNote(ChainNote.MISPLACED_IN_ROOT, link, certificate)
        if certificate.self_signed and certificate.sha256 not in roots and certificate.sha256 in intermediates:
            yield LinkNote(ChainNote.ROOT_IN_INTERMEDIATE, link, certificate)
        if certificate.self_signed and certificate.signature_hash in BROKEN_HASHES:
            yield LinkNote(ChainNote.WEAK_ROOT_SIGNATURE, link, certificate)
        if certificate.signature_hash == "sha1" and not certificate.self_signed:
            yield LinkNote(ChainNote.SHA1_SIGNATURE, link, certificate)
        if certificate.signature_hash == "sha512":
            yield LinkNote(ChainNote.SHA512_SIGNATURE, link, certificate)
        if certificate.signature_pss:
            yield LinkNote(ChainNote.PSS_SIGNATURE, link, certificate)
        if certificate.key_algorithm in ("RSA", "DSA") and SHORTEST_KEY <= certificate.key_bits < RECOMMENDED_KEY:
            yield LinkNote(ChainNote.SHORT_KEY, link, certificate)
