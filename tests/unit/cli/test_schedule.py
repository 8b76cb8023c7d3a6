"""`oauthcert schedule`: what may be named, and that no secret comes through."""

from pathlib import Path

import pytest

from oauthcert.cli.main import run
from oauthcert.vault.store import MemoryStore
from tests.fakes.parts import fake_parts
from tests.fakes.terminal import FakeConsole


def oauthcert(folder: Path, *arguments: str) -> tuple[int, FakeConsole]:
    console = FakeConsole()
    parts, _ = fake_parts(folder, {}, MemoryStore())
    return run([*arguments, "--lang", "en"], parts, console), console


@pytest.mark.parametrize("kind", ["windows", "systemd", "cron", "ansible"])
def test_that_without_servers_evidence_is_judged_and_no_password_needed(kind: str, tmp_path: Path) -> None:
    code, console = oauthcert(tmp_path, "schedule", kind)
    assert code == 0
    assert "--evidence" in console.out
    assert "--password-stdin" not in console.out
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_that_a_password_is_read_where_it_runs(kind: str, tmp_path: Path) -> None:
    _, console = oauthcert(tmp_path, "schedule", kind, "fe01", "--user", "CONTOSO\\x", "--format", "nagios", "--result", "/r.txt")
    assert "--password-stdin" in console.out
    assert "/r.txt" in console.out
    _, ticket = oauthcert(tmp_path, "schedule", kind, "fe01", "--auth", "kerberos")
    assert "--password-stdin" not in ticket.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["cron", "fe01"],
        ["cron", "fe01", "--user", "x", "--evidence", "/e"],
        ["ansible", "fe01", "--user", "x"],
        ["cron", "https://x:CANARY@fe01/", "--user", "x"],
        ["cron", "fe01", "--user", "x\ny"],
        ["cron", "fe01", "--user", "x", "--password", "CANARY"],
        ["cron", "--every", "25"],
        ["at"],
    ],
)
def test_that_what_cannot_be_scheduled_is_wrong_usage(arguments: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, console = oauthcert(tmp_path, "schedule", *arguments)
    assert code == 64
    assert console.out == ""
    assert "CANARY" not in console.err + "".join(capfd.readouterr())
