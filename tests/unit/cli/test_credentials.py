"""`oauthcert credentials`: passwords go in hidden, come out never, and are tried for real."""

from pathlib import Path

import pytest

from oauthcert.cli.main import run
from oauthcert.model.secret import Secret
from oauthcert.remote.failures import LanguageConstrained, Refused, SignInRefused
from oauthcert.vault.account_index import AccountIndex
from oauthcert.vault.keyring_store import KeyringStore
from oauthcert.vault.store import MemoryStore, Place, SecretStore
from tests.fakes.keyrings import FakeKeyring, LockedKeyring
from tests.fakes.parts import fake_parts
from tests.fakes.servers import FakeServer
from tests.fakes.terminal import FakeConsole

ADMIN = "CONTOSO\\admin"


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault: SecretStore = self.store(FakeKeyring())
        self.servers = {"fe01": FakeServer()}
        self.console = FakeConsole()

    def store(self, backend: FakeKeyring) -> SecretStore:
        return KeyringStore(backend, Place.SECRET_SERVICE, AccountIndex(self.folder / "accounts.json"), 5)

    def __call__(self, *arguments: str, typed: str = "", terminal: bool = False) -> int:
        self.console = FakeConsole(typed, terminal=terminal)
        parts, _ = fake_parts(self.folder, self.servers, self.vault)
        return run(["credentials", *arguments, "--lang", "en"], parts, self.console)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_that_a_password_from_standard_input_is_stored_listed_by_name_and_removed(bench: Bench) -> None:
    assert bench("set", ADMIN, "--password-stdin", typed="CANARY-1\n") == 0
    assert bench.vault.get(ADMIN) == Secret("CANARY-1")
    assert "CANARY" not in bench.console.err + bench.console.out

    assert bench("list") == 0
    assert bench.console.out == f"{ADMIN}\n"

    assert bench("remove", ADMIN.upper()) == 0
    assert bench("remove", ADMIN) == 2
    assert bench("list") == 0
    assert bench.console.out == ""
    assert bench.console.err


def test_that_a_typed_password_is_asked_for_twice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["CANARY-2", "CANARY-2", "CANARY-3", "CANARY-4"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt, _stream: next(typed))

    assert bench("set", ADMIN, terminal=True) == 0
    assert bench.vault.get(ADMIN) == Secret("CANARY-2")

    assert bench("set", ADMIN, terminal=True) == 2
    assert bench.vault.get(ADMIN) == Secret("CANARY-2")


def test_that_nobody_is_asked_where_there_is_no_terminal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_: pytest.fail("asked"))

    assert bench("set", ADMIN) == 2
    assert bench.vault.accounts() == ()


def test_that_an_interrupt_while_typing_stores_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", interrupted)

    assert bench("set", ADMIN, terminal=True) == 130
    assert bench.vault.accounts() == ()


@pytest.mark.parametrize("typed", ["", "\n"])
def test_that_an_empty_standard_input_is_wrong_usage(bench: Bench, typed: str) -> None:
    assert bench("set", ADMIN, "--password-stdin", typed=typed) == 64


@pytest.mark.parametrize("action", ["set", "remove"])
def test_that_an_account_without_a_name_is_refused_before_anybody_types(bench: Bench, action: str) -> None:
    assert bench(action, "  ", terminal=True) == 2
    assert len(bench.console.err_lines) == 1


def test_that_a_system_without_a_store_says_so_and_stores_nothing(bench: Bench) -> None:
    bench.vault = MemoryStore()

    assert bench("set", ADMIN, "--password-stdin", typed="CANARY-5\n") == 2
    assert bench.vault.accounts() == ()
    assert "--password-stdin" in bench.console.err
    assert bench("list") == 0


def test_that_a_locked_store_is_told_in_a_sentence(bench: Bench) -> None:
    bench.vault = bench.store(LockedKeyring())

    assert bench("remove", ADMIN) == 2
    assert len(bench.console.err_lines) == 1


@pytest.mark.parametrize(
    ("server", "code", "words"),
    [
        (FakeServer(), 0, "fe01 accepts CONTOSO\\admin"),
        (FakeServer(failure=SignInRefused(username="x", method="ntlm"), signed_in=None), 2, "does not accept"),
        (FakeServer(failure=Refused(address="1", port="5985"), reached=None, signed_in=None), 3, "was not reached"),
        (FakeServer(failure=LanguageConstrained(mode="ConstrainedLanguage")), 3, "but PowerShell could not be used"),
    ],
)
def test_that_a_test_signs_in_and_says_what_came_of_it(bench: Bench, server: FakeServer, code: int, words: str) -> None:
    bench.servers = {"fe01": server}
    bench.vault.put(ADMIN, Secret("CANARY-6"))

    assert bench("test", "FE01", "--user", ADMIN) == code
    assert words in bench.console.out
    assert bench.console.err == ""
