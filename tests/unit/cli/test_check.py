"""`oauthcert check`: where it looks, with which account, where its result goes, and how it ends."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from oauthcert.casework.case_file import open_case
from oauthcert.cli.main import run
from oauthcert.model.evidence import Answer
from oauthcert.model.secret import Secret, SignInMethod
from oauthcert.model.target import Product
from oauthcert.remote.failures import Refused, SignInRefused
from oauthcert.vault.failures import VaultLocked
from oauthcert.vault.store import MemoryStore
from tests.fakes.parts import fake_parts
from tests.fakes.servers import FakeGateway, FakeServer
from tests.fakes.terminal import FakeConsole

ADMIN = "CONTOSO\\admin"
HELLO = Answer("hello", True, ({"edition": "5.1", "process64": True, "computer": "FE01", "utc": "2026-11-21T12:00:00Z"},))
ABSENT = FakeServer(failure=Refused(address="127.0.0.1", port="5985"), reached=None, signed_in=None, clock=None)
REFUSING = FakeServer(failure=SignInRefused(username="x", method="ntlm"), signed_in=None)


class Bench:
    """Runs the command with fake parts; `console` and `gateway` are those of the last run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = MemoryStore()
        self.servers = {"fe01": FakeServer([HELLO]), "fe02": FakeServer([HELLO])}
        self.console = FakeConsole()
        self.gateway = FakeGateway({})

    def __call__(self, *arguments: str, typed: str = "", terminal: bool = False) -> int:
        self.console = FakeConsole(typed, terminal=terminal)
        parts, self.gateway = fake_parts(self.folder, self.servers, self.vault)
        return run(arguments, parts, self.console)

    @property
    def log(self) -> str:
        file = self.folder / "logs" / "oauthcert.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    made.vault.put(ADMIN, Secret("CANARY-stored"))
    return made


def test_that_servers_are_looked_at_with_the_stored_password(bench: Bench) -> None:
    bench("check", "FE01, fe02", "--user", ADMIN, "--product", "lync", "--lang", "en")

    assert list(bench.gateway.connections) == ["fe01", "fe02"]
    credential = bench.gateway.credentials["fe02"]
    assert credential is not None
    assert (credential.username, credential.method) == (ADMIN, SignInMethod.NTLM)
    assert credential.password == Secret("CANARY-stored")
    assert bench.console.out
    assert [line.partition(":")[0] for line in sorted(bench.console.err_lines)] == ["fe01", "fe02"]


def test_that_a_password_on_standard_input_goes_before_the_stored_one(bench: Bench) -> None:
    bench("check", "fe01", "--user", ADMIN, "--password-stdin", typed="CANARY typed \nsecond line\n")

    credential = bench.gateway.credentials["fe01"]
    assert credential is not None
    assert credential.password == Secret("CANARY typed ")


@pytest.mark.parametrize(("server", "code"), [(ABSENT, 3), (REFUSING, 2)])
def test_that_the_exit_code_is_the_cases(bench: Bench, server: FakeServer, code: int) -> None:
    bench.servers = {"fe01": server}

    assert bench("check", "fe01", "--user", ADMIN) == code
    assert bench("check", "--practice", "quiet") == code


def test_that_json_is_one_document_and_progress_stays_off_it(bench: Bench) -> None:
    bench("check", "fe01", "fe02", "--user", ADMIN, "--format", "json")

    document = json.loads(bench.console.out)
    assert document["schema"] == 1
    assert document["source"] == "live"
    assert {finding["server"] for finding in document["findings"]} == {"fe01", "fe02", None}


def test_that_a_practice_check_says_so_and_uses_the_labs_account(bench: Bench) -> None:
    bench("check", "--practice", "quiet", "--format", "json", "--product", "exchange")

    assert json.loads(bench.console.out)["source"] == "practice:quiet"
    credential = bench.gateway.credentials["fe01"]
    assert credential is not None
    assert credential.username == ADMIN
    assert {question.id for question in bench.gateway.connections["fe01"][0].questions}.isdisjoint({"oauth", "topology"})


def test_that_quiet_leaves_only_the_result(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    bench("check", "fe01", "--user", ADMIN, "--quiet", "--output", str(file), "--save", str(tmp_path / "c.json"))

    assert bench.console.err == ""
    assert bench.console.out == ""
    assert file.stat().st_size > 0
    assert open_case(tmp_path / "c.json").targets[0].product is Product.AUTO


def test_that_a_saved_case_is_told_again_without_a_server(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    code = bench("check", "fe01", "--user", ADMIN, "--save", str(file), "--format", "json")
    looked = json.loads(bench.console.out)

    assert bench("check", "--case", str(file), "--format", "json") == code
    again = json.loads(bench.console.out)
    assert again["findings"] == looked["findings"]
    assert again["causes"] == looked["causes"]
    assert bench.gateway.connections == {}
    assert bench.console.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--user", ADMIN],
        ["fe01"],
        ["fe01", "--practice", "quiet"],
        ["fe01", "--case", "x.json", "--user", ADMIN],
        ["--practice", "quiet", "--user", ADMIN],
        ["--practice", "quiet", "--https"],
        ["--practice", "unknown"],
        ["--case", "absent.json"],
        ["--case", "absent.json", "--jobs", "2"],
        ["fe01", "--user", ADMIN, "--latency", "0"],
        ["fe*", "--user", ADMIN],
        ["fe01", "--user", ADMIN, "--trust", "sha256:12"],
        ["fe01", "--user", "nobody"],
        ["fe01", "--user", ADMIN, "--auth", "certificate"],
        ["fe01", "--user", ADMIN, "--password-stdin"],
        ["fe01", "--user", ADMIN, "--save", "same.json", "--output", "same.json"],
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_that_what_cannot_be_asked_ends_with_64_and_one_sentence(bench: Bench, arguments: Sequence[str], language: str) -> None:
    assert bench("check", *arguments, "--lang", language) == 64

    assert bench.console.out == ""
    assert len(bench.console.err_lines) == 1
    assert bench.console.err.startswith("oauthcert: ")
    assert bench.gateway.connections == {}
    assert bench.log == ""


def test_that_a_file_that_is_no_case_stops_the_check_before_anybody_is_asked(bench: Bench, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine", encoding="utf-8")

    assert bench("check", "fe01", "--user", ADMIN, "--save", str(notes)) == 64
    assert bench.gateway.connections == {}
    assert notes.read_text(encoding="utf-8") == "mine"


def test_that_a_result_that_cannot_be_written_comes_out_instead(bench: Bench, tmp_path: Path) -> None:
    code = bench("check", "fe01", "--user", ADMIN, "--format", "json", "--output", str(tmp_path / "no" / "r.json"), "--quiet")

    assert code == json_exit(bench.console.out)
    assert str(tmp_path / "no" / "r.json") in bench.console.err


def test_that_a_case_that_cannot_be_saved_there_is_saved_elsewhere(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bench("check", "fe01", "--user", ADMIN, "--save", str(tmp_path / "no" / "c.json"), "--lang", "en")

    assert open_case(tmp_path / "oauthcert-case.json").observations
    assert "oauthcert-case.json" in bench.console.err
    assert bench.console.out


def test_that_an_account_without_a_stored_password_is_asked_for_on_a_terminal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[str] = []

    def typed(prompt: str, _stream: object) -> str:
        prompts.append(prompt)
        return "CANARY-asked"

    monkeypatch.setattr("getpass.getpass", typed)

    bench("check", "fe01", "--user", "other", "--lang", "en", terminal=True)

    assert prompts == ["Password for other: "]
    credential = bench.gateway.credentials["fe01"]
    assert credential is not None
    assert credential.password == Secret("CANARY-asked")
    assert bench.vault.get("other") is None


def test_that_a_locked_store_is_told_and_the_terminal_asked_instead(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked(MemoryStore):
        def get(self, username: str) -> Secret | None:
            raise VaultLocked("locked", place="secret-service")

    bench.vault = Locked()
    monkeypatch.setattr("getpass.getpass", lambda _prompt, _stream: "CANARY-asked")

    bench("check", "fe01", "--user", "other", terminal=True)

    assert bench.gateway.credentials["fe01"] is not None
    assert bench("check", "fe01", "--user", "other") == 64


def test_that_kerberos_needs_no_password(bench: Bench) -> None:
    bench("check", "fe01", "--auth", "kerberos")

    credential = bench.gateway.credentials["fe01"]
    assert credential is not None
    assert credential.method is SignInMethod.KERBEROS


def test_that_a_bug_ends_with_70_a_sentence_and_a_traceback_in_the_log(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError("with CANARY-stored in it")

    monkeypatch.setattr("oauthcert.cli.rendering.render", broken)

    assert bench("check", "fe01", "--user", ADMIN, "--quiet", "--lang", "en") == 70
    assert len(bench.console.err_lines) == 1
    assert "ZeroDivisionError" in bench.console.err
    assert str(bench.folder / "logs" / "oauthcert.log") in bench.console.err
    assert "Traceback" in bench.log
    assert "CANARY" not in bench.log + bench.console.err


def json_exit(text: str) -> int:
    """The exit code that belongs to these findings."""
    verdicts = {finding["verdict"] for finding in json.loads(text)["findings"]}
    return next((code for verdict, code in (("fail", 2), ("warn", 1), ("unknown", 3)) if verdict in verdicts), 0)
