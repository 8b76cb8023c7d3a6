"""Which of the servers looked at is meant by a name: full names first, short names where they leave no doubt, never an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from types import MappingProxyType


def plain(name: str) -> str:
    """The form in which names are compared: lower case, no dot at the end."""
    return name.strip().rstrip(".").lower()


def is_address(name: str) -> bool:
    try:
        ip_address(plain(name).strip("[]"))
    except ValueError:
        return False
    return True


def short(name: str) -> str:
    """The first label of a host name; empty for an address."""
    return "" if is_address(name) else plain(name).split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Hosts:
    """`full` finds by any complete name a server goes by, `short_names` by a first label that belongs to one server only.

    `known_short` holds only servers of which nothing longer than the first label is known.
    """

    full: Mapping[str, int]
    short_names: Mapping[str, int]
    known_short: Mapping[str, int]

    @classmethod
    def of(cls, names: Iterable[tuple[str, ...]]) -> "Hosts":
        """`names` holds, server by server, every name it goes by; empty ones are passed over. The first server keeps a name."""
        full: dict[str, int] = {}
        firsts: dict[str, set[int]] = {}
        known_short: dict[str, int] = {}
        for position, aliases in enumerate(names):
            usable = [plain(alias) for alias in aliases if alias.strip()]
            for alias in usable:
                full.setdefault(alias, position)
                if label := short(alias):
                    firsts.setdefault(label, set()).add(position)
            labels = [alias for alias in usable if not is_address(alias)]
            if labels and not any("." in alias for alias in labels):
                known_short.setdefault(labels[0], position)
        single = {label: min(positions) for label, positions in firsts.items() if len(positions) == 1}
        return cls(MappingProxyType(full), MappingProxyType(single), MappingProxyType(known_short))

    def find(self, name: str) -> int | None:
        """The position of the server `name` means, or None when none or more than one could be meant."""
        wanted = plain(name)
        if wanted in self.full:
            return self.full[wanted]
        if is_address(wanted) or not wanted:
            return None
        if "." in wanted:
            return self.known_short.get(short(wanted))
        return self.short_names.get(wanted)
