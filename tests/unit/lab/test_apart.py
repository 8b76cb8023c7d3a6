"""The practice lab in a process of its own."""

import socket
from collections.abc import Iterator

import pytest

from oauthcert.certs.signing_request import SigningRequestUnreadable
from oauthcert.lab.apart import LabProcess
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Secret


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


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    started = LabProcess("server-unreachable", pace=400)
    yield started
    started.close()


def test_that_a_person_does_things_in_the_other_process(lab: LabProcess) -> None:
    closed = next(target for target in lab.targets if not answers(target.address, target.port))
    lab.by_hand("enable-winrm", closed.name)
    assert answers(closed.address, closed.port)
    assert [(deed.server, deed.function) for deed in lab.deeds()] == [(closed.name, "by-hand:enable-winrm")]


def test_that_what_is_not_known_there_is_told_here_and_the_lab_goes_on(lab: LabProcess) -> None:
    with pytest.raises(KeyError, match="paint-it-green"):
        lab.by_hand("paint-it-green", lab.targets[0].name)
    with pytest.raises(KeyError, match="nowhere"):
        lab.by_hand("enable-winrm", "nowhere")
    with pytest.raises(KeyError):
        lab.pfx("00", Secret("x"))
    with pytest.raises(SigningRequestUnreadable):
        lab.answer_request("no request")
    lab.by_hand("allow-second-hop", lab.targets[0].name)


def test_that_a_closed_lab_says_that_it_has_ended() -> None:
    lab = LabProcess("healthy-lync")
    lab.close()
    with pytest.raises(ScenarioError, match="ended"):
        lab.by_hand("enable-winrm", lab.targets[0].name)
