r"""A WS-Management server on the loopback that unmodified clients take for Windows: the practice lab's network side.

    async def runner(job: Job) -> int:                       # one running command; the result is its exit code
        asked = await job.read_stdin()                       # job.line, job.shell.environment, job.cancelled
        job.write_stdout(b"%d bytes\r\n" % len(asked))       # goes out with the next Receive, at once when one waits
        return 0

    with LoopThread() as lab:                                # one thread, any number of servers
        server = lab.listen(runner, ListenerSettings(
            accounts=(Account(r"CONTOSO\admin", Secret("Passw0rd!")),),
            hostname="fe01.contoso.lab", latency=0.02, keep_order=True))
        winrm.Protocol(server.endpoint, transport="ntlm", username=r"CONTOSO\admin", password="Passw0rd!")
        server.inject(Reset(When("Receive", number=2)))      # from now on; `listen(…, injections)` from the start
        server.snapshot().operations["Create"], lab.snapshot().sign_ins
        lab.call(server.drop_connections())

TLS: `ListenerSettings(tls=TlsSettings(certificate=pem, key=pem))`. Refusing a known account: `refuse=lambda name: Refusal("locked")`.
A port where nothing listens: `ClosedPort()`. What can go wrong on purpose: `injection.py`. What is counted: `counters.Snapshot`.

Not modelled: Kerberos tickets (offered, never accepted), CredSSP, PowerShell remoting (PSRP), disconnected shells, WQL, quotas but that
of shells.
"""

from oauthcert.lab.wsman.accounts import Account, Refusal
from oauthcert.lab.wsman.counters import Snapshot
from oauthcert.lab.wsman.injection import (
    ALWAYS,
    ANY_OPERATION,
    FIRST_OPERATION,
    SIGN_IN,
    Altered,
    BadBase64,
    BlackHole,
    ClockJump,
    CutBody,
    ErrorNoise,
    FaultAnswer,
    HttpStatus,
    Injection,
    NotXml,
    Padded,
    Reset,
    SlowDrip,
    WebPage,
    When,
)
from oauthcert.lab.wsman.listener import ListenerSettings, WsmanListener
from oauthcert.lab.wsman.loop import ClosedPort, LoopThread
from oauthcert.lab.wsman.shell import Job, Runner, Shell
from oauthcert.lab.wsman.tls import ChannelBinding, TlsSettings

__all__ = [
    "ALWAYS",
    "ANY_OPERATION",
    "FIRST_OPERATION",
    "SIGN_IN",
    "Account",
    "Altered",
    "BadBase64",
    "BlackHole",
    "ChannelBinding",
    "ClockJump",
    "ClosedPort",
    "CutBody",
    "ErrorNoise",
    "FaultAnswer",
    "HttpStatus",
    "Injection",
    "Job",
    "ListenerSettings",
    "LoopThread",
    "NotXml",
    "Padded",
    "Refusal",
    "Reset",
    "Runner",
    "Shell",
    "SlowDrip",
    "Snapshot",
    "TlsSettings",
    "WebPage",
    "When",
    "WsmanListener",
]
