"""All that pasted texts are compared with, prepared once: sentences by letters, misspelt ones by words, questions by their terms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from oauthcert.words.likeness import Likeness, distance
from oauthcert.words.pasted import Pasted
from oauthcert.words.symptom import Question, Sentence, Symptom

_ANCHOR = 8  # letters; no sentence has a longest piece shorter than this
_LONGEST_VALUE = 400  # letters between two pieces of one sentence
_MOST_TRIES = 20
_MOST_HITS = 400
_LONGEST_QUESTION = 60  # words
_WHOLE = 2  # stems this short are whole words
_LONG_STEM = 6
_CODE, _EVENT, _TERM = 30, 25, 12  # what a sign is worth, in letters of a sentence; beside known sentences plain words count less
_LIKE = 0.9  # a resemblance counts a little less than the same letters


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a text may be about. `weight` is in letters recognised; `exact`: every letter, number or code is there as known."""

    of: str
    weight: float
    exact: bool


class Knowledge:
    """Symptoms and the program's own sentences. Immutable; the same text gives the same hits in the same order."""

    def __init__(self, symptoms: Sequence[Symptom], own: Iterable[Sentence]) -> None:
        self.symptoms: Mapping[str, Symptom] = {symptom.id: symptom for symptom in symptoms}
        same = {(sentence.of, sentence.pieces): sentence for symptom in symptoms for sentence in symptom.sentences}
        same.update({(sentence.of, sentence.pieces): sentence for sentence in own})
        self._sentences = tuple(same.values())
        self._order = {name: place for place, name in enumerate(dict.fromkeys([*self.symptoms, *(one.of for one in self._sentences)]))}

    def hits(self, pasted: Pasted) -> list[Hit]:
        """The best sign of each thing the text may be about, the best thing first."""
        said = self._said(pasted)
        found = [*said, *self._numbered(pasted), *self._asked(pasted, _TERM * 2 / 3 if said else _TERM)]
        if max((hit.weight for hit in found), default=0) < 2 * _CODE:
            found += self._alike(pasted)
        best: dict[str, Hit] = {}
        for hit in found:
            if hit.of not in best or (hit.weight, hit.exact) > (best[hit.of].weight, best[hit.of].exact):
                best[hit.of] = hit
        return sorted(best.values(), key=lambda hit: (-hit.weight, not hit.exact, self._order[hit.of]))

    def _said(self, pasted: Pasted) -> list[Hit]:
        anchors = self._anchors
        seen: set[int] = set()
        for letters in pasted.letters:
            if len(seen) >= _MOST_HITS:
                break
            there = {
                anchor for anchor in map("".join, zip(*(letters[start:] for start in range(_ANCHOR)), strict=False)) if anchor in anchors
            }
            for number in sorted(number for anchor in there for number in anchors[anchor]):
                if number not in seen and _holds(letters, self._sentences[number].pieces):
                    seen.add(number)
        return [Hit(self._sentences[number].of, self._sentences[number].letters, exact=True) for number in sorted(seen)]

    def _numbered(self, pasted: Pasted) -> Iterable[Hit]:
        numbers = pasted.numbers
        for symptom in self.symptoms.values():
            if symptom.codes & numbers.codes:
                yield Hit(symptom.id, _CODE, exact=True)
            if symptom.events & numbers.ids and any(source in pasted.letters[0] for source in symptom.sources):
                yield Hit(symptom.id, _EVENT, exact=True)
            # by number alone only where the text calls it an event and names no source, as ids mean nothing without
            if not numbers.sources and symptom.events & numbers.events:
                yield Hit(symptom.id, _EVENT, exact=True)

    def _asked(self, pasted: Pasted, term: float) -> Iterable[Hit]:
        words = list(dict.fromkeys(pasted.words[: _LONGEST_QUESTION + 1]))
        if not words or len(pasted.words) > _LONGEST_QUESTION:
            return
        spaced = f" {' '.join(words)} "
        there = {stem for stem in self._stems if _stands(stem, spaced, words)}
        for question in self._questions:
            if all(term & there for term in question.terms) and not question.without & there:
                yield Hit(question.of, term * len(question.terms), exact=False)

    def _alike(self, pasted: Pasted) -> Iterable[Hit]:
        return [Hit(self._sentences[number].of, letters * _LIKE, exact=False) for number, letters in self._likeness.alike(pasted.words)]

    @cached_property
    def _anchors(self) -> Mapping[str, Sequence[int]]:
        """Eight letters -> the sentences recognised by them: those letters of its longest piece that fewest sentences share."""
        longest = [max(sentence.pieces, key=len) for sentence in self._sentences]
        often = Counter(piece[start : start + _ANCHOR] for piece in longest for start in range(len(piece) - _ANCHOR + 1))
        anchors: dict[str, list[int]] = defaultdict(list)
        for number, piece in enumerate(longest):
            anchors[
                min((piece[start : start + _ANCHOR] for start in range(len(piece) - _ANCHOR + 1)), key=lambda part: often[part])
            ].append(number)
        return anchors

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness([sentence.words for sentence in self._sentences])

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return tuple(question for symptom in self.symptoms.values() for question in symptom.questions)

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(stem for question in self._questions for term in (*question.terms, question.without) for stem in sorted(term))
        )


def _holds(letters: str, pieces: Sequence[str]) -> bool:
    """Whether the pieces follow each other in the letters, values of bounded length between them."""
    begin = letters.find(pieces[0])
    for _ in range(_MOST_TRIES):
        if begin < 0:
            return False
        at = begin + len(pieces[0])
        for piece in pieces[1:]:
            at = letters.find(piece, at, at + _LONGEST_VALUE + len(piece))
            if at < 0:
                break
            at += len(piece)
        else:
            return True
        begin = letters.find(pieces[0], begin + 1)
    return False


def _stands(stem: str, spaced: str, words: Sequence[str]) -> bool:
    """Whether a word begins with the stem or, as German words do, holds it; one letter of a long stem may be wrong."""
    if len(stem) < _LONG_STEM:
        return (f" {stem} " if len(stem) <= _WHOLE else f" {stem}") in spaced
    return stem in spaced or any(word[0] == stem[0] and len(word) >= len(stem) - 1 and _nearly_begins(word, stem) for word in words)


def _nearly_begins(word: str, stem: str) -> bool:
    # one wrong letter among the first three leaves one of the others near its place
    if word[1] != stem[1] and word[2] != stem[2] and word[1] != stem[2] and word[2] != stem[1]:
        return False
    return any(distance(word[: len(stem) + more], stem, 1) <= 1 for more in (-1, 0, 1))
