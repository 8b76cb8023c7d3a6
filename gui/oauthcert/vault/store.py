"""What the program needs of a place that keeps passwords, and the one that forgets them when the program ends."""

from enum import StrEnum
from threading import Lock
from typing import Protocol

from oauthcert.model.secret import Secret
from oauthcert.vault.failures import NoAccountName, PasswordUnusable


class Place(StrEnum):
    """Where passwords are kept; each has its words under `vault.`."""

    WINDOWS = "windows-credential-manager"
    SECRET_SERVICE = "secret-service"  # noqa: S105 - the name of a place
    KEYCHAIN = "macos-keychain"
    KWALLET = "kwallet"
    MEMORY = "memory"


class SecretStore(Protocol):
    """Passwords by account name. Names are compared as Windows compares them: without regard to case.

    Every method may raise VaultError and returns in bounded time.
    """

    @property
    def place(self) -> Place: ...

    def get(self, username: str) -> Secret | None:
        """The password of this account, None when none is kept."""

    def put(self, username: str, secret: Secret) -> None:
        """Keeps it, in place of an older one."""

    def remove(self, username: str) -> bool:
        """Forgets it; False when there was nothing to forget."""

    def accounts(self) -> tuple[str, ...]:
        """The names with a password here, as they were typed, in alphabetical order."""


def account_key(username: str) -> str:
    """One spelling for all spellings of an account. Raises NoAccountName for an empty one."""
    key = username.strip().casefold()
    if not key:
        raise NoAccountName("give the account a name, for example CONTOSO\\admin")
    return key


def check_password(secret: Secret) -> str:
    """The password's text. Raises PasswordUnusable when no store could give it back unchanged."""
    text = secret.reveal()
    if not text:
        raise PasswordUnusable("an empty password cannot be kept")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # `from None`: the original error carries the whole text
        raise PasswordUnusable("the password holds characters that are not valid Unicode") from None
    return text


class MemoryStore:
    """Keeps passwords until the program ends: where the system has no store that is safe."""

    place = Place.MEMORY

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, Secret]] = {}
        self._lock = Lock()

    def get(self, username: str) -> Secret | None:
        with self._lock:
            kept = self._kept.get(account_key(username))
        return kept[1] if kept else None

    def put(self, username: str, secret: Secret) -> None:
        check_password(secret)
        with self._lock:
            self._kept[account_key(username)] = (username.strip(), secret)

    def remove(self, username: str) -> bool:
        with self._lock:
            return self._kept.pop(account_key(username), None) is not None

    def accounts(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted((name for name, _ in self._kept.values()), key=str.casefold))
