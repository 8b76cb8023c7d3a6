"""Signature and key algorithms of certificates by their object identifiers, and the parameters that go with them."""

from typing import NamedTuple

from oauthcert.certs import der


class SignatureAlgorithm(NamedTuple):
    """`hash` in lower case without a dash (`sha256`), empty when unknown; `key` is RSA, EC, DSA, Ed25519, … or empty."""

    oid: str
    hash: str
    key: str
    pss: bool = False
    mask_hash: str = ""
    salt_length: int = 0


RSA_KEY, EC_KEY, DSA_KEY, RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.2.840.10040.4.1", "1.2.840.113549.1.1.10"

SIGNATURES = {
    "1.2.840.113549.1.1.2": ("md2", "RSA"),
    "1.2.840.113549.1.1.3": ("md4", "RSA"),
    "1.2.840.113549.1.1.4": ("md5", "RSA"),
    "1.2.840.113549.1.1.5": ("sha1", "RSA"),
    "1.3.14.3.2.29": ("sha1", "RSA"),  # the OIW number, which makecert wrote
    "1.2.840.113549.1.1.14": ("sha224", "RSA"),
    "1.2.840.113549.1.1.11": ("sha256", "RSA"),
    "1.2.840.113549.1.1.12": ("sha384", "RSA"),
    "1.2.840.113549.1.1.13": ("sha512", "RSA"),
    "1.2.840.10045.4.1": ("sha1", "EC"),
    "1.2.840.10045.4.3.1": ("sha224", "EC"),
    "1.2.840.10045.4.3.2": ("sha256", "EC"),
    "1.2.840.10045.4.3.3": ("sha384", "EC"),
    "1.2.840.10045.4.3.4": ("sha512", "EC"),
    "1.2.840.10040.4.3": ("sha1", "DSA"),
    "2.16.840.1.101.3.4.3.2": ("sha256", "DSA"),
    "1.3.101.112": ("", "Ed25519"),
    "1.3.101.113": ("", "Ed448"),
}
HASHES = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_CURVES = {
    "1.2.840.10045.3.1.1": 192,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
    "1.3.132.0.10": 256,
}
_FIXED_KEYS = {"1.3.101.110": ("X25519", 256), "1.3.101.111": ("X448", 448), "1.3.101.112": ("Ed25519", 256), "1.3.101.113": ("Ed448", 456)}
_MAXIMUM_SALT = 512


def read_signature_algorithm(element: der.Element) -> SignatureAlgorithm:
    """From an AlgorithmIdentifier; raises DerError. Unknown numbers give empty `hash` and `key`."""
    fields = der.expect(element, der.SEQUENCE).parts()
    if not fields:
        raise der.DerError("an algorithm without a number")
    identifier = der.oid(fields[0])
    if identifier == RSA_PSS:
        return _read_pss(fields[1:])
    hash_name, key = SIGNATURES.get(identifier, ("", ""))
    return SignatureAlgorithm(identifier, hash_name, key)


def _read_pss(parameters: list[der.Element]) -> SignatureAlgorithm:
    """RSASSA-PSS with its parameters; what is absent means SHA-1, MGF1 with SHA-1 and 20 bytes of salt (RFC 4055, 3.1)."""
    hash_name = mask_hash = "sha1"
    salt_length = 20
    for part in parameters[0].parts() if parameters and parameters[0].tag == der.SEQUENCE else ():
        inner, _ = der.read_one(part.content)
        if part.tag == 0xA0:
            hash_name = _hash_of(inner)
        elif part.tag == 0xA1:
            fields = inner.parts()
            mask_hash = _hash_of(fields[1]) if len(fields) > 1 else "sha1"
        elif part.tag == 0xA2:
            salt_length = der.integer(inner)
    if not 0 <= salt_length <= _MAXIMUM_SALT:
        raise der.DerError("a salt of impossible length")
    return SignatureAlgorithm(RSA_PSS, hash_name, "RSA", True, mask_hash, salt_length)


def _hash_of(element: der.Element) -> str:
    fields = der.expect(element, der.SEQUENCE).parts()
    return HASHES.get(der.oid(fields[0]), "") if fields else ""


def read_key(element: der.Element) -> tuple[str, int]:
    """Kind and size of a SubjectPublicKeyInfo: `RSA`, `EC`, …, else its number; bits, 0 when unknown. Raises DerError."""
    fields = der.expect(element, der.SEQUENCE).parts()
    if len(fields) != 2:
        raise der.DerError("a public key that is not a pair")
    algorithm = der.expect(fields[0], der.SEQUENCE).parts()
    if not algorithm:
        raise der.DerError("a public key without an algorithm")
    identifier, key = der.oid(algorithm[0]), der.bits(fields[1])
    if identifier in (RSA_KEY, RSA_PSS):
        numbers = der.read_only(key, der.SEQUENCE).parts()
        return "RSA", der.integer(numbers[0]).bit_length() if numbers else 0
    if identifier == EC_KEY:
        curve = der.oid(algorithm[1]) if len(algorithm) > 1 and algorithm[1].tag == der.OID else ""
        return "EC", _CURVES.get(curve, (len(key) - 1) // 2 * 8)
    if identifier == DSA_KEY:
        numbers = algorithm[1].parts() if len(algorithm) > 1 else []
        return "DSA", der.integer(numbers[0]).bit_length() if numbers else 0
    return _FIXED_KEYS.get(identifier, (identifier, 0))
