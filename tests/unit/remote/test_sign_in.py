"""Signing in with contexts that only pretend: the order of tokens, and what each refusal is called."""

import base64
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import cast

import pytest
import spnego.exceptions

from oauthcert.model.errors import RemoteError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote import failures
from oauthcert.remote.http_line import HttpLine, Reply
from oauthcert.remote.sealing import CREDSSP, Context
from oauthcert.remote.sign_in import SignedIn, is_service, offered_methods, sign_in, spnego_context

TARGET = Target("fe01.contoso.lab")
SECRET = "canary-9f2b"


class FakeContext:
    """Gives its tokens one by one; complete after the last."""

    def __init__(self, *tokens: bytes, fails_with: Exception | None = None) -> None:
        self._tokens = list(tokens)
        self._fails_with = fails_with
        self.heard: list[bytes | None] = []

    @property
    def complete(self) -> bool:
        return not self._tokens

    def step(self, in_token: bytes | None = None) -> bytes | None:
        if self._fails_with is not None:
            raise self._fails_with
        self.heard.append(in_token)
        return self._tokens.pop(0) if self._tokens else None


@dataclass
class FakeLine:
    """Answers with prepared replies and keeps what it was sent."""

    replies: list[Reply]
    certificate: bytes | None = None
    sent: list[str] = field(default_factory=list)

    def post(self, headers: Mapping[str, str], _body: bytes, _seconds: float, _doing: str) -> Reply:
        self.sent.append(headers["Authorization"])
        return self.replies.pop(0)


def unauthorized(*offers: str) -> Reply:
    return Reply(401, {"www-authenticate": ", ".join(offers), "server": "Microsoft-HTTPAPI/2.0"}, b"")


def token(text: bytes, scheme: str = "Negotiate") -> str:
    return f"{scheme} {base64.b64encode(text).decode()}"


OK = Reply(200, {}, b"")


def signed_in(
    line: FakeLine, context: FakeContext | Callable[[], Context], method: SignInMethod = SignInMethod.NTLM, scheme: str = "http"
) -> SignedIn:
    def made(*_: object) -> Context:
        return cast(Context, context) if isinstance(context, FakeContext) else context()

    return sign_in(
        cast(HttpLine, line),
        Target(TARGET.name, scheme),
        Credential("admin", Secret(SECRET), method),
        5,
        answered=lambda _reply: None,
        make_context=made,
    )


def test_that_the_first_token_goes_out_without_being_asked_for() -> None:
    line, context = FakeLine([unauthorized(token(b"two")), OK]), FakeContext(b"one", b"three")
    session = signed_in(line, context)
    assert line.sent == [token(b"one"), token(b"three")]
    assert context.heard == [None, b"two"]
    assert (session.method, session.proven) == ("ntlm", True)
    assert session.context is cast(Context, context)


def test_that_the_server_s_last_token_is_heard_for_mutual_proof() -> None:
    line, context = FakeLine([Reply(200, {"www-authenticate": token(b"mutual")}, b"")]), FakeContext(b"one", b"")
    signed_in(line, context, SignInMethod.KERBEROS)
    assert context.heard == [None, b"mutual"]


def test_that_credssp_takes_as_many_steps_as_it_needs() -> None:
    line = FakeLine([*(unauthorized(token(bytes([step]), "CredSSP")) for step in range(4)), OK])
    session = signed_in(line, FakeContext(b"1", b"2", b"3", b"4", b"5"), SignInMethod.CREDSSP)
    assert len(line.sent) == 5
    assert all(sent.startswith("CredSSP ") for sent in line.sent)
    assert session.protocol == CREDSSP


def test_that_inside_tls_messages_are_not_sealed_again() -> None:
    assert signed_in(FakeLine([unauthorized(token(b"2")), OK]), FakeContext(b"1", b"3"), scheme="https").context is None


def test_that_a_server_that_never_stops_asking_is_left() -> None:
    line = FakeLine([unauthorized(token(b"more"))] * 50)
    with pytest.raises(failures.SignInRefused):
        signed_in(line, FakeContext(*[b"x"] * 60))
    assert len(line.sent) <= 10


REFUSALS: list[tuple[Reply, type[RemoteError]]] = [
    (unauthorized("Negotiate", "Kerberos"), failures.SignInRefused),
    (unauthorized("Kerberos"), failures.MethodNotOffered),
    (unauthorized('Basic realm="WSMAN"'), failures.MethodNotOffered),
    (unauthorized(), failures.NotWsman),
    (unauthorized('Digest realm="nas"'), failures.NotWsman),
    (unauthorized("Negotiate !!!"), failures.SignInRefused),
    (Reply(200, {"content-type": "text/html"}, b"<html>"), failures.NotWsman),
    (Reply(403, {}, b""), failures.NotAuthorized),
    (Reply(404, {}, b""), failures.NotWsman),
    (Reply(503, {}, b""), failures.NotWsman),
]


@pytest.mark.parametrize(("reply", "kind"), REFUSALS)
def test_that_a_refusal_has_its_name(reply: Reply, kind: type[RemoteError]) -> None:
    with pytest.raises(RemoteError) as caught:
        signed_in(FakeLine([reply]), FakeContext(b"1", b"3"))
    assert type(caught.value) is kind
    assert SECRET not in f"{caught.value!r} {caught.value.facts}"


def test_that_a_refusal_after_the_last_token_is_one_of_the_password() -> None:
    line = FakeLine([unauthorized(token(b"two")), unauthorized("Negotiate")])
    with pytest.raises(failures.SignInRefused) as caught:
        signed_in(line, FakeContext(b"one", b"three"))
    assert caught.value.facts == {"username": "admin", "method": "ntlm"}


def test_that_kerberos_with_an_address_is_not_even_tried() -> None:
    with pytest.raises(failures.KerberosName):
        sign_in(
            cast(HttpLine, FakeLine([])),
            Target("10.0.0.5"),
            Credential("admin", Secret("x"), SignInMethod.KERBEROS),
            5,
            answered=lambda _reply: None,
            make_context=spnego_context,
        )


@pytest.mark.parametrize("method", [SignInMethod.BASIC, SignInMethod.CERTIFICATE])
def test_that_some_methods_need_tls(method: SignInMethod) -> None:
    with pytest.raises(failures.NeedsTls):
        signed_in(FakeLine([]), FakeContext(), method)


def test_that_what_is_not_installed_is_named() -> None:
    def missing() -> Context:
        raise ImportError("No module named 'gssapi'")

    with pytest.raises(failures.MethodNotInstalled) as caught:
        signed_in(FakeLine([]), missing, SignInMethod.KERBEROS)
    assert caught.value.facts == {"method": "kerberos", "extra": "kerberos"}


def test_that_a_skewed_clock_is_named_when_kerberos_says_so() -> None:
    skew = spnego.exceptions.SpnegoError(spnego.exceptions.ErrorCode.failure, context_msg="Clock skew too great")
    with pytest.raises(failures.ClockSkew):
        signed_in(FakeLine([]), FakeContext(b"1", fails_with=skew), SignInMethod.KERBEROS)


@pytest.mark.parametrize("method", [SignInMethod.NTLM, SignInMethod.CREDSSP])
def test_that_contexts_are_made_with_what_is_always_installed(method: SignInMethod) -> None:
    context = spnego_context(TARGET, Credential(r"CONTOSO\admin", Secret(SECRET), method), None)
    assert context.step(None)


def test_that_kerberos_without_its_extra_is_named() -> None:
    if find_spec("gssapi") or sys.platform == "win32":
        pytest.skip("Kerberos is installed here")
    with pytest.raises(failures.MethodNotInstalled):
        signed_in(FakeLine([]), lambda: spnego_context(TARGET, None, None), SignInMethod.KERBEROS)


def test_that_methods_are_read_from_one_header_or_several() -> None:
    reply = unauthorized("Negotiate", 'Basic realm="WSMAN"', "CredSSP")
    assert offered_methods(reply) == ["Negotiate", "CredSSP", "Basic"]
    assert is_service(reply)
    assert not is_service(unauthorized('Basic realm="router"'))
    assert is_service(unauthorized('Basic realm="WSMAN"'))
