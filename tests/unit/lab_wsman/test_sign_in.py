"""Who gets in, with an unmodified pywinrm as the client."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError, WSManFaultError

from oauthcert.lab.wsman import SIGN_IN, Account, ChannelBinding, HttpStatus, Refusal, TlsSettings, When
from oauthcert.lab.wsman.ntlm_file import NtlmAccountFile
from oauthcert.model.secret import Secret
from tests.unit.lab_wsman.conftest import ADMIN, PASSWORD, USER, Connect, Papers, Serve, run


def tls(papers: Papers, **options: object) -> TlsSettings:
    return TlsSettings(papers.server.certificate_pem(), papers.server.key_pem(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("spelling", [USER, r"contoso\ADMIN", r"contoso.lab\admin", "admin@contoso.lab", "admin", r".\admin"])
def test_that_ntlm_accepts_every_spelling_windows_accepts(serve: Serve, connect: Connect, spelling: str) -> None:
    server = serve()
    assert run(connect(server, spelling), "echo hello") == (b"hello", b"", 0)
    counted = server.snapshot()
    assert (counted.sign_ins, counted.refused_sign_ins, counted.legs, counted.connections) == (1, 0, 2, 1)
    assert counted.requests == 3 + 5


@pytest.mark.parametrize(
    ("username", "password"),
    [(USER, "wrong"), (USER, PASSWORD + " "), (r"CONTOSO\nobody", PASSWORD), (r"FABRIKAM\admin", PASSWORD), ("ad:min", PASSWORD)],
)
def test_that_wrong_names_and_passwords_are_refused_with_401(serve: Serve, connect: Connect, username: str, password: str) -> None:
    server = serve()
    with pytest.raises(InvalidCredentialsError):
        connect(server, username, password).open_shell()
    counted = server.snapshot()
    assert (counted.sign_ins, counted.refused_sign_ins, counted.shells) == (0, 1, 0)


def test_that_servers_in_one_process_have_their_own_passwords_at_the_same_time(serve: Serve, connect: Connect) -> None:
    servers = [serve(accounts=(Account(USER, Secret(f"password {number}")),)) for number in range(8)]
    answers: dict[int, bytes] = {}

    def work(number: int) -> None:
        answers[number] = run(connect(servers[number], password=f"password {number}"), f"echo {number}")[0]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == {number: str(number).encode() for number in range(8)}
    with pytest.raises(InvalidCredentialsError):
        connect(servers[0], password="password 1").open_shell()


def test_that_no_account_stays_in_the_file_that_ntlm_reads(serve: Serve, connect: Connect) -> None:
    run(connect(serve()), "echo x")
    path = Path(os.environ["NTLM_USER_FILE"])
    assert path.read_bytes() == b""
    assert str(path).startswith("/proc/self/fd/") or path.stat().st_mode & 0o077 == 0


def test_that_without_files_in_memory_the_file_is_private_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NTLM_USER_FILE", raising=False)
    file = NtlmAccountFile(in_memory=False)
    path = Path(os.environ["NTLM_USER_FILE"])
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with file.holding(r"CONTOSO\admin", bytes(range(16))):
        assert path.read_text() == r"CONTOSO\admin:0:" + "0" * 32 + ":000102030405060708090A0B0C0D0E0F:[U]:LCT-0\n"
    assert path.read_bytes() == b""
    file.close()
    assert not path.parent.exists()
    assert "NTLM_USER_FILE" not in os.environ


def test_that_a_known_account_can_be_refused_before_its_password_is_looked_at(serve: Serve, connect: Connect) -> None:
    asked: list[str] = []

    def refuse(name: str) -> Refusal | None:
        asked.append(name)
        return Refusal("locked out")

    server = serve(refuse=refuse)
    with pytest.raises(InvalidCredentialsError):
        connect(server, "admin@contoso.lab", "does not matter").open_shell()
    assert asked == [USER]


def test_that_a_refusal_may_be_a_403(serve: Serve, connect: Connect) -> None:
    server = serve(refuse=lambda _: Refusal("not for you", 403))
    with pytest.raises(WinRMTransportError) as caught:
        connect(server).open_shell()
    assert caught.value.code == 403


def test_that_a_server_can_be_told_to_take_no_password(serve: Serve, connect: Connect) -> None:
    server = serve(HttpStatus(401, When(SIGN_IN, times=None)))
    for _ in range(2):
        with pytest.raises(InvalidCredentialsError):
            connect(server).open_shell()
    assert server.snapshot().refused_sign_ins == 2
    server.inject()
    assert run(connect(server), "echo x")[2] == 0


def test_that_a_user_without_rights_signs_in_and_gets_access_denied(serve: Serve, connect: Connect) -> None:
    server = serve()
    with pytest.raises(WSManFaultError) as caught:
        connect(server, r"CONTOSO\guest", "guest").open_shell()
    assert (caught.value.wsman_fault_code, caught.value.fault_subcode) == (5, "w:AccessDenied")
    assert server.snapshot().sign_ins == 1


def test_that_soap_in_the_clear_is_refused_over_http(serve: Serve, connect: Connect) -> None:
    server = serve()
    with pytest.raises(WinRMTransportError) as caught:
        connect(server, message_encryption="never").open_shell()
    assert caught.value.code == 500
    assert server.snapshot().operations == {}


def test_that_basic_is_not_offered_over_http(serve: Serve, connect: Connect) -> None:
    with pytest.raises(InvalidCredentialsError):
        connect(serve(), transport="plaintext").open_shell()


def test_that_clear_text_can_be_allowed(serve: Serve, connect: Connect) -> None:
    assert run(connect(serve(allow_unencrypted=True), transport="plaintext"), "echo clear")[0] == b"clear"


@pytest.mark.parametrize("binding", list(ChannelBinding))
@pytest.mark.parametrize("encryption", ["auto", "always"])
def test_that_ntlm_works_over_tls(serve: Serve, connect: Connect, papers: Papers, binding: ChannelBinding, encryption: str) -> None:
    server = serve(tls=tls(papers, channel_binding=binding))
    client = connect(server, ca_trust_path=papers.authority_file, message_encryption=encryption)
    assert run(client, "echo secure")[0] == b"secure"
    assert server.snapshot().requests == (8 if encryption == "always" else 7)


@pytest.mark.parametrize(("binding", "accepted"), [(ChannelBinding.RELAXED, True), (ChannelBinding.STRICT, False)])
def test_that_only_a_strict_server_insists_on_channel_binding(
    serve: Serve, connect: Connect, papers: Papers, binding: ChannelBinding, accepted: bool
) -> None:
    client = connect(serve(tls=tls(papers, channel_binding=binding)), ca_trust_path=papers.authority_file, send_cbt=False)
    if accepted:
        assert run(client, "echo x")[2] == 0
    else:
        with pytest.raises(InvalidCredentialsError):
            client.open_shell()


def test_that_basic_works_over_tls_and_checks_the_password(serve: Serve, connect: Connect, papers: Papers) -> None:
    server = serve(tls=tls(papers))
    assert run(connect(server, transport="ssl", ca_trust_path=papers.authority_file), "echo basic")[0] == b"basic"
    with pytest.raises(InvalidCredentialsError):
        connect(server, password="wrong", transport="ssl", ca_trust_path=papers.authority_file).open_shell()
    with pytest.raises(InvalidCredentialsError):
        connect(serve(tls=tls(papers), basic=False), transport="ssl", ca_trust_path=papers.authority_file).open_shell()


def test_that_a_client_certificate_signs_in_as_the_account_it_is_mapped_to(serve: Serve, connect: Connect, papers: Papers) -> None:
    options = {
        "transport": "certificate",
        "cert_pem": papers.client_certificate_file,
        "cert_key_pem": papers.client_key_file,
        "ca_trust_path": papers.authority_file,
    }
    settings = tls(papers, client_authority=papers.root.certificate_pem())
    assert run(connect(serve(tls=settings), **options), "echo card")[0] == b"card"
    unmapped = serve(tls=settings, accounts=(Account(USER, ADMIN.password),))
    with pytest.raises(InvalidCredentialsError):
        connect(unmapped, **options).open_shell()


def test_that_the_clock_of_the_machine_is_not_the_clock_of_the_server(serve: Serve, connect: Connect) -> None:
    server = serve(clock=lambda: datetime(2019, 5, 6, 7, 8, 9, 999_999, UTC))
    assert run(connect(server), "echo old")[2] == 0
    assert server.now().year == 2019
