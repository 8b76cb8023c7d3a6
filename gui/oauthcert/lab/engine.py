"""Runs what a client starts in a shell of a practice server: the bootstrap with its round of probes, and a few plain commands."""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oauthcert.lab.answers import answer
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.errors import ErrorRecord, unknown_command
from oauthcert.lab.machines import Machine, ProbeQuirk
from oauthcert.lab.stamps import utc
from oauthcert.lab.wsman import Job
from oauthcert.remote.wire import PROTOCOL, Question, decode_request, encode_frame

LANGUAGE_REFUSED = 97
BROKEN = 98
UNKNOWN_COMMAND = 1
_POWERSHELL = re.compile(r'^"?(?:[A-Za-z]:\\[^"]*\\)?powershell(?:\.exe)?"?(?:\s|$)', re.IGNORECASE)
_ENCODED = re.compile(r"\s-e(?:c|nc|nco|ncod|ncode|ncoded|ncodedc\w*)?\s+([A-Za-z0-9+/=]+)", re.IGNORECASE)
_PROGRESS = (
    b'#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj S="progress" RefId="0">'
    b'<TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS><I64 N="SourceId">1</I64>'
    b'<PR N="Record"><AV>Preparing modules for first use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>Completed</T><SR>-1</SR>'
    b"<SD> </SD></PR></MS></Obj></Objs>"
)


_NO_QUIRK = ProbeQuirk()


async def _nothing_to_cut() -> None:
    return


@dataclass(frozen=True, slots=True)
class Engine:
    """The runner of one machine. `now` tells the true time; what the machine's own clock shows follows from its state.

    `cut` breaks the machine's connections and every one that comes.
    """

    deployment: Deployment
    machine: Machine
    now: Callable[[], datetime]
    probe_seconds: float = 0.0
    cut: Callable[[], Awaitable[None]] = _nothing_to_cut

    async def __call__(self, job: Job) -> int:
        if not _POWERSHELL.match(job.line):
            return self._command(job)
        encoded = _ENCODED.search(job.line)
        script = _decoded(encoded.group(1)) if encoded else ""
        if "#oac1" not in script:
            return self._command(job, script)
        if self.machine.winrm.language_mode != "FullLanguage":
            job.write_stdout(f"#oac1-language {self.machine.winrm.language_mode}\r\n".encode())
            return LANGUAGE_REFUSED
        return await self._round(job)

    async def _round(self, job: Job) -> int:
        stdin = await job.read_stdin()
        if self.machine.noise:
            job.write_stderr(_PROGRESS)
            job.write_stdout("WARNUNG: Größe geändert → ok\r\n".encode())
        try:
            request = decode_request(stdin)
        except ValueError as problem:
            return _broken(job, f"FormatException: {problem}")
        if self.machine.script_broken is not None:
            return _broken(job, self.machine.script_broken)
        job.write_stdout(encode_frame(self._hello()))
        for number, question in enumerate(request.questions):
            if number == self.machine.ends_after:
                return -1
            frame = await self._probe(question)
            if frame is None:
                return -1
            job.write_stdout(encode_frame(frame))
            if self.machine.noise:
                job.write_stdout(b"stray line between two answers\r\n")
        job.write_stdout(encode_frame({"probe": "#end", "ok": True}))
        return 0

    def _hello(self) -> Mapping[str, object]:
        fact = {
            "protocol": PROTOCOL,
            "edition": self.machine.product.powershell,
            "process64": True,
            "utc": utc(self.machine.local_time(self.now())),
            "computer": self.machine.short,
        }
        return {"probe": "", "ok": True, "value": [fact]}

    def _quirk(self, question: Question) -> ProbeQuirk:
        found = self.machine.quirks.get(question.id) or self.machine.quirks.get(question.function)
        return found if found is not None and found.strikes(preview=question.arguments.get("Preview") is True) else _NO_QUIRK

    async def _probe(self, question: Question) -> Mapping[str, object] | None:
        """The frame, or None when the process ended with it."""
        quirk = self._quirk(question)
        started = self.now()
        if quirk.after:
            self._answer(question, _NO_QUIRK)
        if quirk.cuts:
            await self.cut()
        if quirk.dies or quirk.cuts:
            return None
        if quirk.hangs or quirk.seconds + self.probe_seconds > question.seconds:
            await asyncio.sleep(question.seconds)
            text = f"no answer within {question.seconds:g} s"
            found: object = ErrorRecord("OperationTimeout", "ProbeDeadline", "", text, 0)
        else:
            if (seconds := quirk.seconds + self.probe_seconds) > 0:
                # not for 0: giving way after each probe would make every answer a burst, and a Receive, of its own
                await asyncio.sleep(seconds)
            found = self._answer(question, quirk)
        frame: dict[str, object] = {"probe": question.id, "ok": isinstance(found, list)}
        if isinstance(found, ErrorRecord):
            frame |= {"value": [], "fault": found.as_json()}
        else:
            frame["value"] = found
        frame["milliseconds"] = int((self.now() - started).total_seconds() * 1000)
        return frame

    def _answer(self, question: Question, quirk: ProbeQuirk) -> object:
        if quirk.throws is not None:
            return ErrorRecord("OperationStopped", quirk.throws, "System.Management.Automation.RuntimeException", quirk.throws)
        with self.deployment.lock:
            at = Cmdlets(self.deployment, self.machine, self.now())
            found = answer(at, question.function, question.arguments)
        return unknown_command(question.function) if found is None else found

    def _command(self, job: Job, script: str = "") -> int:
        """What an independent client tries first. Anything else is unknown, as cmd.exe says it."""
        line = (script or job.line).strip()
        word, _, rest = line.partition(" ")
        match word.lower().removesuffix(".exe"):
            case "hostname":
                text = self.machine.short.lower()
            case "whoami":
                text = self.machine.account.name.lower()
            case "echo" | "write-output":
                text = rest.strip().strip("'\"") if script else rest
            case "ver":
                text = f"Microsoft Windows [Version {self.machine.product.os_version}]"
            case _:
                job.write_stderr(
                    f"'{word}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n".encode()
                )
                return UNKNOWN_COMMAND
        job.write_stdout(text.encode() + b"\r\n")
        return 0


def _broken(job: Job, text: str) -> int:
    job.write_stdout(b"#oac1-broken " + base64.b64encode(text.encode()) + b"\r\n")
    return BROKEN


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-16-le")
    except ValueError:
        return ""
