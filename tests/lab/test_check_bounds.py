"""What a look costs the servers, when it tells its first news, and how soon it ends when it is told to."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from oauthcert.casework.diagnose import Limits, diagnose
from oauthcert.casework.events import Answered, Event, Judged, ServerFinished
from oauthcert.collect.library import library
from oauthcert.collect.probes import probes_of
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.remote.winrm_gateway import WinrmGateway

FIRST_ROUND_REQUESTS = 9
SECOND_ROUND_REQUESTS = 4


@pytest.fixture
def slow_lab() -> Iterator[PracticeLab]:
    """Every probe takes 0.3 s, so that a round lasts some seconds."""
    with PracticeLab.open("healthy-lync", probe_seconds=0.3) as lab:
        yield lab


def _look(lab: PracticeLab, tell: Callable[[Event], None] = lambda _: None, token: CancelToken | None = None) -> Case:
    return diagnose(
        lab.targets,
        lambda _target: lab.credential,
        WinrmGateway(),
        limits=Limits(),
        token=token or CancelToken(),
        tell=tell,
        now=lambda: datetime.now(UTC),
    )


def test_that_first_contact_costs_one_connection_one_sign_in_and_few_requests() -> None:
    with PracticeLab.open("healthy-lync") as lab:
        _look(lab)
        # the servers hear of a closed connection a moment later
        until = time.monotonic() + 5
        while any(one.open_connections for one in lab.counters().values()) and time.monotonic() < until:
            time.sleep(0.01)
        counted = lab.counters()

    assert {name: (one.connections, one.sign_ins, one.shells, one.open_connections) for name, one in counted.items()} == dict.fromkeys(
        counted, (1, 1, 0, 0)
    )
    assert {name: one.requests for name, one in counted.items() if one.requests > FIRST_ROUND_REQUESTS} == {}


def test_that_a_second_round_of_the_same_questions_costs_fewer_requests() -> None:
    with PracticeLab.open("healthy-lync") as lab:
        target = lab.targets[0]
        probes = probes_of(target)
        connection = WinrmGateway().connect(target, lab.credential)
        requests = []
        for _ in range(2):
            connection.ask(
                [probe.question for probe in probes], library(probes), deadline_seconds=60, token=CancelToken(), on_answer=lambda _: None
            )
            requests.append(lab.counters()[target.name].requests)
        connection.close()
        counted = lab.counters()[target.name]

    assert requests[1] - requests[0] <= SECOND_ROUND_REQUESTS
    assert (counted.connections, counted.sign_ins, counted.shells) == (1, 1, 0)


def test_that_the_first_answer_is_told_long_before_the_round_ends(slow_lab: PracticeLab) -> None:
    told: list[tuple[float, Event]] = []
    _look(slow_lab, lambda event: told.append((time.monotonic(), event)))

    first = next(at for at, event in told if isinstance(event, Answered))
    ended = next(at for at, event in told if isinstance(event, ServerFinished))
    assert ended - first > 2
    assert isinstance(told[-1][1], Judged)
    answers = [event for _, event in told if isinstance(event, Answered) and event.server == slow_lab.targets[0].name]
    assert [event.done for event in answers] == list(range(1, answers[0].total + 1))


def test_that_a_cancel_in_the_middle_is_answered_in_a_second_and_leaves_no_shell(slow_lab: PracticeLab) -> None:
    token = CancelToken()
    answered = threading.Event()
    cancelled: list[float] = []

    def cancel() -> None:
        answered.wait(20)
        cancelled.append(time.monotonic())
        token.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    case = _look(slow_lab, lambda event: answered.set() if isinstance(event, Answered) else None, token)
    took = time.monotonic() - cancelled[0]
    canceller.join()

    assert took < 1
    assert {seen.lost.reason for seen in case.observations if seen.lost} == {"cancelled"}
    assert any(len(seen.answers) > 1 for seen in case.observations)
    assert case.findings
    assert {name: one.shells for name, one in slow_lab.counters().items() if one.shells} == {}
