"""A look at a server from outside: does WS-Management answer, how fast, and what does it say to a stranger. No account is ever sent."""

import re
import time
from dataclasses import dataclass, replace

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import RemoteError
from oauthcert.model.evidence import ClockSeen, ReachSeen, TlsSeen
from oauthcert.model.target import Target
from oauthcert.remote.clock import ServerClock
from oauthcert.remote.dialing import DialTimes
from oauthcert.remote.failures import Deadline, TimedOut
from oauthcert.remote.http_line import HttpLine, LineIdle, LineParts, Reply
from oauthcert.remote.patience import Patience
from oauthcert.remote.sign_in import is_service, offered_methods
from oauthcert.remote.translation import not_wsman
from oauthcert.remote.trust import TlsContexts, tls_seen

WHOLE_SECONDS = 10.0
_TIMES = LineParts(DialTimes(name_seconds=4.0, connect_seconds=4.0), contact_seconds=9.0)
_IDENTIFY_SECONDS = 3.0

# DSP0226, "wsmid:Identify". With this header Windows answers it at the ordinary address without a sign-in, as Test-WSMan relies on.
_SOAP = {"Content-Type": "application/soap+xml;charset=UTF-8"}
_STRANGER = {**_SOAP, "WSMANIDENTIFY": "unauthenticated"}
_IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>"
)
# Picked out by pattern and cut: what a stranger sends does not reach an XML parser.
_LOOKED_AT = 16 * 1024
_VENDOR = re.compile(r"<(?:\w+:)?ProductVendor>([^<>&]{1,100})</")
_VERSION = re.compile(r"<(?:\w+:)?ProductVersion>([^<>&]{1,100})</")
_OPERATING_SYSTEM = re.compile(r"\bOS: ([0-9.]{1,30})")
_HIDDEN = "0.0.0"


@dataclass(frozen=True, slots=True)
class Identified:
    """What came of it. `failure` is why WS-Management did not answer; what became known before it is kept.

    `milliseconds` from the request to its answer, without the way there; `methods` are those offered for signing in, `vendor` and
    `os_version` what the server tells a stranger about itself (Windows hides its version).
    """

    failure: RemoteError | None = None
    reached: ReachSeen | None = None
    milliseconds: int | None = None
    methods: tuple[str, ...] = ()
    vendor: str | None = None
    os_version: str | None = None
    tls: TlsSeen | None = None
    clock: ClockSeen | None = None


class Identifier:
    """May be used by several threads; shares the TLS contexts between all servers."""

    def __init__(self, trust: TlsContexts | None = None, parts: LineParts = _TIMES, whole_seconds: float = WHOLE_SECONDS) -> None:
        self._trust = trust or TlsContexts()
        self._parts = parts
        self._whole_seconds = whole_seconds

    def identify(self, target: Target, token: CancelToken) -> Identified:
        """Takes `whole_seconds` at most. Raises Cancelled and nothing else: every failure is part of the answer."""
        patience, clock = Patience(), ServerClock()
        patience.begin(token, self._whole_seconds)
        patience.check()
        context = self._trust.context(None, verified=target.fingerprint is None) if target.scheme == "https" else None
        line = HttpLine(target, context, patience, clock, self._parts)
        try:
            line.open()
            seen = _asked(line, target)
        except Deadline:
            seen = Identified(failure=TimedOut(phase="answer", seconds=f"{self._whole_seconds:g}"))
        except RemoteError as failure:
            seen = Identified(failure=failure)
        finally:
            line.close()
        return replace(seen, tls=tls_seen(line.certificate) if line.certificate else None, clock=clock.seen)


def _asked(line: HttpLine, target: Target) -> Identified:
    begun = time.monotonic()
    reply = line.post(_SOAP, b"", _IDENTIFY_SECONDS, "identify")
    milliseconds = round((time.monotonic() - begun) * 1000)
    if not is_service(reply):
        return Identified(failure=not_wsman("http", str(reply.status), reply.headers.get("server", "")))
    vendor, os_version = _introduced(line)
    return Identified(
        reached=ReachSeen(line.address, target.port, target.scheme),
        milliseconds=milliseconds,
        methods=tuple(offered_methods(reply)),
        vendor=vendor,
        os_version=os_version,
    )


def _introduced(line: HttpLine) -> tuple[str | None, str | None]:
    """Vendor and version of the operating system. A bonus: that a server does not want to tell is no failure."""
    try:
        reply: Reply = line.post(_STRANGER, _IDENTIFY, _IDENTIFY_SECONDS, "identify")
    except (RemoteError, LineIdle):
        return None, None
    if reply.status != 200:
        return None, None
    text = reply.body[:_LOOKED_AT].decode("utf-8", "replace")
    vendor, version = _VENDOR.search(text), _VERSION.search(text)
    system = _OPERATING_SYSTEM.search(version[1]) if version else None
    return (vendor[1].strip() if vendor else None), (system[1] if system and system[1] != _HIDDEN else None)
