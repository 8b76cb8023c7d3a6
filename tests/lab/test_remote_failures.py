"""Every way the lab can fail us: the right reason, in bounded time, earlier answers kept, no shell left."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from oauthcert.lab.wsman import (
    ALWAYS,
    SIGN_IN,
    BadBase64,
    BlackHole,
    ClosedPort,
    CutBody,
    FaultAnswer,
    HttpStatus,
    Injection,
    Job,
    LoopThread,
    NotXml,
    Padded,
    Refusal,
    Reset,
    SlowDrip,
    WebPage,
    When,
    WsmanListener,
)
from oauthcert.model.errors import RemoteError
from oauthcert.model.target import Target
from oauthcert.remote import failures
from oauthcert.remote.dialing import Address
from oauthcert.remote.http_line import LineParts
from oauthcert.remote.winrm_gateway import Timing, WinrmGateway
from oauthcert.remote.wire import Question, encode_frame
from tests.unit.remote.practice import (
    PASSWORD,
    QUICK,
    SCRIPTS,
    answering,
    ask,
    comes_true,
    connected,
    credential,
    echo,
    gateway,
    settings,
    target_of,
    values_of,
)


@pytest.fixture(scope="module")
def lab() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def server(lab: LoopThread) -> Iterator[WsmanListener]:
    listener = lab.listen(answering, settings())
    yield listener
    lab.stop(listener)


HASTY = replace(QUICK, answer_seconds=1.0)  # for waits that are known to be in vain

FAULTS: list[tuple[Injection, type[RemoteError]]] = [
    (HttpStatus(401, When(SIGN_IN, times=None)), failures.SignInRefused),
    (HttpStatus(403, ALWAYS), failures.NotAuthorized),
    (HttpStatus(503, ALWAYS), failures.NotWsman),
    (WebPage(), failures.NotWsman),
    (WebPage(200), failures.NotWsman),
    (WebPage(302), failures.NotWsman),
    (Reset(ALWAYS), failures.ConnectionReset),
    (FaultAnswer(5), failures.NotAuthorized),
    (FaultAnswer(2150859173), failures.ShellQuota),
    (FaultAnswer(2150859174), failures.TooManyOperations),
    (FaultAnswer(2150858793, When("Command")), failures.OperationTimeout),
    (FaultAnswer(2150858843, When("Send")), failures.ShellGone),
    (FaultAnswer(2150858817), failures.WsmanFault),
    (FaultAnswer(87, When("Receive")), failures.WsmanFault),
    (NotXml(When("Command")), failures.AnswerDamaged),
    (NotXml(When("Receive")), failures.AnswerDamaged),
    (BadBase64(), failures.AnswerDamaged),
    (CutBody(When("Send")), failures.CutOff),
    (CutBody(When("Receive", times=None)), failures.CutOff),
    (Padded(When("Receive")), failures.AnswerTooLarge),
    (HttpStatus(400, ALWAYS), failures.WsmanFault),
    (HttpStatus(500, When(number=5)), failures.WsmanFault),
    (Reset(When("Send")), failures.ConnectionReset),
    (Reset(When("Send"), executed=True), failures.ConnectionReset),
    (Reset(When("Receive", times=None)), failures.ConnectionReset),
    (BlackHole(When("Create")), failures.TimedOut),
    (BlackHole(When("Command")), failures.TimedOut),
    (BlackHole(When("Send")), failures.TimedOut),
]


@pytest.mark.parametrize(("injection", "kind"), FAULTS, ids=lambda value: str(value)[:60])
def test_that_every_fault_has_its_name_and_leaves_nothing(server: WsmanListener, injection: Injection, kind: type[RemoteError]) -> None:
    server.inject(injection)
    start = time.monotonic()
    with connected(server, HASTY if isinstance(injection, BlackHole) else QUICK) as connection:
        with pytest.raises(RemoteError) as caught:
            ask(connection, echo())
        assert type(caught.value) is kind, (caught.value.reason, caught.value.facts)
        assert PASSWORD not in str(caught.value) + str(caught.value.facts)
        server.inject()
    assert time.monotonic() - start < 8
    assert server.snapshot().shells == 0
    assert comes_true(lambda: server.snapshot().running == 0)


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("number", range(1, 10))
def test_that_a_reset_at_any_request_is_overcome_or_named(server: WsmanListener, number: int, executed: bool) -> None:
    # `executed` counts operations, which begin after the two requests of the sign-in.
    server.inject(Reset(When("*", number=number), executed=True) if executed else Reset(When(number=number)))
    sending = 3 if executed else 5
    with connected(server) as connection:
        if number == sending:
            with pytest.raises(failures.ConnectionReset):
                ask(connection, echo(Value=1))
        elif executed and number == sending + 1:
            with pytest.raises(RemoteError) as caught:  # the lost answer held everything
                ask(connection, echo(Value=1))
            assert isinstance(caught.value, failures.CutOff | failures.ProbeProcessDied)
        else:
            assert values_of(ask(connection, echo(Value=1))) == {"echo": {"Value": 1}}
        server.inject()
        assert values_of(ask(connection, echo(Value=2))) == {"echo": {"Value": 2}}
    # A shell whose Create was carried out unheard cannot be named by us: the server ends it by the idle limit we gave it.
    assert server.snapshot().shells == (1 if executed and number == 1 else 0)


def test_that_a_reset_while_a_probe_runs_loses_only_what_was_on_the_way(server: WsmanListener) -> None:
    server.inject(Reset(When("Receive", number=2)))
    slow = Question("slow", "Wait", 5, {"Seconds": 0.5})
    with connected(server) as connection:
        answers = ask(connection, echo("early"), slow, echo("late"))
    assert list(answers) == ["hello", "early", "slow", "late"]
    assert server.snapshot().shells == 0


def test_that_answers_before_the_break_are_kept(server: WsmanListener) -> None:
    server.inject(Reset(When("Receive", number=2, times=None)))
    with connected(server) as connection:
        with pytest.raises(failures.ConnectionReset) as caught:
            ask(connection, echo("early"), Question("slow", "Wait", 5, {"Seconds": 1}))
        assert list(caught.value.answers) == ["hello", "early"]  # type: ignore[attr-defined]
        server.inject()
    assert server.snapshot().shells == 0


def test_that_http_400_on_a_kept_connection_is_overcome(server: WsmanListener) -> None:
    with connected(server) as connection:
        ask(connection, echo())
        server.inject(HttpStatus(400, When(number=1)))
        assert values_of(ask(connection, echo(Value=2))) == {"echo": {"Value": 2}}
    assert server.snapshot().sign_ins == 2


def test_that_a_slow_trickle_is_read_to_its_end(server: WsmanListener) -> None:
    server.inject(SlowDrip(When("Receive"), piece=400, seconds=0.02))
    with connected(server) as connection:
        assert ask(connection, echo())["echo"].ok


def test_that_a_trickle_without_end_is_given_up(server: WsmanListener) -> None:
    server.inject(SlowDrip(When("Create"), piece=1, seconds=0.1))
    start = time.monotonic()
    with connected(server, HASTY) as connection, pytest.raises(failures.TimedOut):
        ask(connection, echo())
    assert time.monotonic() - start < 8


def test_that_a_black_hole_is_told_in_bounded_time(server: WsmanListener) -> None:
    server.inject(BlackHole())
    start = time.monotonic()
    with connected(server) as connection, pytest.raises(failures.Deadline):
        ask(connection, echo(), seconds=2)
    assert time.monotonic() - start < 3


def test_that_a_shell_quota_without_shells_of_ours_is_told(lab: LoopThread) -> None:
    listener = lab.listen(answering, settings(max_shells=1))
    with connected(listener) as first, connected(listener) as second:
        ask(first, echo())
        with pytest.raises(failures.ShellQuota) as caught:
            ask(second, echo())
        assert caught.value.facts["message"]
    assert listener.snapshot().shells == 0
    lab.stop(listener)


@pytest.mark.parametrize(("password", "refusal"), [("wrong", None), (PASSWORD, Refusal("locked"))])
def test_that_a_refused_sign_in_is_tried_once(lab: LoopThread, password: str, refusal: Refusal | None) -> None:
    listener = lab.listen(answering, settings(refuse=lambda _name: refusal))
    connection = gateway().connect(target_of(listener), credential(password=password))
    with pytest.raises(failures.SignInRefused) as caught:
        ask(connection, echo())
    assert caught.value.facts == {"username": r"CONTOSO\admin", "method": "ntlm"}
    assert connection.reached is not None
    assert connection.signed_in is None
    connection.close()
    assert listener.snapshot().refused_sign_ins == 1
    lab.stop(listener)


def test_that_an_account_without_rights_is_not_called_signed_in(server: WsmanListener) -> None:
    connection = gateway().connect(target_of(server), credential(r"CONTOSO\reader"))
    with pytest.raises(failures.NotAuthorized) as caught:
        ask(connection, echo())
    assert caught.value.facts["username"] == r"CONTOSO\reader"
    assert connection.signed_in is None
    connection.close()


def test_that_a_server_without_negotiate_names_what_it_offers(lab: LoopThread) -> None:
    listener = lab.listen(answering, settings(methods=("Kerberos",)))
    with connected(listener) as connection, pytest.raises(failures.MethodNotOffered) as caught:
        ask(connection, echo())
    assert caught.value.facts == {"method": "ntlm", "offered": "Kerberos"}
    lab.stop(listener)


def test_that_a_closed_port_is_refused() -> None:
    with ClosedPort() as closed:
        connection = gateway().connect(Target("fe01.contoso.lab", port=closed.port, address="127.0.0.1"), credential())
        with pytest.raises(failures.Refused) as caught:
            ask(connection, echo())
        assert caught.value.facts == {"address": "127.0.0.1", "port": str(closed.port)}


# --- what happens inside the process on the server


@pytest.mark.parametrize(
    ("text", "exit_code", "kind", "facts"),
    [
        ("#oac1-language ConstrainedLanguage\r\n", 97, failures.LanguageConstrained, {"mode": "ConstrainedLanguage"}),
        ("#oac1-broken Ym9vbQ==\r\n", 98, failures.ScriptBroken, {"message": "boom"}),
        ("", 1, failures.ProbeProcessDied, {"exit": "1", "message": ""}),
    ],
)
def test_that_a_process_that_gives_up_says_why(
    server: WsmanListener, text: str, exit_code: int, kind: type[RemoteError], facts: dict[str, str]
) -> None:
    with connected(server) as connection:
        with pytest.raises(kind) as caught:
            ask(connection, Question("x", "Print", 5, {"Text": text, "Exit": exit_code}))
        assert caught.value.facts == facts


def test_that_a_process_that_dies_is_quoted_and_its_answers_kept(server: WsmanListener) -> None:
    with connected(server) as connection:
        with pytest.raises(failures.ProbeProcessDied) as caught:
            ask(connection, echo("before"), Question("x", "Die", 5))
        assert caught.value.facts == {"exit": "5", "message": "out of memory"}
        assert list(caught.value.answers) == ["hello", "before"]  # type: ignore[attr-defined]


def test_that_a_damaged_frame_does_not_take_the_others_with_it(server: WsmanListener) -> None:
    with connected(server) as connection:
        with pytest.raises(failures.AnswerDamaged) as caught:
            ask(connection, echo("before"), Question("x", "Damaged", 5), echo("after"))
        assert list(caught.value.answers) == ["hello", "before", "after"]  # type: ignore[attr-defined]


def test_that_the_times_of_the_product_tell_a_silent_host_in_under_15_seconds() -> None:
    from oauthcert.remote import http_line

    timing = Timing()
    assert timing.name_seconds + timing.connect_seconds + http_line.LEAST_FOR_ANSWER < 15
    assert timing.contact_seconds < 15
    assert QUICK.name_seconds < timing.name_seconds


def test_that_another_protocol_number_is_not_believed(server: WsmanListener) -> None:
    hello = encode_frame({"probe": "", "ok": True, "value": [{"protocol": 2}]}).decode()
    with connected(server) as connection:
        with pytest.raises(failures.AnswerDamaged) as caught:
            ask(connection, Question("x", "Print", 5, {"Text": hello}))
        assert caught.value.facts == {"why": "protocol", "protocol": "2"}
    assert server.snapshot().shells == 0


def test_that_a_sign_in_the_server_forgot_is_made_again(server: WsmanListener) -> None:
    with connected(server) as connection:
        ask(connection, echo())
        server.inject(HttpStatus(401, When(number=1)))
        assert values_of(ask(connection, echo(Value=2))) == {"echo": {"Value": 2}}
    assert server.snapshot().sign_ins == 2


def test_that_a_break_after_the_last_answer_costs_nothing(server: WsmanListener) -> None:
    end = encode_frame({"probe": "x", "ok": True}).decode() + encode_frame({"probe": "#end", "ok": True}).decode()
    server.inject(Reset(When("Receive", number=2, times=None)))
    with connected(server) as connection:
        answers = ask(connection, Question("x", "PrintAndHang", 5, {"Text": end}))
        assert list(answers) == ["hello", "x"]
    assert server.snapshot().shells == 0


def test_that_an_unknown_name_is_told_before_anything_is_opened() -> None:
    def unknown(_name: str, _port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    connection = WinrmGateway(QUICK, scripts=SCRIPTS, parts=LineParts(resolver=unknown)).connect(
        Target("nowhere.contoso.lab"), credential()
    )
    with pytest.raises(failures.NameNotFound) as caught:
        ask(connection, echo())
    assert caught.value.facts == {"name": "nowhere.contoso.lab", "why": "unknown"}
    assert (connection.reached, connection.clock) == (None, None)
    connection.close()


def test_that_a_server_without_powershell_is_told() -> None:
    async def bare(job: Job) -> int:
        await job.read_stdin()
        job.write_stderr(b"'powershell.exe' is not recognized as an internal or external command,\r\n")
        return 9009

    with LoopThread() as own:
        listener = own.listen(bare, settings())
        with connected(listener) as connection, pytest.raises(failures.PowershellMissing) as caught:
            ask(connection, echo())
        assert caught.value.facts["exit"] == "9009"
