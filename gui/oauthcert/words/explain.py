"""What a pasted error or event text means: compared with the symptoms that are known, by letters and digits alone."""

import re
import unicodedata
from dataclasses import dataclass

from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible
from oauthcert.words.texts import Explanation

LONGEST = 64 * 1024
"""Characters that are read; of a longer text the first and the last half of this, since logs say it at their end."""
MOST_OTHERS = 3

# Time stamps stand in the middle of a message where a log wrapped its lines.
_STAMP = re.compile(
    r"\b\d{4}-\d\d?-\d\d?(?:[T ]+\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d?[./]\d\d?[./]\d{2,4}(?:,? +\d\d?:\d\d(?::\d\d)?(?: ?[AP]M\b)?)?"
    r"|\b\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?"
)
_SEPARATORS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"(?<![\w.])-?(?:0x)?[0-9a-f]{3,12}(?![\w.]?\w)")
_ID = re.compile(r"(?<![\w.])\d{3,5}(?![\w])")
_EVENT = re.compile(r"\b(?:event|ereignis)[ -]?(?:id|kennung|code)?\b[ \t]*[:=#]?[ \t]*(\d{3,5})\b|\bid[ \t]*[:=][ \t]*(\d{3,5})\b")
_SOURCE = re.compile(r"\b(?:source|quelle|provider ?name|provider|anbieter)[ \t]*[:=][ \t]*([^\r\n\t;|]{2,80})")
_SERIAL = re.compile(r"\b(?:serial ?number|seriennummer)\W{0,4}((?:[0-9a-f]{2}[ :-]?){4,32})")


@dataclass(frozen=True, slots=True)
class Symptom:
    """What a text about one thing looks like; phrases and sources as `reduced` leaves them, codes as unsigned numbers."""

    id: str
    phrases: tuple[str, ...]
    events: frozenset[int]
    sources: tuple[str, ...]
    codes: frozenset[int]
    checks: tuple[str, ...]


def reduced(text: str) -> str:
    """Only letters and digits, case folded: line breaks inside words, quotes of any kind and punctuation do not matter."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).casefold())


def symptoms(catalogue: Catalogue) -> tuple[Symptom, ...]:
    """All that are known, in the order of their file."""
    return tuple(
        Symptom(
            id=name,
            phrases=tuple(reduced(phrase) for phrase in entry.get("phrases", ())),
            events=frozenset(entry.get("events", ())),
            sources=tuple(reduced(source) for source in entry.get("sources", ())),
            codes=frozenset(_code(code) for code in entry.get("codes", ())),
            checks=tuple(entry["checks"]),
        )
        for name, entry in catalogue.symptoms.items()
    )


def explain(text: str, catalogue: Catalogue) -> Explanation:
    """The meaning of `text` in the catalogue's language. Never raises; takes time in proportion to the text, at most LONGEST of it."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    pasted = _Pasted.of(text)
    found = sorted(((weight, symptom) for symptom in symptoms(catalogue) if (weight := pasted.weight(symptom))), key=lambda pair: -pair[0])
    if not found:
        return Explanation("", "", "", tried=pasted.tried())
    best, words = found[0][1], catalogue.symptom(found[0][1].id)
    meaning = words["meaning"]
    if "serial" in words and (serial := _reversed_serial(text)):
        meaning = f"{meaning} {words['serial'].replace('{serial}', serial)}"
    return Explanation(
        title=words["title"],
        meaning=meaning,
        action=words["action"],
        checks=best.checks,
        looks=tuple(catalogue.check(check).name for check in best.checks),
        others=tuple(catalogue.symptom(symptom.id)["title"] for _, symptom in found[1 : 1 + MOST_OTHERS]),
    )


@dataclass(frozen=True, slots=True)
class _Pasted:
    """One text, prepared once for all comparisons. `ids` are numbers that may be those of events, `events` those called so."""

    letters: str
    numbers: frozenset[int]
    ids: frozenset[int]
    events: frozenset[int]
    sources: tuple[str, ...]
    beginning: str

    @classmethod
    def of(cls, text: str) -> "_Pasted":
        lower = unicodedata.normalize("NFKC", text).casefold()
        # a copied message may bring soft hyphens and other letters that nobody sees
        if not lower.isascii():
            lower = "".join(letter for letter in lower if unicodedata.category(letter) != "Cf")
        unstamped = _STAMP.sub(" ", lower)
        events = {int(one or other) for one, other in _EVENT.findall(unstamped)}
        if alone := _ID.fullmatch(lower.strip()):
            events.add(int(alone[0]))
        return cls(
            letters=_SEPARATORS.sub("", unstamped),
            numbers=frozenset(_code(number) for number in _NUMBER.findall(unstamped)),
            ids=frozenset(int(number) for number in _ID.findall(unstamped)),
            events=frozenset(events),
            sources=tuple(_SEPARATORS.sub("", source) for source in _SOURCE.findall(lower)),
            beginning=visible(text, 60),
        )

    def weight(self, symptom: Symptom) -> int:
        """0 when the text does not say this; else the more, the more of it was recognised."""
        phrase = max((len(phrase) for phrase in symptom.phrases if phrase in self.letters), default=0)
        code = 30 if symptom.codes & self.numbers else 0
        event = 25 if self._tells_event(symptom) else 0
        return max(phrase, code, event)

    def _tells_event(self, symptom: Symptom) -> bool:
        """By number and source; by number alone only where the text calls it an event and names no source, as ids mean nothing without."""
        if symptom.events & self.ids and any(source in self.letters for source in symptom.sources):
            return True
        return not self.sources and bool(symptom.events & self.events)

    def tried(self) -> tuple[str, ...]:
        """What the text was searched for, in words that need no language: event numbers, codes, the beginning of the message."""
        events = tuple(str(event) for event in sorted(self.events)[:3])
        codes = tuple(f"0x{number:08x}" for number in sorted(self.numbers) if number > 0xFFFF)[:3]
        return (*events, *codes) or ((self.beginning,) if self.beginning else ())


def _code(text: str) -> int:
    """`0x800b0109`, `800b0109`, `2148204809` and `-2146762487` are the same number."""
    text = text.casefold()
    negative, digits = text.startswith("-"), text.removeprefix("-").removeprefix("0x")
    # ten digits are a decimal HRESULT, eight are a hexadecimal one
    decimal = digits.isdigit() and (negative or (len(digits) >= 9 and not text.startswith("0x")))
    number = int(digits, 10 if decimal else 16)
    return (-number if negative else number) & 0xFFFFFFFF


def _reversed_serial(text: str) -> str:
    """The serial number in the text with its bytes the other way round, as certificates are listed."""
    found = _SERIAL.search(text.casefold())
    digits = re.sub(r"[^0-9a-f]", "", found[1]) if found else ""
    return bytes.fromhex(digits)[::-1].hex().upper() if digits and len(digits) % 2 == 0 else ""
