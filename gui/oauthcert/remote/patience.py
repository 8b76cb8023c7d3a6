"""Sockets that wait in short slices, so that a wait of any kind ends when it is cancelled, when its time is up, or at a size limit."""

import socket
import ssl
import time
from typing import TYPE_CHECKING, Self

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.remote.failures import AnswerTooLarge, Deadline, TimedOut

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

SLICE_SECONDS = 0.2  # how late a cancelled wait may notice it


class Patience:
    """How long the present wait may last. Used by one thread; every slice of every wait asks it.

    Two limits hold at once: the `deadline` of the whole round, and the one of the present phase.
    """

    def __init__(self) -> None:
        self._token = CancelToken()
        self._deadline = float("inf")
        self._deadline_seconds = 0.0
        self._grace = 0.0
        self._cancel_noticed: float | None = None
        self._phase = "answer"
        self._phase_end = float("inf")
        self._phase_seconds = 0.0
        self._bytes_left = self._most_bytes = 0

    def begin(self, token: CancelToken, deadline_seconds: float) -> None:
        """Starts a round that may take `deadline_seconds` and can be cancelled by `token`."""
        self._token = token
        self._deadline_seconds = deadline_seconds
        self._deadline = time.monotonic() + deadline_seconds
        self.grace(0)

    def phase(self, name: str, seconds: float, most_bytes: int = 0) -> None:
        """Starts a wait of at most `seconds` in which at most `most_bytes` are read. `name` stands in the error."""
        self._phase = name
        self._phase_seconds = seconds
        self._phase_end = time.monotonic() + seconds
        self._bytes_left = self._most_bytes = most_bytes

    def grace(self, seconds: float) -> None:
        """Lets waits go on for `seconds` after a cancel, until set to 0: an answer without which something would stay on the server."""
        self._grace = seconds
        self._cancel_noticed = None

    @property
    def left(self) -> float:
        """Seconds until one of the limits, never negative."""
        return max(0.0, min(self._deadline, self._phase_end) - time.monotonic())

    def check(self) -> None:
        """Raises Cancelled, Deadline or TimedOut when the wait must not go on."""
        now = time.monotonic()
        if self._token.cancelled:
            self._cancel_noticed = self._cancel_noticed or now
            if now >= self._cancel_noticed + self._grace:
                raise Cancelled
        if now >= self._deadline:
            raise Deadline(seconds=f"{self._deadline_seconds:g}")
        if now >= self._phase_end:
            raise TimedOut(phase=self._phase, seconds=f"{self._phase_seconds:g}")

    def pause(self, seconds: float) -> None:
        """Waits without reading. Raises as `check`, as soon as it is cancelled."""
        self._token.wait(seconds)
        self.check()

    def took(self, size: int) -> None:
        """Notes bytes that came in. Raises AnswerTooLarge over the phase's limit, and as `check`: a trickle must end too."""
        self.check()
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise AnswerTooLarge(limit=str(self._most_bytes))


class PatientSocket(socket.socket):
    """A TCP socket. Of its reading only `recv_into` is patient, which is what http.client uses."""

    patience: Patience

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        while True:
            try:
                size = super().recv_into(buffer, nbytes, flags)
            except TimeoutError:
                self.patience.check()
            else:
                self.patience.took(size)
                return size

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            try:
                rest = rest[self.send(rest, flags) :]
            except TimeoutError:
                self.patience.check()


class PatientTlsSocket(ssl.SSLSocket):
    """The same over TLS. OpenSSL keeps its state over a slice that ran out, so each step can be taken again."""

    patience: Patience

    def do_handshake(self, block: bool = False) -> None:
        while True:
            try:
                return super().do_handshake(block)
            except TimeoutError:
                self.patience.check()

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0) -> int:
        while True:
            try:
                size = super().recv_into(buffer, nbytes, flags)
            except TimeoutError:
                self.patience.check()
            else:
                self.patience.took(size)
                return size

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        while True:
            try:
                return super().send(data, flags)
            except TimeoutError:
                self.patience.check()


class PatientContext(ssl.SSLContext):
    """Makes PatientTlsSockets. May be shared by threads: the patience comes with the socket."""

    def __new__(cls, protocol: int = ssl.PROTOCOL_TLS_CLIENT) -> Self:
        context = super().__new__(cls, protocol)
        context.sslsocket_class = PatientTlsSocket
        return context

    def over(self, plain: PatientSocket, server_name: str) -> PatientTlsSocket:
        """Starts TLS on a connected socket, within its patience."""
        wrapped = self.wrap_socket(plain, server_hostname=server_name, do_handshake_on_connect=False)
        assert isinstance(wrapped, PatientTlsSocket)  # noqa: S101 - for the type checker
        wrapped.patience = plain.patience
        wrapped.settimeout(SLICE_SECONDS)
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped
