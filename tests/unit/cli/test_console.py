"""The streams: UTF-8 on any terminal, silence when the reader leaves, clear words when the disk is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.terminal import FakeConsole

_HEAD = "import sys; from oauthcert.cli.console import Console; console = Console.of_process(); "


def _python(script: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "gui"), "PYTHONUTF8": "0"}
    environment |= {"PYTHONIOENCODING": "cp1252", "PYTHONWARNINGS": "error"}
    return subprocess.run([sys.executable, "-c", _HEAD + script], env=environment, check=False, timeout=30, **options)  # type: ignore[call-overload, no-any-return]


def test_that_every_letter_leaves_as_utf8_where_the_system_would_use_a_code_page() -> None:
    done = _python("console.result('Сервер 密 🔑 \\udc80'); console.say('Ω'); console.flush()", capture_output=True)

    assert done.stdout.decode("utf-8").rstrip("\r\n") == "Сервер 密 🔑 \\udc80"
    assert done.stderr.decode("utf-8").rstrip("\r\n") == "Ω"


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_that_a_reader_who_leaves_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = _python("console.result('x' * 100000); console.flush(); sys.exit(3)", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)

    assert done.returncode == 3
    assert done.stderr == b""


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux")
def test_that_a_full_disk_behind_stdout_is_told_once() -> None:
    script = """
from oauthcert.cli.console import OutputLost
try:
    console.result('x' * 100000); console.flush()
except OutputLost as error:
    console.say(f"{error.words}: {error.facts['why']}")
"""
    with Path("/dev/full").open("wb") as full:
        done = _python(script, stdout=full, stderr=subprocess.PIPE)

    assert done.stderr.decode() == f"output-lost: {os.strerror(28)}\n"
    assert done.returncode == 0


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_that_a_line_is_read_without_its_end_and_nothing_else_is_cut(ending: str) -> None:
    done = _python(
        "console.result(ascii(console.read_line())); console.result(ascii(console.read_line()))",
        input=f" pä ß\t{ending}".encode(),
        capture_output=True,
    )

    assert done.stdout.decode().splitlines() == ["' p\\xe4 \\xdf\\t'", "None"]


def test_that_nobody_listening_to_stderr_stops_nothing() -> None:
    console = FakeConsole()
    console.stderr.close()

    console.say("lost")

    assert console.on_terminal is False
