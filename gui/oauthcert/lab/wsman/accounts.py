"""Who may sign in to a practice server, and under which spellings of the name."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from oauthcert.lab.wsman.md4 import nt_hash
from oauthcert.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Account:
    r"""`name` is `CONTOSO\admin` or `admin` (local). A non-administrator signs in but every operation is refused (fault 5).

    `certificate_name` is the common name of the client certificate that signs in as this account, if any.
    """

    name: str
    password: Secret
    administrator: bool = True
    certificate_name: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sign-in is refused although the name is known: `reason` for the log, `status` 401 or 403 for the client."""

    reason: str
    status: int = 401


class AccountTable:
    """Finds accounts by any spelling Windows accepts."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = tuple(accounts)
        self._hashes = {account.name: nt_hash(account.password.reveal()) for account in self._accounts}

    def find(self, spelling: str) -> Account | None:
        r"""`CONTOSO\admin`, `contoso.lab\admin`, `admin@contoso.lab`, `admin`, `.\admin`; letter case does not matter. None = unknown."""
        domain, user = _split(spelling)
        for account in self._accounts:
            own_domain, own_user = _split(account.name)
            if user == own_user and _same_domain(domain, own_domain):
                return account
        return None

    def by_certificate(self, common_name: str) -> Account | None:
        """The account a client certificate is mapped to."""
        return next((account for account in self._accounts if account.certificate_name == common_name), None)

    def nt_hash(self, account: Account) -> bytes:
        """What NTLM checks instead of the password."""
        return self._hashes[account.name]

    def password_matches(self, account: Account, password: str) -> bool:
        """Compares in constant time."""
        return hmac.compare_digest(account.password.reveal().encode(), password.encode())


def _split(spelling: str) -> tuple[str, str]:
    lowered = spelling.lower()
    if "\\" in lowered:
        domain, _, user = lowered.partition("\\")
    else:
        user, _, domain = lowered.partition("@")
    return ("" if domain == "." else domain), user


def _same_domain(asked: str, own: str) -> bool:
    # A NetBIOS name is by custom the first label of the DNS name; a name without domain is tried in the server's own domain.
    return not asked or not own or asked.partition(".")[0] == own.partition(".")[0]
