"""HTTP/1.1 as http.sys speaks it, one connection at a time. The sign-in belongs to the connection, so the connection is ours."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

MAX_HEAD = 65_536
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 411: "Length Required"}
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`headers` are by lower-case name; `size` counts all bytes of the request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    size: int

    @property
    def wants_close(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    server: str = "Microsoft-HTTPAPI/2.0"
    close: bool = False

    def head(self, now: datetime) -> bytes:
        """The status line and headers; `Date` is cut to whole seconds, as http.sys does."""
        lines = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += (f"Server: {self.server}", f"Date: {http_date(now)}", f"Content-Length: {len(self.body)}")
        if self.close:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class BadRequest(Exception):
    """The bytes that came are no request this server takes; the client gets `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def http_date(moment: datetime) -> str:
    """RFC 9110 date of a moment in UTC."""
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} GMT"
    )


class HttpConnection(asyncio.Protocol):
    """Collects bytes until a request is whole. `read` is for one reader; everything runs on the loop that made it."""

    def __init__(self, max_body: int) -> None:
        self._max_body = max_body
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._end_of_head = -1
        self._needed = 0
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream server hands out
        self._transport = transport
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._waiter is not None and not self._waiter.done() and self._may_wake():
            self._waiter.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it ended does not matter here
        if not self.lost.done():
            self.lost.set_result(None)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    @property
    def ssl_object(self) -> ssl.SSLObject | None:
        found = self._transport.get_extra_info("ssl_object") if self._transport is not None else None
        return found if isinstance(found, ssl.SSLObject) else None

    def pause(self) -> None:
        """Stops reading, so that bytes wait for the TLS layer; call it before anything can have arrived."""
        if self._transport is not None:
            self._transport.pause_reading()

    async def start_tls(self, context: ssl.SSLContext, parting: bytes = b"") -> None:
        """The server's side of the handshake; raises OSError (ssl.SSLError among them) when it fails.

        `parting` are bytes for the client of a failed handshake: asyncio by itself just closes, without the alert of TLS.
        """
        if self._transport is None:
            raise ConnectionResetError
        loop = asyncio.get_running_loop()
        spare: socket.socket | None = self._transport.get_extra_info("socket").dup() if parting else None
        try:
            # The call resumes reading itself, once the TLS layer stands between.
            secured = await loop.start_tls(self._transport, self, context, server_side=True, ssl_handshake_timeout=30.0)
        except ssl.SSLError:
            if spare is not None:
                spare.send(parting)
            raise
        finally:
            if spare is not None:
                spare.close()
        if secured is None:
            raise ConnectionResetError
        self._transport = secured

    async def read(self, idle_seconds: float) -> HttpRequest | None:
        """The next request, None when the client left or stayed silent for `idle_seconds`. Raises BadRequest."""
        if not self._may_wake() and not self.lost.done():
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            timer = loop.call_later(idle_seconds, self._give_up, self._waiter)
            try:
                await self._waiter
            finally:
                timer.cancel()
                self._waiter = None
        return self._take() if self._may_wake() else None

    def write(self, data: bytes) -> None:
        """Sends; bytes for a client that is gone are dropped."""
        if self._transport is not None and not self.lost.done():
            self._transport.write(data)

    def close(self) -> None:
        """Ends the connection after what was written has gone out."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Ends the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def reset(self) -> None:
        """Ends the connection so that the client sees "connection reset by peer"."""
        if self._transport is not None:
            raw = self._transport.get_extra_info("socket")
            if raw is not None and not self.lost.done():
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._transport.abort()

    @staticmethod
    def _give_up(waiter: "asyncio.Future[None]") -> None:
        if not waiter.done():
            waiter.set_result(None)

    def _may_wake(self) -> bool:
        if self._end_of_head < 0:
            self._end_of_head = self._buffer.find(b"\r\n\r\n")
            if self._end_of_head < 0:
                return len(self._buffer) > MAX_HEAD
            self._needed = self._end_of_head + 4 + max(self._length_of(bytes(self._buffer[: self._end_of_head])), 0)
        return len(self._buffer) >= self._needed or self._needed > self._max_body + MAX_HEAD

    @staticmethod
    def _length_of(head: bytes) -> int:
        lowered = head.lower()
        at = lowered.find(b"\r\ncontent-length:")
        if at < 0:
            return -1
        digits = lowered[at + 17 :].split(b"\r\n", 1)[0].strip()
        return int(digits) if digits.isdigit() and len(digits) < 12 else -1

    def _take(self) -> HttpRequest:
        if self._end_of_head < 0:
            raise BadRequest(400)
        head, needed = bytes(self._buffer[: self._end_of_head]), self._needed
        if needed > self._max_body + MAX_HEAD:
            raise BadRequest(413)
        body = bytes(self._buffer[self._end_of_head + 4 : needed])
        del self._buffer[:needed]
        self._end_of_head = -1
        first, *rest = head.decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise BadRequest(400)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        if "transfer-encoding" in headers:
            raise BadRequest(411)
        return HttpRequest(words[0], words[1], headers, body, needed)
