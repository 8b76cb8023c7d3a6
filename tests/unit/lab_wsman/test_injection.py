"""Every fault the lab can show, as it looks on the wire to an unmodified client."""

import socket
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
import requests
from winrm.exceptions import WinRMOperationTimeoutError, WinRMTransportError, WSManFaultError

from oauthcert.lab.wsman import (
    ALWAYS,
    ANY_OPERATION,
    BadBase64,
    BlackHole,
    ClockJump,
    ClosedPort,
    CutBody,
    ErrorNoise,
    FaultAnswer,
    HttpStatus,
    NotXml,
    Padded,
    Reset,
    SlowDrip,
    WebPage,
    When,
)
from tests.unit.lab_wsman.conftest import Connect, Papers, Serve, run, wait_until
from tests.unit.lab_wsman.test_http import POST, exchange, head_of
from tests.unit.lab_wsman.test_sign_in import tls


def test_that_a_closed_port_refuses() -> None:
    with ClosedPort() as closed, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", closed.port), timeout=5)


def test_that_a_black_hole_takes_the_connection_and_says_nothing(serve: Serve, papers: Papers) -> None:
    for server in (serve(BlackHole()), serve(BlackHole(), tls=tls(papers))):
        with socket.create_connection(("127.0.0.1", server.port), timeout=0.3) as client:
            client.sendall(b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
            with pytest.raises(TimeoutError):
                client.recv(1)


def test_that_a_black_hole_notices_when_the_client_leaves(serve: Serve, papers: Papers) -> None:
    for server in (serve(BlackHole()), serve(BlackHole(), tls=tls(papers)), serve(BlackHole(When(number=2)))):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            client.sendall(POST + POST)
            assert wait_until(lambda here=server: here.snapshot().open_connections == 1)  # type: ignore[misc]
        assert wait_until(lambda here=server: here.snapshot().open_connections == 0)  # type: ignore[misc]


def test_that_a_server_can_fall_silent_in_the_middle(serve: Serve, connect: Connect) -> None:
    server = serve(BlackHole(When("Receive")))
    client = connect(server, operation_timeout_sec=1, read_timeout_sec=2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        run(client, "echo x")
    assert server.snapshot().order[-2:] == ("Command", "Receive")


@pytest.mark.parametrize("number", range(1, 9))
def test_that_the_connection_can_be_reset_at_every_request(serve: Serve, connect: Connect, number: int) -> None:
    server = serve(Reset(When(number=number)))
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        run(connect(server), "echo x")
    assert "reset by peer" in str(caught.value)


@pytest.mark.parametrize(("executed", "shells"), [(False, 0), (True, 1)])
def test_that_a_reset_may_come_before_or_after_the_operation(serve: Serve, connect: Connect, executed: bool, shells: int) -> None:
    server = serve(Reset(When("Create"), executed=executed))
    with pytest.raises(requests.exceptions.ConnectionError):
        connect(server).open_shell()
    assert server.snapshot().shells == shells


@pytest.mark.parametrize("status", [400, 403, 500, 503])
def test_that_any_status_can_be_answered(serve: Serve, connect: Connect, status: int) -> None:
    client = connect(serve(HttpStatus(status, When(number=5))))
    client.open_shell()
    with pytest.raises(WinRMTransportError) as caught:
        client.open_shell()
    assert caught.value.code == status


def test_that_the_strike_ends_when_its_times_are_over(serve: Serve, connect: Connect) -> None:
    client = connect(serve(FaultAnswer(2150859174, When("Command", number=2, times=2), limit=15)))
    shell_id = client.open_shell()
    outcomes = []
    for _ in range(5):
        try:
            client.run_command(shell_id, "echo")
            outcomes.append("ok")
        except WSManFaultError as fault:
            outcomes.append("fault" if "15" in str(fault) else "other")
    assert outcomes == ["ok", "fault", "fault", "ok", "ok"]


@pytest.mark.parametrize("code", [5, 2150859173, 2150859174, 2150858843, 2150858817, 1234567])
def test_that_any_wsman_fault_can_be_answered(serve: Serve, connect: Connect, code: int) -> None:
    server = serve(FaultAnswer(code))
    with pytest.raises(WSManFaultError) as caught:
        connect(server).open_shell()
    assert caught.value.wsman_fault_code == code
    assert server.snapshot().faults == {code: 1}
    assert server.snapshot().shells == 0


def test_that_an_operation_timeout_can_be_answered_at_once(serve: Serve, connect: Connect) -> None:
    client = connect(serve(FaultAnswer(2150858793, When("Receive"))))
    shell_id = client.open_shell()
    command_id = client.run_command(shell_id, "echo late")
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell_id, command_id)
    assert client.get_command_output(shell_id, command_id)[0] == b"late"


def test_that_an_executed_operation_can_still_fail(serve: Serve, connect: Connect) -> None:
    server = serve(FaultAnswer(1326, When("Create"), executed=True))
    with pytest.raises(WSManFaultError):
        connect(server).open_shell()
    assert server.snapshot().shells == 1


@pytest.mark.parametrize(("status", "content"), [(404, b"404 Not Found"), (200, b"It works!")])
def test_that_a_plain_web_server_can_stand_there(serve: Serve, status: int, content: bytes) -> None:
    server = serve(WebPage(status, "Apache/2.4", b"<html>" + content + b"</html>"))
    answer = exchange(server.port, b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert head_of(answer)["server"] == "Apache/2.4"
    assert answer.endswith(b"<html>" + content + b"</html>")


def test_that_an_answer_may_be_no_xml(serve: Serve, connect: Connect) -> None:
    with pytest.raises(ET.ParseError):
        connect(serve(NotXml(When("Create")))).open_shell()


@pytest.mark.parametrize("secure", [False, True])
def test_that_an_answer_may_end_too_soon(serve: Serve, connect: Connect, papers: Papers, secure: bool) -> None:
    server = serve(CutBody(When("Create")), tls=tls(papers) if secure else None)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        connect(server, ca_trust_path=papers.authority_file).open_shell()


def test_that_an_answer_may_be_twenty_megabytes(serve: Serve, connect: Connect) -> None:
    server = serve(Padded(When("Create")))
    client = connect(server)
    client.open_shell()  # well-formed all the same: the client takes it
    assert 20_000_000 < server.snapshot().bytes_out < 20_010_000


def test_that_streams_may_hold_no_base64(serve: Serve, connect: Connect) -> None:
    with pytest.raises(ValueError, match="base64"):
        run(connect(serve(BadBase64())), "echo x")


def test_that_noise_on_stderr_changes_neither_output_nor_exit_code(serve: Serve, connect: Connect) -> None:
    out, error, code = run(connect(serve(ErrorNoise())), "echo x")
    assert (out, code) == (b"x", 0)
    assert error.startswith(b"#< CLIXML\r\n<Objs ")


def test_that_an_answer_may_drip(serve: Serve, connect: Connect) -> None:
    begin = time.monotonic()
    connect(serve(SlowDrip(When("Create"), piece=200, seconds=0.02))).open_shell()
    assert time.monotonic() - begin > 0.15


def test_that_the_clock_may_jump_during_a_round(serve: Serve) -> None:
    server = serve(ClockJump(-420, When(number=2)), clock=lambda: datetime(2026, 11, 21, 12, 0, 0, 700_000, UTC))
    request = b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    dates = [head_of(exchange(server.port, request))["date"][17:25] for _ in range(3)]
    assert dates == ["12:00:00", "11:53:00", "11:53:00"]


def test_that_injections_can_change_while_the_server_runs(serve: Serve, connect: Connect) -> None:
    server = serve(WebPage())
    server.inject(FaultAnswer(5, When(ANY_OPERATION, number=3)))
    client = connect(server)
    with pytest.raises(WSManFaultError):
        run(client, "echo x")
    server.inject()
    assert run(client, "echo x")[0] == b"x"
    server.inject(Reset(ALWAYS))
    with pytest.raises(requests.exceptions.ConnectionError):
        run(client, "echo x")
