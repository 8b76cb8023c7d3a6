"""The practice lab through an unmodified pywinrm: it starts, answers, refuses and leaves nothing behind."""

import base64
import json
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

import pytest
from winrm.exceptions import InvalidCredentialsError, WinRMError
from winrm.protocol import Protocol

from oauthcert import assets
from oauthcert.collect.probes import PROBES
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenario import FaultPlan
from oauthcert.lab.scenarios import load_scenario
from oauthcert.lab.wsman import Reset, When
from oauthcert.model.errors import ScenarioError
from oauthcert.model.evidence import Answer
from oauthcert.model.target import Target
from oauthcert.remote.wire import FrameReader, answer_of, encode_request


@pytest.fixture(scope="module")
def lab() -> Iterator[PracticeLab]:
    with PracticeLab.open("replica-stopped") as opened:
        yield opened


def client(lab: PracticeLab, target: Target, password: str | None = None) -> Protocol:
    return Protocol(
        target.endpoint,
        transport="ntlm",
        username=lab.credential.username,
        password=password or lab.credential.password.reveal(),
        ca_trust_path=None,  # type: ignore[arg-type]  # None = the system's own, whatever the hint says
        proxy=None,
    )


def look(lab: PracticeLab, target: Target) -> Mapping[str, Answer]:
    """One whole round, as any client could do it."""
    protocol = client(lab, target)
    shell = protocol.open_shell(codepage=65001)
    try:
        bootstrap = base64.b64encode(assets.text("powershell/bootstrap.ps1").encode("utf-16-le")).decode("ascii")
        command = protocol.run_command(shell, "powershell.exe", ["-NoProfile", "-EncodedCommand", bootstrap], console_mode_stdin=False)
        request = encode_request("round", "library", [probe.question for probe in PROBES])
        protocol.send_command_input(shell, command, request, end=True)
        out, err, code = protocol.get_command_output(shell, command)
        protocol.cleanup_command(shell, command)
    finally:
        protocol.close_shell(shell)
    assert (err, code) == (b"", 0)
    reader = FrameReader()
    frames = [*reader.feed(out), *reader.finish()]
    assert reader.ended
    return {answer.probe: answer for answer in map(answer_of, frames)}


def named(lab: PracticeLab, server: str) -> Target:
    return next(target for target in lab.targets if target.name == f"{server}.contoso.lab")


def fact(answers: Mapping[str, Answer], probe: str, name: str) -> object:
    first = answers[probe].value[0]
    assert isinstance(first, dict)
    return first[name]


def test_that_each_server_answers_a_whole_round_for_itself(lab: PracticeLab) -> None:
    seen = {target.name: look(lab, target) for target in lab.targets}
    for name, answers in seen.items():
        assert set(answers) == {"hello", "#end", *(probe.id for probe in PROBES)}
        assert all(answer.ok for answer in answers.values())
        assert fact(answers, "session", "fqdn") == name
    assigned = {name: fact(answers, "oauth", "thumbprint") for name, answers in seen.items() if answers["oauth"].value}
    assert assigned["fe01.contoso.lab"] == assigned["fe03.contoso.lab"] != assigned["fe02.contoso.lab"]
    assert set(assigned) == {"fe01.contoso.lab", "fe02.contoso.lab", "fe03.contoso.lab"}
    counted = lab.counters()
    assert {name: one.shells for name, one in counted.items()} == dict.fromkeys(counted, 0)
    assert all(one.sign_ins >= 1 for one in counted.values())


def test_that_an_independent_client_can_run_a_plain_command(lab: PracticeLab) -> None:
    protocol = client(lab, named(lab, "edge01"))
    shell = protocol.open_shell()
    command = protocol.run_command(shell, "hostname")
    assert protocol.get_command_output(shell, command) == (b"edge01\r\n", b"", 0)
    protocol.close_shell(shell)


def test_that_the_wrong_password_is_refused(lab: PracticeLab) -> None:
    with pytest.raises(InvalidCredentialsError):
        client(lab, lab.targets[0], "wrong").open_shell()


def test_that_the_password_is_new_in_every_run_and_shown_only_in_the_description() -> None:
    with PracticeLab.open("healthy-lync") as first, PracticeLab.open("healthy-lync") as second:
        password = first.credential.password.reveal()
        assert password != second.credential.password.reveal()
        assert password not in repr(first.credential) + repr(first.targets)
        told = json.loads(json.dumps(first.description()))
    assert set(told) == {"scenario", "username", "password", "servers"}
    assert (told["scenario"], told["username"], told["password"]) == ("healthy-lync", "CONTOSO\\admin", password)
    assert [set(server) for server in told["servers"]] == [{"name", "address", "port", "scheme"}] * 4
    assert told["servers"][0] | {"port": 0} == {"name": "fe01.contoso.lab", "address": "127.0.0.1", "port": 0, "scheme": "http"}


def test_that_a_clock_too_far_off_refuses_where_the_rule_of_kerberos_holds_and_still_tells_its_time() -> None:
    with PracticeLab.open("clock-off-7-minutes") as lab:
        look(lab, named(lab, "fe02"))
        with pytest.raises(InvalidCredentialsError):
            client(lab, named(lab, "fe03")).open_shell()
        connection = HTTPConnection("127.0.0.1", named(lab, "fe03").port, timeout=5)
        connection.request("POST", "/wsman", b"")
        date = connection.getresponse().getheader("Date")
        connection.close()
        assert date is not None
        assert abs(parsedate_to_datetime(date) - datetime.now(UTC) - timedelta(minutes=7)) < timedelta(seconds=5)


def test_that_an_account_without_rights_signs_in_and_gets_no_shell() -> None:
    healthy = load_scenario("healthy-lync")
    refused = FaultPlan("no-administrator", ("fe02.contoso.lab",), None, {})
    with PracticeLab(replace(healthy, faults=(refused,))) as lab:
        with pytest.raises(WinRMError, match="Access is denied"):
            client(lab, named(lab, "fe02")).open_shell()
        assert lab.counters()["fe02.contoso.lab"].faults == {5: 1}


def test_that_where_nothing_listens_the_connection_is_refused() -> None:
    with PracticeLab.open("server-unreachable") as lab:
        target = named(lab, "fe03")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", target.port), 2)
        with pytest.raises(KeyError):
            lab.listener("fe03.contoso.lab")
        assert "fe03.contoso.lab" not in lab.counters()


def test_that_a_plain_web_server_answers_in_its_own_way() -> None:
    with PracticeLab.open("not-winrm") as lab:
        connection = HTTPConnection("127.0.0.1", named(lab, "fe02").port, timeout=5)
        connection.request("POST", "/wsman", b"")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Server")) == (404, "nginx/1.24.0")
        connection.close()


def test_that_faults_of_the_network_can_be_added_to_a_running_server() -> None:
    with PracticeLab.open("healthy-lync") as lab:
        lab.listener("fe01.contoso.lab").inject(Reset(When("Create")))
        with pytest.raises(OSError, match="Connection"):
            look(lab, lab.targets[0])
        look(lab, lab.targets[0])


def test_that_a_lab_has_as_many_servers_as_asked_for_and_starts_at_once() -> None:
    with PracticeLab.open("healthy-lync", servers=1):
        pass
    started = time.perf_counter()
    with PracticeLab.open("healthy-lync", servers=60) as lab:
        assert time.perf_counter() - started < 20  # 0.3 s on an idle machine
        assert len(lab.targets) == len({target.port for target in lab.targets}) == 60
        assert fact(look(lab, lab.targets[-1]), "replica", "passed") is True
        assert len(look(lab, lab.targets[0])["transport"].value) == 59
    lab.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", lab.targets[0].port), 2)


def test_that_what_cannot_be_started_is_said_before_anything_listens() -> None:
    with pytest.raises(ScenarioError, match="no scenario nothing"):
        PracticeLab.open("nothing")
    with pytest.raises(ScenarioError, match="at most 2000"):
        PracticeLab.open("healthy-lync", servers=5000)


def test_that_the_lab_lives_at_the_moment_it_is_given() -> None:
    moment = datetime(2024, 2, 29, 23, 59, tzinfo=UTC)
    with PracticeLab.open("oauth-expired", now=moment) as lab:
        answers = look(lab, lab.targets[0])
        assert str(fact(answers, "time", "utc")).startswith(("2024-02-29T23:59", "2024-03-01T00:0"))
        assert str(fact(answers, "oauth", "notAfter")).startswith("2024-02-26T23:59:00")
