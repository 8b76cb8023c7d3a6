"""Signing in: Negotiate with NTLM, Basic, client certificate. One `SignIn` belongs to one connection, as in http.sys."""

import base64
import binascii
import struct
from collections.abc import Callable
from dataclasses import dataclass

import spnego
from spnego.channel_bindings import GssChannelBindings

from oauthcert.lab.wsman.accounts import Account, AccountTable, Refusal
from oauthcert.lab.wsman.ntlm_file import NtlmAccountFile
from oauthcert.lab.wsman.sealing import Sealer

MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
_NTLM = b"NTLMSSP\0"
_FIRST, _LAST = b"\x01\0\0\0", b"\x03\0\0\0"  # NEGOTIATE and AUTHENTICATE
_UNICODE = 1
_CHANNEL_BINDINGS = 10  # MsvAvChannelBindings
_TO_AV_PAIRS = 16 + 28  # NTLMv2 response: proof, then the fixed part of the client's challenge


@dataclass(frozen=True, slots=True)
class Accepted:
    """The connection now speaks for this account. `token` goes back in WWW-Authenticate when not empty."""

    account: Account
    token: str = ""


@dataclass(frozen=True, slots=True)
class Challenged:
    """One more message is needed; `token` is the whole WWW-Authenticate value."""

    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """`status` 401 or 403; `reason` for the log."""

    reason: str
    status: int = 401


Outcome = Accepted | Challenged | Refused


@dataclass(frozen=True, slots=True)
class Door:
    """What all connections of a server share: who may enter, how, and who else has a say."""

    accounts: AccountTable
    file: NtlmAccountFile
    refuse: Callable[[str], Refusal | None]
    methods: tuple[str, ...]
    binding: GssChannelBindings | None
    binding_required: bool

    def admit(self, account: Account, token: str = "") -> Outcome:
        refusal = self.refuse(account.name)
        return Accepted(account, token) if refusal is None else Refused(refusal.reason, refusal.status)


class SignIn:
    """The state of one connection. `context` seals messages once NTLM is through."""

    def __init__(self, door: Door, certificate_name: str | None) -> None:
        self._door = door
        self._certificate_name = certificate_name
        self._negotiation: spnego.ContextProxy | None = None
        self.account: Account | None = None

    @property
    def context(self) -> Sealer | None:
        return self._negotiation if self._negotiation is not None and self._negotiation.complete else None

    def step(self, authorization: str) -> Outcome:
        """One Authorization header. Anything but Accepted leaves the connection signed out."""
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() not in self._schemes():
            outcome: Outcome = Refused(f"{scheme} is not offered")
        elif scheme.lower() == "basic":
            outcome = self._basic(rest)
        elif scheme == MUTUAL:
            outcome = self._certificate()
        elif scheme.lower() == "kerberos":
            outcome = Refused("tickets are not accepted")
        else:
            outcome = self._negotiate(scheme, rest)
        self.account = outcome.account if isinstance(outcome, Accepted) else None
        if isinstance(outcome, Refused):
            self._negotiation = None
        return outcome

    def forget(self) -> None:
        """Signs the connection out."""
        self.account = None
        self._negotiation = None

    def _schemes(self) -> set[str]:
        own = {MUTUAL} if self._certificate_name is not None else set()
        return own | {method.lower() for method in self._door.methods}

    def _basic(self, rest: str) -> Outcome:
        try:
            raw = base64.b64decode(rest, validate=True)
        except binascii.Error:
            return Refused("Basic header that is no base64")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")  # no standard says which it is; clients use either
        name, _, password = text.partition(":")
        account = self._door.accounts.find(name)
        if account is None or not self._door.accounts.password_matches(account, password):
            return Refused("unknown user or bad password")
        return self._door.admit(account)

    def _certificate(self) -> Outcome:
        account = self._door.accounts.by_certificate(self._certificate_name or "")
        return Refused("certificate maps to no account") if account is None else self._door.admit(account)

    def _negotiate(self, scheme: str, rest: str) -> Outcome:
        try:
            token = base64.b64decode(rest, validate=True)
        except binascii.Error:
            return Refused("token that is no base64")
        message = token[token.find(_NTLM) :] if _NTLM in token else b""  # bare, or somewhere inside SPNEGO
        kind = message[8:12]
        if kind == _FIRST or (self._negotiation is not None and self._negotiation.complete):
            self._negotiation = None
        if kind != _LAST:
            return self._advance(scheme, token)
        who = ntlm_name(message)
        account = self._door.accounts.find(who)
        if account is None or not _plain(who):
            return Refused("unknown user")
        admitted = self._door.admit(account)
        if not isinstance(admitted, Accepted):
            return admitted
        with self._door.file.holding(who, self._door.accounts.nt_hash(account)):
            return self._finish(account, scheme, token, message)

    def _advance(self, scheme: str, token: bytes) -> Outcome:
        with self._door.file.holding():
            try:
                answer = self._context_for(token).step(token)
            except Exception as problem:  # hostile or foreign tokens make it raise nearly anything
                return Refused(f"{type(problem).__name__} in the first message")
        return Challenged(f"{scheme} {base64.b64encode(answer or b'').decode()}")

    def _finish(self, account: Account, scheme: str, token: bytes, message: bytes) -> Outcome:
        binding = self._door.binding if has_channel_binding(message) else None
        if binding is None and self._door.binding_required:
            return Refused(f"no channel binding from {account.name}")
        try:
            context = self._context_for(token)
            answer = context.step(token, channel_bindings=binding)
        except Exception as problem:  # wrong password, wrong binding, wrong integrity code
            return Refused(f"{type(problem).__name__} for {account.name}")
        if not context.complete:
            return Challenged(f"{scheme} {base64.b64encode(answer or b'').decode()}")
        return Accepted(account, f"{scheme} {base64.b64encode(answer).decode()}" if answer else "")

    def _context_for(self, token: bytes) -> spnego.ContextProxy:
        if self._negotiation is None:
            # Clients put bare NTLM under the scheme Negotiate; the token itself says which it is.
            raw = token.startswith(_NTLM)
            self._negotiation = spnego.server(
                protocol="ntlm" if raw else "negotiate",
                options=spnego.NegotiateOptions.use_ntlm if raw else spnego.NegotiateOptions.use_negotiate,
            )
        return self._negotiation


def ntlm_name(message: bytes) -> str:
    r"""The name in an AUTHENTICATE message, `DOMAIN\user` or as the client wrote it; empty when the message is too damaged to tell."""
    domain, user = _field(message, 28), _field(message, 36)
    wide = len(message) >= 64 and message[60] & _UNICODE
    encoding = "utf-16-le" if wide else "cp437"
    try:
        names = domain.decode(encoding), user.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return f"{names[0]}\\{names[1]}" if names[0] else names[1]


def has_channel_binding(message: bytes) -> bool:
    """Whether an AUTHENTICATE message carries a channel binding other than zeros."""
    pairs = _field(message, 20)[_TO_AV_PAIRS:]
    while len(pairs) >= 4:
        kind, length = struct.unpack_from("<HH", pairs)
        if kind == _CHANNEL_BINDINGS:
            return any(pairs[4 : 4 + length])
        pairs = pairs[4 + length :] if kind else b""
    return False


def _field(message: bytes, at: int) -> bytes:
    if len(message) < at + 8:
        return b""
    length, _, offset = struct.unpack_from("<HHI", message, at)
    return message[offset : offset + length]


def _plain(name: str) -> bool:
    # The account file is split at colons and lines; such a name is no Windows name anyway.
    return name.isprintable() and ":" not in name
