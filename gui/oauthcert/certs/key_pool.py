"""Key pairs for made certificates, each made once and used again: a new 2048-bit key takes about 0.1 s."""

import random
from collections import defaultdict
from threading import Lock

from cryptography.hazmat.primitives.asymmetric import ec, rsa

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

SMALLEST_OF_LIBRARY = 1024
_EXPONENT = 65537


class KeyPool:
    """`rsa(3)` is the same key each time it is asked for; other numbers and sizes are other keys. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rsa: defaultdict[int, dict[int, rsa.RSAPrivateKey]] = defaultdict(dict)
        self._ec: dict[int, ec.EllipticCurvePrivateKey] = {}

    def rsa(self, index: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
        """RSA key number `index` of this size; sizes below 1024 (512 and up) are made too, for certificates that must be refused."""
        with self._lock:
            keys = self._rsa[bits]
            if index not in keys:
                keys[index] = _short_rsa_key(bits) if bits < SMALLEST_OF_LIBRARY else rsa.generate_private_key(_EXPONENT, bits)
            return keys[index]

    def ec(self, index: int = 0) -> ec.EllipticCurvePrivateKey:
        """P-256 key number `index`."""
        with self._lock:
            if index not in self._ec:
                self._ec[index] = ec.generate_private_key(ec.SECP256R1())
            return self._ec[index]


def _short_rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """An RSA key that the library declines to make because it is too short to be safe; only ever signs made certificates."""
    if not 512 <= bits < SMALLEST_OF_LIBRARY or bits % 2:
        raise ValueError(f"an RSA key of {bits} bits cannot be made")
    chance = random.SystemRandom()
    while True:
        p, q = _prime(bits // 2, chance), _prime(bits // 2, chance)
        if p != q and (p * q).bit_length() == bits:
            break
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def _prime(bits: int, chance: random.Random) -> int:
    """A probable prime with its two highest bits set, so that the product of two has its full length."""
    while True:
        candidate = chance.getrandbits(bits) | 3 << (bits - 2) | 1
        if (
            candidate % _EXPONENT != 1
            and all(candidate % small for small in (3, 5, 7, 11, 13, 17, 19, 23, 29))
            and _passes(candidate, chance)
        ):
            return candidate


def _passes(candidate: int, chance: random.Random, rounds: int = 20) -> bool:
    """Miller and Rabin's test; wrong in at most one of 4^rounds cases."""
    odd, twos = candidate - 1, 0
    while not odd & 1:
        odd, twos = odd >> 1, twos + 1
    for _ in range(rounds):
        power = pow(chance.randrange(2, candidate - 1), odd, candidate)
        if power in (1, candidate - 1):
            continue
        for _ in range(twos - 1):
            power = pow(power, 2, candidate)
            if power == candidate - 1:
                break
        else:
            return False
    return True
