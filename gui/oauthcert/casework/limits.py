"""How much may be asked at a time, and for how long. Apart from the look itself, so that settings can be read without it."""

from dataclasses import dataclass

from oauthcert.remote.pool import LANES


@dataclass(frozen=True, slots=True)
class Limits:
    """`lanes` servers are looked at at the same time; `seconds` is the deadline of one server, from the first byte to the last."""

    lanes: int = LANES
    seconds: float = 180.0
