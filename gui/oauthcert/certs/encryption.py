"""How something is encrypted with a password, read from its algorithm identifier: which cipher, and how long it takes to open."""

from typing import NamedTuple

from oauthcert.certs import der

MAXIMUM_ROUNDS = 10_000_000
"""Rounds of key derivation in one file that are worked through (about 5 s); Windows writes 2000, careful people a few 100 000."""

_PBES2, _SCRYPT, _PBMAC1 = "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", "1.2.840.113549.1.5.14"
_OLD_CIPHERS = {
    "1.2.840.113549.1.12.1.1": "rc4",
    "1.2.840.113549.1.12.1.2": "rc4",
    "1.2.840.113549.1.12.1.3": "3des",
    "1.2.840.113549.1.12.1.4": "3des",
    "1.2.840.113549.1.12.1.5": "rc2",
    "1.2.840.113549.1.12.1.6": "rc2",
}
_CIPHERS = {
    "1.2.840.113549.3.2": "rc2",
    "1.2.840.113549.3.7": "3des",
    "2.16.840.1.101.3.4.1.2": "aes",
    "2.16.840.1.101.3.4.1.22": "aes",
    "2.16.840.1.101.3.4.1.42": "aes",
}


class Encryption(NamedTuple):
    """`cipher` is aes, 3des, rc2, rc4 or the number of another one; `rounds` of key derivation before it opens."""

    cipher: str
    rounds: int


def read_encryption(algorithm: der.Element) -> Encryption:
    """From the AlgorithmIdentifier of PKCS#5 or PKCS#12 encryption; raises DerError."""
    identifier, parameters = _pair(algorithm)
    if identifier == _PBES2:
        derivation, cipher = parameters[:2] if len(parameters) > 1 else (algorithm, algorithm)
        cipher_number, _ = _pair(cipher)
        return Encryption(_CIPHERS.get(cipher_number, cipher_number), derivation_rounds(derivation))
    rounds = der.integer(parameters[1]) if len(parameters) > 1 else 1
    return Encryption(_OLD_CIPHERS.get(identifier, identifier), rounds)


def derivation_rounds(derivation: der.Element) -> int:
    """Rounds of PBKDF2; for scrypt, whose cost is memory as well, its cost times its block size times its lanes."""
    identifier, parameters = _pair(derivation)
    if identifier == _SCRYPT:
        cost = 1
        for part in parameters[1:4]:
            cost *= max(der.integer(part), 1)
        return cost
    return der.integer(parameters[1]) if len(parameters) > 1 else 1


def mac_rounds(mac: der.Element) -> int:
    """Rounds of the MacData of a PFX: its own count, or that of PBKDF2 within PBMAC1."""
    fields = der.expect(mac, der.SEQUENCE).parts()
    identifier, parameters = _pair(der.expect(fields[0], der.SEQUENCE).parts()[0]) if fields else ("", [])
    if identifier == _PBMAC1 and parameters:
        return derivation_rounds(parameters[0])
    return der.integer(fields[2]) if len(fields) > 2 else 1


def _pair(algorithm: der.Element) -> tuple[str, list[der.Element]]:
    fields = der.expect(algorithm, der.SEQUENCE).parts()
    if not fields:
        raise der.DerError("an algorithm without a number")
    return der.oid(fields[0]), fields[1].parts() if len(fields) > 1 and fields[1].tag == der.SEQUENCE else []
