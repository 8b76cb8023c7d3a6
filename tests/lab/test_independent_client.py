"""The practice server against a second client that shares no WS-Management code with pywinrm: pypsrp's Windows Remote Shell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.shell import Process, SignalCode, WinRS
from pypsrp.wsman import WSMan

from oauthcert.certs.issuing import CertificatePlan, KeyPool, issue, make_root
from oauthcert.lab.wsman import Account, ChannelBinding, Job, ListenerSettings, LoopThread, TlsSettings, WsmanListener
from oauthcert.model.secret import Secret

USER, PASSWORD = r"CONTOSO\admin", "Passw0rd: ü"


async def _count(job: Job) -> int:
    data = await job.read_stdin()
    job.write_stdout(b"%s %d" % (job.line.encode(), len(data)))
    job.write_stderr(b"said on stderr")
    return 5


@pytest.fixture
def lab() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def _listen(lab: LoopThread, tls: TlsSettings | None = None) -> WsmanListener:
    accounts = (Account(USER, Secret(PASSWORD)), Account("guest", Secret("guest"), administrator=False))
    return lab.listen(_count, ListenerSettings(accounts=accounts, tls=tls, keep_order=True))


def _run(client: WSMan) -> tuple[bytes, bytes, int | None]:
    with client, WinRS(client) as shell:
        process = Process(shell, "count", ["these", "bytes"])
        process.begin_invoke()
        process.send(b"x" * 60_000, end=True)
        process.end_invoke()
        process.signal(SignalCode.TERMINATE)
        return process.stdout, process.stderr, process.rc


@pytest.mark.parametrize("auth", ["ntlm", "negotiate"])
def test_that_pypsrp_runs_a_command_with_stdin_over_sealed_http(lab: LoopThread, auth: str) -> None:
    server = _listen(lab)
    client = WSMan("127.0.0.1", port=server.port, username=USER, password=PASSWORD, auth=auth, ssl=False)
    assert _run(client) == (b"count these bytes 60000", b"said on stderr", 5)
    counted = server.snapshot()
    assert (counted.sign_ins, counted.connections, counted.shells) == (1, 1, 0)
    assert counted.order[-6:] == ("Create", "Command", "Send", "Receive", "Signal", "Delete")


@pytest.mark.parametrize("auth", ["ntlm", "negotiate", "basic"])
def test_that_pypsrp_runs_a_command_with_stdin_over_https(lab: LoopThread, tmp_path: Path, auth: str) -> None:
    pool, now = KeyPool(), datetime.now(UTC).replace(microsecond=0)
    before, after = now - timedelta(days=1), now + timedelta(days=2)
    root = make_root("practice root", pool.ec(0), before, after)
    own = issue(CertificatePlan("localhost", before, after, dns_names=("localhost",)), pool.ec(1), root)
    (tmp_path / "root.pem").write_bytes(root.certificate_pem())
    server = _listen(lab, TlsSettings(own.certificate_pem(), own.key_pem(), channel_binding=ChannelBinding.STRICT))
    trusted: Any = str(tmp_path / "root.pem")  # a path is as good as the flag the signature tells of
    client = WSMan("localhost", port=server.port, username=USER, password=PASSWORD, auth=auth, cert_validation=trusted)
    assert _run(client) == (b"count these bytes 60000", b"said on stderr", 5)


def test_that_pypsrp_is_told_when_the_password_is_wrong(lab: LoopThread) -> None:
    client = WSMan("127.0.0.1", port=_listen(lab).port, username=USER, password="wrong", auth="ntlm", ssl=False)
    with pytest.raises(AuthenticationError):
        _run(client)


def test_that_pypsrp_is_told_when_rights_are_missing(lab: LoopThread) -> None:
    client = WSMan("127.0.0.1", port=_listen(lab).port, username="guest", password="guest", auth="negotiate", ssl=False)
    with pytest.raises(WSManFaultError) as caught:
        _run(client)
    assert caught.value.code == 5
