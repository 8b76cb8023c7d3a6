"""Consent and deeds of the person at the terminal. Where nobody can be asked, only what was agreed to beforehand counts."""

from collections.abc import Iterable

from oauthcert.casework.repair_parts import Given
from oauthcert.cli.answers import AnswerMissing, asked
from oauthcert.cli.console import Console
from oauthcert.cli.in_practice import InPractice
from oauthcert.cli.sentences import Sentences
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import UsageError
from oauthcert.model.plan import Ask, Consent, Plan, Step

PRACTICE_LOOKS = 30
PRACTICE_SECONDS = 1.0
YES = frozenset({"y", "yes", "j", "ja"})


class NoConsent(UsageError):
    """Facts: `level`."""

    words = "no-consent"


def agreed(plan: Plan, yes: str | None, console: Console, sentences: Sentences) -> Consent | None:
    """The level that was agreed to; None when somebody said no. Raises NoConsent where nobody can be asked."""
    given = Consent(yes) if yes else Consent.LOOK
    for level in _levels(step.consent for step in plan.steps):
        if level.rank <= given.rank:
            continue
        if not console.can_ask:
            raise NoConsent(f"nobody agreed to {level.value}", level=level.value)
        for step in plan.steps:
            if step.consent is level:
                console.say(f"  {sentences.catalogue.step(step).title} ({step.server})")
        console.say(sentences("ask_consent", level=sentences.term("consent", level.value)))
        if (console.read_line() or "").strip().lower() not in YES:
            return None
        given = level
    return given


def _levels(levels: Iterable[Consent]) -> list[Consent]:
    """Each once, the weakest first; looking needs no agreement."""
    return sorted({level for level in levels if level is not Consent.LOOK}, key=lambda level: level.rank)


class PersonAtTheTerminal:
    """See `casework.repair_parts.Person`. `practice` does in practice what a person would do on the server, and has the files."""

    def __init__(self, console: Console, sentences: Sentences, practice: InPractice | None = None) -> None:
        self._console = console
        self._sentences = sentences
        self._practice = practice
        self._done: dict[str, int] = {}

    def has_done(self, step: Step, token: CancelToken) -> bool:
        if token.cancelled:
            return False
        text = self._sentences.catalogue.step(step)
        again = self._done.get(step.id, 0)
        self._done[step.id] = again + 1
        if self._practice is not None:
            return self._settles_soon(again, token) if again else self._in_practice(step)
        if not self._console.can_ask:
            return False
        self._console.say(self._sentences("not_done_yet") if again else text.do)
        self._console.say(self._sentences("ask_done"))
        return (self._console.read_line() or "").strip().lower() in YES

    @staticmethod
    def _settles_soon(again: int, token: CancelToken) -> bool:
        """What was done takes a while to show; in practice nobody is there to be asked meanwhile."""
        return again <= PRACTICE_LOOKS and not token.wait(PRACTICE_SECONDS)

    def _in_practice(self, step: Step) -> bool:
        if self._practice is None or not self._practice.does(step.fix, step.server):
            return False
        self._console.say(self._sentences("done_in_practice"))
        return True

    def answer(self, ask: Ask, token: CancelToken) -> Given | None:
        if token.cancelled:
            return None
        if self._practice is not None and (found := self._practice.answer(ask)) is not None:
            self._console.say(self._sentences("done_in_practice"))
            return found
        try:
            return asked(ask, self._console, self._sentences)
        except AnswerMissing:
            return None
