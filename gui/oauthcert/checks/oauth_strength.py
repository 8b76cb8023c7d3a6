"""Judges how the certificate and its chain were made: key, signatures, purpose; and what this server's Windows makes of that."""

from collections.abc import Iterator

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.certs.chain import ChainNote, ChainResult
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.builds import LYNC_2013, line_of, main_component
from oauthcert.checks.gates import Held, held_certificate
from oauthcert.checks.installed import lync_products
from oauthcert.checks.look import Look
from oauthcert.checks.oauth_chain import chain_of
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.staged import REPLACEMENT_STAGED, held_on, replacement, staged_assignment
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import Assignment

BROKEN_HASHES = ("md2", "md4", "md5")
SERVER_AUTHENTICATION = ("1.3.6.1.5.5.7.3.1", "2.5.29.37.0")
"""And "any purpose"."""
SHORTEST_FOR_2013 = 1024
_CAN_WAIT = frozenset({"short-key-tolerated", "not-rsa", "not-for-servers", "self-signed", "sha1"})
"""What a planned change is good enough against; the others break something today."""
_WINDOWS_WITHOUT_SHA512 = (6, 3)
"""Windows Server 2012 R2; this one and older need an update for SHA-512 in TLS 1.2."""


def oauth_strength(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """The gravest of what is wrong."""
    check = "oauth-strength"
    held = held_certificate(check, server, deployment)
    if isinstance(held, Finding):
        return held
    try:
        leaf = look.certificates.read(held.certificate.der)
    except CertificateUnreadable as unreadable:
        why = NotSeen("unparsable-certificate", {"thumbprint": held.thumbprint, "detail": unreadable.detail})
        return say_unseen(check, server.name, why, "store", (server.name,))
    chain = chain_of(leaf, held.store, server, look.certificates)
    facts: dict[str, Fact] = {
        "thumbprint": held.thumbprint,
        "key_algorithm": leaf.key_algorithm,
        "key_bits": leaf.key_bits,
        "signature_hash": leaf.signature_hash,
    }
    for variant, more in _weaknesses(server, leaf, chain, look):
        if variant == "could-not-look":
            return say_unseen(check, server.name, _windows_unknown(server), "session", (server.name,))
        if variant in _CAN_WAIT and (staged := _sound_successor(server, deployment, held, look)) is not None:
            return say(check, REPLACEMENT_STAGED, server.name, **facts, **replacement(staged))
        return say(check, variant, server.name, **facts, **more)
    return say(check, "pass", server.name, **facts)


def _sound_successor(server: ServerView, deployment: DeploymentView, held: Held, look: Look) -> Assignment | None:
    """The staged certificate, if it lies here with its key and nothing is wrong with how it was made."""
    found = staged_assignment(deployment)
    there = None if found is None else held_on(server, plain_thumbprint(found[0].thumbprint))
    if found is None or there is None or not there.has_private_key:
        return None
    try:
        leaf = look.certificates.read(there.der)
    except CertificateUnreadable:
        return None
    chain = chain_of(leaf, held.store, server, look.certificates)
    return None if any(_weaknesses(server, leaf, chain, look)) else found[0]


def _weaknesses(server: ServerView, leaf: Certificate, chain: ChainResult, look: Look) -> Iterator[tuple[str, dict[str, Fact]]]:
    if leaf.signature_hash in BROKEN_HASHES:
        yield "broken-hash", {}
    shortest = look.thresholds.key_bits
    if leaf.key_algorithm == "RSA" and 0 < leaf.key_bits < shortest:
        tolerated = leaf.key_bits >= SHORTEST_FOR_2013 and _is_2013(server)
        yield ("short-key-tolerated" if tolerated else "short-key"), {"needed_bits": shortest}
    for link in _noted(chain, ChainNote.PSS_SIGNATURE):
        yield "pss", _about(link)
    for link in _noted(chain, ChainNote.WEAK_ROOT_SIGNATURE):
        yield "weak-root", {**_about(link), "algorithm": link.signature_hash}
    if leaf.key_algorithm != "RSA":
        yield "not-rsa", {}
    for link in _noted(chain, ChainNote.SHA512_SIGNATURE):
        windows = _windows(server)
        if windows is None:
            yield "could-not-look", {}
        elif windows <= _WINDOWS_WITHOUT_SHA512:
            yield "sha512", {**_about(link), "os_name": _os_name(server)}
    if leaf.extended_key_usage is not None and not set(SERVER_AUTHENTICATION) & set(leaf.extended_key_usage):
        yield "not-for-servers", {"usages": leaf.extended_key_usage}
    if leaf.self_signed:
        yield "self-signed", {}
    if leaf.signature_hash == "sha1":
        yield "sha1", {}


def _noted(chain: ChainResult, wanted: ChainNote) -> list[Certificate]:
    return [note.certificate for note in chain.notes if note.note is wanted]


def _about(link: Certificate) -> dict[str, Fact]:
    return {"link": link.subject, "link_thumbprint": link.thumbprint}


def _is_2013(server: ServerView) -> bool:
    main = main_component(lync_products(server.evidence))
    return main is not None and line_of(main) is LYNC_2013


def _windows(server: ServerView) -> tuple[int, int] | None:
    """The first two numbers of the version of Windows; None where it is not known."""
    session = server.evidence.session
    if isinstance(session, NotSeen):
        return None
    parts = session.value.os_version.split(".")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
        return None
    return int(parts[0]), int(parts[1])


def _os_name(server: ServerView) -> str:
    session = server.evidence.session
    return "" if isinstance(session, NotSeen) else session.value.os_name


def _windows_unknown(server: ServerView) -> NotSeen:
    session = server.evidence.session
    return session if isinstance(session, NotSeen) else NotSeen("not-told")
