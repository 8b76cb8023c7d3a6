"""Looks into a PFX (PKCS#12) file before it is sent to a server: the certificate, its key, the chain, and what is wrong with it.

Whether the key will be exportable is not a property of the file: it is decided by whoever imports it (certutil, Import-PfxCertificate
-Exportable, Import-CsCertificate).
"""

import warnings
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from oauthcert.certs import der
from oauthcert.certs.certificate import Certificate, CertificateUnreadable, read_certificate
from oauthcert.certs.encryption import MAXIMUM_ROUNDS
from oauthcert.certs.keys import matches
from oauthcert.certs.names import shown
from oauthcert.certs.panics import panics_as_errors
from oauthcert.certs.pfx_outline import PfxOutline, outline
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Secret

MAXIMUM_BYTES = 500_000


class PfxUnreadable(OauthcertError):
    """The file could not be opened. `reason` is one of

    empty · too-large · not-a-pfx (something else, or the beginning is damaged) · a-certificate (a .cer or .pem file: it has no private
    key) · damaged (cut off, or altered where no password is needed to see it) · wrong-password (or altered elsewhere; the two cannot be
    told apart) · too-slow (made so that opening it takes minutes) · not-supported (encrypted in a way, or holding a key, that this
    program does not know; `detail` names it) · signed-instead (protected by a certificate, not by a password).
    """

    words = "pfx-unreadable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail, reason=reason, why=detail)
        self.reason = reason


class PfxProblem(StrEnum):
    """What is wrong with, or remarkable about, a file that could be opened."""

    NO_KEY = "no-key"
    SEVERAL_KEYS = "several-keys"
    NO_CERTIFICATE = "no-certificate"
    KEY_DOES_NOT_MATCH = "key-does-not-match"
    UNREADABLE_CERTIFICATE = "unreadable-certificate"
    KEY_NOT_ENCRYPTED = "key-not-encrypted"
    NOT_SEALED = "not-sealed"
    OLD_ENCRYPTION = "old-encryption"
    NEW_ENCRYPTION = "new-encryption"


@dataclass(frozen=True, slots=True)
class PfxContents:
    """What a PFX holds. `leaf` is the certificate the key belongs to; without such a one, the first that is no authority.

    Problems of kind old-encryption (3DES, RC2: fine on every Windows, weak by today's measure) and new-encryption (AES: Windows Server
    before 2019 does not read it and speaks of a wrong password) are remarks, all others stand in the way or call for care.
    """

    leaf: Certificate | None
    chain: tuple[Certificate, ...]
    has_key: bool
    key_matches: bool
    key_algorithm: str
    key_bits: int
    friendly_name: str
    problems: tuple[PfxProblem, ...] = ()
    ciphers: frozenset[str] = field(default_factory=frozenset)

    @property
    def usable(self) -> bool:
        """Whether importing it gives a certificate with its private key."""
        return self.key_matches and self.key_algorithm in ("RSA", "EC") and PfxProblem.SEVERAL_KEYS not in self.problems


def inspect_pfx(data: bytes, password: Secret) -> PfxContents:
    """Opens the file in memory; raises PfxUnreadable and nothing else. An empty password stands for none.

    Size and visible rounds of key derivation are bounded. Not meant for many threads at once: the library's warnings about odd serial
    numbers are held back meanwhile, which Python can only do for the whole process.
    """
    seen = _outline(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = _load(data, password, seen)
        bags = [loaded.cert] if loaded.cert else []
        found = [(_der_of(bag), bag.friendly_name or b"") for bag in (*bags, *loaded.additional_certs)]
    key = loaded.key
    certificates: list[tuple[Certificate, str]] = []
    problems: list[PfxProblem] = []
    for data_of_one, name in found:
        try:
            certificates.append((read_certificate(data_of_one), shown(name.decode("utf-8", "replace"))))
        except CertificateUnreadable:
            problems.append(PfxProblem.UNREADABLE_CERTIFICATE)
    owner = next((pair for pair in certificates if key is not None and matches(key, pair[0])), None)
    chosen = owner or next((pair for pair in certificates if not pair[0].is_ca), next(iter(certificates), None))
    if key is None:
        problems.append(PfxProblem.NO_KEY)
    elif certificates and owner is None:
        problems.append(PfxProblem.KEY_DOES_NOT_MATCH)
    if chosen is None:
        problems.append(PfxProblem.NO_CERTIFICATE)
    is_rsa_or_ec = isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return PfxContents(
        leaf=chosen[0] if chosen else None,
        chain=tuple(certificate for certificate, _ in certificates if chosen and certificate is not chosen[0]),
        has_key=key is not None,
        key_matches=owner is not None,
        key_algorithm=("RSA" if isinstance(key, rsa.RSAPrivateKey) else "EC") if is_rsa_or_ec else "" if key is None else "other",
        key_bits=key.key_size if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) else 0,
        friendly_name=chosen[1] if chosen else "",
        problems=(*problems, *_seen_from_outside(seen, has_key=key is not None)),
        ciphers=seen.ciphers,
    )


def _outline(data: bytes) -> PfxOutline:
    """What can be seen without the password; raises PfxUnreadable for what need not be opened at all."""
    if not data:
        raise PfxUnreadable("empty", "the file is empty")
    if len(data) > MAXIMUM_BYTES:
        raise PfxUnreadable("too-large", f"{len(data)} bytes, at most {MAXIMUM_BYTES} are read")
    if data.lstrip()[:11] == b"-----BEGIN ":
        kind = "a-certificate" if b"-----BEGIN CERTIFICATE-----" in data else "not-a-pfx"
        raise PfxUnreadable(kind, "the file is in PEM form")
    try:
        seen = outline(data)
    except (der.DerError, IndexError) as error:
        raise PfxUnreadable(_what_else(data), str(error)) from None
    if seen.signed_instead:
        raise PfxUnreadable("signed-instead", "the file is protected by a signature, not by a password")
    if not 0 <= seen.rounds <= MAXIMUM_ROUNDS:
        raise PfxUnreadable("too-slow", f"opening it would take more than {MAXIMUM_ROUNDS} rounds of key derivation")
    return seen


def _what_else(data: bytes) -> str:
    try:
        read_certificate(data)
    except CertificateUnreadable:
        # 30 … 02 01 03: the beginning that every PFX has.
        return "damaged" if data[0] == der.SEQUENCE and b"\x02\x01\x03" in data[:12] else "not-a-pfx"
    return "a-certificate"


def _load(data: bytes, password: Secret, seen: PfxOutline) -> pkcs12.PKCS12KeyAndCertificates:
    secret = password.reveal().encode("utf-8", "surrogatepass")
    if b"\0" in secret:
        # The library panics on it and prints the password while doing so (cryptography 50.0.2); such a password cannot be typed.
        raise PfxUnreadable("wrong-password", "no password holds a zero character")
    try:
        with panics_as_errors():
            return pkcs12.load_pkcs12(data, secret)
    except UnsupportedAlgorithm as error:
        raise PfxUnreadable("not-supported", shown(str(error)[:200])) from None
    except TypeError:  # the library's own slip with a password that is no Unicode text
        raise PfxUnreadable("wrong-password", "the password holds characters that no password can have") from None
    except (ValueError, OverflowError):
        unknown = sorted(seen.ciphers - {"aes", "3des", "rc2"})
        if unknown:
            raise PfxUnreadable("not-supported", f"encrypted with {', '.join(unknown)}") from None
        raise PfxUnreadable("wrong-password", "the password does not open the file, or the file was altered") from None


def _der_of(bag: pkcs12.PKCS12Certificate) -> bytes:
    return bag.certificate.public_bytes(Encoding.DER)


def _seen_from_outside(seen: PfxOutline, *, has_key: bool) -> list[PfxProblem]:
    found = {
        PfxProblem.SEVERAL_KEYS: seen.keys > 1,
        PfxProblem.KEY_NOT_ENCRYPTED: has_key and seen.plain_key,
        PfxProblem.NOT_SEALED: not seen.sealed,
        PfxProblem.OLD_ENCRYPTION: bool(seen.ciphers & {"3des", "rc2", "rc4"}),
        PfxProblem.NEW_ENCRYPTION: "aes" in seen.ciphers,
    }
    return [problem for problem, present in found.items() if present]
