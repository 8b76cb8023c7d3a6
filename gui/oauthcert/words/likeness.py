"""Which sentences a text resembles although words of it are misspelt. Bounded, and never by guessing what a negation says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

MOST_WORDS = 300
"""Words of a text that are compared; of a longer one its beginning and its end. A screenshot typed by hand is shorter."""
_MOST_UNKNOWN = 60
_MOST_VERIFIED = 12
_FEWEST_WORDS = 3
_COMMON = 400  # a word that stands in more sentences than this does not lead to any of them
_SAY_NO = frozenset({"not", "no", "none", "never", "cannot", "without", "nicht", "nie", "ohne"})
_TURN_ROUND = ("un", "in", "im", "non", "dis", "nicht", "de")


def says_no(word: str) -> bool:
    return word in _SAY_NO or word.startswith("kein")


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, remove, replace or swap, at most `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)


def allowed(word: str) -> int:
    """How many letters of a word may be wrong: none in short ones and in numbers."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def opposite(one: str, other: str) -> bool:
    """Whether only a syllable that turns the meaning round tells them apart: trusted and untrusted."""
    shorter, longer = sorted((one, other), key=len)
    return longer != shorter and longer.endswith(shorter) and longer.removesuffix(shorter) in _TURN_ROUND


class Likeness:
    """Knows sentences by number, each as its words; gaps are not needed, since unknown words between them are passed over."""

    def __init__(self, sentences: Sequence[Sequence[str]]) -> None:
        self._sentences = sentences
        self._where: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(sentences):
            if len(words) >= _FEWEST_WORDS:
                for word in set(words):
                    self._where[word].append(number)
        self._by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for word in sorted(self._where):
            self._by_length[len(word)].append((_mask(word), word))

    def alike(self, text: Sequence[str]) -> list[tuple[int, int]]:
        """Numbers of the sentences that the text holds, each with how many of its letters were found there."""
        if len(text) > MOST_WORDS:
            text = [*text[: MOST_WORDS // 2], *text[-MOST_WORDS // 2 :]]
        meant = self._meant(text)
        found: dict[int, int] = {}
        for number in self._candidates(meant):
            if letters := _letters_found(self._sentences[number], text, meant):
                found[number] = letters
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def _meant(self, text: Sequence[str]) -> list[frozenset[str]]:
        """For every word of the text the known words it may be."""
        known: dict[str, frozenset[str]] = {}
        asked = 0
        for word in text:
            if word in known:
                continue
            if word in self._where:
                known[word] = frozenset((word,))
            elif asked < _MOST_UNKNOWN and allowed(word):
                asked += 1
                known[word] = self._near(word)
            else:
                known[word] = frozenset(("not",)) if sorted(word) == ["n", "o", "t"] else frozenset()
        return [known[word] for word in text]

    def _near(self, word: str) -> frozenset[str]:
        most, mask = allowed(word), _mask(word)
        found: dict[str, int] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            for letters, known in self._by_length.get(length, ()):
                if (letters ^ mask).bit_count() > 2 * most or allowed(known) == 0 or opposite(word, known):
                    continue
                if (away := distance(word, known, most)) <= most:
                    found[known] = away
        best = min(found.values(), default=0)
        return frozenset(known for known, away in found.items() if away == best)

    def _candidates(self, meant: Iterable[frozenset[str]]) -> list[int]:
        """The sentences that share most of their rarer words with the text."""
        words = frozenset().union(*meant)
        shared: dict[int, int] = defaultdict(int)
        for word in sorted(words):
            where = self._where.get(word, ())
            if len(where) <= _COMMON and len(word) > 2:
                for number in where:
                    shared[number] += len(word)
        likely = {number: letters for number, letters in shared.items() if letters * 10 >= 6 * sum(map(len, set(self._sentences[number])))}
        return sorted(likely, key=lambda number: (-likely[number], number))[:_MOST_VERIFIED]


def _mask(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 61)
    return mask


def _letters_found(sentence: Sequence[str], text: Sequence[str], meant: Sequence[frozenset[str]]) -> int:
    """Letters of the sentence that stand in the text in its order and close together; 0 when too little is there, or its opposite."""
    needed = len(sentence) - len(sentence) // 6
    longest = len(sentence) + len(sentence) // 3 + 2
    best = 0
    for begin, words in enumerate(meant):
        if not words & {sentence[0], sentence[1]}:
            continue
        window = meant[begin : begin + longest]
        matched, end = _in_order(sentence, window)
        if len(matched) < needed:
            continue
        said = sum(says_no(word) or sorted(word) == ["n", "o", "t"] for word in text[begin : begin + end])
        if said != sum(map(says_no, sentence)) or any(says_no(word) and place not in matched for place, word in enumerate(sentence)):
            continue
        best = max(best, sum(len(sentence[place]) for place in matched))
    return best if best * 5 >= 4 * sum(map(len, sentence)) else 0


def _in_order(sentence: Sequence[str], window: Sequence[frozenset[str]]) -> tuple[Mapping[int, int], int]:
    """Place in the sentence -> place in the window, for the longest common sequence of words; and where that ends."""
    rows = [[0] * (len(window) + 1) for _ in range(len(sentence) + 1)]
    for row in range(len(sentence) - 1, -1, -1):
        for column in range(len(window) - 1, -1, -1):
            rows[row][column] = (
                rows[row + 1][column + 1] + 1 if sentence[row] in window[column] else max(rows[row + 1][column], rows[row][column + 1])
            )
    matched: dict[int, int] = {}
    row = column = 0
    while row < len(sentence) and column < len(window) and rows[row][column]:
        if sentence[row] in window[column]:
            matched[row] = column
            row, column = row + 1, column + 1
        elif rows[row + 1][column] >= rows[row][column + 1]:
            row += 1
        else:
            column += 1
    return matched, max(matched.values(), default=-1) + 1
