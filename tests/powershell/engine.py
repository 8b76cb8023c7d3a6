"""A real PowerShell from the PATH, started the way a server starts it: bootstrap on the command line, the round on stdin."""

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from oauthcert.collect.library import bootstrap, round_script
from oauthcert.model.evidence import Answer
from oauthcert.remote.wire import FrameReader, Question, answer_of, encode_request, is_end

ZONE = "Asia/Kolkata"
"""Half an hour off and without summer time: local times are never UTC and never ambiguous."""
STRICT = "Set-StrictMode -Version 2.0\n"
"""In front of a library: in tests, a property that is not there is an error, and so is a variable that was never set."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one process. `order` are the probes as they answered."""

    answers: Mapping[str, Answer]
    order: tuple[str, ...]
    reader: FrameReader
    stderr: str
    exit_code: int

    def value(self, probe: str) -> list[object]:
        answer = self.answers[probe]
        assert answer.ok, answer.fault
        return list(answer.value)


@dataclass(frozen=True, slots=True)
class Engine:
    program: str

    def run(
        self,
        questions: Sequence[Question],
        library: str,
        *,
        preamble: str = "",
        stdin: bytes | None = None,
        environment: Mapping[str, str] | None = None,
        seconds: float = 60,
    ) -> Outcome:
        encoded = base64.b64encode((preamble + bootstrap()).encode("utf-16-le")).decode("ascii")
        command = [self.program, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand", encoded]
        done = subprocess.run(
            command,
            input=encode_request(round_script(), library, questions) if stdin is None else stdin,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment({"TZ": ZONE, "POWERSHELL_TELEMETRY_OPTOUT": "1", **(environment or {})}),
        )
        reader = FrameReader()
        frames = [*reader.feed(done.stdout), *reader.finish()]
        answers = [answer_of(frame) for frame in frames if not is_end(frame)]
        return Outcome(
            {answer.probe: answer for answer in answers},
            tuple(answer.probe for answer in answers),
            reader,
            done.stderr.decode("utf-8", "replace"),
            done.returncode,
        )


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's own with these in place of theirs. Windows knows names in one case only, and must not get one twice."""
    replaced = {name.upper() for name in more}
    return {name: value for name, value in os.environ.items() if os.name != "nt" or name.upper() not in replaced} | dict(more)


def found() -> Engine:
    """Skips the test where there is no PowerShell."""
    program = shutil.which("pwsh") or shutil.which("powershell")
    if program is None:
        pytest.skip("no PowerShell on the PATH (pwsh, or powershell on Windows): the scripts were only parsed, not run")
    return Engine(program)
