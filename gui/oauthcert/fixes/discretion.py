"""Takes secrets out of what servers say: an error may well repeat what it was given."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from oauthcert.model.finding import Fact
from oauthcert.model.repair import StepResult
from oauthcert.model.secret import Secret

DOTS = "•••"
_SHORTEST = 4  # a shorter secret would be found by chance in every second text
_PIECE = 40  # characters of a long secret that nobody writes by chance: messages quote what they were given, and are cut
_RUN = re.compile(rf"[A-Za-z0-9+/=]{{{_PIECE},}}")


class Discretion:
    """Puts dots wherever one of these secrets stands, or a piece of a long one (key material in base64)."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        texts = {secret.reveal() for secret in secrets}
        self._hidden = sorted((text for text in texts if len(text) >= _SHORTEST), key=len, reverse=True)
        self._long = [text for text in self._hidden if len(text) > _PIECE]

    def facts(self, facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
        return {name: self._fact(fact) for name, fact in facts.items()} if self._hidden else facts

    def texts(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._text(text) for text in texts)

    def _fact(self, fact: Fact) -> Fact:
        match fact:
            case str():
                return self._text(fact)
            case tuple():
                return self.texts(fact)
        return fact

    def _text(self, text: str) -> str:
        for one in self._hidden:
            text = text.replace(one, DOTS)
        return _RUN.sub(self._dotted, text) if self._long else text

    def _dotted(self, run: re.Match[str]) -> str:
        pieces = (run[0][:_PIECE], run[0][-_PIECE:])
        return DOTS if any(piece in one for one in self._long for piece in pieces) else run[0]


def discreet(result: StepResult, secrets: Iterable[Secret]) -> StepResult:
    """The result without these secrets."""
    by = Discretion(secrets)
    return replace(
        result,
        facts=by.facts(result.facts),
        before=by.facts(result.before),
        after=by.facts(result.after),
        notes=by.texts(result.notes),
    )
