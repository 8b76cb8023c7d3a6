"""Takes secrets out of what servers say: an error may well repeat what it was given."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oauthcert.model.finding import Fact
from oauthcert.model.repair import StepResult
from oauthcert.model.secret import Secret

DOTS = "•••"
_SHORTEST = 4  # a shorter secret would be found by chance in every second text


def discreet(result: StepResult, secrets: Sequence[Secret]) -> StepResult:
    """The result with dots wherever one of these secrets stood."""
    hidden = sorted({secret.reveal() for secret in secrets if len(secret.reveal()) >= _SHORTEST}, key=len, reverse=True)
    if not hidden:
        return result
    return replace(
        result,
        facts=_facts(result.facts, hidden),
        before=_facts(result.before, hidden),
        after=_facts(result.after, hidden),
        notes=tuple(_clean(note, hidden) for note in result.notes),
    )


def _facts(facts: Mapping[str, Fact], hidden: Sequence[str]) -> Mapping[str, Fact]:
    return {name: _fact(fact, hidden) for name, fact in facts.items()}


def _fact(fact: Fact, hidden: Sequence[str]) -> Fact:
    match fact:
        case str():
            return _clean(fact, hidden)
        case tuple():
            return tuple(_clean(one, hidden) for one in fact)
    return fact


def _clean(text: str, hidden: Sequence[str]) -> str:
    for one in hidden:
        text = text.replace(one, DOTS)
    return text
