"""The practice lab in a process of its own."""

import socket

import pytest

from oauthcert.lab.apart import LabProcess
from oauthcert.model.errors import ScenarioError


def answers(address: str | None, port: int) -> bool:
    try:
        with socket.create_connection((address or "", port), timeout=5):
            return True
    except OSError:
        return False


def test_that_the_servers_run_until_the_lab_is_closed() -> None:
    lab = LabProcess("healthy-lync")
    try:
        assert all(answers(target.address, target.port) for target in lab.targets)
        assert lab.credential.password.reveal()
    finally:
        lab.close()
    lab.close()
    assert not any(answers(target.address, target.port) for target in lab.targets)


def test_that_an_unknown_scenario_is_told_in_this_process() -> None:
    with pytest.raises(ScenarioError, match="no-such-scenario"):
        LabProcess("no-such-scenario")
