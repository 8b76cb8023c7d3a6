"""A password with a text of its own goes through everything a check does, good and bad; afterwards it is found nowhere."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oauthcert.lab.practice import PracticeLab
from oauthcert.model.secret import Secret
from oauthcert.remote.winrm_gateway import WinrmGateway
from tests.lab.conftest import Command

ADMIN = "CONTOSO\\admin"


@pytest.fixture
def lab() -> Iterator[PracticeLab]:
    with PracticeLab.open("healthy-lync") as opened:
        yield opened


def everything_written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def server_of(lab: PracticeLab) -> str:
    return f"127.0.0.1:{lab.targets[0].port}"


@pytest.mark.parametrize("right", [True, False])
def test_that_neither_a_right_nor_a_wrong_password_is_left_anywhere(
    right: bool, oauthcert: Command, lab: PracticeLab, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    password = lab.credential.password.reveal() if right else "CANARY-wrong-5d1f"
    case, page = tmp_path / "case.json", tmp_path / "page.html"
    with caplog.at_level(logging.DEBUG):
        arguments = ["check", server_of(lab), "--user", ADMIN, "--password-stdin", "--save", str(case)]
        ran = oauthcert(*arguments, "--format", "html", "--output", str(page), typed=f"{password}\n")
        told = [oauthcert("check", "--case", str(case), "--format", shape) for shape in ("text", "json", "html")]
        tried = oauthcert("credentials", "test", server_of(lab), "--user", ADMIN, "--password-stdin", typed=f"{password}\n")

    verdicts = {finding["id"]: finding["verdict"] for finding in json.loads(told[1].out)["findings"]}
    assert verdicts["sign-in-accepted@127.0.0.1"] == ("pass" if right else "fail")
    assert tried.code == (0 if right else 2)
    shown = "".join(one.out + one.err for one in (ran, tried, *told))
    assert password not in shown + caplog.text
    assert password.encode() not in everything_written(tmp_path)


def test_that_a_crash_with_the_password_in_its_text_writes_dots(
    oauthcert: Command, lab: PracticeLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "CANARY-crash-'\"\\-ü-77"
    oauthcert.vault.put(ADMIN, Secret(password))

    def broken(*_: object) -> None:
        raise RuntimeError(f"while sending {password!r} ({password})")

    monkeypatch.setattr(WinrmGateway, "connect", broken)
    ran = oauthcert("check", server_of(lab), "--user", ADMIN, "--save", str(tmp_path / "case.json"), "--format", "json")

    log = oauthcert.folders.log_file.read_text(encoding="utf-8")
    assert "RuntimeError: while sending" in log
    assert "Traceback" in log
    assert json.loads(ran.out)["observations"][0]["lost"] == {"reason": "unexpected", "facts": {"type": "RuntimeError"}}
    assert "CANARY" not in ran.out + ran.err
    assert b"CANARY" not in everything_written(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="signals and /proc of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_an_interrupted_check_saves_what_it_has_leaves_no_shell_and_shows_no_password(number: signal.Signals, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2] / "gui"),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    with PracticeLab.open("healthy-lync", probe_seconds=0.5) as lab:
        password = lab.credential.password.reveal()
        servers = f"127.0.0.1:{lab.targets[0].port}, localhost:{lab.targets[1].port}"
        case = tmp_path / "case.json"
        arguments = ["check", servers, "--user", ADMIN, "--password-stdin", "--save", str(case), "--lang", "en"]
        running = subprocess.Popen(
            [sys.executable, "-m", "oauthcert", *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stdin is not None
        running.stdin.write(f"{password}\n")
        running.stdin.flush()
        _wait_for(lambda: sum(one.shells for one in lab.counters().values()) == 2)
        if sys.platform == "linux":
            process = Path("/proc") / str(running.pid)
            assert password.encode() not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        running.send_signal(number)
        signalled = time.monotonic()
        out, err = running.communicate(timeout=20)
        took = time.monotonic() - signalled
        shells = {name: one.shells for name, one in lab.counters().items() if one.shells}

    assert running.returncode == 130
    assert took < 2  # of which most is judging, rendering and the end of the interpreter
    assert shells == {}
    assert "Stopping" in err
    assert "Traceback" not in err
    assert {seen["lost"]["reason"] for seen in json.loads(case.read_text(encoding="utf-8"))["observations"]} == {"cancelled"}
    assert password not in out + err
    assert password.encode() not in everything_written(tmp_path)


def _wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
