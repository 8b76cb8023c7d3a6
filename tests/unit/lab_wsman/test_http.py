"""The HTTP and TLS underneath, spoken with bare sockets."""

import socket
import ssl
import time
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from winrm.exceptions import WinRMTransportError, WSManFaultError

from oauthcert.certs.issuing import CertificatePlan, KeyPool, issue
from oauthcert.lab.wsman import SIGN_IN, Account, HttpStatus, LoopThread, TlsSettings, When
from oauthcert.model.secret import Secret
from tests.unit.lab_wsman.conftest import Connect, Papers, Serve, run, wait_until
from tests.unit.lab_wsman.test_sign_in import tls

POST = b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
)


def exchange(port: int, request: bytes) -> bytes:
    """The whole answer to one request (read to its Content-Length, or to the end of the connection)."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(request)
        return read_answer(client)


def read_answer(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head_of(data)["content-length"])
    while len(body) < length:
        piece = client.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def head_of(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def post(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"POST /wsman HTTP/1.1", b"Content-Length: %d" % len(body), *headers, b"", body))


def test_that_a_401_offers_the_methods_and_carries_the_servers_date(serve: Serve) -> None:
    server = serve(clock=lambda: datetime(2026, 2, 3, 4, 5, 6, 999_999, UTC))
    answer = exchange(server.port, POST)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Kerberos\r\n" in answer
    assert b"Basic" not in answer
    assert head_of(answer)["date"] == "Tue, 03 Feb 2026 04:05:06 GMT"
    assert head_of(answer)["server"] == "Microsoft-HTTPAPI/2.0"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /wsman HTTP/1.1\r\n\r\n", 405),
        (b"POST /powershell HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"nonsense\r\n\r\n", 400),
        (b"POST /wsman SPDY/3\r\n\r\n", 400),
        (b"x" * 70_000, 400),
        (POST.replace(b"Host: x", b"Authorization: Negotiate %%%"), 401),
        (POST.replace(b"Host: x", b"Authorization: Negotiate " + b"TlRMTVNTUAADAAAA"), 401),
        (POST.replace(b"Host: x", b"Authorization: Kerberos YII="), 401),
        (POST.replace(b"Host: x", b"Authorization: CredSSP YII="), 401),
    ],
)
def test_that_odd_requests_get_the_status_windows_gives(serve: Serve, request_bytes: bytes, status: int) -> None:
    assert exchange(serve().port, request_bytes).startswith(b"HTTP/1.1 %d " % status)


def test_that_a_refused_sign_in_leaves_the_connection_signed_out(serve: Serve) -> None:
    server = serve(allow_unencrypted=True, accounts=(Account("admin", Secret("pw")),))
    basic = POST.replace(b"Host: x", b"Authorization: Basic YWRtaW46cHc=")
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        for injections, request, status in (
            ((HttpStatus(401, When(SIGN_IN)),), basic, b"401"),
            ((), POST, b"401"),
            ((), basic, b"200"),
            ((), POST, b"200"),
            ((), basic.replace(b"cHc=", b"cHg="), b"401"),
            ((), POST, b"401"),
        ):
            server.inject(*injections)
            client.sendall(request)
            assert read_answer(client).startswith(b"HTTP/1.1 " + status)


def test_that_identify_needs_no_sign_in_only_with_its_header(serve: Serve) -> None:
    server = serve()
    assert exchange(server.port, post(IDENTIFY)).startswith(b"HTTP/1.1 401 ")
    answer = exchange(server.port, post(IDENTIFY, b"WSMANIDENTIFY: unauthenticated"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"OS: 0.0.0 SP: 0.0 Stack: 3.0" in answer
    other = post(b"<x/>", b"WSMANIDENTIFY: unauthenticated")
    assert exchange(server.port, other).startswith(b"HTTP/1.1 401 ")


def test_that_identify_tells_the_version_to_who_has_signed_in(serve: Serve, connect: Connect) -> None:
    assert b"OS: 10.0.20348 SP: 0.0" in connect(serve(os_version="10.0.20348")).send_message(IDENTIFY.decode())


def test_that_a_request_may_arrive_byte_by_byte(serve: Serve) -> None:
    with socket.create_connection(("127.0.0.1", serve().port), timeout=5) as client:
        for byte in POST:
            client.send(bytes((byte,)))
        assert read_answer(client).startswith(b"HTTP/1.1 401 ")
        client.sendall(POST + POST)  # and two at once
        assert read_answer(client).count(b"HTTP/1.1 401 ") >= 1


def test_that_an_idle_connection_is_closed_and_its_sealed_message_then_gets_400(serve: Serve, connect: Connect) -> None:
    server = serve(idle_seconds=0.5)
    client = connect(server)
    shell_id = client.open_shell()
    assert wait_until(lambda: server.snapshot().open_connections == 0)
    with pytest.raises(WinRMTransportError) as caught:
        client.run_command(shell_id, "echo")
    assert caught.value.code == 400
    client.transport.close_session()
    command_id = client.run_command(shell_id, "echo back")
    assert client.get_command_output(shell_id, command_id)[0] == b"back"


@pytest.mark.parametrize(
    "damage", [b"", b"--Encrypted Boundary\r\n", b"--Encrypted Boundary\r\nLength=4\r\n--Encrypted Boundary\r\n\r\n\x01"]
)
def test_that_a_damaged_sealed_message_gets_400(serve: Serve, connect: Connect, damage: bytes) -> None:
    client = connect(serve())
    client.open_shell()
    session = client.transport.session
    assert session is not None
    kind = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
    answer = session.post(client.transport.endpoint, data=damage + b"x", headers={"Content-Type": kind}, timeout=5)
    assert answer.status_code == 400


def test_that_a_request_over_the_limit_of_the_server_is_refused(serve: Serve, connect: Connect) -> None:
    with pytest.raises(WSManFaultError) as caught:
        run(connect(serve(max_envelope=20_000)), "stdin", stdin=b"x" * 20_000)
    assert caught.value.wsman_fault_code == 2150858805


def test_that_latency_is_added_per_answer_and_per_connect(serve: Serve, connect: Connect, papers: Papers) -> None:
    plain, secure = serve(latency=0.05), serve(latency=0.05, tls=tls(papers))
    begin = time.monotonic()
    run(connect(plain), "echo x")
    assert 0.05 * 9 <= time.monotonic() - begin < 0.05 * 9 + 2
    begin = time.monotonic()
    run(connect(secure, ca_trust_path=papers.authority_file), "echo x")
    assert 0.05 * 9 <= time.monotonic() - begin < 0.05 * 9 + 2


def _handshake(port: int, name: str, context: ssl.SSLContext) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw, context.wrap_socket(raw, server_hostname=name):
        pass


def _trusting(papers: Papers) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=papers.root.certificate_pem().decode())


def test_that_certificates_fail_for_the_reason_they_were_made_for(serve: Serve, papers: Papers) -> None:
    pool, now = KeyPool(), datetime.now(UTC).replace(microsecond=0)
    old = CertificatePlan("localhost", now - timedelta(days=9), now - timedelta(days=2), dns_names=("localhost",))
    expired = issue(old, pool.ec(0), papers.root)
    past = serve(tls=TlsSettings(expired.certificate_pem(), expired.key_pem()))
    good = serve(tls=tls(papers))
    for server, name, context, words in (
        (good, "localhost", ssl.create_default_context(cadata=expired.certificate_pem().decode()), "unable to get local issuer"),
        (good, "fe01.contoso.lab", _trusting(papers), "Hostname mismatch"),
        (past, "localhost", _trusting(papers), "certificate has expired"),
    ):
        with pytest.raises(ssl.SSLCertVerificationError, match=words):
            _handshake(server.port, name, context)
    _handshake(good.port, "localhost", _trusting(papers))


def test_that_a_server_may_offer_only_tls_long_out_of_use(serve: Serve, papers: Papers) -> None:
    server = serve(tls=tls(papers, only_old_versions=True))
    # which of the two is missing first differs between builds of OpenSSL
    with pytest.raises(ssl.SSLError, match=r"(?i)version|sigalg"):
        _handshake(server.port, "localhost", _trusting(papers))
    lenient = _trusting(papers)
    lenient.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        lenient.minimum_version = ssl.TLSVersion.TLSv1
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw,
        lenient.wrap_socket(raw, server_hostname="localhost") as secured,
    ):
        assert secured.version() == "TLSv1.1"


def test_that_plain_http_on_a_tls_port_ends_the_connection(serve: Serve, papers: Papers, lab: LoopThread) -> None:
    server = serve(tls=tls(papers))
    assert not exchange(server.port, POST).startswith(b"HTTP/1.1 200")
    assert wait_until(lambda: server.snapshot().failed_handshakes == 1)
