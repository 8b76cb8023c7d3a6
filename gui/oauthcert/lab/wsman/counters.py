"""What a practice server counts, for tests and benchmarks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts at one moment. `sign_ins` are completed, `legs` single NTLM messages; `shells` and `running` are as of now.

    `order` is the log of operations (`SignIn`, `Create`, …), empty unless asked for in the settings.
    """

    requests: int = 0
    connections: int = 0
    open_connections: int = 0
    sign_ins: int = 0
    refused_sign_ins: int = 0
    legs: int = 0
    failed_handshakes: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    shells: int = 0
    peak_shells: int = 0
    running: int = 0
    operations: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[int, int] = field(default_factory=dict)
    statuses: Mapping[int, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()


@dataclass(slots=True)
class Counters:
    """The running counts of one server; written on its loop only."""

    requests: int = 0
    connections: int = 0
    open_connections: int = 0
    sign_ins: int = 0
    refused_sign_ins: int = 0
    legs: int = 0
    failed_handshakes: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    shells: int = 0
    peak_shells: int = 0
    running: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    faults: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)

    def shell_opened(self) -> None:
        self.shells += 1
        self.peak_shells = max(self.peak_shells, self.shells)

    def snapshot(self) -> Snapshot:
        return total((self,))


_SUMMED = (
    "requests",
    "connections",
    "open_connections",
    "sign_ins",
    "refused_sign_ins",
    "legs",
    "failed_handshakes",
    "bytes_in",
    "bytes_out",
    "shells",
    "peak_shells",
    "running",
)


def total(counters: tuple[Counters, ...]) -> Snapshot:
    """The sum over servers (peaks are summed too, so that of many servers is an upper bound)."""
    operations: Counter[str] = Counter()
    faults: Counter[int] = Counter()
    statuses: Counter[int] = Counter()
    order: list[str] = []
    for one in counters:
        # Copies, which are made in one step: the loop may be counting a first time meanwhile.
        operations.update(dict(one.operations))
        faults.update(dict(one.faults))
        statuses.update(dict(one.statuses))
        order.extend(one.order)
    sums = {name: sum(getattr(one, name) for one in counters) for name in _SUMMED}
    return Snapshot(**sums, operations=dict(operations), faults=dict(faults), statuses=dict(statuses), order=tuple(order))
