"""A password or token that prints as dots. Never part of a case, a finding, a log line or an error."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn


class Secret:
    """Holds a secret text; only `reveal()` gives it out, so a search for that word finds every use."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled or copied to a file")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))


class SignInMethod(StrEnum):
    """How to sign in. NTLM stands for Negotiate with NTLM; BASIC only ever over TLS."""

    NTLM = "ntlm"
    KERBEROS = "kerberos"
    CREDSSP = "credssp"
    CERTIFICATE = "certificate"
    BASIC = "basic"


@dataclass(frozen=True, slots=True)
class Credential:
    """An account and how to use it. For CERTIFICATE, `certificate_file` and `key_file` are PEM paths and no password is used."""

    username: str
    password: Secret
    method: SignInMethod = SignInMethod.NTLM
    certificate_file: str | None = None
    key_file: str | None = None

    @property
    def complete(self) -> bool:
        """Whether all that the method needs is there. Kerberos does without a password: it then takes the ticket of the account."""
        if self.method is SignInMethod.CERTIFICATE:
            return bool(self.certificate_file and self.key_file)
        return self.method is SignInMethod.KERBEROS or self.password != Secret("")
