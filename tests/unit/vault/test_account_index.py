"""The list of account names, and that losing it loses nothing else."""

import logging
import os
from pathlib import Path

import pytest

from oauthcert.model.secret import Secret
from oauthcert.vault.account_index import AccountIndex
from oauthcert.vault.keyring_store import KeyringStore
from oauthcert.vault.store import Place
from tests.fakes.keyrings import FakeKeyring


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"format": 2, "accounts": {}}', '{"format": 1}', '{"format": 1, "accounts": []}', "\x00", "[" * 100_000]
)
def test_that_a_damaged_list_is_empty_and_can_be_written_again(damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "accounts.json"
    file.write_text(damage, encoding="utf-8")
    index = AccountIndex(file)

    with caplog.at_level(logging.WARNING):
        assert index.names() == {}
    assert "could not be read" in caplog.text

    index.add("a", "A")
    assert index.names() == {"a": "A"}


def test_that_names_come_back_as_accounts_are_used(tmp_path: Path) -> None:
    backend, file = FakeKeyring(), tmp_path / "accounts.json"
    store = KeyringStore(backend, Place.SECRET_SERVICE, AccountIndex(file))
    store.put("CONTOSO\\Admin", Secret("x"))
    file.unlink()

    assert store.get("CONTOSO\\Admin") == Secret("x")
    assert store.accounts() == ("CONTOSO\\Admin",)


def test_that_a_name_whose_password_was_removed_elsewhere_is_dropped(tmp_path: Path) -> None:
    backend = FakeKeyring()
    store = KeyringStore(backend, Place.SECRET_SERVICE, AccountIndex(tmp_path / "accounts.json"))
    store.put("admin", Secret("x"))
    backend.entries.clear()

    assert store.get("admin") is None
    assert store.accounts() == ()


def test_that_a_list_that_cannot_be_written_does_not_lose_the_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = tmp_path / "config"
    in_the_way.write_text("a file where the folder should be", encoding="utf-8")
    store = KeyringStore(FakeKeyring(), Place.SECRET_SERVICE, AccountIndex(in_the_way / "accounts.json"))

    with caplog.at_level(logging.WARNING):
        store.put("admin", Secret("x"))

    assert store.get("admin") == Secret("x")
    assert "could not be written" in caplog.text


def test_that_nothing_but_names_is_written(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "accounts.json"
    store = KeyringStore(FakeKeyring(), Place.SECRET_SERVICE, AccountIndex(file))
    store.put("admin", Secret("CANARY-51c0"))

    assert "CANARY" not in file.read_text(encoding="utf-8")
    assert os.listdir(file.parent) == ["accounts.json"]  # noqa: PTH208 - also sees what a glob leaves out
