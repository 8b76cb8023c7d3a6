"""Shells and commands as an unmodified pywinrm meets them."""

import asyncio
import logging
import time

import pytest
from winrm import Session
from winrm.exceptions import WinRMOperationTimeoutError, WSManFaultError

from oauthcert.lab.wsman import Account, Job, LoopThread
from oauthcert.model.secret import Secret
from tests.unit.lab_wsman.conftest import ADMIN, PASSWORD, USER, Connect, Serve, run, wait_until

NO_SUCH = "11111111-1111-1111-1111-111111111111"
UNKNOWN_SHELL = 2150858843


def test_that_a_session_runs_a_powershell_script(serve: Serve) -> None:
    async def runner(job: Job) -> int:
        job.write_stdout(job.line.encode())
        return 3

    answer = Session(serve(runner=runner).endpoint, (USER, PASSWORD), transport="ntlm", ca_trust_path=None, proxy=None).run_ps("Get-Date")
    assert answer.status_code == 3
    assert answer.std_out.startswith(b"powershell -encodedcommand ")


def test_that_output_arrives_in_parts_while_the_command_runs(serve: Serve, connect: Connect) -> None:
    server = serve()
    assert run(connect(server), "parts 3") == (b"part 0\r\npart 1\r\npart 2\r\n", b"warned", 7)
    assert server.snapshot().operations["Receive"] == 4


def test_that_output_and_end_share_one_answer(serve: Serve, connect: Connect) -> None:
    server = serve()
    run(connect(server), "echo short")
    assert server.snapshot().order == ("Challenge", "SignIn", "Create", "Command", "Receive", "Signal", "Delete")


def test_that_a_waiting_receive_still_waits_for_a_command_that_is_just_ending(serve: Serve, connect: Connect) -> None:
    async def runner(job: Job) -> int:
        await asyncio.sleep(0.2)
        job.write_stdout(b"last words")
        await asyncio.sleep(0)
        return 4

    server = serve(runner=runner)
    assert run(connect(server), "x") == (b"last words", b"", 4)
    assert server.snapshot().operations["Receive"] == 1


def test_that_a_megabyte_arrives_whole_in_envelopes_the_client_can_take(serve: Serve, connect: Connect) -> None:
    server = serve()
    out, _, code = run(connect(server), "big 1000000")
    assert (out, code) == (b"x" * 1_000_000, 0)
    counted = server.snapshot()
    assert 9 <= counted.operations["Receive"] <= 10
    assert counted.bytes_out < 1_000_000 * 4 / 3 * 1.05


def test_that_no_answer_is_larger_than_the_servers_own_limit(serve: Serve, connect: Connect) -> None:
    server = serve(max_envelope=50_000)
    assert len(run(connect(server), "big 100000")[0]) == 100_000
    assert server.snapshot().operations["Receive"] == 3


def test_that_sixty_kilobytes_go_through_stdin(serve: Serve, connect: Connect) -> None:
    data = "привет".encode() * 5000 + b"0123456789"
    assert run(connect(serve()), "stdin", stdin=data)[0] == b"60010:0123456789"


def test_that_stdin_may_come_in_several_sends(serve: Serve, connect: Connect) -> None:
    client = connect(serve())
    shell_id = client.open_shell()
    command_id = client.run_command(shell_id, "stdin")
    client.send_command_input(shell_id, command_id, b"first ")
    client.send_command_input(shell_id, command_id, b"second", end=True)
    assert client.get_command_output(shell_id, command_id)[0] == b"12:rst second"
    with pytest.raises(WSManFaultError) as caught:
        client.send_command_input(shell_id, command_id, b"too late")
    assert caught.value.wsman_fault_code == 232


def test_that_a_receive_without_output_waits_and_then_says_so(serve: Serve, connect: Connect) -> None:
    client = connect(serve(), operation_timeout_sec=1, read_timeout_sec=3)
    shell_id = client.open_shell()
    command_id = client.run_command(shell_id, "slow 1.5")
    begin = time.monotonic()
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell_id, command_id)
    assert time.monotonic() - begin > 0.9
    out, _, code, done = client.get_command_output_raw(shell_id, command_id)
    assert (out, code, done) == (b"slept", 0, True)


def test_that_environment_and_codepage_reach_the_command(serve: Serve, connect: Connect) -> None:
    seen: list[str] = []

    async def runner(job: Job) -> int:
        seen.extend((job.shell.codepage, job.shell.environment["WHO"], job.shell.working_directory or "", job.shell.owner))
        return 0

    run(connect(serve(runner=runner)), "x", codepage=65001, env_vars={"WHO": "<&>" * 10_000}, working_directory="C:\\")
    assert seen == ["65001", "<&>" * 10_000, "C:\\", USER]


@pytest.mark.parametrize(("length", "accepted"), [(8191, True), (8192, False)])
def test_that_cmd_refuses_a_line_that_is_too_long(serve: Serve, connect: Connect, length: int, accepted: bool) -> None:
    out, error, code = run(connect(serve()), "echo ".ljust(length, "x"))
    assert (code, error) == ((0, b"") if accepted else (1, b"The command line is too long.\r\n"))
    assert bool(out) is accepted


def test_that_without_cmd_the_line_may_be_longer(serve: Serve, connect: Connect) -> None:
    client = connect(serve())
    shell_id = client.open_shell()
    command_id = client.run_command(shell_id, "echo ".ljust(30_000, "x"), skip_cmd_shell=True)
    assert len(client.get_command_output(shell_id, command_id)[0]) == 30_000 - 5


def test_that_a_user_gets_no_more_shells_than_the_quota(serve: Serve, connect: Connect) -> None:
    server = serve(max_shells=2, accounts=(ADMIN, Account("other", Secret("other"))))
    client = connect(server)
    shells = [client.open_shell() for _ in range(2)]
    with pytest.raises(WSManFaultError) as caught:
        client.open_shell()
    assert (caught.value.wsman_fault_code, caught.value.fault_subcode) == (2150859173, "w:QuotaLimit")
    connect(server, "other", "other").open_shell()
    client.close_shell(shells[0], close_session=False)
    client.open_shell()
    assert (server.snapshot().shells, server.snapshot().peak_shells) == (3, 3)


def test_that_unknown_shells_and_commands_are_said_to_be_unknown(serve: Serve, connect: Connect) -> None:
    client = connect(serve())
    shell_id = client.open_shell()
    for attempt in (
        lambda: client.run_command(NO_SUCH, "echo"),
        lambda: client.get_command_output_raw(shell_id, NO_SUCH),
        lambda: client.cleanup_command(shell_id, NO_SUCH),
        lambda: client.send_command_input(shell_id, NO_SUCH, b""),
        lambda: client.close_shell(NO_SUCH, close_session=False),
    ):
        with pytest.raises(WSManFaultError) as caught:
            attempt()
        assert caught.value.wsman_fault_code == UNKNOWN_SHELL


def test_that_a_shell_belongs_to_the_account_that_opened_it(serve: Serve, connect: Connect) -> None:
    server = serve(accounts=(ADMIN, Account("other", Secret("other"))))
    shell_id = connect(server).open_shell()
    with pytest.raises(WSManFaultError) as caught:
        connect(server, "other", "other").run_command(shell_id, "echo")
    assert caught.value.wsman_fault_code == UNKNOWN_SHELL


@pytest.mark.parametrize("ending", ["terminate", "delete"])
def test_that_terminate_and_delete_stop_a_running_command(serve: Serve, connect: Connect, ending: str) -> None:
    jobs: list[Job] = []

    async def runner(job: Job) -> int:
        jobs.append(job)
        await job.read_stdin()
        return 0

    server = serve(runner=runner)
    client = connect(server)
    shell_id = client.open_shell()
    command_id = client.run_command(shell_id, "wait")
    assert server.snapshot().running == 1
    if ending == "terminate":
        client.cleanup_command(shell_id, command_id)
    else:
        client.close_shell(shell_id, close_session=False)
    assert wait_until(lambda: server.snapshot().running == 0)
    assert (jobs[0].cancelled, jobs[0].exit_code) == (True, -1073741510)
    with pytest.raises(WSManFaultError):
        client.get_command_output_raw(shell_id, command_id)


def test_that_an_idle_shell_expires_with_its_commands(serve: Serve, connect: Connect) -> None:
    server = serve()
    client = connect(server)
    shell_id = client.open_shell(idle_timeout="PT0.8S")
    client.run_command(shell_id, "slow 30")
    time.sleep(0.5)
    client.run_command(shell_id, "slow 30")  # a use, so it lives on
    time.sleep(0.5)
    assert server.snapshot().shells == 1
    assert wait_until(lambda: server.snapshot().shells == 0 and server.snapshot().running == 0)


def test_that_an_idle_timeout_must_be_a_duration(serve: Serve, connect: Connect) -> None:
    with pytest.raises(WSManFaultError) as caught:
        connect(serve()).open_shell(idle_timeout=3600)
    assert caught.value.wsman_fault_code == 2150858817


def test_that_a_failing_runner_becomes_an_exit_code_and_the_server_lives(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(serve())
    with caplog.at_level(logging.ERROR):
        out, error, code = run(client, "fail")
    assert (out, code) == (b"", 1)
    assert b"ValueError: on purpose" in error
    assert caplog.records[0].exc_info is not None
    assert run(client, "echo still here")[0] == b"still here"


def test_that_a_dropped_connection_leaves_the_shell_for_the_next(serve: Serve, connect: Connect, lab: LoopThread) -> None:
    server = serve()
    client = connect(server)
    shell_id = client.open_shell()
    lab.call(server.drop_connections())
    client.transport.close_session()
    command_id = client.run_command(shell_id, "echo again")
    assert client.get_command_output(shell_id, command_id)[0] == b"again"
    assert (server.snapshot().sign_ins, server.snapshot().connections) == (2, 2)
