"""The adaptor to the system's password stores, against stores that misbehave as real ones do."""

import logging
import time
from contextlib import suppress
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from oauthcert.model.errors import VaultError
from oauthcert.model.secret import Secret
from oauthcert.vault.account_index import AccountIndex
from oauthcert.vault.failures import NoAccountName, NothingKept, PasswordTooLong, PasswordUnusable, VaultLocked, VaultRefused
from oauthcert.vault.keyring_store import KeyringStore
from oauthcert.vault.store import MemoryStore, Place, SecretStore
from tests.fakes.keyrings import BlockedKeyring, FakeKeyring, ForgetfulKeyring, LockedKeyring, TellTaleKeyring, WindowsLikeKeyring

ADMIN = "CONTOSO\\Admin"


def _store(folder: Path, backend: KeyringBackend | None = None, place: Place = Place.SECRET_SERVICE, seconds: float = 5) -> KeyringStore:
    return KeyringStore(backend or FakeKeyring(), place, AccountIndex(folder / "config" / "accounts.json"), seconds)


@pytest.fixture(params=["keyring", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    return MemoryStore() if request.param == "memory" else _store(tmp_path)


def test_that_a_password_comes_back_unchanged_whatever_the_case_of_the_name(store: SecretStore) -> None:
    secret = Secret("  pässword „quoted“ 密码 🔑\t\n")

    store.put(f" {ADMIN} ", secret)

    assert store.get("contoso\\ADMIN") == secret
    assert store.accounts() == (ADMIN,)


def test_that_a_second_password_replaces_the_first(store: SecretStore) -> None:
    store.put(ADMIN, Secret("old"))
    store.put(ADMIN.lower(), Secret("new"))

    assert store.get(ADMIN) == Secret("new")
    assert store.accounts() == (ADMIN.lower(),)


def test_that_accounts_do_not_see_each_others_passwords(store: SecretStore) -> None:
    store.put("b@contoso.lab", Secret("two"))
    store.put("A@contoso.lab", Secret("one"))

    assert store.get("a@contoso.lab") == Secret("one")
    assert store.get("c@contoso.lab") is None
    assert store.accounts() == ("A@contoso.lab", "b@contoso.lab")


def test_that_removing_says_whether_there_was_anything(store: SecretStore) -> None:
    store.put(ADMIN, Secret("x"))

    assert store.remove(ADMIN.upper()) is True
    assert store.remove(ADMIN) is False
    assert store.get(ADMIN) is None
    assert store.accounts() == ()


@pytest.mark.parametrize("name", ["", "   "])
def test_that_an_account_without_a_name_is_refused(store: SecretStore, name: str) -> None:
    with pytest.raises(NoAccountName):
        store.put(name, Secret("x"))


@pytest.mark.parametrize("password", ["", "lone surrogate \udc80"])
def test_that_a_password_no_store_can_give_back_is_refused_without_being_quoted(store: SecretStore, password: str) -> None:
    with pytest.raises(PasswordUnusable) as caught:
        store.put(ADMIN, Secret(password))

    assert "lone" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert store.get(ADMIN) is None


def test_that_windows_takes_1280_units_and_no_more(tmp_path: Path) -> None:
    store = _store(tmp_path, WindowsLikeKeyring(), Place.WINDOWS)
    store.put(ADMIN, Secret("p" * 1280))

    with pytest.raises(PasswordTooLong) as caught:
        store.put(ADMIN, Secret("🔑" * 641))  # two UTF-16 units each

    assert caught.value.facts == {"limit": "1280", "length": "1282"}
    assert store.get(ADMIN) == Secret("p" * 1280)


def test_that_other_stores_take_long_passwords(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.put(ADMIN, Secret("p" * 5000))

    assert store.get(ADMIN) == Secret("p" * 5000)


def test_that_windows_is_not_left_with_the_old_password_beside_the_new(tmp_path: Path) -> None:
    backend = WindowsLikeKeyring()
    store = _store(tmp_path, backend, Place.WINDOWS)
    store.put(ADMIN, Secret("old"))
    store.put(ADMIN, Secret("new"))

    assert list(backend.entries.values()) == ["new"]


def test_that_two_accounts_never_share_a_service_name(tmp_path: Path) -> None:
    backend = WindowsLikeKeyring()
    store = _store(tmp_path, backend, Place.WINDOWS)
    store.put("one", Secret("1"))
    store.put("two", Secret("2"))

    assert len({service for service, _ in backend.entries}) == 2


def test_that_a_dismissed_prompt_is_told_as_locked(tmp_path: Path) -> None:
    with pytest.raises(VaultLocked) as caught:
        _store(tmp_path, LockedKeyring()).get(ADMIN)

    assert caught.value.facts == {"place": "secret-service"}


def test_that_a_store_that_never_answers_is_given_up_and_not_asked_again(tmp_path: Path) -> None:
    backend = BlockedKeyring()
    store = _store(tmp_path, backend, seconds=0.1)
    started = time.monotonic()
    try:
        with pytest.raises(VaultLocked) as caught:
            store.get(ADMIN)
        with pytest.raises(VaultLocked):
            store.put(ADMIN, Secret("x"))
    finally:
        backend.release.set()

    assert time.monotonic() - started < 5
    assert backend.asked == 1
    assert caught.value.facts == {"place": "secret-service", "seconds": "0.1"}


def test_that_a_store_is_asked_again_once_its_prompt_was_answered(tmp_path: Path) -> None:
    backend = BlockedKeyring()
    store = _store(tmp_path, backend, seconds=0.1)
    with pytest.raises(VaultLocked):
        store.get(ADMIN)
    backend.release.set()

    deadline = time.monotonic() + 5
    answered = False
    while not answered and time.monotonic() < deadline:
        with suppress(VaultLocked):
            answered = store.get(ADMIN) is None
        time.sleep(0.01)

    assert answered


def test_that_a_failing_store_does_not_make_the_password_known(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(VaultRefused) as caught:
        _store(tmp_path, TellTaleKeyring()).put(ADMIN, Secret("CANARY-7f3a"))

    assert caught.value.facts == {"place": "secret-service", "kind": "ValueError"}
    assert "CANARY" not in caplog.text + str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_that_a_store_that_keeps_nothing_is_found_out(tmp_path: Path) -> None:
    store = _store(tmp_path, ForgetfulKeyring())

    with pytest.raises(NothingKept):
        store.put(ADMIN, Secret("x"))

    assert store.accounts() == ()


def test_that_every_failure_is_a_vault_error_with_words_of_its_own() -> None:
    kinds = [NoAccountName, NothingKept, PasswordTooLong, PasswordUnusable, VaultLocked, VaultRefused]

    assert all(issubclass(kind, VaultError) for kind in kinds)
    assert len({kind.words for kind in kinds}) == len(kinds)
