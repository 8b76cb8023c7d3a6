"""The engine behind the shell: bootstrap, rounds, what goes wrong in them, and plain commands."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any

import pytest

from oauthcert import assets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.engine import BROKEN, LANGUAGE_REFUSED, Engine
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.wsman import Job, Shell
from oauthcert.remote.wire import FrameReader, Question, answer_of, encode_request
from tests.unit.lab.conftest import NOW, Make

LINE = "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand "


def encoded(script: str) -> str:
    return LINE + base64.b64encode(script.encode("utf-16-le")).decode("ascii")


class Ran:
    """A command that has run to its end, with the moments at which its output came."""

    def __init__(self, deployment: Deployment, line: str, stdin: bytes, *, probe_seconds: float = 0.0) -> None:
        self.code, pieces = asyncio.run(self._run(deployment, line, stdin, probe_seconds))
        self.out = b"".join(data for stream, data in pieces if stream == "stdout")
        self.err = b"".join(data for stream, data in pieces if stream == "stderr")
        reader = FrameReader()
        self.frames = [*reader.feed(self.out), *reader.finish()]
        self.reader = reader

    @staticmethod
    async def _run(deployment: Deployment, line: str, stdin: bytes, probe_seconds: float) -> tuple[int, list[tuple[str, bytes]]]:
        job = Job(line, Shell("admin", {}, "65001", 60))
        job.feed(stdin, end=True)
        engine = Engine(deployment, deployment.machines["fe02.contoso.lab"], lambda: NOW, probe_seconds)
        code = await engine(job)
        return code, job.take_output(10**9)[0]


def round_of(deployment: Deployment, *functions: str, seconds: float = 5, probe_seconds: float = 0.0) -> Ran:
    questions = [Question(function, function, seconds) for function in functions]
    bootstrap = encoded(assets.text("powershell/bootstrap.ps1"))
    return Ran(deployment, bootstrap, encode_request("round", "library", questions), probe_seconds=probe_seconds)


def ids(frames: Sequence[Any]) -> list[str]:
    return [str(frame["probe"]) for frame in frames]


def test_that_a_round_greets_answers_in_order_and_ends(make: Make) -> None:
    ran = round_of(make(), "Get-SessionFacts", "Get-StoreFacts", "Get-SecondHopFacts")
    assert ran.code == 0
    assert ids(ran.frames) == ["", "Get-SessionFacts", "Get-StoreFacts", "Get-SecondHopFacts", "#end"]
    hello = answer_of(ran.frames[0]).value[0]
    assert isinstance(hello, dict)
    assert (hello["protocol"], hello["computer"], hello["utc"]) == (1, "FE02", "2026-11-21T12:00:00.0000000Z")
    assert ran.reader.ended
    assert not ran.reader.damaged


def test_that_an_unknown_function_is_not_found_as_in_the_engine(make: Make) -> None:
    ran = round_of(make(), "Get-NoFunction", "Get-SessionFacts")
    fault = answer_of(ran.frames[1]).fault
    assert fault is not None
    assert (fault.category, fault.id, fault.target) == ("ObjectNotFound", "CommandNotFoundException", "Get-NoFunction")
    assert answer_of(ran.frames[2]).ok


def test_that_a_probe_that_throws_leaves_the_others_alone(make: Make) -> None:
    deployment = make()
    deployment.machines["fe02.contoso.lab"].quirks["Get-StoreFacts"] = ProbeQuirk(throws="Größe ist null")
    ran = round_of(deployment, "Get-StoreFacts", "Get-SessionFacts")
    fault = answer_of(ran.frames[1]).fault
    assert fault is not None
    assert fault.message == "Größe ist null"
    assert answer_of(ran.frames[2]).ok


def test_that_a_probe_that_hangs_is_left_behind_at_its_deadline(make: Make) -> None:
    deployment = make()
    deployment.machines["fe02.contoso.lab"].quirks["Get-StoreFacts"] = ProbeQuirk(hangs=True)
    ran = round_of(deployment, "Get-StoreFacts", "Get-SessionFacts", seconds=0.05)
    fault = answer_of(ran.frames[1]).fault
    assert fault is not None
    assert (fault.category, fault.id) == ("OperationTimeout", "ProbeDeadline")
    assert answer_of(ran.frames[2]).ok


def test_that_a_probe_slower_than_its_deadline_is_not_answered_late(make: Make) -> None:
    ran = round_of(make(), "Get-SessionFacts", seconds=0.05, probe_seconds=10)
    assert answer_of(ran.frames[1]).fault is not None


def test_that_noise_lies_between_the_answers_and_hurts_none(make: Make) -> None:
    ran = round_of(make('[[faults]]\nfault = "noise"\nservers = ["@all"]\n'), "Get-SessionFacts", "Get-HopFacts")
    assert ids(ran.frames) == ["", "Get-SessionFacts", "Get-HopFacts", "#end"]
    assert ran.err.startswith(b"#< CLIXML")
    assert any("Größe" in line for line in ran.reader.stray)


def test_that_constrained_language_is_said_before_anything_else(make: Make) -> None:
    ran = round_of(make('[[faults]]\nfault = "language-constrained"\nservers = ["@all"]\n'), "Get-SessionFacts")
    assert (ran.code, ran.out, ran.reader.language_mode) == (
        LANGUAGE_REFUSED,
        b"#oac1-language ConstrainedLanguage\r\n",
        "ConstrainedLanguage",
    )


@pytest.mark.parametrize("stdin", [b"", b"one line\n", b"!!\n!!\n", b"\xff" * 100])
def test_that_a_broken_request_is_said_so(make: Make, stdin: bytes) -> None:
    ran = Ran(make(), encoded("... #oac1 ..."), stdin)
    assert ran.code == BROKEN
    assert ran.reader.broken is not None


def test_that_a_broken_script_is_said_so(make: Make) -> None:
    ran = round_of(make('[[faults]]\nfault = "script-broken"\nservers = ["@all"]\ntext = "ParseException: ö"\n'), "Get-SessionFacts")
    assert (ran.code, ran.reader.broken) == (BROKEN, "ParseException: ö")


def test_that_a_process_that_dies_leaves_what_it_had_said(make: Make) -> None:
    ran = round_of(make('[[faults]]\nfault = "process-dies"\nservers = ["@all"]\nafter = 1\n'), "Get-SessionFacts", "Get-StoreFacts")
    assert ids(ran.frames) == ["", "Get-SessionFacts"]
    assert ran.code != 0
    assert not ran.reader.ended


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("hostname", b"fe02\r\n", 0),
        ("whoami", b"contoso\\admin\r\n", 0),
        ("echo Grüße  an alle", "Grüße  an alle\r\n".encode(), 0),
        ("HOSTNAME.EXE", b"fe02\r\n", 0),
        (encoded("hostname"), b"fe02\r\n", 0),
        (encoded("Write-Output 'abc'"), b"abc\r\n", 0),
        ("format c:", b"", 1),
        ("", b"", 1),
        (LINE + "???", b"", 1),
    ],
)
def test_that_an_independent_client_can_run_plain_commands(make: Make, line: str, out: bytes, code: int) -> None:
    ran = Ran(make(), line, b"")
    assert (ran.out, ran.code) == (out, code)
    assert bool(ran.err) == bool(code)
