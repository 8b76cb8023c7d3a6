"""What a server says of the uses of its certificates, and of who may read its private keys."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CertificateUse:
    """What Get-CsCertificate says of one use (Default, WebServicesInternal, Internal, …), OAuthTokenIssuer among them.

    An answer without `use` said only `message`: one of the assigned certificates is not found or not trusted.
    """

    use: str | None
    thumbprint: str | None
    subject: str | None
    not_before: datetime | None
    not_after: datetime | None
    not_found_or_untrusted: bool
    message: str | None


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account under which the product's `services` run, as this server's Windows calls it, and its SID."""

    account: str
    sid: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One entry of the access list of a key's file. `account` is None where the SID has no name any more; `read` covers its data."""

    sid: str
    account: str | None
    allow: bool
    read: bool


@dataclass(frozen=True, slots=True)
class KeyAccess:
    """The access list of one private key, in the order of Windows. `problem` tells why there is none.

    It is None, access-denied, missing-key-file, no-key-file (the key opens, but lies in no file, as on a smart card), provider or other.
    """

    thumbprint: str
    container: str | None
    rules: tuple[AccessRule, ...]
    problem: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class AccessSeen:
    accounts: tuple[ServiceAccount, ...]
    keys: tuple[KeyAccess, ...]
