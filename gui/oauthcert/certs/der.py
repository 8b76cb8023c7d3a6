"""A bounded reader of DER, and the few lines needed to write it. Hostile bytes end in DerError, never in anything else.

Certificates are read with this rather than with a library's certificate class for three reasons: one odd extension must not hide
the rest of a certificate, Windows compares names by their encoded bytes, and serial numbers that are merely unusual make the
library emit warnings, which cannot be held back safely while many threads read at once.
"""

from typing import NamedTuple

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x02, 0x03, 0x04, 0x05, 0x06
BOOLEAN, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x01, 0x17, 0x18, 0x30, 0x31

MAXIMUM_ELEMENTS = 5000
"""Elements read from one container; a certificate with more parts than this on one level is an attack."""


class DerError(ValueError):
    """The bytes are not DER, or not what was expected at this place."""


class Element(NamedTuple):
    """One tag-length-value. `raw` are all its bytes, `content` those after the length."""

    tag: int
    raw: bytes
    content: bytes

    def parts(self) -> list["Element"]:
        return read_all(self.content)


def read_one(data: bytes, start: int = 0) -> tuple[Element, int]:
    """The element at `start` and where the next one begins; raises DerError when it does not fit into `data`."""
    if start + 2 > len(data):
        raise DerError("ends in the middle of an element")
    tag, length, position = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        raise DerError("tag of more than one byte")
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise DerError("length is indefinite or longer than four bytes")
        if position + count > len(data):
            raise DerError("ends in the middle of a length")
        length = int.from_bytes(data[position : position + count])
        position += count
    end = position + length
    if end > len(data):
        raise DerError("says it is longer than the bytes that are there")
    return Element(tag, data[start:end], data[position:end]), end


def read_all(data: bytes) -> list[Element]:
    """All elements that lie one after the other in `data`."""
    elements: list[Element] = []
    position = 0
    while position < len(data):
        if len(elements) >= MAXIMUM_ELEMENTS:
            raise DerError("more parts than any real file has")
        element, position = read_one(data, position)
        elements.append(element)
    return elements


def read_only(data: bytes, tag: int) -> Element:
    """The single element that `data` consists of; raises DerError for another tag or for bytes behind it."""
    element, end = read_one(data)
    if element.tag != tag:
        raise DerError(f"tag {element.tag:#04x} where {tag:#04x} belongs")
    if end != len(data):
        raise DerError("bytes follow after the end")
    return element


def expect(element: Element, tag: int) -> Element:
    if element.tag != tag:
        raise DerError(f"tag {element.tag:#04x} where {tag:#04x} belongs")
    return element


def integer(element: Element) -> int:
    content = expect(element, INTEGER).content
    if not content:
        raise DerError("a number without digits")
    return int.from_bytes(content, signed=True)


def boolean(element: Element) -> bool:
    content = expect(element, BOOLEAN).content
    if len(content) != 1:
        raise DerError("a truth value that is not one byte")
    return content != b"\0"


def bits(element: Element) -> bytes:
    """The whole bytes of a bit string; the count of unused bits in front is dropped."""
    content = expect(element, BIT_STRING).content
    if not content or content[0] > 7:
        raise DerError("a bit string without its count of unused bits")
    return content[1:]


def oid(element: Element) -> str:
    """Dotted text of an object identifier."""
    content = expect(element, OID).content
    if not 0 < len(content) <= 64 or content[-1] & 0x80:
        raise DerError("an object identifier that does not end")
    arcs: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def write(tag: int, *contents: bytes) -> bytes:
    """One element around the joined contents."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def write_integer(value: int) -> bytes:
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def write_oid(dotted: str) -> bytes:
    first, second, *others = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (first * 40 + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return write(OID, bytes(content))
