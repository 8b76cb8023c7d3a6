"""From a name and a port to a connected socket, in bounded time: neither a name server nor a silent host can hold us up."""

import errno
import ipaddress
import selectors
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from oauthcert.model.errors import RemoteError
from oauthcert.remote.failures import NameNotFound, Refused, TimedOut, Unreachable
from oauthcert.remote.patience import SLICE_SECONDS, Patience, PatientSocket

Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]
Resolver = Callable[[str, int], list[Address]]

_MOST_ADDRESSES = 8
_LEAST_SECONDS = 1.0  # for one address, when several share the time
_REFUSED = {errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED)}
_UNREACHABLE = {
    number
    for name in ("ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EACCES", "EPERM")
    for number in (getattr(errno, name, None), getattr(errno, "WSA" + name, None))
    if number is not None
}


@dataclass(frozen=True, slots=True)
class DialTimes:
    """Seconds: for the name, and for all addresses of it together."""

    name_seconds: float = 5.0
    connect_seconds: float = 6.0


def system_resolver(name: str, port: int) -> list[Address]:
    """All TCP addresses of the name, as the operating system orders them. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found if isinstance(address[0], str)]


def dial(name: str, port: int, patience: Patience, times: DialTimes, resolver: Resolver = system_resolver) -> PatientSocket:
    """A connected socket whose waits are as patient as `patience`.

    Raises NameNotFound, Refused, Unreachable, TimedOut (phases name, connect), Deadline, Cancelled.
    """
    addresses = _addresses(name, port, patience, times, resolver)
    end = time.monotonic() + times.connect_seconds
    failures: list[RemoteError] = []
    for position, (family, address) in enumerate(addresses):
        # Each address gets its share of what is left, so that a dead first one leaves time for the next.
        share = max(_LEAST_SECONDS, (end - time.monotonic()) / (len(addresses) - position))
        patience.phase("connect", share)
        try:
            outcome = _connected(family, address, patience)
        except TimedOut as failure:
            outcome = failure
        if isinstance(outcome, PatientSocket):
            return outcome
        failures.append(outcome)
        if time.monotonic() >= end:
            break
    raise _most_telling(failures, times)


def _most_telling(failures: list[RemoteError], times: DialTimes) -> RemoteError:
    for kind in (Refused, TimedOut, Unreachable):
        for failure in failures:
            if isinstance(failure, kind):
                if kind is TimedOut:
                    return TimedOut(phase="connect", seconds=f"{times.connect_seconds:g}")
                return failure
    return NameNotFound(why="unknown")


def _addresses(name: str, port: int, patience: Patience, times: DialTimes, resolver: Resolver) -> list[Address]:
    try:
        literal = ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        if literal.version == 4:
            return [(socket.AF_INET, (name, port))]
        if "%" not in name:
            return [(socket.AF_INET6, (name, port, 0, 0))]
    patience.phase("name", times.name_seconds)
    return _looked_up(name, port, patience, resolver)


def _looked_up(name: str, port: int, patience: Patience, resolver: Resolver) -> list[Address]:
    """Asks in a thread of its own: getaddrinfo knows no time limit and cannot be interrupted. A hanging one is left behind."""
    answers: SimpleQueue[list[Address] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolver(name, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name=f"look up {name}", daemon=True).start()
    while True:
        try:
            answer = answers.get(timeout=SLICE_SECONDS)
        except Empty:
            patience.check()
            continue
        if isinstance(answer, UnicodeError):
            raise NameNotFound(name=name, why="invalid") from answer
        if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
            raise NameNotFound(name=name, why="no-answer") from answer
        if isinstance(answer, Exception):
            raise NameNotFound(name=name, why="unknown") from answer
        if not answer:
            raise NameNotFound(name=name, why="unknown")
        return answer[:_MOST_ADDRESSES]


def _connected(
    family: socket.AddressFamily, address: tuple[str, int] | tuple[str, int, int, int], patience: Patience
) -> PatientSocket | RemoteError:
    facts = {"address": address[0], "port": str(address[1])}
    try:
        plain = PatientSocket(family, socket.SOCK_STREAM)
    except OSError:
        return Unreachable(**facts)
    plain.patience = patience
    try:
        plain.setblocking(False)
        number = plain.connect_ex(address)
        if number in (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS)):
            _wait_until_connected(plain, patience)
            number = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            plain.close()
            return _connect_failure(number, facts)
        plain.settimeout(SLICE_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except OSError as error:
        plain.close()
        return _connect_failure(error.errno or 0, facts)
    except BaseException:
        plain.close()
        raise
    return plain


def _connect_failure(number: int, facts: dict[str, str]) -> RemoteError:
    if number in _REFUSED:
        return Refused(**facts)
    if number in (errno.ETIMEDOUT, getattr(errno, "WSAETIMEDOUT", errno.ETIMEDOUT)):
        return TimedOut(phase="connect", seconds="")
    # A reset during the handshake is what some firewalls do in place of a refusal.
    if number in (errno.ECONNRESET, errno.ECONNABORTED):
        return Refused(**facts)
    return Unreachable(**facts)


def _wait_until_connected(plain: PatientSocket, patience: Patience) -> None:
    # DefaultSelector also watches for exceptions on Windows, which is how a refusal shows there.
    with selectors.DefaultSelector() as selector:
        selector.register(plain, selectors.EVENT_WRITE)
        while not selector.select(min(SLICE_SECONDS, patience.left)):
            patience.check()
