"""The parts of a PFX file that can be seen without its password: encryption, number of keys, and how long opening it would take."""

from dataclasses import dataclass

from oauthcert.certs import der
from oauthcert.certs.encryption import mac_rounds, read_encryption

_DATA, _SIGNED, _ENCRYPTED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.6"
_KEY_BAG, _SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.1", "1.2.840.113549.1.12.10.1.2"
_CONSTRUCTED_OCTETS = 0x24
_MAXIMUM_DEPTH = 30


@dataclass(frozen=True, slots=True)
class PfxOutline:
    """`keys` counts the private keys outside encrypted parts, where every common program puts them. `ciphers` are aes, 3des, rc2, …

    `rounds` is the sum over all parts that can be seen. `sealed` tells whether the file can prove that it was not altered.
    """

    keys: int
    ciphers: frozenset[str]
    rounds: int
    sealed: bool
    plain_key: bool
    signed_instead: bool


def outline(data: bytes) -> PfxOutline:
    """Walks the file; raises DerError when it is not a PFX or is cut off. Indefinite lengths, which some programs write, are read."""
    fields = der.read_only(_definite(data), der.SEQUENCE).parts()
    if len(fields) < 2 or der.integer(fields[0]) != 3:
        raise der.DerError("not version 3 of PKCS#12")
    kind, content = _content_of(fields[1])
    sealed = len(fields) > 2
    rounds = abs(mac_rounds(fields[2])) if sealed else 0
    if kind == _SIGNED:
        return PfxOutline(0, frozenset(), 0, sealed=True, plain_key=False, signed_instead=True)
    keys, ciphers, plain_key = 0, set[str](), False
    for part in der.read_only(_definite(content.content), der.SEQUENCE).parts():
        kind, content = _content_of(part)
        if kind == _ENCRYPTED:
            inner = der.expect(content, der.SEQUENCE).parts()[1].parts()
            found = read_encryption(inner[1])
            ciphers.add(found.cipher)
            rounds += abs(found.rounds)
        elif kind == _DATA:
            for bag in der.read_only(_definite(content.content), der.SEQUENCE).parts():
                number, value = _content_of(bag)
                if number == _SHROUDED_KEY_BAG:
                    found = read_encryption(der.expect(value, der.SEQUENCE).parts()[0])
                    ciphers.add(found.cipher)
                    rounds += abs(found.rounds)
                plain_key = plain_key or number == _KEY_BAG
                keys += number in (_KEY_BAG, _SHROUDED_KEY_BAG)
    return PfxOutline(keys, frozenset(ciphers), rounds, sealed, plain_key, signed_instead=False)


def _content_of(element: der.Element) -> tuple[str, der.Element]:
    """The number of a ContentInfo or bag and what lies in its [0]."""
    fields = der.expect(element, der.SEQUENCE).parts()
    if len(fields) < 2 or fields[1].tag != 0xA0:
        raise der.DerError("a part without content")
    return der.oid(fields[0]), der.read_one(fields[1].content)[0]


def _definite(data: bytes) -> bytes:
    """The same bytes with every length written out; what is DER already stays as it is. Raises DerError."""
    whole, end = _rewrite(data, 0, 0)
    if end != len(data):
        raise der.DerError("bytes follow after the end")
    return whole


def _rewrite(data: bytes, start: int, depth: int) -> tuple[bytes, int]:
    if depth > _MAXIMUM_DEPTH:
        raise der.DerError("nested deeper than any real file")
    if start + 2 > len(data):
        raise der.DerError("ends in the middle of an element")
    tag = data[start]
    if data[start + 1] != 0x80:
        element, end = der.read_one(data, start)
        if not tag & 0x20:
            return element.raw, end
        return _joined(tag, _parts(element.content, depth)), end
    if not tag & 0x20:
        raise der.DerError("a simple value without a length")
    position, parts = start + 2, list[bytes]()
    while data[position : position + 2] != b"\0\0":
        if len(parts) >= der.MAXIMUM_ELEMENTS:
            raise der.DerError("more parts than any real file has")
        part, position = _rewrite(data, position, depth + 1)
        parts.append(part)
    return _joined(tag, parts), position + 2


def _parts(content: bytes, depth: int) -> list[bytes]:
    position, parts = 0, list[bytes]()
    while position < len(content):
        if len(parts) >= der.MAXIMUM_ELEMENTS:
            raise der.DerError("more parts than any real file has")
        part, position = _rewrite(content, position, depth + 1)
        parts.append(part)
    return parts


def _joined(tag: int, parts: list[bytes]) -> bytes:
    """One element; an octet string in pieces becomes one in one piece."""
    if tag == _CONSTRUCTED_OCTETS:
        return der.write(der.OCTET_STRING, *(der.read_one(part)[0].content for part in parts))
    return der.write(tag, *parts)
