"""A question that may be put only once: whatever breaks, it runs at most once, and "nothing was run" is only said when that is so."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from oauthcert.lab.wsman import (
    BadBase64,
    BlackHole,
    CutBody,
    FaultAnswer,
    HttpStatus,
    Injection,
    Job,
    LoopThread,
    NotXml,
    Padded,
    Reset,
    When,
    WsmanListener,
)
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import RemoteError
from oauthcert.model.evidence import Answer
from oauthcert.remote import failures
from oauthcert.remote.conversation import WinrmConnection
from oauthcert.remote.wire import Question
from tests.unit.remote.practice import QUICK, answering, comes_true, connected, echo, settings

IDS = [2150858843, 2150859173, 2150858793, 5, 87]
HASTY = replace(QUICK, answer_seconds=1.0)


class Counting:
    """Runs rounds as `answering` does and counts how many inputs were whole enough to run."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self, job: Job) -> int:
        text = await job.read_stdin()
        if text.count(b"\n") == 2:
            self.runs += 1
        return await answering(_Again(job, text))  # type: ignore[arg-type]


class _Again:
    """A job whose input has been read already."""

    def __init__(self, job: Job, text: bytes) -> None:
        self._job, self._text = job, text
        self.write_stdout, self.write_stderr = job.write_stdout, job.write_stderr

    async def read_stdin(self) -> bytes:
        return self._text


@pytest.fixture(scope="module")
def loop() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def server(loop: LoopThread, counting: Counting) -> Iterator[WsmanListener]:
    listener = loop.listen(counting, settings())
    yield listener
    loop.stop(listener)


def ask_once(connection: WinrmConnection, value: int = 1, size: int = 0) -> Answer | None:
    heard: dict[str, Answer] = {}
    question = echo(Value=value, Padding="x" * size)
    connection.ask(
        [question], "library", deadline_seconds=20, token=CancelToken(), on_answer=lambda a: heard.update({a.probe: a}), once=True
    )
    return heard.get("echo")


OPERATIONS: list[Injection] = [
    *(Reset(When(number=number)) for number in range(1, 9)),
    *(Reset(When("*", number=number), executed=True) for number in range(1, 7)),
    *(HttpStatus(status, When(number=number)) for status in (400, 500, 503) for number in range(3, 8)),
    *(FaultAnswer(code, When(name)) for code in IDS for name in ("Create", "Command", "Send", "Receive")),
    *(FaultAnswer(code, When(name), executed=True) for code in IDS for name in ("Command", "Send")),
    *(CutBody(When(name)) for name in ("Create", "Command", "Send", "Receive")),
    *(NotXml(When(name)) for name in ("Create", "Command", "Send", "Receive")),
    *(BlackHole(When(name)) for name in ("Create", "Command", "Send")),
    BadBase64(),
    Padded(When("Receive")),
]


@pytest.mark.parametrize("injection", OPERATIONS, ids=lambda value: str(value)[:70])
def test_that_a_question_runs_at_most_once_and_never_unnoticed(server: WsmanListener, counting: Counting, injection: Injection) -> None:
    server.inject(injection)
    told: type[RemoteError] | None = None
    answer = None
    with connected(server, HASTY if isinstance(injection, BlackHole) else QUICK) as connection:
        try:
            answer = ask_once(connection)
        except RemoteError as error:
            told = type(error)
        server.inject()
    assert comes_true(lambda: server.snapshot().running == 0)
    if told is None:
        assert answer is not None
        assert counting.runs == 1
    elif told is failures.AnswerLost:
        assert counting.runs <= 1
    else:
        assert counting.runs == 0, f"it ran, and the error said it had not: {told}"


@pytest.mark.parametrize("way", [Reset(), HttpStatus(400), FaultAnswer(2150858843)], ids=lambda value: str(value)[:40])
def test_that_what_idled_away_before_is_recovered_and_asked_once(server: WsmanListener, counting: Counting, way: Injection) -> None:
    with connected(server) as connection:
        ask_once(connection)
        server.inject(replace(way, when=When("Command") if isinstance(way, FaultAnswer) else When()))
        answer = ask_once(connection, 2)
        assert answer is not None
        assert counting.runs == 2


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("number", [1, 2])
def test_that_a_long_question_runs_only_when_its_end_has_come(
    server: WsmanListener, counting: Counting, number: int, executed: bool
) -> None:
    server.inject(Reset(When("Send", number=number), executed=executed))
    with connected(server) as connection:
        with pytest.raises(RemoteError) as caught:
            ask_once(connection, size=400_000)
        assert isinstance(caught.value, failures.AnswerLost) is (number == 2)
        server.inject()
    assert counting.runs == (1 if executed and number == 2 else 0)


def test_that_a_lost_round_is_ended_before_anything_else_is_asked(server: WsmanListener) -> None:
    server.inject(Reset(When("Send"), executed=True), Reset(When("Delete", times=3)))
    with connected(server) as connection:
        with pytest.raises(failures.AnswerLost):
            ask_once(connection)
        assert connection.left_running
        server.inject()
        ask_once(connection, 2)
        assert not connection.left_running
        assert server.snapshot().shells == 1


def test_that_a_token_cancelled_meanwhile_leaves_the_answer_lost_and_not_undone(server: WsmanListener) -> None:
    token = CancelToken()
    slow = Question("slow", "Wait", 10, {"Seconds": "5"})

    def hear(_answer: Answer) -> None:
        token.cancel()

    with connected(server) as connection, pytest.raises(failures.AnswerLost) as caught:
        connection.ask([slow], "library", deadline_seconds=20, token=token, on_answer=hear, once=True)
    assert caught.value.facts == {"cause": "cancelled"}
