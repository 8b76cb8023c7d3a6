"""Was this signed with that key? For any certificate a Windows store may hold, those that today's libraries shun included."""

import hashlib
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from oauthcert.certs.algorithms import SignatureAlgorithm
from oauthcert.certs.panics import panics_as_errors

MAXIMUM_RSA_BITS = 16384
"""Longer keys are not tried: verifying would take seconds, and Windows stops at the same length."""


class SignatureAnswer(StrEnum):
    """UNCHECKED means that this program cannot compute it (MD2, DSA, odd curves), not that it is wrong."""

    GOOD = "good"
    BAD = "bad"
    UNCHECKED = "unchecked"


_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - read only: old roots and broken chains must be explained, not refused
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def check_signature(public_key_der: bytes, algorithm: SignatureAlgorithm, signature: bytes, signed: bytes) -> SignatureAnswer:
    """Whether `signature` over `signed` was made with the private half of the key. Never raises."""
    try:
        with panics_as_errors():
            return _check(load_der_public_key(public_key_der), algorithm, signature, signed)
    except InvalidSignature:
        return SignatureAnswer.BAD
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError):
        return SignatureAnswer.UNCHECKED


def _check(key: PublicKeyTypes, algorithm: SignatureAlgorithm, signature: bytes, signed: bytes) -> SignatureAnswer:
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        if not algorithm.key.startswith("Ed"):
            return SignatureAnswer.BAD
        key.verify(signature, signed)
        return SignatureAnswer.GOOD
    other_kind = {"RSA": ec.EllipticCurvePublicKey, "EC": rsa.RSAPublicKey}.get(algorithm.key)
    if other_kind is not None and isinstance(key, other_kind):
        return SignatureAnswer.BAD
    digest = _HASHES.get(algorithm.hash)
    if digest is None:
        return SignatureAnswer.UNCHECKED
    if isinstance(key, rsa.RSAPublicKey) and algorithm.key == "RSA":
        if key.key_size > MAXIMUM_RSA_BITS:
            return SignatureAnswer.UNCHECKED
        if not algorithm.pss:
            key.verify(signature, signed, padding.PKCS1v15(), digest)
            return SignatureAnswer.GOOD
        mask = _HASHES.get(algorithm.mask_hash)
        if mask is None:
            return SignatureAnswer.UNCHECKED
        key.verify(signature, signed, padding.PSS(padding.MGF1(mask), algorithm.salt_length), digest)
        return SignatureAnswer.GOOD
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.key == "EC":
        key.verify(signature, signed, ec.ECDSA(digest))
        return SignatureAnswer.GOOD
    return SignatureAnswer.UNCHECKED


def sha1_hex(data: bytes) -> str:
    """The thumbprint as Windows writes it: 40 upper-case hex digits."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest().upper()


def sha256_hex(data: bytes) -> str:
    """64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
