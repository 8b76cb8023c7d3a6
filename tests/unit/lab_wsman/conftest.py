"""Practice servers and unmodified pywinrm clients for them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from winrm.protocol import Protocol

from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, KeyPool, issue, make_root
from oauthcert.lab.wsman import Account, Job, ListenerSettings, LoopThread, WsmanListener
from oauthcert.model.secret import Secret

USER = r"CONTOSO\admin"
PASSWORD = "pä:ss Wört"  # a colon and letters beyond ASCII: both have broken account files before
ADMIN = Account(USER, Secret(PASSWORD), certificate_name="admin@contoso.lab")
GUEST = Account(r"CONTOSO\guest", Secret("guest"), administrator=False)

Serve = Callable[..., WsmanListener]
Connect = Callable[..., Protocol]


async def play(job: Job) -> int:
    """A runner that does what the command line says."""
    verb, _, rest = job.line.partition(" ")
    if verb == "echo":
        job.write_stdout(rest.encode())
    elif verb == "big":
        job.write_stdout(b"x" * int(rest))
    elif verb == "stdin":
        data = await job.read_stdin()
        job.write_stdout(b"%d:" % len(data) + data[-10:])
    elif verb == "slow":
        await asyncio.sleep(float(rest))
        job.write_stdout(b"slept")
    elif verb == "parts":
        for number in range(int(rest)):
            job.write_stdout(b"part %d\r\n" % number)
            await asyncio.sleep(0.05)
        job.write_stderr(b"warned")
        return 7
    elif verb == "environment":
        job.write_stdout(job.shell.environment[rest].encode())
    elif verb == "fail":
        raise ValueError("on purpose")
    return 0


@pytest.fixture(scope="session")
def lab() -> Iterator[LoopThread]:
    with LoopThread("wsman-tests") as thread:
        yield thread


@pytest.fixture
def serve(lab: LoopThread) -> Iterator[Serve]:
    started: list[WsmanListener] = []

    def start(*injections: Any, runner: Any = play, **settings: Any) -> WsmanListener:
        settings.setdefault("accounts", (ADMIN, GUEST))
        listener = lab.listen(runner, ListenerSettings(keep_order=True, **settings), injections)
        started.append(listener)
        return listener

    yield start
    for listener in started:
        lab.stop(listener)


@pytest.fixture
def connect() -> Iterator[Connect]:
    opened: list[Protocol] = []

    def make(server: WsmanListener, username: str = USER, password: str = PASSWORD, **options: Any) -> Protocol:
        options = {"transport": "ntlm", "ca_trust_path": None, "proxy": None} | options
        # The certificates name localhost; plain http goes to the address and saves the look-up.
        endpoint = server.endpoint.replace("127.0.0.1", "localhost") if server.scheme == "https" else server.endpoint
        client = Protocol(endpoint, username=username, password=password, **options)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.transport.close_session()


def run(client: Protocol, line: str, stdin: bytes | None = None, **shell: Any) -> tuple[bytes, bytes, int]:
    """One command in a shell of its own: stdout, stderr, exit code. Whatever fails is left as it is."""
    shell_id = client.open_shell(**shell)
    command_id = client.run_command(shell_id, line, console_mode_stdin=stdin is None)
    if stdin is not None:
        client.send_command_input(shell_id, command_id, stdin, end=True)
    output, error, code = client.get_command_output(shell_id, command_id)
    client.cleanup_command(shell_id, command_id)
    client.close_shell(shell_id, close_session=False)
    return output, error, code


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it came to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


@dataclass(frozen=True)
class Papers:
    """PEM bytes, and files where clients want files."""

    root: IssuedCertificate
    authority_file: str
    server: IssuedCertificate
    client_certificate_file: str
    client_key_file: str


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder: Path = tmp_path_factory.mktemp("papers")
    pool, now = KeyPool(), datetime.now(UTC).replace(microsecond=0)
    before, after = now - timedelta(days=1), now + timedelta(days=30)
    root = make_root("practice root", pool.ec(0), before, after)
    server = issue(CertificatePlan("localhost", before, after, dns_names=("localhost",)), pool.ec(1), root)
    client = issue(CertificatePlan("admin@contoso.lab", before, after, extended_key_usage=("1.3.6.1.5.5.7.3.2",)), pool.ec(2), root)
    files = {"root.pem": root.certificate_pem(), "client.pem": client.certificate_pem(), "client.key": client.key_pem()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Papers(root, str(folder / "root.pem"), server, str(folder / "client.pem"), str(folder / "client.key"))
