"""Many servers on one loop, and nothing left of them afterwards."""

import asyncio
import gc
import os
import socket
import threading
from pathlib import Path

import pytest
from winrm.exceptions import WSManFaultError

from oauthcert.lab.wsman import Job, ListenerSettings, LoopThread, Snapshot
from tests.unit.lab_wsman.conftest import ADMIN, Connect, play, run

SETTINGS = ListenerSettings(accounts=(ADMIN,))


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_that_a_thousand_servers_listen_on_one_loop_and_leave_nothing_behind() -> None:
    gc.collect()
    threads, files = threading.active_count(), _open_files()
    with LoopThread() as lab:
        ports = {lab.listen(play, SETTINGS).port for _ in range(1000)}
        assert len(ports) == 1000
        socket.create_connection(("127.0.0.1", max(ports)), timeout=5).close()
        assert threading.active_count() == threads + 1
    assert threading.active_count() == threads
    assert _open_files() <= files


def test_that_stopping_ends_connections_commands_and_the_account_file(connect: Connect) -> None:
    before = os.environ.get("NTLM_USER_FILE")
    stopped: list[bool] = []

    async def runner(job: Job) -> int:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.append(job.cancelled)
        return 0

    lab = LoopThread()
    server = lab.listen(runner, SETTINGS)
    client = connect(server)
    client.run_command(client.open_shell(), "wait")
    waiting = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    own_file = os.environ["NTLM_USER_FILE"]
    lab.close()
    lab.close()  # twice does no harm
    assert stopped == [True]
    with waiting:
        assert _ended(waiting)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
    assert os.environ.get("NTLM_USER_FILE") == before
    assert before is not None or not Path(own_file).exists()


def _ended(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_that_connections_on_their_way_while_a_server_stops_are_ended_too() -> None:
    for _ in range(20):
        with LoopThread() as lab:
            port = lab.listen(play, SETTINGS).port
            clients = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(10)]
        for client in clients:
            with client:
                assert _ended(client)


def test_that_two_loops_in_one_process_do_not_disturb_each_other(connect: Connect) -> None:
    with LoopThread() as one, LoopThread() as two:
        servers = [one.listen(play, SETTINGS), two.listen(play, SETTINGS)]
        for server in servers * 2:
            assert run(connect(server), "echo x")[0] == b"x"


def test_that_a_taken_port_is_an_error() -> None:
    with LoopThread() as lab:
        taken = lab.listen(play, SETTINGS).port
        with pytest.raises(OSError, match="in use"):
            lab.listen(play, ListenerSettings(accounts=(ADMIN,), port=taken))


def test_that_one_server_can_stop_and_come_back_on_its_port(connect: Connect) -> None:
    with LoopThread() as lab:
        server = lab.listen(play, SETTINGS)
        client = connect(server)
        run(client, "echo x")
        lab.stop(server)
        assert lab.listeners == ()
        client.transport.close_session()
        again = lab.listen(play, ListenerSettings(accounts=(ADMIN,), port=server.port))
        assert run(client, "echo again")[0] == b"again"
        assert again.snapshot().connections == 1


def test_that_counts_of_all_servers_add_up(connect: Connect) -> None:
    with LoopThread() as lab:
        servers = [lab.listen(play, SETTINGS) for _ in range(3)]
        for server in servers:
            run(connect(server), "stdin", stdin=b"abc")
        whole = lab.snapshot()
        assert (whole.sign_ins, whole.connections, whole.requests, whole.legs) == (3, 3, 27, 6)
        assert whole.operations == {"Create": 3, "Command": 3, "Send": 3, "Receive": 3, "Signal": 3, "Delete": 3}
        assert (whole.shells, whole.running, whole.refused_sign_ins, whole.faults) == (0, 0, 0, {})
        assert whole.order == ()  # kept only on request
        assert Snapshot().requests == 0


def test_that_a_runner_that_ignores_its_end_does_not_stop_the_server(connect: Connect) -> None:
    async def stubborn(job: Job) -> int:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            job.write_stdout(b"after the end")
            raise ValueError("while ending") from None
        return 0

    with LoopThread() as lab:
        client = connect(lab.listen(stubborn, SETTINGS))
        shell_id = client.open_shell()
        command_id = client.run_command(shell_id, "wait")
        client.cleanup_command(shell_id, command_id)
        with pytest.raises(WSManFaultError):
            client.get_command_output_raw(shell_id, command_id)
        assert run_again(client, shell_id)


def run_again(client: object, shell_id: str) -> bool:
    """The shell still takes commands."""
    return bool(client.run_command(shell_id, "wait"))  # type: ignore[attr-defined]
