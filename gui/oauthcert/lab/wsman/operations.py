"""The WS-Management operations of the cmd shell: Create, Command, Send, Receive, Signal, Delete."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from oauthcert.lab.wsman import envelope
from oauthcert.lab.wsman.accounts import Account
from oauthcert.lab.wsman.envelope import CMD_RESOURCE, SHELL, SoapRequest
from oauthcert.lab.wsman.faults import (
    ACCESS_DENIED,
    ENVELOPE_TOO_LARGE,
    INVALID_ACTION,
    OPERATION_TIMEOUT,
    SCHEMA,
    UNREACHABLE,
    SoapFault,
)
from oauthcert.lab.wsman.injection import ErrorNoise, Injection
from oauthcert.lab.wsman.shell import LONGEST_LINE, LONGEST_LINE_WITHOUT_CMD, Job, Runner, Shell, ShellTable

_DEFAULT_IDLE_SECONDS = 7200.0  # Windows Server 2016 and later
_LONGEST_POLL = 3600.0
_ENVELOPE_ROOM = 2048  # what an answer needs beside its streams
_LONGEST_STREAM_TAG = 256


@dataclass(frozen=True, slots=True)
class Call:
    """One operation asked for: by whom, from which address, and what is injected into it."""

    account: Account
    client: str
    request: SoapRequest
    struck: Sequence[Injection] = ()


Handler = Callable[["Operations", Call], Awaitable[str]]


class Operations:
    """Carries out operations for one server. Every method raises SoapFault for what the client is to be told."""

    def __init__(self, shells: ShellTable, runner: Runner, hostname: str, max_envelope: int) -> None:
        self._shells = shells
        self._runner = runner
        self._hostname = hostname
        self._max_envelope = max_envelope

    async def execute(self, call: Call) -> bytes:
        """The answer envelope."""
        if not call.account.administrator:
            raise SoapFault(ACCESS_DENIED)
        handler = _HANDLERS.get(call.request.action)
        if handler is None:
            raise SoapFault(INVALID_ACTION)
        if call.request.resource != CMD_RESOURCE:
            raise SoapFault(UNREACHABLE)
        content = await handler(self, call)
        return envelope.answer(call.request.action + "Response", call.request.message_id, content)

    async def create(self, call: Call) -> str:
        element = call.request.body.find(f"{{{SHELL}}}Shell")
        if element is None:
            raise SoapFault(SCHEMA)
        idle = element.findtext(f"{{{SHELL}}}IdleTimeOut")
        variables = element.iterfind(f"{{{SHELL}}}Environment/{{{SHELL}}}Variable")
        shell = Shell(
            owner=call.account.name,
            environment={variable.get("Name", ""): variable.text or "" for variable in variables},
            codepage=call.request.options.get("WINRS_CODEPAGE", "437"),
            idle_seconds=envelope.seconds_of(idle.strip()) if idle else _DEFAULT_IDLE_SECONDS,
            working_directory=element.findtext(f"{{{SHELL}}}WorkingDirectory"),
            client=call.client,
        )
        self._shells.add(shell)
        return (
            f"<x:ResourceCreated><a:Address>http://{escape(self._hostname)}/wsman</a:Address><a:ReferenceParameters>"
            f'<w:ResourceURI>{CMD_RESOURCE}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell.id}</w:Selector>'
            f"</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>{shell.id}</rsp:ShellId>"
            f"<rsp:ResourceUri>{CMD_RESOURCE}</rsp:ResourceUri><rsp:Owner>{escape(shell.owner)}</rsp:Owner>"
            f"<rsp:ClientIP>{escape(call.client)}</rsp:ClientIP><rsp:IdleTimeOut>PT{shell.idle_seconds:.3f}S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams>"
            "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>"
        )

    async def command(self, call: Call) -> str:
        shell = self._shells.find(call.request.shell_id, call.account.name)
        element = call.request.body.find(f"{{{SHELL}}}CommandLine")
        if element is None or element.find(f"{{{SHELL}}}Command") is None:
            raise SoapFault(SCHEMA)
        words = [element.findtext(f"{{{SHELL}}}Command", ""), *(a.text or "" for a in element.iterfind(f"{{{SHELL}}}Arguments"))]
        line = " ".join(words).strip()
        bare = _is_true(call.request.options.get("WINRS_SKIP_CMD_SHELL"))
        job = Job(line, shell, console_stdin=_is_true(call.request.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE")))
        for one in call.struck:
            if isinstance(one, ErrorNoise):
                job.write_stderr(one.data)
        if len(line) > (LONGEST_LINE_WITHOUT_CMD if bare else LONGEST_LINE):
            shell.jobs[job.id] = job
            job.write_stderr(b"The command line is too long.\r\n")
            job.end(1)
        else:
            self._shells.start(job, self._runner)
        return f"<rsp:CommandResponse><rsp:CommandId>{job.id}</rsp:CommandId></rsp:CommandResponse>"

    async def send(self, call: Call) -> str:
        shell = self._shells.find(call.request.shell_id, call.account.name)
        for stream in call.request.body.iterfind(f"{{{SHELL}}}Send/{{{SHELL}}}Stream"):
            job = shell.job(stream.get("CommandId", ""))
            try:
                data = base64.b64decode(stream.text or "")
            except binascii.Error:
                raise SoapFault(SCHEMA) from None
            job.feed(data, end=_is_true(stream.get("End")))
        return "<rsp:SendResponse/>"

    async def receive(self, call: Call) -> str:
        shell = self._shells.find(call.request.shell_id, call.account.name)
        desired = call.request.body.find(f"{{{SHELL}}}Receive/{{{SHELL}}}DesiredStream")
        if desired is None:
            raise SoapFault(SCHEMA)
        job = shell.job(desired.get("CommandId", ""))
        room = (min(call.request.max_envelope, self._max_envelope) - _ENVELOPE_ROOM) * 3 // 4 - _LONGEST_STREAM_TAG
        if room <= 0:
            raise SoapFault(ENVELOPE_TOO_LARGE)
        if not await job.wait_for_output(min(call.request.timeout, _LONGEST_POLL)):
            raise SoapFault(OPERATION_TIMEOUT)
        output, all_taken = job.take_output(room)
        parts = [f'<rsp:Stream Name="{name}" CommandId="{job.id}">{base64.b64encode(data).decode()}</rsp:Stream>' for name, data in output]
        if job.done and all_taken:
            parts += [f'<rsp:Stream Name="{name}" CommandId="{job.id}" End="true"></rsp:Stream>' for name in ("stdout", "stderr")]
            state = f'State="{SHELL}/CommandState/Done"><rsp:ExitCode>{job.exit_code}</rsp:ExitCode></rsp:CommandState>'
        else:
            state = f'State="{SHELL}/CommandState/Running"></rsp:CommandState>'
        return f'<rsp:ReceiveResponse>{"".join(parts)}<rsp:CommandState CommandId="{job.id}" {state}</rsp:ReceiveResponse>'

    async def signal(self, call: Call) -> str:
        shell = self._shells.find(call.request.shell_id, call.account.name)
        element = call.request.body.find(f"{{{SHELL}}}Signal")
        if element is None:
            raise SoapFault(SCHEMA)
        job = shell.job(element.get("CommandId", ""))
        if (element.findtext(f"{{{SHELL}}}Code") or "").strip().lower().endswith("/terminate"):
            self._shells.remove_job(job)
        else:
            job.kill()  # Ctrl+C and Ctrl+Break leave the exit code to be fetched
        return "<rsp:SignalResponse/>"

    async def delete(self, call: Call) -> str:
        self._shells.drop(self._shells.find(call.request.shell_id, call.account.name))
        return ""


def _is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in ("true", "1")


_HANDLERS: dict[str, Handler] = {
    f"{envelope.TRANSFER}/Create": Operations.create,
    f"{envelope.TRANSFER}/Delete": Operations.delete,
    f"{SHELL}/Command": Operations.command,
    f"{SHELL}/Send": Operations.send,
    f"{SHELL}/Receive": Operations.receive,
    f"{SHELL}/Signal": Operations.signal,
}
