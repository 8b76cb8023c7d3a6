"""A wrong password is shown to few servers."""

import threading
from dataclasses import dataclass

import pytest

from oauthcert.casework.sign_in_gate import MOST_REFUSALS, SLOW_SECONDS, SignInGate, SignInSpared
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import ReachSeen, SignInSeen
from tests.fakes.servers import REACHED, SIGNED_IN, FakeConnection, FakeServer


@dataclass
class Time:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def connection(reached: ReachSeen | None = None, signed_in: SignInSeen | None = None) -> FakeConnection:
    return FakeConnection(FakeServer(), reached, signed_in)


def may_enter(gate: SignInGate, server: str, seconds: float = 0.2) -> bool:
    """Whether this server is let in while we watch; what waits is cancelled afterwards."""
    token, let_in = CancelToken(), threading.Event()

    def go() -> None:
        try:
            gate.enter(server, connection(), token)
        except Cancelled:
            return
        let_in.set()

    lane = threading.Thread(target=go)
    lane.start()
    let_in.wait(seconds)
    token.cancel()
    lane.join(5)
    return let_in.is_set()


def test_that_the_second_waits_for_the_first() -> None:
    gate = SignInGate()
    gate.enter("fe01", connection(REACHED), CancelToken())
    assert not may_enter(gate, "fe02")


def test_that_all_go_once_one_server_accepts_even_before_its_look_ends() -> None:
    gate, first = SignInGate(), connection(REACHED)
    gate.enter("fe01", first, CancelToken())
    first.signed_in = SIGNED_IN
    assert may_enter(gate, "fe02")
    gate.leave("fe01", None)
    assert may_enter(gate, "fe03")


def test_that_refusals_have_a_limit_and_the_others_are_told_who_refused() -> None:
    gate = SignInGate()
    for number in range(MOST_REFUSALS):
        gate.enter(f"fe{number}", connection(REACHED), CancelToken())
        gate.leave(f"fe{number}", "sign-in-refused")
    with pytest.raises(SignInSpared) as spared:
        gate.enter("fe9", connection(), CancelToken())
    assert spared.value.facts["servers"] == "fe0, fe1, fe2"


@pytest.mark.parametrize("reason", ["name-not-found", "not-authorized", "clock-skew", None])
def test_that_other_failures_say_nothing_about_the_password(reason: str | None) -> None:
    gate = SignInGate()
    for number in range(2 * MOST_REFUSALS):
        gate.enter(f"fe{number}", connection(), CancelToken())
        gate.leave(f"fe{number}", reason)
    assert may_enter(gate, "fe9")


def test_that_a_silent_server_does_not_hold_up_the_others() -> None:
    time = Time()
    gate = SignInGate(time)
    gate.enter("silent", connection(), CancelToken())
    assert not may_enter(gate, "fe02")
    time.now = SLOW_SECONDS + 0.1
    assert may_enter(gate, "fe02")


def test_that_an_accepted_account_stays_accepted_whatever_comes_later() -> None:
    gate = SignInGate()
    gate.enter("fe01", connection(REACHED, SIGNED_IN), CancelToken())
    gate.leave("fe01", None)
    for number in range(2 * MOST_REFUSALS):
        gate.enter(f"other{number}", connection(REACHED), CancelToken())
        gate.leave(f"other{number}", "sign-in-refused")
    assert may_enter(gate, "fe02")


def test_that_who_waits_can_be_cancelled() -> None:
    gate, token = SignInGate(), CancelToken()
    gate.enter("fe01", connection(REACHED), CancelToken())
    token.cancel()
    with pytest.raises(Cancelled):
        gate.enter("fe02", connection(), token)
