"""One practice server: a port, its accounts, its clock, its faults."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from oauthcert.lab.wsman.accounts import Account, AccountTable, Refusal
from oauthcert.lab.wsman.authentication import Door, SignIn
from oauthcert.lab.wsman.clock import ServerClock, utc_now
from oauthcert.lab.wsman.counters import Counters, Snapshot
from oauthcert.lab.wsman.http import BadRequest, HttpAnswer, HttpConnection
from oauthcert.lab.wsman.injection import Injection, Injector
from oauthcert.lab.wsman.ntlm_file import NtlmAccountFile
from oauthcert.lab.wsman.operations import Operations
from oauthcert.lab.wsman.service import Broken, Delivery, Exchange, Service
from oauthcert.lab.wsman.shell import Runner, ShellTable
from oauthcert.lab.wsman.tls import ChannelBinding, TlsSettings, common_name

_LOG = logging.getLogger(__name__)
_BACKLOG = 512
_PARTING_SECONDS = 5.0
_TURNS_TO_ACCEPT = 2


def _refuse_nobody(_username: str) -> Refusal | None:
    return None


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """All that makes one server. Times in seconds, sizes in bytes.

    `clock` gives the server's simulated time (aware, UTC); `refuse` is asked with the account's name after it is known and before its
    password is looked at; `latency` is added once per answer, once per TCP connect and once more for the TLS handshake;
    `methods` are the schemes offered in 401 (Kerberos is offered as a real server does, but no ticket is ever accepted);
    `basic` adds Basic where the traffic is not in the clear. Port 0 picks a free one.
    """

    accounts: tuple[Account, ...]
    hostname: str = "127.0.0.1"
    port: int = 0
    clock: Callable[[], datetime] = utc_now
    refuse: Callable[[str], Refusal | None] = _refuse_nobody
    tls: TlsSettings | None = None
    latency: float = 0.0
    methods: tuple[str, ...] = ("Negotiate", "Kerberos")
    basic: bool = True
    allow_unencrypted: bool = False
    max_shells: int = 30
    idle_seconds: float = 120.0
    max_envelope: int = 512_000
    os_version: str = "10.0.17763"
    keep_order: bool = False


class WsmanListener:
    """Listens on the loopback. Coroutines are for its loop (`LoopThread.call`); plain methods may be called from any thread."""

    def __init__(
        self,
        runner: Runner,
        settings: ListenerSettings,
        file: NtlmAccountFile,
        tls: ssl.SSLContext | None = None,
        injections: Iterable[Injection] = (),
    ) -> None:
        self.settings = settings
        self.counters = Counters()
        self._injector = Injector(tuple(injections))
        self._clock = ServerClock(settings.clock)
        self._server: asyncio.Server | None = None
        self._stopping = False
        self._port = settings.port
        self._connections: dict[HttpConnection, asyncio.Task[None]] = {}
        self._tls = tls
        self._shells = ShellTable(self.counters, settings.max_shells)
        takes_clear_text = tls is not None or settings.allow_unencrypted  # TLS has sealed it already
        binding = settings.tls.channel_binding if settings.tls else ChannelBinding.NONE
        methods = settings.methods + (("Basic",) if settings.basic and takes_clear_text else ())
        self._door = Door(
            accounts=AccountTable(settings.accounts),
            file=file,
            refuse=settings.refuse,
            methods=methods,
            binding=settings.tls.binding() if settings.tls and binding is not ChannelBinding.NONE else None,
            binding_required=binding is ChannelBinding.STRICT,
        )
        self._service = Service(
            operations=Operations(self._shells, runner, settings.hostname, settings.max_envelope),
            counters=self.counters,
            clock=self._clock,
            settings=settings,
            methods=methods,
            takes_clear_text=takes_clear_text,
        )

    @property
    def port(self) -> int:
        return self._port

    @property
    def scheme(self) -> str:
        return "http" if self._tls is None else "https"

    @property
    def endpoint(self) -> str:
        """The address for a client."""
        return f"{self.scheme}://127.0.0.1:{self._port}/wsman"

    def inject(self, *injections: Injection) -> None:
        """From now on shows these faults and no others; their counting starts anew."""
        self._injector = Injector(tuple(injections))

    def snapshot(self) -> Snapshot:
        """What was counted so far."""
        return self.counters.snapshot()

    def now(self) -> datetime:
        """The server's time, jumps included."""
        return self._clock.now()

    async def start(self) -> None:
        """Listens; raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, "127.0.0.1", self._port, backlog=_BACKLOG)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stops listening, ends every connection and command, and waits until all of it is gone."""
        self._stopping = True
        if self._server is not None:
            await self._stop_accepting(self._server)
        await self.drop_connections()
        await self._shells.close()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    @staticmethod
    async def _stop_accepting(server: asyncio.Server) -> None:
        """Closes the port. A connection whose acceptance is half done when `Server.close` is called would stay open (Python 3.11)."""
        loop = asyncio.get_running_loop()
        for listening in server.sockets:
            with suppress(NotImplementedError):  # the loop of Windows accepts in one step
                loop.remove_reader(listening)
        for _ in range(_TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        server.close()

    async def drop_connections(self) -> None:
        """Ends every connection, as a restarted service would; shells stay."""
        ending = dict(self._connections)
        for connection, task in ending.items():
            connection.abort()
            task.cancel()
        await asyncio.gather(*ending.values(), return_exceptions=True)
        if ending:
            _, stuck = await asyncio.wait([connection.lost for connection in ending], timeout=_PARTING_SECONDS)
            if stuck:
                _LOG.warning("%d practice connections did not end", len(stuck))

    def _connect(self) -> HttpConnection:
        return _Announcing(self.settings.max_envelope * 2, self._accepted)

    def _accepted(self, connection: HttpConnection) -> None:
        if self._stopping:  # it was on its way when the port was closed
            connection.abort()
            return
        self.counters.connections += 1
        self.counters.open_connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(connection))
        self._connections[connection] = task
        connection.lost.add_done_callback(lambda _: self._left(connection))

    def _left(self, connection: HttpConnection) -> None:
        self.counters.open_connections -= 1
        task = self._connections.pop(connection)
        task.cancel()

    async def _serve(self, connection: HttpConnection) -> None:
        try:
            if self._injector.holds_from_start():
                await _end_of(connection)
            if self._tls is not None:
                # Not any earlier: until 3.11.3, asyncio starts reading after connection_made whatever was asked for in it.
                connection.pause()
            if self.settings.latency:
                await asyncio.sleep(self.settings.latency * (2 if self._tls else 1))
            if self._tls is None or await self._shake_hands(connection, self._tls):
                await self._converse(connection, SignIn(self._door, self._certificate_name(connection)))
        except Broken:
            connection.reset()
        except Exception:
            _LOG.exception("a practice connection failed")
            connection.abort()

    async def _shake_hands(self, connection: HttpConnection, context: ssl.SSLContext) -> bool:
        parting = self.settings.tls.parting() if self.settings.tls else b""
        try:
            await connection.start_tls(context, parting)
        except OSError as problem:  # ssl.SSLError is one: the client does not trust us, speaks no TLS, has left
            self.counters.failed_handshakes += 1
            _LOG.debug("handshake failed: %s", problem)
            connection.abort()
            return False
        return True

    async def _converse(self, connection: HttpConnection, sign_in: SignIn) -> None:
        while not connection.lost.done():
            try:
                request = await connection.read(self.settings.idle_seconds)
            except BadRequest as problem:
                await self._deliver(connection, Delivery(HttpAnswer(problem.status, close=True)))
                break
            if request is None:
                break
            self.counters.requests += 1
            self.counters.bytes_in += request.size
            delivery = await self._service.handle(Exchange(request, sign_in, connection.peer, self._injector))
            if delivery is None:
                await _end_of(connection)  # a black hole
                return
            await self._deliver(connection, delivery)
            if request.wants_close or delivery.answer.close:
                break
        connection.close()

    async def _deliver(self, connection: HttpConnection, delivery: Delivery) -> None:
        if self.settings.latency:
            await asyncio.sleep(self.settings.latency)
        answer = delivery.answer
        head = answer.head(self.now())
        self.counters.statuses[answer.status] += 1
        data = head + (answer.body if delivery.cut is None else answer.body[: delivery.cut])
        self.counters.bytes_out += len(data)
        if delivery.piece:
            for start in range(0, len(data), delivery.piece):
                connection.write(data[start : start + delivery.piece])
                await asyncio.sleep(delivery.pause)
        else:
            connection.write(data)

    @staticmethod
    def _certificate_name(connection: HttpConnection) -> str | None:
        secured = connection.ssl_object
        return common_name(secured.getpeercert()) if secured is not None else None


async def _end_of(connection: HttpConnection) -> None:
    await asyncio.wait((connection.lost,))  # not the future itself: a cancelled task would cancel it with itself


class _Announcing(HttpConnection):
    """A connection that says when it is there."""

    def __init__(self, max_body: int, accepted: Callable[[HttpConnection], None]) -> None:
        super().__init__(max_body)
        self._announce = accepted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._announce(self)
