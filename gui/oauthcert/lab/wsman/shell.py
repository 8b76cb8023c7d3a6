"""Shells and the commands that run in them, as the cmd shell of Windows Remote Shell has them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from oauthcert.lab.wsman.counters import Counters
from oauthcert.lab.wsman.faults import SHELL_QUOTA, STDIN_CLOSED, UNKNOWN_SHELL, SoapFault

_LOG = logging.getLogger(__name__)

LONGEST_LINE = 8191  # cmd.exe
LONGEST_LINE_WITHOUT_CMD = 32_767  # CreateProcess
_PARTING_SECONDS = 5.0
ENDED_BY_CONTROL_C = -1073741510  # STATUS_CONTROL_C_EXIT

Runner = Callable[["Job"], Awaitable[int]]


class Job:
    """One running command, as a runner sees it. Everything here belongs to the server's loop; call nothing of it from other threads."""

    def __init__(self, line: str, shell: "Shell", *, console_stdin: bool = True) -> None:
        self.id = str(uuid4()).upper()
        self.line = line
        self.shell = shell
        self.console_stdin = console_stdin
        self.cancelled = False
        self.done = False
        self.exit_code = 0
        self._stdin = bytearray()
        self._stdin_ended = False
        self._stdin_arrived = asyncio.Event()
        self._output: list[tuple[str, bytes]] = []
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def read_stdin(self) -> bytes:
        """All of standard input; waits until the client has sent its end."""
        while not self._stdin_ended:
            self._stdin_arrived.clear()
            await self._stdin_arrived.wait()
        data = bytes(self._stdin)
        self._stdin.clear()
        return data

    def write_stdout(self, data: bytes) -> None:
        """Output that the next Receive carries; a waiting one answers at once. Ignored after the end."""
        self._write("stdout", data)

    def write_stderr(self, data: bytes) -> None:
        self._write("stderr", data)

    def feed(self, data: bytes, *, end: bool) -> None:
        """Input from the client; raises SoapFault after its end."""
        if self._stdin_ended:
            raise SoapFault(STDIN_CLOSED)
        self._stdin += data
        self._stdin_ended = end
        self._stdin_arrived.set()

    async def wait_for_output(self, seconds: float) -> bool:
        """Waits until there is output or the command has ended; False when the time is over first."""
        if not self._output and not self.done:
            loop = asyncio.get_running_loop()
            expiry = loop.call_later(seconds, self._changed.set)
            self._changed.clear()
            try:
                await self._changed.wait()
            finally:
                expiry.cancel()
        if self._output and not self.done:
            await asyncio.sleep(0)  # a runner that is just ending joins its exit code to this answer
        return bool(self._output) or self.done

    def take_output(self, most: int) -> tuple[list[tuple[str, bytes]], bool]:
        """Up to `most` bytes of output in the order written (neighbours of one stream joined), and whether that was all of it."""
        taken: list[tuple[str, bytes]] = []
        while self._output and most > 0:
            stream, pieces, room = self._output[0][0], [], most
            while self._output and self._output[0][0] == stream and room > 0:
                data = self._output[0][1]
                if len(data) > room:
                    self._output[0] = (stream, data[room:])
                    data = data[:room]
                else:
                    del self._output[0]
                pieces.append(data)
                room -= len(data)
            taken.append((stream, b"".join(pieces)))
            most = room
        return taken, not self._output

    def start(self, runner: Runner, finished: Callable[[], None]) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(runner))
        self._task.add_done_callback(lambda _: finished())

    def end(self, exit_code: int) -> None:
        """Ends it; the first exit code counts."""
        if not self.done:
            self.exit_code, self.done = exit_code, True
            self._changed.set()

    def kill(self) -> None:
        """Ends it as Ctrl+C would; the runner gets CancelledError at its next await."""
        self.cancelled = True
        self.end(ENDED_BY_CONTROL_C)
        if self._task is not None and not self._task.done():
            self._task.cancel()

    @property
    def task(self) -> "asyncio.Task[None] | None":
        """The runner at work; None for a command that never started."""
        return self._task

    async def _run(self, runner: Runner) -> None:
        try:
            self.end(await runner(self))
        except asyncio.CancelledError:
            self.end(ENDED_BY_CONTROL_C)
        except Exception as problem:
            _LOG.exception("the runner of %r failed", self.line[:80])
            self.write_stderr(f"practice lab: {type(problem).__name__}: {problem}\r\n".encode())
            self.end(1)

    def _write(self, stream: str, data: bytes) -> None:
        if data and not self.done:
            self._output.append((stream, data))
            self._changed.set()


@dataclass(slots=True)
class Shell:
    """`owner` is the account's name, `idle_seconds` how long it lives without a request."""

    owner: str
    environment: Mapping[str, str]
    codepage: str
    idle_seconds: float
    working_directory: str | None = None
    client: str = ""
    id: str = field(default_factory=lambda: str(uuid4()).upper())
    jobs: dict[str, Job] = field(default_factory=dict)
    last_used: float = 0.0
    timer: asyncio.TimerHandle | None = None

    def job(self, job_id: str) -> Job:
        found = self.jobs.get(job_id)
        if found is None:
            raise SoapFault(UNKNOWN_SHELL)
        return found


class ShellTable:
    """The shells of one server: quota per user, expiry, counting."""

    def __init__(self, counters: Counters, most_per_user: int) -> None:
        self._shells: dict[str, Shell] = {}
        self._counters = counters
        self._most = most_per_user
        self._ending: set[asyncio.Task[None]] = set()

    def add(self, shell: Shell) -> None:
        """Opens it; raises SoapFault when its owner has too many."""
        if sum(other.owner == shell.owner for other in self._shells.values()) >= self._most:
            raise SoapFault(SHELL_QUOTA, limit=self._most)
        self._shells[shell.id] = shell
        self._counters.shell_opened()
        shell.last_used = asyncio.get_running_loop().time()
        self._arm(shell, shell.idle_seconds)

    def find(self, shell_id: str, owner: str) -> Shell:
        """The shell, now used; raises SoapFault for one that does not exist or belongs to somebody else."""
        shell = self._shells.get(shell_id)
        if shell is None or shell.owner != owner:
            raise SoapFault(UNKNOWN_SHELL)
        shell.last_used = asyncio.get_running_loop().time()
        return shell

    def start(self, job: Job, runner: Runner) -> None:
        job.shell.jobs[job.id] = job
        self._counters.running += 1
        job.start(runner, self._one_less)

    def remove_job(self, job: Job) -> None:
        job.shell.jobs.pop(job.id, None)
        self._end(job)

    def drop(self, shell: Shell) -> None:
        """Closes it and kills what runs in it."""
        if self._shells.pop(shell.id, None) is None:
            return
        if shell.timer is not None:
            shell.timer.cancel()
        self._counters.shells -= 1
        for job in list(shell.jobs.values()):
            self._end(job)
        shell.jobs.clear()

    async def close(self) -> None:
        """Drops every shell and waits a while for the runners to stop."""
        for shell in list(self._shells.values()):
            self.drop(shell)
        if self._ending:
            _, deaf = await asyncio.wait(self._ending, timeout=_PARTING_SECONDS)
            if deaf:
                _LOG.warning("%d runners did not stop when they were cancelled", len(deaf))

    def _end(self, job: Job) -> None:
        job.kill()
        if job.task is not None and not job.task.done():
            self._ending.add(job.task)
            job.task.add_done_callback(self._ending.discard)

    def _one_less(self) -> None:
        self._counters.running -= 1

    def _arm(self, shell: Shell, seconds: float) -> None:
        shell.timer = asyncio.get_running_loop().call_later(seconds, self._expire, shell)

    def _expire(self, shell: Shell) -> None:
        left = shell.last_used + shell.idle_seconds - asyncio.get_running_loop().time()
        if left > 0:
            self._arm(shell, left)
        else:
            self.drop(shell)
