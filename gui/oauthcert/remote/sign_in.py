"""Signing in on an open line: NTLM, Kerberos and CredSSP by exchanged tokens, Basic and client certificate by a header."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import spnego
from spnego.channel_bindings import GssChannelBindings

from oauthcert.model.secret import Credential, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote.failures import KerberosName, MethodNotInstalled, MethodNotOffered, NeedsTls, SignInRefused
from oauthcert.remote.http_line import HttpLine, Reply
from oauthcert.remote.sealing import CREDSSP, SPNEGO, Context
from oauthcert.remote.translation import failure_of, not_wsman, status_failure
from oauthcert.remote.trust import channel_binding

_MOST_STEPS = 10  # NTLM takes 2 tokens, Kerberos 1 or 2, CredSSP 5
_MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
_SCHEMES = ("Negotiate", "Kerberos", "NTLM", "CredSSP", "Basic")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """How to speak on a line from now on: headers for every request, and the context to seal with, if messages are sealed.

    `proven` is False where the server says only with its first answer whether it takes the account (Basic, certificate).
    """

    method: str
    proven: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    context: Context | None = None
    protocol: str = SPNEGO


ContextMaker = Callable[[Target, Credential | None, bytes | None], Context]


def sign_in(
    line: HttpLine,
    target: Target,
    credential: Credential | None,
    seconds: float,
    *,
    answered: Callable[[Reply], None],
    make_context: ContextMaker,
) -> SignedIn:
    """Signs in; `answered` sees every reply. Raises the kinds of `SignInFailure`, NotWsman, and what the line raises.

    Without a credential the account signed in to this computer is used, by Kerberos.
    """
    method = credential.method if credential else SignInMethod.KERBEROS
    over_tls = target.scheme == "https"
    if method in (SignInMethod.BASIC, SignInMethod.CERTIFICATE):
        if not over_tls:
            raise NeedsTls(method=method.value)
        return SignedIn(method.value, proven=False, headers={"Authorization": _standing_header(method, credential)})
    if method is SignInMethod.KERBEROS and _is_address(target.name):
        raise KerberosName(name=target.name)
    context = _make(make_context, target, credential, line.certificate if over_tls else None, method)
    scheme = "CredSSP" if method is SignInMethod.CREDSSP else "Negotiate"
    _exchange_tokens(line, context, scheme, method, credential, seconds, answered)
    return SignedIn(
        method.value,
        proven=True,
        context=None if over_tls else context,  # inside TLS nothing needs another seal
        protocol=CREDSSP if method is SignInMethod.CREDSSP else SPNEGO,
    )


def _standing_header(method: SignInMethod, credential: Credential | None) -> str:
    if method is SignInMethod.CERTIFICATE or credential is None:
        return _MUTUAL
    pair = f"{credential.username}:{credential.password.reveal()}".encode()
    return "Basic " + base64.b64encode(pair).decode("ascii")


def _make(
    make_context: ContextMaker, target: Target, credential: Credential | None, certificate: bytes | None, method: SignInMethod
) -> Context:
    try:
        return make_context(target, credential, certificate)
    except ImportError as error:
        raise MethodNotInstalled(method=method.value, extra=method.value) from error
    except Exception as error:  # pyspnego, gssapi and SSPI share no base class
        named = failure_of(error, doing="sign-in")
        if isinstance(named, MethodNotInstalled):
            raise MethodNotInstalled(method=method.value, extra=method.value) from error
        raise named from error


def spnego_context(target: Target, credential: Credential | None, certificate: bytes | None) -> Context:
    """A security context of pyspnego: its own NTLM everywhere, Kerberos from SSPI on Windows and from GSSAPI elsewhere."""
    method = credential.method if credential else SignInMethod.KERBEROS
    options = spnego.NegotiateOptions.none
    if method is SignInMethod.NTLM:
        options = spnego.NegotiateOptions.use_ntlm
    elif method is SignInMethod.KERBEROS and target.scheme == "http":
        options = spnego.NegotiateOptions.wrapping_winrm
    username = credential.username if credential else None
    password = credential.password.reveal() if credential else None
    if method is SignInMethod.KERBEROS and not password:
        password = None  # the ticket of this account, from the cache
    bindings = GssChannelBindings(application_data=channel_binding(certificate)) if certificate else None
    context = spnego.client(
        username or None,
        password,
        hostname=target.name,
        service="http",
        protocol=method.value,
        channel_bindings=bindings,
        options=options,
    )
    return cast(Context, context)


def _exchange_tokens(
    line: HttpLine,
    context: Context,
    scheme: str,
    method: SignInMethod,
    credential: Credential | None,
    seconds: float,
    answered: Callable[[Reply], None],
) -> None:
    """Sends the first token at once, without waiting to be asked for it, and answers until both sides are content."""
    token = _step(context, None)
    for _ in range(_MOST_STEPS):
        header = {
            "Authorization": f"{scheme} {base64.b64encode(token or b'').decode('ascii')}",
            "Content-Type": "application/soap+xml;charset=UTF-8",
        }
        reply = line.post(header, b"", seconds, "sign-in")
        answered(reply)
        challenge = _token(reply, scheme)
        if reply.status == 401:
            if challenge is None or context.complete:
                raise _refusal(reply, scheme, method, credential)
            token = _step(context, challenge)
            continue
        if challenge is not None and not context.complete:
            _step(context, challenge)
        if reply.status == 200 and context.complete:
            return
        if reply.status == 200:
            raise not_wsman("http", "200", reply.headers.get("server", ""))
        raise status_failure(reply.status, reply.headers.get("server", ""))
    raise SignInRefused(username=credential.username if credential else "", method=method.value)


def _step(context: Context, token: bytes | None) -> bytes | None:
    try:
        return context.step(token)
    except Exception as error:  # pyspnego, gssapi and SSPI share no base class
        raise failure_of(error, doing="sign-in") from error


def _refusal(reply: Reply, scheme: str, method: SignInMethod, credential: Credential | None) -> Exception:
    offered = offered_methods(reply)
    if scheme not in offered and offered:
        return MethodNotOffered(method=method.value, offered=", ".join(offered))
    if not offered and not is_service(reply):
        return not_wsman("http", "401", reply.headers.get("server", ""))
    return SignInRefused(username=credential.username if credential else "", method=method.value)


def offered_methods(reply: Reply) -> list[str]:
    """The schemes of WWW-Authenticate that WS-Management knows, as they are usually written."""
    header = reply.headers.get("www-authenticate", "")
    return [scheme for scheme in _SCHEMES if re.search(rf"(^|,)\s*{scheme}\b", header, re.IGNORECASE)]


def is_service(reply: Reply) -> bool:
    """Whether this can only have come from a WS-Management service (or from http.sys in front of it)."""
    content_type = reply.content_type.lower()
    if content_type.startswith(("application/soap+xml", "multipart/encrypted", "multipart/x-multi-encrypted")):
        return True
    if reply.status != 401:
        return False
    offered = offered_methods(reply)
    return any(scheme != "Basic" for scheme in offered) or 'realm="wsman"' in reply.headers.get("www-authenticate", "").lower()


def _token(reply: Reply, scheme: str) -> bytes | None:
    found = re.search(rf"(?:^|,)\s*{scheme}\s+([A-Za-z0-9+/=]+)", reply.headers.get("www-authenticate", ""), re.IGNORECASE)
    if found is None:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
