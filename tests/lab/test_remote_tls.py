"""https: what is believed, what is told of what is not, and every way to sign in inside TLS."""

import gc
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, KeyPool, issue, make_root
from oauthcert.lab.wsman import Account, BlackHole, ChannelBinding, LoopThread, TlsSettings, WsmanListener
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled, RemoteError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote import failures
from oauthcert.remote.patience import PatientSocket
from oauthcert.remote.trust import TlsContexts
from tests.unit.remote.practice import (
    ACCOUNTS,
    NAME,
    QUICK,
    USERNAME,
    answering,
    ask,
    credential,
    echo,
    gateway,
    settings,
    target_of,
    values_of,
)

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A root in a file, and what it issues."""

    keys: KeyPool
    root: IssuedCertificate
    file: str
    folder: Path

    def leaf(self, name: str = NAME, *, ago: int = 1, days: int = 90, hash_name: str = "sha256", own: bool = False) -> IssuedCertificate:
        start = NOW - ago * DAY
        plan = CertificatePlan(name, start, start + days * DAY, dns_names=(name,), hash=hash_name)
        return issue(plan, self.keys.rsa(1), None if own else self.root)

    def trusted(self) -> TlsContexts:
        return TlsContexts(self.file)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    keys = KeyPool()
    root = make_root("Practice Root", keys.rsa(0), NOW - 400 * DAY, NOW + 400 * DAY)
    folder = tmp_path_factory.mktemp("authority")
    file = folder / "root.pem"
    file.write_bytes(root.certificate_pem())
    return Authority(keys, root, str(file), folder)


@pytest.fixture(scope="module")
def lab() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def tls_of(leaf: IssuedCertificate, **changes: object) -> TlsSettings:
    return TlsSettings(leaf.certificate_pem(), leaf.key_pem(), **changes)  # type: ignore[arg-type]


def look(listener: WsmanListener, trust: TlsContexts, who: Credential | None = None, **changes: object) -> dict[str, object]:
    connection = gateway(trust=trust).connect(target_of(listener, **changes), who or credential())
    try:
        return values_of(ask(connection, echo(Value=1)))
    finally:
        connection.close()


def refused(listener: WsmanListener, trust: TlsContexts, who: Credential | None = None, **changes: object) -> RemoteError:
    start = time.monotonic()
    with pytest.raises(RemoteError) as caught:
        look(listener, trust, who, **changes)
    assert time.monotonic() - start < 8
    return caught.value


@pytest.mark.parametrize("binding", list(ChannelBinding))
@pytest.mark.parametrize("hash_name", ["sha256", "sha384", "sha512"])
def test_that_ntlm_inside_tls_is_bound_to_the_channel(
    lab: LoopThread, authority: Authority, binding: ChannelBinding, hash_name: str
) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf(hash_name=hash_name), channel_binding=binding)))
    assert look(listener, authority.trusted())["echo"] == {"Value": 1}
    seen = listener.snapshot()
    assert (seen.connections, seen.sign_ins, seen.requests) == (1, 1, 7)
    lab.stop(listener)


def test_that_the_certificate_that_was_shown_is_known(lab: LoopThread, authority: Authority) -> None:
    leaf = authority.leaf()
    listener = lab.listen(answering, settings(tls=tls_of(leaf)))
    connection = gateway(trust=authority.trusted()).connect(target_of(listener), credential())
    ask(connection, echo())
    assert connection.tls is not None
    assert (connection.tls.sha256, connection.tls.subject) == (leaf.parsed.sha256, leaf.parsed.subject)
    connection.close()
    lab.stop(listener)


BAD: list[tuple[str, dict[str, object], type[RemoteError], str]] = [
    ("untrusted", {}, failures.TlsNotTrusted, "untrusted"),
    ("self-signed", {"own": True}, failures.TlsNotTrusted, "self-signed"),
    ("expired", {"ago": 200}, failures.TlsNotTrusted, "expired"),
    ("not yet valid", {"ago": -10}, failures.TlsNotTrusted, "not-yet-valid"),
    ("wrong name", {"name": "other.contoso.lab"}, failures.TlsNameMismatch, "name"),
]


@pytest.mark.parametrize(("case", "plan", "kind", "why"), BAD, ids=[case for case, *_ in BAD])
def test_that_a_bad_certificate_is_described_and_can_be_trusted_by_its_fingerprint(
    lab: LoopThread, authority: Authority, case: str, plan: dict[str, object], kind: type[RemoteError], why: str
) -> None:
    leaf = authority.leaf(**plan)  # type: ignore[arg-type]
    listener = lab.listen(answering, settings(tls=tls_of(leaf)))
    trust = TlsContexts() if case == "untrusted" else authority.trusted()
    failure = refused(listener, trust)
    assert type(failure) is kind
    assert failure.facts["why"] == why
    assert failure.facts["sha256"] == leaf.parsed.sha256
    assert failure.facts["subject"] == leaf.parsed.subject
    assert failure.facts["issuer"] == leaf.parsed.issuer
    assert failure.facts["not_after"] == leaf.parsed.not_after.isoformat()
    assert look(listener, trust, fingerprint=leaf.parsed.sha256.upper())["echo"] == {"Value": 1}
    lab.stop(listener)


def test_that_another_certificate_than_the_trusted_one_is_refused_before_anything_is_said(lab: LoopThread, authority: Authority) -> None:
    leaf = authority.leaf()
    listener = lab.listen(answering, settings(tls=tls_of(leaf)))
    failure = refused(listener, authority.trusted(), fingerprint="ab" * 32)
    assert isinstance(failure, failures.TlsNotTrusted)
    assert (failure.facts["why"], failure.facts["expected"], failure.facts["sha256"]) == ("fingerprint", "ab" * 32, leaf.parsed.sha256)
    assert listener.snapshot().requests == 0
    lab.stop(listener)


def test_that_only_old_versions_of_tls_are_named(lab: LoopThread, authority: Authority) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf(), only_old_versions=True)))
    assert isinstance(refused(listener, authority.trusted()), failures.TlsVersion)
    lab.stop(listener)


def test_that_http_to_a_tls_port_is_named(lab: LoopThread, authority: Authority) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf())))
    assert isinstance(refused(listener, authority.trusted(), scheme="http"), failures.ConnectionReset | failures.NotWsman)
    lab.stop(listener)


@contextmanager
def greeting_server(greeting: bytes) -> Iterator[int]:
    """Says the same to whoever comes, whatever they say; its port."""
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            conversation, _peer = other.accept()
            with conversation:
                conversation.recv(10_000)
                conversation.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        yield other.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"220 mail ESMTP\r\n" * 3, b"\0" * 100])
def test_that_what_does_not_speak_http_is_not_wsman(greeting: bytes, scheme: str) -> None:
    with greeting_server(greeting) as port:
        connection = gateway(QUICK).connect(Target(NAME, scheme, port, address="127.0.0.1"), credential())
        with pytest.raises(failures.NotWsman) as caught:
            ask(connection, echo())
        assert caught.value.facts == {"why": "no-http" if scheme == "http" else "no-tls", "status": "-", "server": ""}
        connection.close()


def test_that_https_to_a_port_that_speaks_plain_http_is_named() -> None:
    with greeting_server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        connection = gateway(QUICK).connect(Target(NAME, "https", port, address="127.0.0.1"), credential())
        with pytest.raises(failures.NotWsman) as caught:
            ask(connection, echo())
        assert caught.value.facts["why"] == "no-tls"
        connection.close()


def test_that_cancel_during_a_silent_handshake_answers_at_once(lab: LoopThread, authority: Authority) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf())), [BlackHole()])
    token = CancelToken()
    connection = gateway(trust=authority.trusted()).connect(target_of(listener), credential())
    threading.Timer(0.3, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        ask(connection, echo(), token=token)
    assert time.monotonic() - start - 0.3 < 0.4
    connection.close()
    lab.stop(listener)


def test_that_basic_signs_in_inside_tls(lab: LoopThread, authority: Authority) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf())))
    assert look(listener, authority.trusted(), credential(method=SignInMethod.BASIC))["echo"] == {"Value": 1}
    assert listener.snapshot().requests == 5
    assert isinstance(
        refused(listener, authority.trusted(), credential(password="wrong", method=SignInMethod.BASIC)), failures.SignInRefused
    )
    lab.stop(listener)


def client_certificate(authority: Authority, name: str) -> Credential:
    made = issue(CertificatePlan(name, NOW - DAY, NOW + 90 * DAY), authority.keys.rsa(2), authority.root)
    certificate, key = authority.folder / f"{name}.pem", authority.folder / f"{name}.key"
    certificate.write_bytes(made.certificate_pem())
    key.write_bytes(made.key_pem())
    return Credential(USERNAME, Secret(""), SignInMethod.CERTIFICATE, str(certificate), str(key))


def test_that_a_client_certificate_signs_in(lab: LoopThread, authority: Authority) -> None:
    accounts = (*ACCOUNTS, Account(r"CONTOSO\operator", Secret("x"), certificate_name="operator"))
    tls = tls_of(authority.leaf(), client_authority=authority.root.certificate_pem())
    listener = lab.listen(answering, settings(tls=tls, accounts=accounts))
    assert look(listener, authority.trusted(), client_certificate(authority, "operator"))["echo"] == {"Value": 1}
    assert listener.snapshot().requests == 5
    assert isinstance(refused(listener, authority.trusted(), client_certificate(authority, "stranger")), failures.SignInRefused)
    lab.stop(listener)


def test_that_a_client_certificate_that_cannot_be_read_is_named(lab: LoopThread, authority: Authority) -> None:
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf())))
    absent = Credential(USERNAME, Secret(""), SignInMethod.CERTIFICATE, str(authority.folder / "absent.pem"), None)
    failure = refused(listener, authority.trusted(), absent)
    assert isinstance(failure, failures.CertificateFile)
    assert failure.facts["file"].endswith("absent.pem")
    assert failure.facts["detail"] == "No such file or directory"
    assert listener.snapshot().connections == 0
    lab.stop(listener)


def test_that_a_server_that_takes_the_connection_and_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection = gateway(QUICK).connect(Target(NAME, port=silent.getsockname()[1], address="127.0.0.1"), credential())
        start = time.monotonic()
        with pytest.raises(failures.TimedOut) as caught:
            ask(connection, echo(), seconds=60)
        assert time.monotonic() - start < 15
        assert caught.value.facts["phase"] == "answer"
        connection.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 99999999999999\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\nx",
        b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx",
        b"HTTP/1.1 401 Unauthorized\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 999999 \r\n\r\n",
        b"HTTP/1.1 401\r\nWWW-Authenticate: Negotiate TlRMTVNTUAACAAAA\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_that_a_hostile_http_answer_is_only_a_named_failure(answer: bytes) -> None:
    with greeting_server(answer) as port:
        connection = gateway(QUICK).connect(Target(NAME, "http", port, address="127.0.0.1"), credential())
        with pytest.raises(RemoteError):
            ask(connection, echo(), seconds=2)
        connection.close()


def test_that_an_answer_not_read_to_its_end_leaves_no_connection_open() -> None:
    # By HTTP/1.0 the connection ends with the answer and belongs to it alone; so long an answer is not even begun to be read.
    with greeting_server(b"HTTP/1.0 401 Unauthorized\r\nContent-Length: 99999999999999\r\n\r\n") as port:
        connection = gateway(QUICK).connect(Target(NAME, "http", port, address="127.0.0.1"), credential())
        with pytest.raises(failures.AnswerTooLarge) as caught:  # its traceback keeps alive what was not closed
            ask(connection, echo(), seconds=2)
        connection.close()
        assert [one for one in gc.get_objects() if isinstance(one, PatientSocket) and one.fileno() >= 0] == []
        assert caught.value.facts["limit"]


def test_that_no_global_warning_filter_is_touched_and_no_environment_is_heard(
    lab: LoopThread, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, authority.file)
    listener = lab.listen(answering, settings(tls=tls_of(authority.leaf())))
    before = list(warnings.filters)
    assert look(listener, authority.trusted())["echo"] == {"Value": 1}
    assert list(warnings.filters) == before
    # The root is in the variables' file, but the operating system does not believe it.
    assert isinstance(refused(listener, TlsContexts()), failures.TlsNotTrusted)
    lab.stop(listener)
