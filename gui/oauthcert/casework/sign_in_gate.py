"""Keeps a wrong password from locking its account: until one server has accepted it, it is shown to one server at a time, and to few.

Domains commonly lock an account after five to ten wrong passwords; a check of two hundred servers at once would do that in a second.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import RemoteError
from oauthcert.model.secret import SignInMethod
from oauthcert.remote.port import Connection

MOST_REFUSALS = 3
SLOW_SECONDS = 1.5  # a server that has not even answered by then has not been shown the password: the next one may be tried
_LOOK_SECONDS = 0.05

SHOWS_PASSWORD = frozenset({SignInMethod.NTLM, SignInMethod.CREDSSP, SignInMethod.BASIC})
REFUSES_ACCOUNT = frozenset({"sign-in-refused", "account-locked", "account-disabled", "account-expired", "password-expired"})


class SignInSpared(RemoteError):
    """The account was not tried here, because others refused it. Facts: `servers` that did, separated by commas."""

    words = "sign-in-spared"


@dataclass(frozen=True, slots=True)
class _Trial:
    connection: Connection
    begun: float


class SignInGate:
    """One account during one look; used by all lanes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = Condition()
        self._trials: dict[str, _Trial] = {}
        self._accepted = False
        self._refused: list[str] = []

    def enter(self, server: str, connection: Connection, token: CancelToken) -> None:
        """Returns when this server may be shown the password. Raises SignInSpared or Cancelled.

        `connection` tells whether the trial of this server got anywhere: nothing is asked of it here.
        """
        with self._changed:
            while not self._open():
                token.raise_if_cancelled()
                if len(self._refused) >= MOST_REFUSALS:
                    raise SignInSpared(servers=", ".join(self._refused))
                if not any(self._counts(trial) for trial in self._trials.values()):
                    break
                self._changed.wait(_LOOK_SECONDS)
            self._trials[server] = _Trial(connection, self._clock())

    def leave(self, server: str, reason: str | None) -> None:
        """What came of it: the reason for which the look ended early, None when it did not."""
        with self._changed:
            trial = self._trials.pop(server, None)
            if trial is not None and trial.connection.signed_in is not None:
                self._accepted = True
            elif reason in REFUSES_ACCOUNT:
                self._refused.append(server)
            self._changed.notify_all()

    def _open(self) -> bool:
        self._accepted = self._accepted or any(trial.connection.signed_in is not None for trial in self._trials.values())
        return self._accepted

    def _counts(self, trial: _Trial) -> bool:
        return trial.connection.reached is not None or self._clock() - trial.begun <= SLOW_SECONDS
