"""What is known of error texts, events and questions, read from `symptoms*.toml`: what they look like and what looks at them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oauthcert.words.pasted import code_of, folded, letters_of, reduced, words_of
from oauthcert.words.texts import Source

SHORTEST = 12
"""Letters a sentence must have to be recognised by itself."""
GAP = re.compile(r"\{[^{}]*\}|\*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Pieces that follow each other, with values between them; `words` are those of all pieces, `letters` their length."""

    of: str
    pieces: tuple[str, ...]
    words: tuple[str, ...]
    letters: int

    @classmethod
    def read(cls, of: str, text: str) -> "Sentence | None":
        """From a phrase where `*` or `{name}` stands for a value; None when too little is left to be recognised by."""
        parts = [folded(part) for part in GAP.split(text)]
        pieces = tuple(piece for piece in map(letters_of, parts) if piece)
        letters = sum(map(len, pieces))
        if letters < SHORTEST or max(map(len, pieces)) < 8:
            return None
        return cls(of, pieces, tuple(word for part in parts for word in words_of(part)), letters)


@dataclass(frozen=True, slots=True)
class Question:
    """Beginnings of words that have to be there together, each with its alternatives; `without` must not be there."""

    of: str
    terms: tuple[frozenset[str], ...]
    without: frozenset[str]

    @classmethod
    def read(cls, of: str, text: str) -> "Question":
        """From `restart|neustart renew|erneuer !default`."""
        terms = [part for part in folded(text).split() if not part.startswith("!")]
        without = (part.removeprefix("!").split("|") for part in folded(text).split() if part.startswith("!"))
        return cls(of, tuple(frozenset(term.split("|")) for term in terms), frozenset(word for part in without for word in part))


@dataclass(frozen=True, slots=True)
class Symptom:
    """What a text about one thing looks like, and what looks at and mends it. Sources as `reduced` leaves them, codes unsigned."""

    id: str
    sentences: tuple[Sentence, ...]
    questions: tuple[Question, ...]
    events: frozenset[int]
    sources: tuple[str, ...]
    codes: frozenset[int]
    checks: tuple[str, ...]
    fixes: tuple[str, ...]
    pages: tuple[Source, ...]

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> "Symptom":
        sentences = (Sentence.read(name, phrase) for phrase in entry.get("phrases", ()))
        return cls(
            id=name,
            sentences=tuple(sentence for sentence in sentences if sentence is not None),
            questions=tuple(Question.read(name, asked) for asked in entry.get("asks", ())),
            events=frozenset(entry.get("events", ())),
            sources=tuple(reduced(source) for source in entry.get("sources", ())),
            codes=frozenset(code_of(code) for code in entry.get("codes", ())),
            checks=tuple(entry.get("checks", ())),
            fixes=tuple(entry.get("fixes", ())),
            pages=tuple(Source(page["title"], page["url"]) for page in entry.get("pages", ())),
        )
