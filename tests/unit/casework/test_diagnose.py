"""A look at many servers at once: everything that came is kept, one server's trouble stays its own, and a cancel is heard."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from oauthcert.casework.diagnose import Limits, diagnose, judge_again, try_sign_in
from oauthcert.casework.events import Answered, Connecting, Event, Judged, ServerFinished, Started
from oauthcert.collect.probes import PROBES
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text, to_text
from oauthcert.model.evidence import Answer, NotSeen, Seen
from oauthcert.model.finding import Verdict
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.failures import Refused, SignInRefused
from tests.fakes.servers import CLOCK, REACHED, SIGNED_IN, FakeGateway, FakeServer

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CREDENTIAL = Credential("CONTOSO\\admin", Secret("CANARY-91"))
HELLO = Answer("hello", True, ({"edition": "5.1", "process64": True, "computer": "FE01", "utc": "2026-11-21T12:00:00Z"},))
HOP = Answer("hop", True, ({"directory": "ok", "directoryMessage": None},))
REFUSED = Refused(address="127.0.0.1", port="5985")


def _clock() -> Callable[[], datetime]:
    ticks = iter(range(10**6))
    return lambda: START + timedelta(seconds=next(ticks))


def _diagnose(servers: Mapping[str, FakeServer], tell: Callable[[Event], None] = lambda _: None, token: CancelToken | None = None) -> Case:
    return diagnose(
        [Target(name) for name in servers],
        lambda _target: CREDENTIAL,
        FakeGateway(servers),
        limits=Limits(lanes=4, seconds=7),
        token=token or CancelToken(),
        tell=tell,
        now=_clock(),
    )


def test_that_each_server_gets_one_connection_one_round_and_is_closed() -> None:
    gateway = FakeGateway({"fe01": FakeServer([HELLO]), "fe02": FakeServer(failure=REFUSED)})
    diagnose(
        [Target("fe01"), Target("fe02")],
        {Target("fe01"): CREDENTIAL}.get,
        gateway,
        limits=Limits(2, 7),
        token=CancelToken(),
        tell=lambda _: None,
        now=_clock(),
    )

    assert gateway.credentials == {"fe01": CREDENTIAL, "fe02": None}
    for connections in gateway.connections.values():
        assert [connection.closed for connection in connections] == [1]
        assert [question.id for question in connections[0].questions] == [probe.id for probe in PROBES]
        assert connections[0].deadline_seconds == 7
    assert gateway.connections["fe01"][0].library is gateway.connections["fe02"][0].library
    assert "Get-SessionFacts" in gateway.connections["fe01"][0].library


def test_that_what_a_connection_and_its_answers_tell_is_kept() -> None:
    case = _diagnose({"fe01": FakeServer([HELLO, HOP])})

    seen = case.observations[0]
    assert (seen.server, seen.reach, seen.sign_in, seen.clock, seen.lost) == ("fe01", Seen(REACHED), Seen(SIGNED_IN), Seen(CLOCK), None)
    assert seen.answers == {"hello": HELLO, "hop": HOP}
    assert seen.started
    assert seen.finished
    assert case.started < seen.started < seen.finished < case.finished


def test_that_answers_from_before_a_break_are_kept_with_the_reason_for_the_rest() -> None:
    case = _diagnose({"fe01": FakeServer([HELLO, HOP], failure=REFUSED)})

    assert case.observations[0].answers == {"hello": HELLO, "hop": HOP}
    assert case.observations[0].lost == NotSeen("refused", {"address": "127.0.0.1", "port": "5985"})
    assert case.observations[0].sign_in == Seen(SIGNED_IN)


def test_that_a_server_that_is_not_reached_has_its_reason_everywhere() -> None:
    case = _diagnose({"fe01": FakeServer(failure=REFUSED, reached=None, signed_in=None, clock=None)})

    why = NotSeen("refused", {"address": "127.0.0.1", "port": "5985"})
    seen = case.observations[0]
    assert (seen.reach, seen.sign_in, seen.clock, seen.lost) == (why, why, why, why)
    assert case.exit_code == 3


def test_that_a_refused_account_is_a_failure_with_the_clock_still_known() -> None:
    case = _diagnose({"fe01": FakeServer(failure=SignInRefused(username="x", method="ntlm"), signed_in=None)})

    assert case.observations[0].clock == Seen(CLOCK)
    assert case.finding("sign-in-accepted@fe01").verdict is Verdict.FAIL
    assert case.exit_code == 2


def test_that_a_bug_at_one_server_costs_that_server_only_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    servers = {"bad": FakeServer([HELLO], failure=ZeroDivisionError("CANARY-92")), "good": FakeServer([HELLO, HOP])}

    with caplog.at_level(logging.ERROR):
        case = _diagnose(servers)

    bad, good = case.observations
    assert bad.lost == NotSeen("unexpected", {"type": "ZeroDivisionError"})
    assert bad.answers == {"hello": HELLO}
    assert good.lost is None
    assert "the look at bad broke" in caplog.text
    assert "Traceback" in caplog.text
    assert "CANARY" not in to_text(case)


def test_that_a_listener_that_breaks_costs_its_news_and_not_the_look(caplog: pytest.LogCaptureFixture) -> None:
    def tell(_event: Event) -> None:
        raise ValueError("broken listener")

    case = _diagnose({"fe01": FakeServer([HELLO, HOP])}, tell)

    assert case.observations[0].lost is None
    assert "a listener broke on Judged" in caplog.text


def test_that_events_tell_the_look_in_order_and_one_at_a_time() -> None:
    events: list[Event] = []
    inside = threading.Lock()

    def tell(event: Event) -> None:
        assert inside.acquire(blocking=False)
        events.append(event)
        inside.release()

    case = _diagnose({f"fe{number:02}": FakeServer([HELLO, HOP]) for number in range(30)}, tell)

    assert events[0] == Started(tuple(f"fe{number:02}" for number in range(30)))
    assert events[-1] == Judged(case)
    total = len(PROBES)
    own = [event for event in events if getattr(event, "server", None) == "fe07"]
    assert own == [Connecting("fe07"), Answered("fe07", "hop", True, 1, total), ServerFinished("fe07", None)]
    assert len(events) == 2 + 3 * 30


def test_that_an_answer_that_comes_twice_counts_once(caplog: pytest.LogCaptureFixture) -> None:
    other = Answer("hop", False)
    case = _diagnose({"fe01": FakeServer([HELLO, HOP, other])})

    assert case.observations[0].answers["hop"] is HOP
    assert "twice" in caplog.text


def test_that_a_cancel_is_answered_in_time_and_keeps_what_is_there() -> None:
    token = CancelToken()
    gate = threading.Event()
    servers = {f"fe{number}": FakeServer([HELLO, HOP], waits=True, during=gate.set) for number in range(10)}
    begun: list[float] = []

    def cancel() -> None:
        gate.wait(10)
        begun.append(time.monotonic())
        token.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    case = _diagnose(servers, token=token)
    took = time.monotonic() - begun[0]
    canceller.join()

    assert took < 1
    assert len(case.observations) == 10
    assert all(seen.lost == NotSeen("cancelled") for seen in case.observations)
    assert case.observations[0].answers == {"hello": HELLO, "hop": HOP}
    assert case.observations[9].reach == NotSeen("cancelled")
    assert case.finding("server-reachable@fe9").verdict is Verdict.UNKNOWN


def test_that_a_look_cancelled_before_it_began_asks_nobody() -> None:
    token = CancelToken()
    token.cancel()
    gateway = FakeGateway({"fe01": FakeServer([HELLO])})

    case = diagnose([Target("fe01")], lambda _: None, gateway, limits=Limits(), token=token, tell=lambda _: None, now=_clock())

    assert gateway.connections == {}
    assert case.exit_code == 3


def test_that_a_saved_case_is_judged_again_to_the_same_findings_without_any_server() -> None:
    case = _diagnose({"fe01": FakeServer([HELLO, HOP]), "fe02": FakeServer(failure=REFUSED, reached=None, signed_in=None, clock=None)})

    again = judge_again(from_text(to_text(case)))

    assert again.findings == case.findings
    assert again.causes == case.causes
    assert again.source == "case"
    assert judge_again(again) == again


def test_that_a_practice_case_stays_one_when_it_is_judged_again() -> None:
    case = Case(START, START, "practice:healthy-lync", (), ())

    assert judge_again(case).source == "practice:healthy-lync"


def test_that_a_case_whose_servers_and_targets_differ_is_still_judged() -> None:
    case = _diagnose({"fe01": FakeServer([HELLO])})
    stray = Case(case.started, case.finished, "live", (), case.observations)

    assert judge_again(stray).finding("server-reachable@fe01").verdict is Verdict.PASS


def test_that_trying_an_account_asks_one_small_question() -> None:
    gateway = FakeGateway({"fe01": FakeServer([HELLO])})

    seen = try_sign_in(Target("fe01"), CREDENTIAL, gateway, limits=Limits(), token=CancelToken(), tell=lambda _: None, now=_clock())

    assert seen.sign_in == Seen(SIGNED_IN)
    assert [question.id for question in gateway.connections["fe01"][0].questions] == ["session"]
