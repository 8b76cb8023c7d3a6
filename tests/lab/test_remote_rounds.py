"""Rounds over real WinRM on the loopback: what they cost, what they bring, and what they leave behind."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from oauthcert.lab.wsman import ClockJump, ErrorNoise, LoopThread, When, WsmanListener
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import Answer
from oauthcert.model.secret import SignInMethod
from oauthcert.remote import failures
from oauthcert.remote.wire import Question
from tests.unit.remote.practice import (
    NAME,
    QUICK,
    USERNAME,
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
from tests.unit.remote.test_wire import HOSTILE


@pytest.fixture(scope="module")
def lab() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def server(lab: LoopThread) -> Iterator[WsmanListener]:
    listener = lab.listen(answering, settings())
    yield listener
    lab.stop(listener)


def test_that_first_contact_costs_one_connection_one_sign_in_and_seven_requests(server: WsmanListener) -> None:
    with connected(server) as connection:
        ask(connection, echo(Value="a"))
    seen = server.snapshot()
    assert seen.order == ("Challenge", "SignIn", "Create", "Command", "Send", "Receive", "Delete")
    assert (seen.connections, seen.sign_ins, seen.requests, seen.shells) == (1, 1, 7, 0)


def test_that_a_second_round_costs_three_requests(server: WsmanListener) -> None:
    with connected(server) as connection:
        ask(connection, echo(Value="a"))
        before = server.snapshot().requests
        assert values_of(ask(connection, echo(Value="b"))) == {"echo": {"Value": "b"}}
        assert server.snapshot().requests - before == 3
    assert server.snapshot().connections == 1


def test_that_half_a_megabyte_more_costs_one_request_more(server: WsmanListener) -> None:
    large = Question("large", "Large", 5, {"Bytes": 1_000_000})
    with connected(server) as connection:
        answers = ask(connection, echo(), large)
        text = values_of(answers)["large"]["text"]  # type: ignore[index]
        assert len(text) == 1_000_000
    assert server.snapshot().operations["Receive"] <= 3


def test_that_a_request_larger_than_an_envelope_is_sent_in_pieces(server: WsmanListener) -> None:
    text = "ж" * 300_000
    with connected(server) as connection:
        assert values_of(ask(connection, echo(Value=text))) == {"echo": {"Value": text}}
    assert server.snapshot().operations["Send"] > 1


def test_that_hostile_texts_come_back_as_they_were(server: WsmanListener) -> None:
    questions = [echo(f"q{number}", Value=text) for number, text in enumerate(HOSTILE)]
    with connected(server) as connection:
        values = values_of(ask(connection, *questions))
    assert [values[f"q{number}"] for number in range(len(HOSTILE))] == [{"Value": text} for text in HOSTILE]


def test_that_who_was_reached_and_who_signed_in_is_known(server: WsmanListener) -> None:
    with connected(server) as connection:
        assert (connection.reached, connection.signed_in, connection.clock, connection.tls) == (None, None, None, None)
        ask(connection, echo())
        assert connection.reached is not None
        assert (connection.reached.address, connection.reached.port, connection.reached.scheme) == ("127.0.0.1", server.port, "http")
        assert connection.signed_in is not None
        assert (connection.signed_in.username, connection.signed_in.method) == (USERNAME, "ntlm")


def test_that_answers_are_delivered_as_they_come(server: WsmanListener) -> None:
    arrived: dict[str, float] = {}

    def note(answer: Answer) -> None:
        arrived[answer.probe] = time.monotonic() - start

    start = time.monotonic()
    with connected(server) as connection:
        connection.ask(
            [echo("first"), Question("slow", "Wait", 5, {"Seconds": 0.6})],
            "",
            deadline_seconds=10,
            token=CancelToken(),
            on_answer=note,
        )
    assert list(arrived) == ["hello", "first", "slow"]
    assert arrived["slow"] - arrived["first"] > 0.4


def test_that_a_probe_may_take_longer_than_the_service_holds_a_call(server: WsmanListener) -> None:
    with connected(server) as connection:
        answers = ask(connection, Question("slow", "Wait", 5, {"Seconds": QUICK.operation_seconds * 2 + 0.2}))
    assert answers["slow"].ok
    assert server.snapshot().operations["Receive"] >= 2


def test_that_progress_on_the_error_stream_is_no_failure(server: WsmanListener) -> None:
    server.inject(ErrorNoise())
    with connected(server) as connection:
        assert ask(connection, echo())["echo"].ok


def test_that_nothing_readable_goes_over_the_line(server: WsmanListener) -> None:
    seen = server.snapshot()
    with connected(server) as connection:
        ask(connection, echo(Value="x"))
    # The lab answers 500 to SOAP in the clear; a sealed session never sees one.
    assert 500 not in server.snapshot().statuses
    assert server.snapshot().bytes_in > seen.bytes_in


# --- the clock


def at(offset: timedelta) -> datetime:
    return datetime.now(UTC) + offset


@pytest.mark.parametrize("minutes", [7, -7])
def test_that_a_clock_that_is_off_is_measured(lab: LoopThread, minutes: int) -> None:
    listener = lab.listen(answering, settings(clock=lambda: at(timedelta(minutes=minutes))))
    with connected(listener) as connection:
        ask(connection, echo())
        assert connection.clock is not None
        assert abs(connection.clock.offset_seconds - 60 * minutes) <= connection.clock.error_seconds + 0.01
        assert connection.clock.error_seconds < 1
    lab.stop(listener)


def test_that_the_clock_is_measured_even_when_the_sign_in_is_refused(lab: LoopThread) -> None:
    listener = lab.listen(answering, settings(clock=lambda: at(timedelta(minutes=7))))
    connection = gateway().connect(target_of(listener), credential(password="wrong"))
    with pytest.raises(failures.SignInRefused):
        ask(connection, echo())
    assert connection.clock is not None
    assert abs(connection.clock.offset_seconds - 420) <= connection.clock.error_seconds + 0.01
    assert connection.reached is not None
    assert connection.signed_in is None
    connection.close()
    lab.stop(listener)


def test_that_a_clock_that_jumps_during_the_round_counts_from_its_new_time(server: WsmanListener) -> None:
    server.inject(ClockJump(300, When("Send")))
    with connected(server) as connection:
        ask(connection, echo())
        assert connection.clock is not None
        assert abs(connection.clock.offset_seconds - 300) <= connection.clock.error_seconds + 0.01
        assert 297 < connection.clock.jumped_seconds <= 300.01


# --- cancelling and deadlines


def test_that_cancel_during_a_hanging_probe_answers_at_once_and_leaves_no_shell(server: WsmanListener) -> None:
    token = CancelToken()
    with connected(server) as connection:
        threading.Timer(0.5, token.cancel).start()
        start = time.monotonic()
        with pytest.raises(Cancelled) as caught:
            ask(connection, echo("first"), Question("hang", "Hang", 60), token=token)
        assert time.monotonic() - start - 0.5 < 0.9
        assert server.snapshot().shells == 0
        assert list(caught.value.answers) == ["hello", "first"]  # type: ignore[attr-defined]
    assert comes_true(lambda: server.snapshot().running == 0)


@pytest.mark.parametrize("operation", ["Create", "Command", "Send", "Receive"])
def test_that_cancel_between_any_two_steps_leaves_no_shell(lab: LoopThread, operation: str) -> None:
    listener = lab.listen(answering, settings(latency=0.15))
    token = CancelToken()
    with connected(listener) as connection:
        stop = threading.Event()

        def cancel_when_seen() -> None:
            # The operation is counted when it arrives; its answer then takes the latency.
            while not stop.wait(0.01) and operation not in listener.snapshot().operations:
                pass
            token.cancel()

        watcher = threading.Thread(target=cancel_when_seen)
        watcher.start()
        with pytest.raises(Cancelled):
            ask(connection, Question("hang", "Hang", 60), token=token)
        stop.set()
        watcher.join()
    assert listener.snapshot().shells == 0
    lab.stop(listener)


def test_that_a_cancelled_connection_can_ask_again(server: WsmanListener) -> None:
    token = CancelToken()
    with connected(server) as connection:
        threading.Timer(0.3, token.cancel).start()
        with pytest.raises(Cancelled):
            ask(connection, Question("hang", "Hang", 60), token=token)
        assert values_of(ask(connection, echo(Value=1))) == {"echo": {"Value": 1}}


def test_that_a_token_cancelled_before_opens_nothing(server: WsmanListener) -> None:
    token = CancelToken()
    token.cancel()
    with connected(server) as connection, pytest.raises(Cancelled):
        ask(connection, echo(), token=token)
    assert server.snapshot().connections == 0


def test_that_the_deadline_ends_a_hanging_probe_and_leaves_no_shell(server: WsmanListener) -> None:
    with connected(server) as connection:
        start = time.monotonic()
        with pytest.raises(failures.Deadline) as caught:
            ask(connection, echo("first"), Question("hang", "Hang", 60), seconds=1.5)
        assert time.monotonic() - start < 3
        assert list(caught.value.answers) == ["hello", "first"]  # type: ignore[attr-defined]
        assert server.snapshot().shells == 0


def test_that_close_may_be_called_twice_and_without_a_round(server: WsmanListener) -> None:
    connection = gateway().connect(target_of(server), credential())
    connection.close()
    ask(connection, echo())
    connection.close()
    connection.close()
    assert server.snapshot().shells == 0


def test_that_close_ends_in_bounded_time_when_the_server_is_gone(lab: LoopThread) -> None:
    listener = lab.listen(answering, settings())
    connection = gateway().connect(target_of(listener), credential())
    ask(connection, echo())
    lab.stop(listener)
    start = time.monotonic()
    connection.close()
    assert time.monotonic() - start < QUICK.cleanup_seconds + 1


# --- kept connections


def test_that_a_dropped_idle_connection_is_replaced_and_the_shell_kept(server: WsmanListener, lab: LoopThread) -> None:
    with connected(server) as connection:
        ask(connection, echo())
        lab.call(server.drop_connections())
        assert values_of(ask(connection, echo(Value=2))) == {"echo": {"Value": 2}}
    seen = server.snapshot()
    assert (seen.connections, seen.sign_ins, seen.operations["Create"]) == (2, 2, 1)


def test_that_a_shell_the_server_has_ended_is_replaced(lab: LoopThread) -> None:
    listener = lab.listen(answering, settings(max_shells=5))
    with connected(listener) as connection:
        ask(connection, echo())

        async def end_shells() -> None:
            await listener._shells.close()  # as the service does when it is restarted

        lab.call(end_shells())
        assert values_of(ask(connection, echo(Value=2))) == {"echo": {"Value": 2}}
    assert listener.snapshot().operations["Create"] == 2
    lab.stop(listener)


def test_that_many_servers_can_be_asked_at_once(lab: LoopThread) -> None:
    from oauthcert.remote.pool import Done, run_all

    listeners = [lab.listen(answering, settings(hostname=f"fe{number:02}.contoso.lab")) for number in range(12)]
    shared = gateway()

    def look(listener: WsmanListener) -> object:
        connection = shared.connect(target_of(listener), credential())
        try:
            return values_of(ask(connection, echo(Value=listener.port)))["echo"]
        finally:
            connection.close()

    outcomes = run_all([lambda one=one: look(one) for one in listeners], 6, CancelToken())  # type: ignore[misc]
    assert outcomes == [Done({"Value": one.port}) for one in listeners]
    for listener in listeners:
        lab.stop(listener)


def test_that_names_of_every_script_travel(lab: LoopThread) -> None:
    assert NAME.isascii()
    listener = lab.listen(answering, settings())
    with connected(listener) as connection:
        text = "Сервер Ελλάδα 😀 服务器"
        assert values_of(ask(connection, echo("проба", Value=text))) == {"проба": {"Value": text}}
    lab.stop(listener)


def test_that_basic_is_never_tried_in_the_clear(server: WsmanListener) -> None:
    connection = gateway().connect(target_of(server), credential(method=SignInMethod.BASIC))
    with pytest.raises(failures.NeedsTls):
        ask(connection, echo())
    assert server.snapshot().requests == 0
