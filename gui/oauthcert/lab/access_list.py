"""The access list of a key's file: from the text Windows writes it in (SDDL) to its entries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NETWORK_SERVICE = "S-1-5-20"
NAMES: Mapping[str, str] = {
    "S-1-5-18": r"NT AUTHORITY\SYSTEM",
    "S-1-5-32-544": r"BUILTIN\Administrators",
    NETWORK_SERVICE: r"NT AUTHORITY\NETWORK SERVICE",
    "S-1-1-0": "Everyone",
    "S-1-5-11": r"NT AUTHORITY\Authenticated Users",
    "S-1-5-32-545": r"BUILTIN\Users",
}
"""What an English Windows calls them. All others have no name here."""

_SHORT = {"SY": "S-1-5-18", "BA": "S-1-5-32-544", "NS": NETWORK_SERVICE, "WD": "S-1-1-0", "AU": "S-1-5-11", "BU": "S-1-5-32-545"}
_READING = {"FA": True, "FR": True, "GA": True, "GR": True, "FW": False, "GW": False, "FX": False, "GX": False}
_ENTRY = re.compile(r"\(([AD]);[^;]*;([^;]*);[^;]*;[^;]*;([^;)]+)\)")


@dataclass(frozen=True, slots=True)
class Entry:
    sid: str
    allow: bool
    read: bool


def entries(sddl: str) -> tuple[Entry, ...]:
    """The entries that allow or deny, in order. Rights as two-letter words or as one hexadecimal number."""
    found = []
    for kind, rights, who in _ENTRY.findall(sddl):
        found.append(Entry(_SHORT.get(who, who), kind == "A", _reads(rights)))
    return tuple(found)


def _reads(rights: str) -> bool:
    if rights.lower().startswith("0x"):
        return bool(int(rights, 16) & 0x9000_0001)
    return any(_READING.get(rights[at : at + 2], False) for at in range(0, len(rights), 2))
