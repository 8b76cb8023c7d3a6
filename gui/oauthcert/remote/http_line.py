"""One HTTP connection to one server: a kept socket, bounded waits, and a note of every answer's Date."""

import selectors
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NoReturn

from oauthcert.model.errors import RemoteError
from oauthcert.model.target import Target
from oauthcert.remote.clock import Moment, ServerClock
from oauthcert.remote.dialing import DialTimes, Resolver, dial, system_resolver
from oauthcert.remote.failures import AnswerTooLarge
from oauthcert.remote.patience import Patience, PatientContext, PatientSocket, PatientTlsSocket
from oauthcert.remote.translation import failure_of
from oauthcert.remote.trust import fingerprint_of, not_trusted, other_fingerprint

REPLY_LIMIT = 8 * 1024 * 1024  # bytes; an envelope of 512,000 bytes, sealed, is far below
LEAST_FOR_ANSWER = 3.0
_LOOK_AT_CERTIFICATE_SECONDS = 3.0


class LineIdle(Exception):
    """The server had closed the kept connection before anything was sent on it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class LineParts:
    """What a line is made with: the limits, the system's name resolution, and this computer's clocks."""

    dial_times: DialTimes = field(default_factory=DialTimes)
    contact_seconds: float = 12.0  # from the first step to the first answer, so that a silent host is told in under 15 s
    resolver: Resolver = system_resolver
    now: Callable[[], Moment] = lambda: Moment(time.time(), time.monotonic())


class _KeptConnection(HTTPConnection):
    """Never opens itself: a second socket would not be signed in."""

    def connect(self) -> NoReturn:
        raise LineIdle


class HttpLine:
    """Opened once, then any number of posts. Every failure of the network comes out as a RemoteError and closes it."""

    def __init__(self, target: Target, context: PatientContext | None, patience: Patience, clock: ServerClock, parts: LineParts) -> None:
        self._target = target
        self._context = context
        self._patience = patience
        self._clock = clock
        self._parts = parts
        self._http: _KeptConnection | None = None
        self._answers = 0
        self._opened_at = 0.0
        self.address = ""
        self.certificate: bytes | None = None

    def open(self) -> None:
        """Connects, over TLS when there is a context. Raises the kinds of `ReachFailure`, Deadline, Cancelled."""
        self._opened_at = time.monotonic()
        plain = self._dial()
        connection: PatientSocket | PatientTlsSocket = plain
        try:
            self.address = str(plain.getpeername()[0])
            if self._context is not None:
                connection = self._over_tls(plain, self._context)
        except BaseException as error:
            plain.close()
            if isinstance(error, OSError):
                raise failure_of(error, doing="connect") from error
            raise
        name = self._target.name
        self._http = _KeptConnection(f"[{name}]" if ":" in name else name, self._target.port)
        self._http.sock = connection

    def _dial(self) -> PatientSocket:
        host = self._target.address or self._target.name
        return dial(host, self._target.port, self._patience, self._parts.dial_times, self._parts.resolver)

    def _over_tls(self, plain: PatientSocket, context: PatientContext) -> PatientTlsSocket:
        self._contact_phase("tls")
        try:
            connection = context.over(plain, self._target.name)
        except ssl.SSLCertVerificationError as error:
            self.certificate = self._shown_certificate()
            raise not_trusted(error, self._target.name, self.certificate) from error
        except (OSError, ValueError) as error:
            raise failure_of(error, doing="tls") from error
        self.certificate = connection.getpeercert(binary_form=True)
        expected = self._target.fingerprint
        if expected is not None and (self.certificate is None or fingerprint_of(self.certificate) != expected.lower()):
            connection.close()
            raise other_fingerprint(expected, self.certificate or b"")
        return connection

    def _shown_certificate(self) -> bytes | None:
        """Connects once more without judging, since OpenSSL keeps the certificate it has refused to itself."""
        context = PatientContext()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            plain = self._dial()
            self._patience.phase("tls", _LOOK_AT_CERTIFICATE_SECONDS, REPLY_LIMIT)
            with context.over(plain, self._target.name) as connection:
                return connection.getpeercert(binary_form=True)
        except (OSError, ValueError, RemoteError):
            return None

    def _contact_phase(self, name: str) -> None:
        left = self._opened_at + self._parts.contact_seconds - time.monotonic()
        self._patience.phase(name, max(min(LEAST_FOR_ANSWER, self._parts.contact_seconds), left), REPLY_LIMIT)

    def post(self, headers: Mapping[str, str], body: bytes, seconds: float, doing: str, grace: float = 0.0) -> Reply:
        """Sends one request and reads its whole answer within `seconds`, even if cancelled for another `grace` seconds.

        Raises LineIdle when nothing was sent.
        """
        http = self._http
        if http is None or http.sock is None or (self._answers and _readable(http.sock)):
            self.close()
            raise LineIdle
        if self._answers:
            self._patience.phase("answer", seconds, REPLY_LIMIT)
        else:
            self._contact_phase("answer")
        self._patience.check()
        self._patience.grace(grace)
        try:
            return self._exchange(http, headers, body)
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            raise failure_of(error, doing=doing) from error
        except BaseException:
            self.close()
            raise
        finally:
            self._patience.grace(0)

    def _exchange(self, http: HTTPConnection, headers: Mapping[str, str], body: bytes) -> Reply:
        sent = self._parts.now()
        http.request(
            "POST", "/wsman", body, {"User-Agent": "OAuthCert Wizard", "Connection": "Keep-Alive", "Accept-Encoding": "identity", **headers}
        )
        # A connection that the server wants closed belongs to its answer alone: that has to be closed however far it was read.
        with http.getresponse() as response:
            self._clock.heard(response.getheader("Date"), sent, self._parts.now())
            content = _body(response)
            self._answers += 1
            return Reply(response.status, {name.lower(): value for name, value in _joined(response.getheaders())}, content)

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None


def _body(response: HTTPResponse) -> bytes:
    """The whole body. Its announced sizes are not believed before they are bounded: http.client would allocate them at once."""
    if response.length is not None:
        if response.length > REPLY_LIMIT:
            raise AnswerTooLarge(limit=str(REPLY_LIMIT))
        return response.read()
    pieces = []
    while piece := response.read(65536):
        pieces.append(piece)
    return b"".join(pieces)


def _joined(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One entry per name: a header given several times (WWW-Authenticate) means the same as one with commas."""
    seen: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        seen[key] = f"{seen[key]}, {value}" if key in seen else value
    return list(seen.items())


def _readable(kept: object) -> bool:
    """Whether bytes or an end wait on a connection where nothing was asked: the server has closed it."""
    with selectors.DefaultSelector() as selector:
        selector.register(kept, selectors.EVENT_READ)  # type: ignore[arg-type]
        return bool(selector.select(0))
