"""The real way to servers: WinRM."""

from dataclasses import dataclass
from functools import cached_property

from oauthcert import assets
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.carrier import Carrier
from oauthcert.remote.clock import ServerClock
from oauthcert.remote.conversation import Scripts, WinrmConnection
from oauthcert.remote.dialing import DialTimes
from oauthcert.remote.http_line import HttpLine, LineParts
from oauthcert.remote.patience import Patience
from oauthcert.remote.shells import Shells
from oauthcert.remote.sign_in import ContextMaker, spnego_context
from oauthcert.remote.trust import TlsContexts


@dataclass(frozen=True, slots=True)
class Timing:
    """Limits in seconds.

    `contact_seconds` is from the first step to the server's first answer of any kind, `operation_seconds` how long the server may hold
    one call open while it has nothing to tell.
    """

    name_seconds: float = 5.0
    connect_seconds: float = 6.0
    contact_seconds: float = 12.0
    sign_in_seconds: float = 30.0  # a server may have to ask a domain controller that is slow to answer
    answer_seconds: float = 30.0
    operation_seconds: int = 20
    cleanup_seconds: float = 5.0


class WinrmGateway:
    """Makes connections that share the TLS contexts and the fixed scripts. May be used by several threads."""

    def __init__(
        self,
        timing: Timing | None = None,
        trust: TlsContexts | None = None,
        *,
        scripts: Scripts | None = None,
        parts: LineParts | None = None,
        make_context: ContextMaker = spnego_context,
    ) -> None:
        self._timing = timing or Timing()
        self._trust = trust or TlsContexts()
        self._given_scripts = scripts
        self._parts = parts or LineParts(DialTimes(self._timing.name_seconds, self._timing.connect_seconds), self._timing.contact_seconds)
        self._make_context = make_context

    @cached_property
    def _scripts(self) -> Scripts:
        return self._given_scripts or Scripts(assets.text("powershell/bootstrap.ps1"), assets.text("powershell/round.ps1"))

    def connect(self, target: Target, credential: Credential | None) -> WinrmConnection:
        """See `port.Gateway`."""
        patience = Patience()
        clock = ServerClock()

        def new_line() -> HttpLine:
            verified = target.fingerprint is None
            context = self._trust.context(credential, verified) if target.scheme == "https" else None
            return HttpLine(target, context, patience, clock, self._parts)

        timing = self._timing
        carrier = Carrier(target, credential, new_line, timing.sign_in_seconds, self._make_context)
        shells = Shells(carrier, timing.operation_seconds, timing.answer_seconds)
        return WinrmConnection(carrier, shells, clock, patience, self._scripts, timing.cleanup_seconds)
