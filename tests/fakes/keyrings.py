"""Password stores for tests: keyring back ends that behave as the real ones do, in memory."""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FakeKeyring(KeyringBackend):
    """Keeps entries in a dict. `priority` is 0, so keyring itself never chooses it."""

    priority = 0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError("No such password!")
        del self.entries[service, username]


class WindowsLikeKeyring(FakeKeyring):
    """Setting over an entry keeps the old password under `user@service`, as WinVaultKeyring does."""

    priority = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        for (kept, user), old in list(self.entries.items()):
            if kept == service:
                self.entries[f"{user}@{service}", user] = old
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        super().delete_password(service, username)
        self.entries.pop((f"{username}@{service}", username), None)


class LockedKeyring(FakeKeyring):
    """Someone dismissed the prompt."""

    priority = 0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class BlockedKeyring(FakeKeyring):
    """Waits for a prompt that nobody answers, until `release` is set; counts how often it was asked."""

    priority = 0

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.release.wait(20)
        return super().get_password(service, username)


class TellTaleKeyring(FakeKeyring):
    """Fails with an error whose text holds the password, as a careless store might."""

    priority = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot write {password!r}")


class ForgetfulKeyring(FakeKeyring):
    """Says yes and keeps nothing, as keyring.backends.null does."""

    priority = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        pass
