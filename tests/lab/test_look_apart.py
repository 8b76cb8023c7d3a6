"""A look in a process of its own, at real practice servers."""

import threading
import time

import pytest

from oauthcert.casework.apart import LookOrder, look_apart
from oauthcert.casework.diagnose import Limits
from oauthcert.casework.events import Answered, Judged, Provisional, ServerFinished, Started
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.finding import Verdict


def order_of(lab: PracticeLab) -> LookOrder:
    return LookOrder(lab.targets, lab.credential, Limits(lanes=8, seconds=60), source=f"practice:{lab.scenario.id}")


def test_that_a_look_apart_brings_what_the_oracle_expects() -> None:
    with PracticeLab.open("replica-stopped") as lab:
        events: list[object] = []
        case = look_apart(order_of(lab), CancelToken(), events.append)
        assert case.exit_code == lab.oracle.exit_code
        assert [observation.server for observation in case.observations] == [target.name for target in lab.targets]
        assert case.causes[0].finding == "replica-service@fe02.contoso.lab"
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Judged)
    assert sum(isinstance(event, ServerFinished) for event in events) == len(case.targets)
    assert any(isinstance(event, Answered) for event in events)


def test_that_findings_are_told_while_other_servers_are_still_asked() -> None:
    with PracticeLab.open("server-unreachable", probe_seconds=0.15) as lab:
        events: list[object] = []
        look_apart(order_of(lab), CancelToken(), events.append)
    provisional = [number for number, event in enumerate(events) if isinstance(event, Provisional)]
    finished = [number for number, event in enumerate(events) if isinstance(event, ServerFinished)]
    assert provisional[0] < finished[-1]
    told = {finding.id: finding for event in events if isinstance(event, Provisional) for finding in event.findings}
    assert any(finding.verdict is Verdict.UNKNOWN and finding.check == "server-reachable" for finding in told.values())
    assert all(finding.server is not None for finding in told.values())


@pytest.mark.timeout(60)
def test_that_a_cancelled_look_ends_in_a_second_and_keeps_what_came() -> None:
    with PracticeLab.open("healthy-lync", probe_seconds=0.5) as lab:
        token, began = CancelToken(), threading.Event()
        pressed: list[float] = []

        def press() -> None:
            began.wait(30)
            pressed.append(time.monotonic())
            token.cancel()

        threading.Thread(target=press, daemon=True).start()
        case = look_apart(order_of(lab), token, lambda event: began.set() if isinstance(event, Answered) else None)
        took = time.monotonic() - pressed[0]
        assert any(observation.answers for observation in case.observations)
        assert all(snapshot.shells == 0 for snapshot in lab.counters().values())
    assert took < 1.5
