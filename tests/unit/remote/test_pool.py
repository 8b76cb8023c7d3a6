"""Jobs in lanes: order, limits, cancelling, and failures as values."""

import threading
import time

import pytest

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.remote.pool import Done, Failed, run_all


def test_that_outcomes_stand_in_the_order_of_the_jobs() -> None:
    def job(number: int) -> int:
        time.sleep(0.001 * (5 - number))
        return number

    outcomes = run_all([lambda n=n: job(n) for n in range(5)], 3, CancelToken())  # type: ignore[misc]
    assert outcomes == [Done(n) for n in range(5)]


def test_that_one_failing_job_costs_only_itself() -> None:
    def boom() -> int:
        raise ValueError("boom")

    first, second, third = run_all([lambda: 1, boom, lambda: 3], 2, CancelToken())
    assert (first, third) == (Done(1), Done(3))
    assert isinstance(second, Failed)
    assert isinstance(second.error, ValueError)


def test_that_never_more_jobs_run_than_there_are_lanes() -> None:
    lock, running, most = threading.Lock(), 0, 0

    def job() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with lock:
            running -= 1

    run_all([job] * 20, 4, CancelToken())
    assert most == 4


def test_that_after_a_cancel_no_job_is_begun() -> None:
    token, begun = CancelToken(), []

    def job(number: int) -> int:
        begun.append(number)
        token.cancel()
        return number

    outcomes = run_all([lambda n=n: job(n) for n in range(10)], 1, token)  # type: ignore[misc]
    assert begun == [0]
    assert outcomes[0] == Done(0)
    assert all(isinstance(outcome, Failed) and isinstance(outcome.error, Cancelled) for outcome in outcomes[1:])


def test_that_no_jobs_are_no_trouble() -> None:
    assert run_all([], 8, CancelToken()) == []


def test_that_an_interrupt_cancels_the_others() -> None:
    token = CancelToken()

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all([interrupted, lambda: token.wait(10)], 2, token)
    assert token.cancelled
