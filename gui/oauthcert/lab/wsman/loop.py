"""The thread on which practice servers run: one event loop for any number of them."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from oauthcert.lab.wsman.counters import Snapshot, total
from oauthcert.lab.wsman.injection import Injection
from oauthcert.lab.wsman.listener import ListenerSettings, WsmanListener
from oauthcert.lab.wsman.ntlm_file import NtlmAccountFile
from oauthcert.lab.wsman.shell import Runner
from oauthcert.lab.wsman.tls import TlsSettings

_LOG = logging.getLogger(__name__)
_WAIT_SECONDS = 30.0
_FILES_PER_LISTENER = 4
_TURNS_TO_CLOSE = 3  # abort, then connection_lost, then whoever waits for it

T = TypeVar("T")


class LoopThread:
    """A daemon thread with an event loop. Use it as a context manager; leaving it stops every server."""

    def __init__(self, name: str = "practice-lab") -> None:
        self._loop = asyncio.new_event_loop()
        self._file = NtlmAccountFile()
        self._listeners: list[WsmanListener] = []
        self._contexts: dict[TlsSettings, ssl.SSLContext] = {}
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def call(self, work: Coroutine[Any, Any, T], seconds: float = _WAIT_SECONDS) -> T:
        """Runs a coroutine on the loop and waits for it; raises TimeoutError after `seconds`."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def listen(self, runner: Runner, settings: ListenerSettings, injections: Iterable[Injection] = ()) -> WsmanListener:
        """Starts a server; raises OSError when its port is taken."""
        listener = WsmanListener(runner, settings, self._file, self._context(settings.tls), injections)
        _allow_open_files((len(self._listeners) + 1) * _FILES_PER_LISTENER)
        self.call(listener.start())
        self._listeners.append(listener)
        return listener

    def stop(self, listener: WsmanListener) -> None:
        """Stops one server and everything in it."""
        self._listeners.remove(listener)
        self.call(listener.stop())

    @property
    def listeners(self) -> Sequence[WsmanListener]:
        return tuple(self._listeners)

    def snapshot(self) -> Snapshot:
        """The counts of all running servers together."""
        return total(tuple(listener.counters for listener in self._listeners))

    def close(self) -> None:
        """Stops every server and the thread. May be called twice."""
        if not self._thread.is_alive():
            return
        try:
            self.call(self._stop_all())
        finally:
            self._listeners.clear()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_WAIT_SECONDS)
            self._file.close()

    def _context(self, settings: TlsSettings | None) -> ssl.SSLContext | None:
        # Loading a key takes longer than opening a port, and servers often share a certificate.
        if settings is not None and settings not in self._contexts:
            self._contexts[settings] = settings.context()
        return None if settings is None else self._contexts[settings]

    async def _stop_all(self) -> None:
        for result in await asyncio.gather(*(listener.stop() for listener in self._listeners), return_exceptions=True):
            if isinstance(result, BaseException):
                _LOG.error("a practice server did not stop cleanly", exc_info=result)
        # Connections that were just being accepted are ended by their listener, but need a few turns of the loop for it.
        accepting = asyncio.all_tasks() - {asyncio.current_task()}
        if accepting:
            await asyncio.wait(accepting, timeout=_WAIT_SECONDS / 2)
        for _ in range(_TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()


class ClosedPort:
    """A port on the loopback that refuses every connection and that nobody else can take meanwhile."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind(("127.0.0.1", port))  # bound, never listening

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _allow_open_files(wanted: int) -> None:
    """Raises the soft limit of open files where the system has one and the hard limit allows; else opening will tell."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + 1024
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed if hard == resource.RLIM_INFINITY else min(needed, hard), hard))
