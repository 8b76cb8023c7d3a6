"""A TCP relay on the loopback between a client and a practice server: keeps every byte, and may change those of the server."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Change = Callable[[bytes, int], bytes]
"""What becomes of a piece of the server's answers, given where in the stream of all connections it begins."""

_PIECE = 65536


def _unchanged(piece: bytes, _position: int) -> bytes:
    return piece


class Relay:
    """Listens on `port` until `close`. `from_client` and `from_server` are what went over the wire, all connections one after the other."""

    def __init__(self, port: int, change: Change = _unchanged) -> None:
        self._server = port
        self._change = change
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.from_client, self.from_server = bytearray(), bytearray()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            ends = list(self._sockets)
        for end in ends:
            _hang_up(end)
        for thread in self._threads:
            thread.join(5)
        for end in ends:
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listening.accept()[0]
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._sockets += [client, server]
            for source, sink, kept in ((client, server, self.from_client), (server, client, self.from_server)):
                thread = threading.Thread(target=self._carry, args=(source, sink, kept), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                with self._lock:
                    position = len(kept)
                    kept += piece
                if kept is self.from_server:
                    piece = self._change(piece, position)
                sink.sendall(piece)
        _hang_up(source)
        _hang_up(sink)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
