"""A process that carries repairs out and is killed in the middle: at a write of the journal, before it, after it, or half way through.

Run as a program it takes orders as pickles from its input and answers each with a line. It has no threads of its own and forks for each
order, so that an order costs as little as its repair.
"""

import base64
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.fixes.journal import DiskFile
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.plan import Action, Consent, Plan
from oauthcert.model.secret import Credential, Secret
from oauthcert.remote.winrm_gateway import WinrmGateway

ROOT = Path(__file__).parents[2]
BEFORE, HALF, AFTER = "before", "half", "after"


@dataclass(frozen=True)
class Kill:
    """The process dies at the `number`-th write of the journal (the head is the first)."""

    number: int
    when: str

    def __str__(self) -> str:
        return f"{self.when} write {self.number}"


class DeadlyFile:
    """A journal's file whose writing ends the process."""

    def __init__(self, file: Path, new: bool, kill: Kill) -> None:
        self._path = file
        self._file = DiskFile(file, new=new)
        self._kill = kill
        self._count = 0

    def append(self, line: bytes) -> None:
        self._count += 1
        if self._count != self._kill.number:
            self._file.append(line)
            return
        if self._kill.when == HALF:
            with self._path.open("ab") as stream:
                stream.write(line[: len(line) // 2])
        if self._kill.when == AFTER:
            self._file.append(line)
        os.kill(os.getpid(), signal.SIGKILL)

    def close(self) -> None:
        self._file.close()


def _plain(value: object) -> Any:
    """A Secret refuses to be pickled; between these two processes it goes through a pipe."""
    match value:
        case Secret():
            return ("secret", value.reveal())
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _back(value: object) -> Any:
    match value:
        case ("secret", str() as text):
            return Secret(text)
        case list():
            return [_back(item) for item in value]
    return value


class Killer:
    """Gives orders to the process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @property
    def number(self) -> int:
        """Of the process."""
        return self._process.pid

    def repair(self, case: Case, plan: Plan, credential: Credential, journal_dir: Path, kill: Kill) -> bool:
        """Whether the process was killed; False when the repair ended before."""
        (step,) = plan.steps
        assert step.action is not None
        action = step.action
        from dataclasses import replace

        bare = replace(plan, steps=(replace(step, action=None),))
        arguments = {name: _plain(value) for name, value in action.arguments.items()}
        order = pickle.dumps(
            (
                case,
                bare,
                (action.function, action.scripts, arguments, action.seconds),
                credential.username,
                credential.password.reveal(),
                journal_dir,
                kill,
            )
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(base64.b64encode(order) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer in (b"killed", b"ended"), answer
        return answer == b"killed"


@contextmanager
def killer() -> Iterator[Killer]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'gui'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.lab.killing"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Killer(process)
        finally:
            process.kill()


def _serve() -> None:
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _carry_out(base64.b64decode(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write("killed\n" if killed else "ended\n" if status == 0 else f"status {status}\n")
        sys.stdout.flush()


def _carry_out(order: bytes) -> None:
    from dataclasses import replace

    case, bare, (function, scripts, arguments, seconds), username, password, journal_dir, kill = pickle.loads(order)
    action = Action(function, scripts, {name: _back(value) for name, value in arguments.items()}, seconds)
    plan = replace(bare, steps=(replace(bare.steps[0], action=action),))
    parts = RepairParts(
        gateway=WinrmGateway(),
        credential=lambda _target: Credential(username, Secret(password)),
        journal_dir=journal_dir,
        now=lambda: datetime.now(UTC),
        person=Nobody(),
        open_journal=lambda file, new: DeadlyFile(file, new, kill),
    )
    token = CancelToken()

    def only_the_step(event: object) -> None:
        if type(event).__name__ == "StepEnded":
            token.cancel()  # the looks at the end have tests of their own

    repair(case, plan, parts, consent=Consent.IRREVERSIBLE, token=token, tell=only_the_step)


if __name__ == "__main__":
    _serve()
