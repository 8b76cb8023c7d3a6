"""How one server answers before anybody has signed in: name, port, TLS, WS-Management."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oauthcert.model.cancel import CancelToken
from oauthcert.model.target import Target

if TYPE_CHECKING:
    from oauthcert.model.evidence import ClockSeen, NotSeen, TlsSeen
    from oauthcert.remote.identify import Identified

Identify = Callable[[Target, CancelToken], "Identified"]


@dataclass(frozen=True, slots=True)
class RowSurvey:
    """How one typed server answers without signing in. `milliseconds` of the answer, or the reason there was none.

    `tls` is the certificate it showed, trusted or not; `methods` are the ways to sign in that it offers; `os_version` only where the
    server tells it to a stranger; `clock` is known as soon as anything at all answered over HTTP.
    """

    target: Target
    milliseconds: int | None
    not_seen: "NotSeen | None"
    tls: "TlsSeen | None" = None
    methods: tuple[str, ...] = ()
    os_version: str | None = None
    clock: "ClockSeen | None" = None


def survey(target: Target, identify: Identify, token: CancelToken) -> RowSurvey:
    """One server, at most 10 s. Raises Cancelled alone; what else goes wrong is the row's reason."""
    from oauthcert.model.evidence import NotSeen

    seen = identify(target, token)
    not_seen = NotSeen(seen.failure.reason, dict(seen.failure.facts)) if seen.failure is not None else None
    return RowSurvey(target, seen.milliseconds, not_seen, seen.tls, seen.methods, seen.os_version, seen.clock)


def over_the_network() -> Identify:
    """The real look. What it needs takes longer to load than a window to open, so it is loaded with the first server."""
    from oauthcert.remote.identify import Identifier

    return Identifier().identify
