"""The person at the window, as a repair that waits for a deed or an answer of theirs knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Ask, Step
from oauthcert.ui.desk import Given

_ASK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """The repair waits for a person; `again`: the servers do not show yet what they said they had done."""

    step: Step
    again: bool


@dataclass(frozen=True, slots=True)
class AnswerAsked:
    """The repair waits for an answer that could not be given before: a file that only came to be on the way."""

    ask: Ask


class PersonAtTheWindow:
    """Asks by `tell` and waits, in the thread of the repair, until `say` or `give` was called in the thread of the window."""

    def __init__(self) -> None:
        self.tell: Callable[[object], None] = lambda _event: None
        self._changed = Condition()
        self._said: bool | None = None
        self._asked: set[str] = set()
        self._given: tuple[Given | None] | None = None

    def say(self, done: bool) -> None:
        """True: it is done, look again. False: leave it out."""
        with self._changed:
            self._said = done
            self._changed.notify_all()

    def give(self, given: Given | None) -> None:
        """The answer; None leaves the question open."""
        with self._changed:
            self._given = (given,)
            self._changed.notify_all()

    def has_done(self, step: Step, token: CancelToken) -> bool:
        """False also when the repair is to stop."""
        again = step.id in self._asked
        self._asked.add(step.id)
        self.tell(PersonAsked(step, again))
        with self._changed:
            # The token has no way to wake this up, so it is asked five times a second.
            while self._said is None and not token.cancelled:
                self._changed.wait(_ASK_AGAIN_SECONDS)
            said, self._said = self._said, None
            return bool(said) and not token.cancelled

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        """None also when the repair is to stop."""
        self.tell(AnswerAsked(ask))
        with self._changed:
            while self._given is None and not token.cancelled:
                self._changed.wait(_ASK_AGAIN_SECONDS)
            given, self._given = self._given, None
            return given[0] if given is not None else None
