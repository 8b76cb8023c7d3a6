"""A row's survey from what a look from outside brought."""

import pytest

from oauthcert.casework.survey import RowSurvey, survey
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.target import Target
from oauthcert.remote.failures import NotWsman
from oauthcert.remote.identify import Identified

FE01 = Target("fe01.contoso.lab")
CLOCK = ClockSeen(420.0, 0.5, 2)


def test_that_an_answer_becomes_a_row() -> None:
    seen = Identified(milliseconds=12, methods=("Negotiate",), os_version="10.0.17763", clock=CLOCK)
    row = survey(FE01, lambda _target, _token: seen, CancelToken())
    assert row == RowSurvey(FE01, 12, None, None, ("Negotiate",), "10.0.17763", CLOCK)


def test_that_a_failure_becomes_the_reason_and_keeps_the_clock() -> None:
    seen = Identified(failure=NotWsman(why="http", status="404", server="nginx"), clock=CLOCK)
    row = survey(FE01, lambda _target, _token: seen, CancelToken())
    assert row == RowSurvey(FE01, None, NotSeen("not-wsman", {"why": "http", "status": "404", "server": "nginx"}), clock=CLOCK)


def test_that_a_cancel_is_not_an_answer() -> None:
    def cancelled(_target: Target, token: CancelToken) -> Identified:
        token.cancel()
        token.raise_if_cancelled()
        raise AssertionError

    with pytest.raises(Cancelled):
        survey(FE01, cancelled, CancelToken())
