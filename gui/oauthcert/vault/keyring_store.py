"""Passwords in the operating system's own store, reached through keyring."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from oauthcert.model.errors import VaultError
from oauthcert.model.secret import Secret
from oauthcert.vault.account_index import AccountIndex
from oauthcert.vault.backends import trusted_backend
from oauthcert.vault.bounded import BoundedCalls
from oauthcert.vault.failures import NothingKept, PasswordTooLong, VaultLocked, VaultRefused
from oauthcert.vault.store import MemoryStore, Place, SecretStore, account_key, check_password

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 30.0
"""How long a store may take; a person may have to type the password of a locked keyring meanwhile."""

_WINDOWS_UNITS = 1280
"""CRED_MAX_CREDENTIAL_BLOB_SIZE is 2560 bytes and keyring writes UTF-16; a longer one fails as "The stub received bad data"."""


def open_store(index_file: Path, seconds: float = ANSWER_SECONDS) -> SecretStore:
    """The system's store, or one in memory when there is none that is trusted; `place` tells which.

    Raises VaultLocked when the system's store exists and does not answer within `seconds`.
    """
    found = BoundedCalls(seconds, "")(trusted_backend)
    if found is None:
        return MemoryStore()
    backend, place = found
    return KeyringStore(backend, place, AccountIndex(index_file), seconds)


class KeyringStore:
    """One entry per account, each under a service name of its own: the Windows store mixes up two accounts of one service."""

    def __init__(self, backend: "KeyringBackend", place: Place, index: AccountIndex, seconds: float = ANSWER_SECONDS) -> None:
        self._backend = backend
        self._index = index
        self._bounded = BoundedCalls(seconds, place.value)
        self.place = place

    def get(self, username: str) -> Secret | None:
        key = account_key(username)
        text = self._ask(lambda: self._backend.get_password(_service(key), key))
        if text is None:
            self._index.discard(key)
            return None
        self._index.add(key, self._index.names().get(key, username.strip()))
        return Secret(text)

    def put(self, username: str, secret: Secret) -> None:
        key = account_key(username)
        text = check_password(secret)
        length = len(text.encode("utf-16-le")) // 2
        if self.place is Place.WINDOWS and length > _WINDOWS_UNITS:
            raise PasswordTooLong(
                f"Windows Credential Manager keeps at most {_WINDOWS_UNITS} characters", limit=str(_WINDOWS_UNITS), length=str(length)
            )
        self._ask(lambda: self._replace(key, text))
        self._index.add(key, username.strip())

    def remove(self, username: str) -> bool:
        key = account_key(username)
        removed = self._ask(lambda: self._delete(key))
        self._index.discard(key)
        return removed

    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted(self._index.names().values(), key=str.casefold))

    def _replace(self, key: str, text: str) -> None:
        if self.place is Place.WINDOWS:
            # setting over an entry makes keyring keep the old password beside it, under user@service
            self._delete(key)
        self._backend.set_password(_service(key), key, text)
        if self._backend.get_password(_service(key), key) != text:
            raise NothingKept("the password store accepted the password but does not have it", place=self.place.value)

    def _delete(self, key: str) -> bool:
        # asked first: each store has its own way of saying that there is nothing to delete
        if self._backend.get_password(_service(key), key) is None:
            return False
        self._backend.delete_password(_service(key), key)
        return True

    def _ask(self, work: Callable[[], T]) -> T:
        try:
            return self._bounded(work)
        except VaultError:
            raise
        except Exception as error:  # every store raises kinds of its own (D-Bus, win32ctypes, Security.framework)
            kind = type(error).__name__
            log.warning("the password store %s failed: %s.%s", self.place.value, type(error).__module__, kind)
            if kind in _LOCKED:
                raise VaultLocked("the password store is locked", place=self.place.value) from None
            # `from None`: what a store says about a failed write may quote what was to be written
            raise VaultRefused(f"the password store failed: {kind}", place=self.place.value, kind=kind) from None


_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}


def _service(key: str) -> str:
    return f"OAuthCert Wizard/{key}"
