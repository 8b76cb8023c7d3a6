"""Private keys in files: can one be opened, and does it belong to a certificate? A key never leaves this module as text."""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key, load_pem_private_key

from oauthcert.certs import der
from oauthcert.certs.certificate import Certificate
from oauthcert.certs.encryption import MAXIMUM_ROUNDS, read_encryption
from oauthcert.certs.panics import panics_as_errors
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Secret

MAXIMUM_BYTES = 100_000
_PEM_BEGIN, _ENCRYPTED_LABEL = b"-----BEGIN ", b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


class KeyUnreadable(OauthcertError):
    """This is no private key that could be used.

    `reason` is empty, too-large, not-a-key (a certificate, say), password-needed, wrong-password (or the file was altered),
    too-slow (made so that opening it takes minutes) or not-supported (neither RSA nor EC, or a curve this program does not know).
    """

    words = "key-unreadable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail, reason=reason, why=detail)
        self.reason = reason


def key_belongs(key_file: bytes, certificate: Certificate, password: Secret | None = None) -> bool:
    """Whether the private key in `key_file` (PEM or DER) is the one of `certificate`; raises KeyUnreadable and nothing else.

    A password that turns out not to be needed is ignored. The size of the file and the rounds of key derivation are bounded.
    """
    return matches(read_private_key(key_file, password), certificate)


def matches(key: PrivateKeyTypes, certificate: Certificate) -> bool:
    """Compares the public numbers, so that the same RSA key counts whether the certificate calls it RSA or RSASSA-PSS."""
    try:
        with panics_as_errors():
            return load_der_public_key(certificate.public_key) == key.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError):
        return False


def read_private_key(key_file: bytes, password: Secret | None = None) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """The key in PEM or DER, with or without a password; raises KeyUnreadable and nothing else."""
    if not key_file.strip():
        raise KeyUnreadable("empty", "the file is empty")
    if len(key_file) > MAXIMUM_BYTES:
        raise KeyUnreadable("too-large", f"{len(key_file)} bytes, at most {MAXIMUM_BYTES} are read")
    is_pem = _PEM_BEGIN in key_file
    if is_pem and b"PRIVATE KEY-----" not in key_file:
        raise KeyUnreadable("not-a-key", "the file holds something else, a certificate perhaps")
    encrypted = _is_encrypted(key_file, is_pem=is_pem)
    secret = _password_bytes(password) if encrypted else None
    if encrypted and secret is None:
        raise KeyUnreadable("password-needed", "the key is encrypted and no password was given")
    try:
        with panics_as_errors():
            key = (load_pem_private_key if is_pem else load_der_private_key)(key_file, secret)
    except UnsupportedAlgorithm:
        raise KeyUnreadable("not-supported", "the key or its encryption is of a kind this program does not know") from None
    except (ValueError, TypeError, OverflowError):
        if encrypted:
            raise KeyUnreadable("wrong-password", "the password does not open the key, or the file was altered") from None
        raise KeyUnreadable("not-a-key", "the bytes are no private key") from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnreadable("not-supported", "the key is neither RSA nor EC")
    return key


def _password_bytes(password: Secret | None) -> bytes | None:
    """None for no password and for an empty one, which no encrypted key has."""
    if password is None or not password.reveal():
        return None
    return password.reveal().encode("utf-8", "surrogatepass")


def _is_encrypted(key_file: bytes, *, is_pem: bool) -> bool:
    """Whether a password is needed; raises KeyUnreadable too-slow for a file made to keep the program busy."""
    if is_pem and _ENCRYPTED_LABEL not in key_file:
        return b"Proc-Type: 4,ENCRYPTED" in key_file
    try:
        if is_pem:
            body = key_file.partition(_ENCRYPTED_LABEL)[2].partition(b"-----END")[0]
            key_file = base64.b64decode(b"".join(body.split()), validate=True)
        fields = der.read_one(key_file)[0].parts()
        if len(fields) != 2 or [part.tag for part in fields] != [der.SEQUENCE, der.OCTET_STRING]:
            return is_pem
        rounds = read_encryption(fields[0]).rounds
    except (der.DerError, binascii.Error, IndexError):
        return is_pem
    if not 0 < rounds <= MAXIMUM_ROUNDS:
        raise KeyUnreadable("too-slow", f"opening it would take more than {MAXIMUM_ROUNDS} rounds of key derivation")
    return True
