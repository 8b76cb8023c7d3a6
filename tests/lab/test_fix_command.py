"""`oauthcert fix` as an operator runs it: plan, preview, apply and resume against the practice lab, over real WinRM."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.casework.folders import Folders
from oauthcert.fixes.one_at_a_time import OnlyRepair
from oauthcert.fixes.recovery import Story, stories
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from tests.lab.conftest import Command

ADMIN = "CONTOSO\\admin"
REPLICA = "replica-service@fe02.contoso.lab"


def changes(oauthcert: Command) -> list[str]:
    return [deed.function for lab in oauthcert.labs for deed in lab.deeds]


def test_that_without_apply_the_plan_is_shown_and_nothing_changed(oauthcert: Command) -> None:
    ran = oauthcert("fix", "--practice", "replica-stopped", "--lang", "en")
    assert ran.code == 2
    assert "Start-StoppedService -Name REPLICA" in ran.out
    assert changes(oauthcert) == []
    told = json.loads(oauthcert("fix", REPLICA, "--practice", "replica-stopped", "--format", "json").out)
    assert [step["manner"] for step in told["plan"]["steps"]] == ["does", "waits"]
    assert not oauthcert.folders.journal_dir.exists()


def test_that_a_preview_asks_the_server_and_changes_nothing(oauthcert: Command) -> None:
    ran = oauthcert("fix", "--practice", "replica-stopped", "--preview", "--lang", "en")
    assert ran.code == 2
    assert "would change something" in ran.out
    told = json.loads(oauthcert("fix", "--practice", "replica-stopped", "--preview", "--format", "json").out)
    assert [one["outcome"] for one in told["preview"]] == ["preview", "later"]
    assert changes(oauthcert) == []


def test_that_nothing_is_applied_that_nobody_agreed_to(oauthcert: Command) -> None:
    ran = oauthcert("fix", "--practice", "replica-stopped", "--apply", "--lang", "en")
    assert ran.code == 64
    assert "Nobody agreed" in ran.err
    assert changes(oauthcert) == []


@pytest.mark.parametrize(
    "scenario",
    [
        "replica-stopped",
        "cms-master-down",
        "misplaced-root",
        "missing-intermediate",
        "clock-off-7-minutes",
        "no-private-key",
        "requested-twice",
        "key-not-exportable",
        "key-cng",
        "weak-certificate",
        "oauth-expired",
        "expired-not-exportable",
        "default-reused",
        "tls-untrusted",
        "second-hop-denied",
    ],
)
def test_that_one_plan_carried_out_by_the_command_ends_green(oauthcert: Command, scenario: str, tmp_path: Path) -> None:
    """What others do beside it, such as carrying a request to the authority, the practice lab does."""
    case = tmp_path / "after.json"
    ran = oauthcert("fix", "--practice", scenario, "--apply", "--yes", "irreversible", "--format", "json", "--save", str(case))
    assert ran.code == 0
    told = json.loads(ran.out)
    assert [result["outcome"] for result in told["results"] if result["outcome"] not in ("changed", "already", "arrived", "by-hand")] == []
    mended = {name for name, verdict in told["before"].items() if verdict in ("fail", "warn", "unknown") and told["after"][name] == "pass"}
    assert mended
    assert ran.code == told["exit"] == oauthcert("check", "--case", str(case), "--quiet").code
    assert json.loads(oauthcert("journal", "list", "--format", "json").out)[0]["ended"] == "finished"


def test_that_an_operators_own_file_is_taken_before_that_of_the_lab(oauthcert: Command, tmp_path: Path) -> None:
    file = tmp_path / "own.pfx"
    file.write_bytes(b"no pfx")
    line = ("fix", "--practice", "no-private-key", "--apply", "--yes", "irreversible", "--answer-stdin", "import-oauth-pfx.password")
    ran = oauthcert(*line, "--answer-file", f"import-oauth-pfx.file={file}", typed="guess\n")
    assert ran.code == 64  # and judged before anything is changed
    assert "import" not in ran.out
    assert changes(oauthcert) == []


def test_that_a_refused_step_ends_with_4_and_says_why(oauthcert: Command) -> None:
    opened = oauthcert.parts.practice

    def meddled(scenario: str, latency: int, servers: int | None) -> object:
        context = opened(scenario, latency, servers)

        class Meddling:
            def __enter__(self) -> object:
                practice = context.__enter__()
                oauthcert.labs[-1].disturb("fe02.contoso.lab", "Start-StoppedService", ProbeQuirk(throws="Access is denied", times=1))
                return practice

            def __exit__(self, *rest: object) -> bool | None:
                return context.__exit__(*rest)  # type: ignore[arg-type]

        return Meddling()

    command = replace(oauthcert, parts=replace(oauthcert.parts, practice=meddled))  # type: ignore[arg-type]
    ran = command("fix", "--practice", "replica-stopped", "--apply", "--yes", "change", "--lang", "en")
    assert ran.code == 4
    assert "failed" in ran.out
    assert changes(oauthcert) == []


def test_that_a_repair_beside_another_or_without_a_journal_is_refused_with_4(oauthcert: Command, tmp_path: Path) -> None:
    line = ("fix", "--practice", "replica-stopped", "--apply", "--yes", "change", "--lang", "en")
    with OnlyRepair(oauthcert.folders.journal_dir, "the-other"):
        ran = oauthcert(*line)
    assert (ran.code, changes(oauthcert)) == (4, [])
    assert "the-other" in ran.err
    (tmp_path / "file").write_bytes(b"")
    nowhere = replace(oauthcert, parts=replace(oauthcert.parts, folders=lambda: Folders(tmp_path, tmp_path / "file")))
    assert nowhere(*line).code == 4
    assert changes(oauthcert) == []


def server_of(lab: PracticeLab, number: int) -> str:
    return f"{'127.0.0.1' if number == 0 else 'localhost'}:{lab.targets[number].port}"


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_that_a_killed_repair_comes_first_and_can_be_looked_into(
    oauthcert: Command, lab: Callable[[str], PracticeLab], tmp_path: Path
) -> None:
    """The whole way: killed in the middle of a change on real servers, refused anew, looked into, closed, then mended."""
    practice = lab("replica-stopped")
    servers = [server_of(practice, 0), server_of(practice, 1)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2] / "gui"),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "oauthcert", "fix", *servers, "--user", ADMIN, "--password-stdin", "--apply", "--yes", "change"]
    practice.disturb("fe02.contoso.lab", "Start-StoppedService", ProbeQuirk(seconds=8.0, times=1))
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        assert running.stdin is not None
        running.stdin.write(f"{practice.credential.password.reveal()}\n".encode())
        running.stdin.close()
        journal = tmp_path / "oauthcert-wizard" / "journal"
        wait_for(lambda: any(b'"intend"' in file.read_bytes() for file in journal.glob("*.ndjson")))
        running.send_signal(signal.SIGKILL)
    (story,) = stories(journal)
    assert isinstance(story, Story)
    assert story.can_look

    folders = Folders(tmp_path / "settings", tmp_path / "oauthcert-wizard")
    again = replace(oauthcert, parts=replace(oauthcert.parts, folders=lambda: folders))
    arguments = [*servers, "--user", ADMIN, "--lang", "en"]
    refused = again("fix", *arguments, "--apply", "--yes", "change")
    assert refused.code == 64
    assert f"oauthcert journal show {story.run}" in refused.err
    assert "begun; not known" in again("journal", "show", story.run, "--lang", "en").out
    looked = again("journal", "resume", story.run, "--look", "--user", ADMIN, "--lang", "en")
    assert looked.code in (0, 3)
    assert again("journal", "resume", story.run, "--keep", "--lang", "en").code == 0
    assert len(practice.deeds) <= 1


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
