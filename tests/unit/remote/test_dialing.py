"""Names and addresses: everything that can hold a connection up ends in time and says what it was."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.remote.dialing import Address, DialTimes, dial
from oauthcert.remote.failures import AnswerTooLarge, Deadline, NameNotFound, Refused, TimedOut
from oauthcert.remote.patience import Patience

TIMES = DialTimes(name_seconds=0.5, connect_seconds=1.0)


@pytest.fixture
def patience() -> Patience:
    patience = Patience()
    patience.begin(CancelToken(), 30)
    return patience


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def full() -> Iterator[int]:
    """A port whose queue is full, so that further connections get no answer, as behind a firewall that drops."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(server.getsockname())
            waiting.append(client)
        time.sleep(0.05)
        yield server.getsockname()[1]
        for client in waiting:
            client.close()


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def v4(port: int, host: str = "127.0.0.1") -> Address:
    return socket.AF_INET, (host, port)


def test_that_an_address_needs_no_name_server(patience: Patience, listening: int) -> None:
    def never(_name: str, _port: int) -> list[Address]:
        raise AssertionError("asked")

    dial("127.0.0.1", listening, patience, TIMES, never).close()


def test_that_ipv6_works(patience: Patience) -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with server:
        dial("::1", server.getsockname()[1], patience, TIMES).close()


def test_that_an_unknown_name_is_told(patience: Patience) -> None:
    def unknown(_name: str, _port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NameNotFound) as caught:
        dial("nowhere.contoso.lab", 5985, patience, TIMES, unknown)
    assert caught.value.facts == {"name": "nowhere.contoso.lab", "why": "unknown"}


@pytest.mark.parametrize("name", ["ü" * 100 + ".lab", "a..b", "x" * 300])
def test_that_a_name_that_cannot_be_one_is_told(patience: Patience, name: str) -> None:
    with pytest.raises(NameNotFound):
        dial(name, 5985, patience, DialTimes(name_seconds=20), lambda name, _port: [v4(1)] if name.encode("idna") else [])


def test_that_a_name_server_that_never_answers_does_not_hold_us_up(patience: Patience) -> None:
    ended = threading.Event()

    def silent(_name: str, _port: int) -> list[Address]:
        ended.wait(10)
        return []

    start = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        dial("slow.contoso.lab", 5985, patience, TIMES, silent)
    ended.set()
    assert caught.value.facts["phase"] == "name"
    assert time.monotonic() - start < 1


def test_that_the_second_address_is_tried_when_the_first_refuses(patience: Patience, listening: int) -> None:
    connection = dial("fe01", listening, patience, TIMES, lambda _name, _port: [v4(closed_port()), v4(listening)])
    assert connection.getpeername()[1] == listening
    connection.close()


def test_that_a_dead_first_address_leaves_time_for_the_next(patience: Patience, listening: int, full: int) -> None:
    start = time.monotonic()
    times = DialTimes(connect_seconds=3)
    dial("fe01", listening, patience, times, lambda _name, _port: [v4(full), v4(listening)]).close()
    assert time.monotonic() - start < 2.5


def test_that_a_refusal_says_more_than_silence(patience: Patience, full: int) -> None:
    with pytest.raises(Refused):
        dial("fe01", full, patience, DialTimes(connect_seconds=2), lambda _name, _port: [v4(full), v4(closed_port())])


def test_that_silence_is_told_in_time(patience: Patience, full: int) -> None:
    start = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        dial("127.0.0.1", full, patience, TIMES)
    assert caught.value.facts == {"phase": "connect", "seconds": "1"}
    assert time.monotonic() - start < 2


def test_that_cancel_ends_a_silent_connect_at_once(full: int) -> None:
    token, patience = CancelToken(), Patience()
    patience.begin(token, 30)
    threading.Timer(0.1, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        dial("127.0.0.1", full, patience, DialTimes(connect_seconds=20))
    assert time.monotonic() - start < 0.6


def pair(patience: Patience) -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = dial("127.0.0.1", server.getsockname()[1], patience, TIMES)
        far, _ = server.accept()
    return near, far


def test_that_the_round_s_deadline_ends_a_wait() -> None:
    patience = Patience()
    patience.begin(CancelToken(), 0.4)
    near, far = pair(patience)
    patience.phase("answer", 10, 100)
    with near, far, pytest.raises(Deadline):
        near.recv_into(bytearray(10))


def test_that_more_than_was_agreed_is_not_read(patience: Patience) -> None:
    near, far = pair(patience)
    with near, far:
        patience.phase("answer", 10, 5)
        far.sendall(b"0123456789")
        with pytest.raises(AnswerTooLarge) as caught:
            near.recv_into(bytearray(100))
        assert caught.value.facts == {"limit": "5"}


def test_that_sending_to_somebody_who_does_not_read_ends(patience: Patience) -> None:
    near, far = pair(patience)
    with near, far:
        patience.phase("answer", 0.5)
        with pytest.raises(TimedOut):
            near.sendall(b"x" * 50_000_000)


def test_that_grace_lets_a_cancelled_wait_go_on_for_a_moment() -> None:
    token, patience = CancelToken(), Patience()
    patience.begin(token, 30)
    patience.phase("answer", 10)
    patience.grace(0.2)
    token.cancel()
    patience.check()
    time.sleep(0.25)
    with pytest.raises(Cancelled):
        patience.check()
    patience.grace(0)
    with pytest.raises(Cancelled):
        patience.check()
