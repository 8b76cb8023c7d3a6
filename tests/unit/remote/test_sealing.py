"""Sealed messages: our half fits the lab's half, and no hostile body does more than raise."""

import contextlib
from pathlib import Path
from typing import cast

import pytest
import spnego
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.model.errors import RemoteError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote import sealing
from oauthcert.remote.failures import AnswerDamaged
from oauthcert.remote.sealing import CREDSSP, SPNEGO, Context, is_sealed, seal, unseal
from oauthcert.remote.sign_in import spnego_context


class Mirror:
    """Seals by turning bytes round, with a header of four bytes."""

    complete = True

    def step(self, in_token: bytes | None = None) -> bytes | None:
        return in_token

    def wrap_winrm(self, data: bytes) -> tuple[bytes, bytes, int]:
        return b"HEAD", data[::-1], 0

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        if header != b"HEAD":
            raise ValueError("not mine")
        return data[::-1]


@given(st.binary(max_size=2000))
def test_that_what_is_sealed_comes_out_as_it_was(message: bytes) -> None:
    content_type, body = seal(Mirror(), SPNEGO, message)
    assert is_sealed(content_type)
    if message:
        assert unseal(Mirror(), body) == message


def test_that_credssp_is_sealed_in_records() -> None:
    message = bytes(range(256)) * 200
    content_type, body = seal(Mirror(), CREDSSP, message)
    assert content_type.startswith("multipart/x-multi-encrypted")
    assert body.count(b"Content-Type: application/octet-stream") == 4
    assert unseal(Mirror(), body) == message


def test_that_exchange_s_way_to_write_the_boundary_is_read() -> None:
    _, body = seal(Mirror(), SPNEGO, b"soap")
    assert unseal(Mirror(), body.replace(b"--Encrypted Boundary", b"-- Encrypted Boundary")) == b"soap"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: b"--Encrypted Boundary\r\n" + body,
        lambda body: body.replace(b"Length=4", b"Length=5"),
        lambda body: body.replace(b"Length=4", b"Length=x"),
        lambda body: body.replace(b"octet-stream", b"other"),
        lambda body: body[:150],
        lambda body: b"no boundary",
    ],
)
def test_that_a_body_that_is_not_well_formed_is_damaged(spoil) -> None:  # type: ignore[no-untyped-def]
    _, body = seal(Mirror(), SPNEGO, b"soap")
    with pytest.raises(AnswerDamaged):
        unseal(Mirror(), spoil(body))


@given(st.binary(max_size=300), st.binary(max_size=50))
def test_that_no_body_does_more_than_raise(noise: bytes, more: bytes) -> None:
    for body in (
        noise,
        b"--Encrypted Boundary\r\n" + noise,
        b"--Encrypted Boundary\r\nLength=3\r\n--Encrypted Boundary\r\n" + noise + more,
    ):
        with contextlib.suppress(RemoteError, ValueError):
            unseal(Mirror(), body)


def test_that_pyspnego_s_contexts_fit_what_is_asked_of_them() -> None:
    client = spnego.client(r"CONTOSO\admin", "x", protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
    for name in ("complete", "step", "wrap_winrm", "unwrap_winrm"):
        assert hasattr(client, name)
    assert sealing.SPNEGO.startswith("application/")


def test_that_credssp_of_pyspnego_carries_sealed_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = tmp_path / "accounts"
    accounts.write_text("CONTOSO:admin:Passw0rd!\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))
    client = spnego_context(Target("fe01.contoso.lab"), Credential(r"CONTOSO\admin", Secret("Passw0rd!"), SignInMethod.CREDSSP), None)
    server = spnego.server(hostname="fe01.contoso.lab", service="http", protocol="credssp")
    token = client.step(None)
    for _ in range(10):
        if token is None or (client.complete and server.complete):
            break
        answer = server.step(token)
        token = client.step(answer) if answer else None
    assert client.complete
    assert server.complete
    message = b"<soap>" + bytes(range(256)) * 100
    content_type, body = seal(client, CREDSSP, message)
    assert content_type.startswith("multipart/x-multi-encrypted")
    assert unseal(cast(Context, server), body) == message
