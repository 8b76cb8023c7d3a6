"""Which password stores are trusted: those of the operating system, by exact class, and nothing else."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from keyring import core
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, Windows, chainer, fail, kwallet, macOS, null

from oauthcert.vault.backends import place_of, trusted_backend
from oauthcert.vault.keyring_store import open_store
from oauthcert.vault.store import Place
from tests.fakes.keyrings import FakeKeyring


@pytest.fixture(autouse=True)
def _own_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """keyring remembers its choice for the whole process: each test starts without one, and the next gets the old one back."""
    monkeypatch.setattr(core, "_keyring_backend", None)


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (SecretService.Keyring, Place.SECRET_SERVICE),
        (Windows.WinVaultKeyring, Place.WINDOWS),
        (macOS.Keyring, Place.KEYCHAIN),
        (kwallet.DBusKeyring, Place.KWALLET),
        (null.Keyring, None),
        (fail.Keyring, None),
        (chainer.ChainerBackend, None),
        (FakeKeyring, None),
    ],
)
def test_that_only_stores_of_the_operating_system_are_trusted(kind: type[KeyringBackend], place: Place | None) -> None:
    assert place_of(kind.__new__(kind)) is place


def test_that_a_subclass_of_a_trusted_store_is_not_trusted() -> None:
    class Keyring(SecretService.Keyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            Path("passwords.txt").write_text(password, encoding="utf-8")

    assert place_of(Keyring.__new__(Keyring)) is None


@pytest.mark.parametrize(
    "name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.module.Keyring", "keyring.core.Gone"]
)
def test_that_whatever_the_environment_names_ends_in_memory(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)

    assert open_store(tmp_path / "accounts.json").place is Place.MEMORY


def test_that_a_trusted_store_behind_an_untrusted_one_is_found(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    trusted = SecretService.Keyring.__new__(SecretService.Keyring)

    monkeypatch.setattr(chainer.ChainerBackend, "backends", [FakeKeyring(), trusted])
    core.set_keyring(chainer.ChainerBackend())  # type: ignore[no-untyped-call]

    with caplog.at_level(logging.INFO):
        assert trusted_backend() == (trusted, Place.SECRET_SERVICE)
    assert "FakeKeyring is not trusted" in caplog.text


def test_that_a_chain_without_a_trusted_store_is_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [FakeKeyring(), null.Keyring()])  # type: ignore[no-untyped-call]
    core.set_keyring(chainer.ChainerBackend())  # type: ignore[no-untyped-call]

    assert trusted_backend() is None


def test_that_windows_passwords_stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Windows, "win32cred", SimpleNamespace(CRED_PERSIST_LOCAL_MACHINE=2, CRED_PERSIST_ENTERPRISE=3), raising=False)
    backend = Windows.WinVaultKeyring.__new__(Windows.WinVaultKeyring)
    core.set_keyring(backend)

    assert trusted_backend() == (backend, Place.WINDOWS)
    assert backend.persist == 2
