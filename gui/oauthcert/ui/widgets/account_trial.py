"""Tries an account on servers without locking it: the first server decides whether the others are asked."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target

LANES = 8

TELLING_ACCOUNT = frozenset({"sign-in-refused", "account-locked", "account-expired", "account-disabled", "password-expired"})
"""Answers about the account itself: one domain counts the refusals of all its servers together and then locks the account."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one server answered; None is: it accepts the account."""

    server: str
    not_seen: NotSeen | None


@dataclass(frozen=True, slots=True)
class Spared:
    """Servers that were not asked, since one had refused the account."""

    servers: tuple[str, ...]


Ask = Callable[[Target, CancelToken], NotSeen | None]
Tell = Callable[[object], None]


def try_account(targets: Sequence[Target], ask: Ask, token: CancelToken, tell: Tell) -> None:
    """Tells a Tried for each server as it answers, at the end perhaps a Spared. Raises Cancelled, and what `ask` raises.

    One server after the other until one accepts the account; then the rest at once.
    """
    waiting = list(targets)
    while waiting:
        token.raise_if_cancelled()
        target = waiting.pop(0)
        answer = ask(target, token)
        token.raise_if_cancelled()
        tell(Tried(target.name, answer))
        if answer is None:
            _try_rest(waiting, ask, token, tell)
            return
        if answer.reason in TELLING_ACCOUNT:
            if waiting:
                tell(Spared(tuple(left.name for left in waiting)))
            return


def _try_rest(targets: Sequence[Target], ask: Ask, token: CancelToken, tell: Tell) -> None:
    def one(target: Target) -> Tried | None:
        return None if token.cancelled else Tried(target.name, ask(target, token))

    with ThreadPoolExecutor(LANES, "oauthcert-trial") as lanes:
        for done in as_completed([lanes.submit(one, target) for target in targets]):
            tried = done.result()
            if tried is not None and not token.cancelled:
                tell(tried)
    token.raise_if_cancelled()
