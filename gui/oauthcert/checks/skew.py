"""Who says what time it is: a reference out of many clocks, and every server's distance from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from oauthcert.model.evidence import ON_THE_SPOT, ClockSeen, Seen
from oauthcert.model.server_evidence import ServerEvidence

DOMAIN_CONTROLLERS = "domain-controllers"
MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class ReferenceClock:
    """`offset_seconds` is the reference minus the workstation, true within ± `error_seconds`; `voices` clocks were asked for it.

    `kind` is DOMAIN_CONTROLLERS (measured by servers against theirs) or MEDIAN (of all servers and the workstation).
    """

    kind: str
    offset_seconds: float
    error_seconds: float
    voices: int


@dataclass(frozen=True, slots=True)
class Skew:
    """A server's clock minus the reference, true within ± `error_seconds`; `jumped_seconds` as in ClockSeen."""

    offset_seconds: float
    error_seconds: float
    jumped_seconds: float = 0.0

    def surely_beyond(self, bound_seconds: float) -> bool:
        """Whether it is off by more than the bound even if the whole error counts for the server."""
        return abs(self.offset_seconds) - self.error_seconds > bound_seconds


def clock_of(evidence: ServerEvidence) -> ClockSeen | None:
    """The server's clock against the workstation; None without a sample or with figures that are no numbers."""
    if not isinstance(evidence.clock, Seen):
        return None
    clock = evidence.clock.value
    usable = isfinite(clock.offset_seconds) and isfinite(clock.error_seconds) and clock.samples > 0
    return clock if usable else None


def reference_clock(servers: Sequence[ServerEvidence]) -> ReferenceClock | None:
    """The domain controllers' time when any server measured it, else the median of all servers and the workstation.

    A measurement of a server outside the domain is against some other time server and counts only when there is no better one.
    None when no clock has been seen at all.
    """
    clocks = [(evidence, clock) for evidence in servers if (clock := clock_of(evidence)) is not None]
    inside: list[tuple[float, float]] = []
    outside: list[tuple[float, float]] = []
    for evidence, clock in clocks:
        time = evidence.time.value if isinstance(evidence.time, Seen) else None
        if time is None or time.dc_offset_seconds is None or not isfinite(time.dc_offset_seconds):
            continue
        error = time.dc_offset_error if time.dc_offset_error is not None and isfinite(time.dc_offset_error) else 0.0
        voice = (clock.offset_seconds + time.dc_offset_seconds, abs(clock.error_seconds) + abs(error))
        (inside if time.domain_joined else outside).append(voice)
    if voices := inside or outside:
        offset, error = _middle(voices)
        return ReferenceClock(DOMAIN_CONTROLLERS, offset, error, len(voices))
    if not clocks:
        return None
    voices = [(clock.offset_seconds, abs(clock.error_seconds)) for _, clock in clocks]
    offset, error = _middle([*voices, (0.0, 0.0)])
    return ReferenceClock(MEDIAN, offset, error, len(voices) + 1)


def on_the_spot(evidence: ServerEvidence) -> bool:
    """Whether these answers were collected on the server itself: nobody connected to it, and no other clock watched."""
    return isinstance(evidence.reach, Seen) and evidence.reach.value.scheme == ON_THE_SPOT


def skew_of(evidence: ServerEvidence, reference: ReferenceClock | None) -> Skew | None:
    """Answers collected on the spot tell only what the server itself measured against its domain controller."""
    if on_the_spot(evidence):
        return _own_skew(evidence)
    clock = clock_of(evidence)
    if clock is None or reference is None:
        return None
    jumped = clock.jumped_seconds if isfinite(clock.jumped_seconds) else 0.0
    return Skew(clock.offset_seconds - reference.offset_seconds, abs(clock.error_seconds) + reference.error_seconds, jumped)


def _own_skew(evidence: ServerEvidence) -> Skew | None:
    time = evidence.time.value if isinstance(evidence.time, Seen) else None
    if time is None or time.dc_offset_seconds is None or not isfinite(time.dc_offset_seconds):
        return None
    error = time.dc_offset_error if time.dc_offset_error is not None and isfinite(time.dc_offset_error) else 0.0
    return Skew(-time.dc_offset_seconds, abs(error))


def _middle(voices: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The median, with an even number the middle voice nearer to the workstation: halfway between two clocks is nobody's time."""
    ordered = sorted(voices)
    upper = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[upper]
    return min(ordered[upper - 1], ordered[upper], key=lambda voice: abs(voice[0]))
