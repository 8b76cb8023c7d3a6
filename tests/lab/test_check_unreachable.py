"""Servers that are not there, or are something else: the right reason for each, soon, and never a finding that something is missing."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from oauthcert.lab.practice import PracticeLab
from oauthcert.model.secret import Secret
from tests.lab.conftest import Command

SECONDS = 15


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A port that takes connections and answers each request with these bytes; None: says nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        open_ones: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection = server.accept()[0]
                except OSError:
                    return
                open_ones.append(connection)
                if answer is not None:
                    connection.recv(65536)
                    connection.sendall(answer)
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            for connection in open_ones:
                connection.close()
            thread.join()


def reasons(oauthcert: Command, *arguments: str) -> dict[str, str]:
    """Check of these servers as JSON: reason by server. Holds the exit code and the time on the way."""
    oauthcert.vault.put("CONTOSO\\admin", Secret("not needed"))
    started = time.monotonic()
    ran = oauthcert("check", *arguments, "--user", "CONTOSO\\admin", "--format", "json", "--quiet")
    assert time.monotonic() - started < SECONDS
    assert ran.code == 3
    document = json.loads(ran.out)
    assert {finding["verdict"] for finding in document["findings"]} <= {"unknown", "not-applicable"}
    return {finding["server"]: finding["facts"]["reason"] for finding in document["findings"] if finding["check"] == "server-reachable"}


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_that_a_name_that_does_not_exist_is_told_so(oauthcert: Command) -> None:
    assert reasons(oauthcert, "no-such-host.invalid") == {"no-such-host.invalid": "name-not-found"}


def test_that_a_refused_connection_is_told_so(oauthcert: Command) -> None:
    assert reasons(oauthcert, f"127.0.0.1:{closed_port()}") == {"127.0.0.1": "refused"}


def test_that_a_server_that_says_nothing_is_given_up(oauthcert: Command) -> None:
    with listening(None) as port:
        assert reasons(oauthcert, f"127.0.0.1:{port}") == {"127.0.0.1": "timed-out"}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 404 Not Found\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"220 mail.contoso.lab ESMTP\r\n",
    ],
)
def test_that_something_else_behind_the_port_is_told_so(oauthcert: Command, answer: bytes) -> None:
    with listening(answer) as port:
        assert reasons(oauthcert, f"127.0.0.1:{port}") == {"127.0.0.1": "not-wsman"}


def test_that_tls_asked_of_a_server_without_it_is_told_so(oauthcert: Command) -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        assert reasons(oauthcert, f"127.0.0.1:{port}", "--https") == {"127.0.0.1": "not-wsman"}


def test_that_one_server_that_is_not_there_does_not_hold_up_one_that_is(oauthcert: Command) -> None:
    with PracticeLab.open("healthy-lync") as lab, listening(None) as port:
        there = lab.targets[0]
        oauthcert.vault.put(lab.credential.username, lab.credential.password)
        ran = oauthcert(
            "check", f"localhost:{there.port}", f"127.0.0.1:{port}", "--user", lab.credential.username, "--timeout", "5", "--format", "json"
        )

    assert [line.partition(":")[0] for line in ran.err.splitlines()] == ["localhost", "127.0.0.1"]
    verdicts = {finding["id"]: finding["verdict"] for finding in json.loads(ran.out)["findings"]}
    assert verdicts["sign-in-accepted@localhost"] == "pass"
    assert verdicts["server-reachable@127.0.0.1"] == "unknown"
