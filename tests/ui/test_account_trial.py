"""An account that is tried on several servers."""

import threading

import pytest

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.ui.widgets.account_trial import Spared, Tried, try_account
from tests.ui.sign_in_at_hand import SERVERS


class Servers:
    """Answers by name, and who was asked."""

    def __init__(self, **answers: NotSeen | None) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, target: Target, token: CancelToken) -> NotSeen | None:
        with self._lock:
            self.asked.append(target.name)
        return self.answers.get(target.name)


def test_that_a_silent_server_does_not_end_the_trial() -> None:
    servers = Servers(a=NotSeen("timed-out"), b=NotSeen("name-not-found"))
    told: list[object] = []
    try_account([Target(name) for name in "abcd"], servers, CancelToken(), told.append)
    assert told[:3] == [Tried("a", NotSeen("timed-out")), Tried("b", NotSeen("name-not-found")), Tried("c", None)]
    assert sorted(servers.asked) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("reason", ["sign-in-refused", "account-locked", "password-expired"])
def test_that_no_second_server_hears_a_refused_password(reason: str) -> None:
    servers = Servers(b=NotSeen(reason), a=NotSeen("refused"))
    told: list[object] = []
    try_account([Target(name) for name in "abcd"], servers, CancelToken(), told.append)
    assert servers.asked == ["a", "b"]
    assert told[-1] == Spared(("c", "d"))


def test_that_nobody_is_asked_after_a_cancel() -> None:
    token = CancelToken()
    token.cancel()
    servers = Servers()
    with pytest.raises(Cancelled):
        try_account(SERVERS, servers, token, lambda _event: None)
    assert servers.asked == []
