"""MD4 (RFC 1320), which OpenSSL 3 no longer offers: the hash under every Windows password, needed to check NTLM sign-ins."""

import struct

_MASK = 0xFFFFFFFF
_SHIFTS = ((3, 7, 11, 19), (3, 5, 9, 13), (3, 9, 11, 15))
_ADDED = (0, 0x5A827999, 0x6ED9EBA1)
_ORDERS = (
    tuple(range(16)),
    (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
    (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
)


def nt_hash(password: str) -> bytes:
    """The 16 bytes Windows keeps of a password [MS-NLMP 3.3.1]."""
    return md4(password.encode("utf-16-le", "surrogatepass"))


def md4(data: bytes) -> bytes:
    """The 16-byte digest of `data`."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8 & 0xFFFFFFFFFFFFFFFF)
    state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    for start in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[start : start + 64])
        a, b, c, d = state
        for number in range(3):
            for step, index in enumerate(_ORDERS[number]):
                mixed = (a + _mix(number, b, c, d) + words[index] + _ADDED[number]) & _MASK
                shift = _SHIFTS[number][step % 4]
                a, b, c, d = d, (mixed << shift | mixed >> (32 - shift)) & _MASK, b, c
        state = tuple((before + after) & _MASK for before, after in zip(state, (a, b, c, d), strict=True))  # type: ignore[assignment]
    return struct.pack("<4I", *state)


def _mix(number: int, b: int, c: int, d: int) -> int:
    if number == 0:
        return (b & c) | (~b & d)
    if number == 1:
        return (b & c) | (b & d) | (c & d)
    return b ^ c ^ d
