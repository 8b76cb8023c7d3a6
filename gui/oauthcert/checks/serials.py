"""Serial numbers of certificates in event texts. Some events of the product print them with their bytes turned round (lync.md D-12)."""

import re
from collections.abc import Iterable

_SHORTEST, _LONGEST = 12, 40
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :-]?){5,19}[0-9A-Fa-f]{2}(?![0-9A-Za-z])")


def serials_in(text: str) -> tuple[str, ...]:
    """What may be serial numbers in a text, as upper-case hex digits: 6 to 20 bytes, together or with blanks, colons or dashes between."""
    found = (re.sub(r"[^0-9A-Fa-f]", "", match[0]).upper() for match in _HEX.finditer(text))
    return tuple(dict.fromkeys(one for one in found if _SHORTEST <= len(one) <= _LONGEST and not one.isalpha()))


def reversed_serial(serial: str) -> str:
    """The same bytes in the other order; an odd number of digits gets a 0 in front."""
    even = serial.zfill(len(serial) + len(serial) % 2)
    return "".join(even[place : place + 2] for place in range(len(even) - 2, -2, -2)).upper()


def same_serial(one: str, other: str) -> bool:
    """Leading zeros do not count: tools write them or not."""
    return one.lstrip("0").upper() == other.lstrip("0").upper()


def named_by(text: str, serials: Iterable[str]) -> str:
    """The first of these (true) serial numbers that a text names in either order; empty when it names none."""
    candidates = serials_in(text)
    for serial in serials:
        if any(same_serial(serial, way) for one in candidates for way in (reversed_serial(one), one)):
            return serial
    return ""
