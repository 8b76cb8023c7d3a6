"""A pasted text made comparable: escapes undone, letters folded, noise taken out, numbers of events and errors picked out."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST = 1024 * 1024
"""Characters that are read; of a longer text the first and the last half of this, since logs say it at their end."""
LONGEST_CLEANED = 256 * 1024
"""Characters that are also read with their noise taken out, first and last half alike: noise is costly to find."""

# Time stamps stand in the middle of a message where a log wrapped its lines.
_STAMP = re.compile(
    r"\b\d{4}-\d\d?-\d\d?(?:[T ]+\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d?[./]\d\d?[./](?:(?:19|20)\d\d|\d\d)(?!\d|\.\d)(?:,? +\d\d?:\d\d(?::\d\d)?(?: ?[AP]M\b)?)?"
    r"|\b\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?",
    re.I,
)
# Values that stand inside sentences: ids, thumbprints, serial numbers, codes, names of servers, tags of XML, colours of a terminal.
_NOISE = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{2}(?:[ :-][0-9a-f]{2}){7,31}\b"
    r"|\b(?:0x)?[0-9a-f]{16,128}\b"
    r"|\b0x[0-9a-f]{8}\b"
    r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\.[a-z][a-z0-9-]{1,62}\b(?::\d{1,5}\b)?"
    r"|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?::\d{1,5}\b)?"
    r"|<[^<>]{1,200}>"
    r"|\x1b\[[0-9;]{0,12}[a-z]"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # CLIXML writes control characters so
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos|nbsp);", re.I)
_SEPARATORS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
# UTF-8 read as a Windows code page, the usual fate of umlauts in copied logs
_MANGLED = {
    "Ã¤": "ä",
    "Ã¶": "ö",
    "Ã¼": "ü",
    "ÃŸ": "ß",
    "Ã„": "Ä",
    "Ã–": "Ö",
    "Ãœ": "Ü",
    "Ã\x9f": "ß",
    "Ã\x84": "Ä",
    "Ã\x96": "Ö",
    "Ã\x9c": "Ü",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NUMBER = re.compile(r"(?<![\w.])-?(?:0x)?[0-9a-f]{3,12}(?![\w.]?\w)")
_ID = re.compile(r"(?<![\w.])\d{3,5}(?![\w])")
_EVENT = re.compile(
    r"\b(?:event|ereignis)s?[ -]?(?:id|kennung|code|nummer|number|nr\.?)?\b[ \t]*[:=#]?[ \t]*(\d{3,5})\b|\bid[ \t]*[:=][ \t]*(\d{3,5})\b"
)
_SOURCE = re.compile(r"\b(?:source|quelle|provider ?name|provider|anbieter)[ \t]*[:=][ \t]*([^\r\n\t;|]{2,80})")
_SERIAL = re.compile(r"\b(?:serial ?number|seriennummer)\W{0,4}((?:[0-9a-f]{2}[ :-]?){4,32})")


def folded(text: str) -> str:
    """Compatible letters made equal, case folded, umlauts written as two letters; what nobody sees is left out."""
    if text.isascii():
        return text.lower()
    for wrong, right in _MANGLED.items():
        text = text.replace(wrong, right)
    # some letters become eighteen
    text = ends_of(unicodedata.normalize("NFKC", text), LONGEST).casefold().translate(_UMLAUTS)
    # a copied message may bring soft hyphens and other letters that nobody sees
    return "".join(letter for letter in text if letter.isascii() or unicodedata.category(letter) != "Cf")


def reduced(text: str) -> str:
    """Only letters and digits: line breaks inside words, quotes of any kind and punctuation do not matter."""
    return letters_of(folded(text))


def letters_of(text: str) -> str:
    """The letters and digits of a folded text."""
    return _SEPARATORS.sub("", text)


def words_of(text: str) -> list[str]:
    """The words of a folded text."""
    return _WORD.findall(text)


def code_of(text: str) -> int:
    """`0x800b0109`, `800b0109`, `2148204809` and `-2146762487` are the same number."""
    text = text.casefold()
    negative, digits = text.startswith("-"), text.removeprefix("-").removeprefix("0x")
    # ten digits are a decimal HRESULT, eight are a hexadecimal one
    decimal = digits.isdigit() and (negative or (len(digits) >= 9 and not text.startswith("0x")))
    number = int(digits, 10 if decimal else 16)
    return (-number if negative else number) & 0xFFFFFFFF


def ends_of(text: str, most: int) -> str:
    """The text, or of a longer one its beginning and its end."""
    return text if len(text) <= most else f"{text[: most // 2]}\n{text[-most // 2 :]}"


@dataclass(frozen=True, slots=True)
class Numbers:
    """`ids` are numbers that may be those of events, `events` those called so, `codes` unsigned, `sources` what named itself."""

    codes: frozenset[int]
    ids: frozenset[int]
    events: frozenset[int]
    sources: tuple[str, ...]


class Pasted:
    """One text, prepared once for all comparisons; each way of reading it only when it is asked for."""

    def __init__(self, text: str) -> None:
        text = ends_of(text, LONGEST)
        if "_x" in text:
            text = _ESCAPED.sub(lambda match: _letter(match[1]), text)
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        self.text = folded(text)

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters as they stand, and those without time stamps, ids and names between them."""
        plain, cleaned = letters_of(self.text), letters_of(self.cleaned)
        return (plain,) if cleaned == plain else (plain, cleaned)

    @cached_property
    def cleaned(self) -> str:
        """The text without what comes between the words of a message."""
        return _NOISE.sub(" ", _STAMP.sub(" ", ends_of(self.text, LONGEST_CLEANED)))

    @cached_property
    def words(self) -> list[str]:
        """The words of the cleaned text."""
        return words_of(self.cleaned)

    @cached_property
    def numbers(self) -> Numbers:
        unstamped = _STAMP.sub(" ", ends_of(self.text, LONGEST_CLEANED))
        events = {int(one or other) for one, other in _EVENT.findall(unstamped)}
        if alone := _ID.fullmatch(self.text.strip()):
            events.add(int(alone[0]))
        return Numbers(
            codes=frozenset(code_of(number) for number in _NUMBER.findall(unstamped)),
            ids=frozenset(int(number) for number in _ID.findall(unstamped)),
            events=frozenset(events),
            sources=tuple(letters_of(source) for source in _SOURCE.findall(unstamped)),
        )

    @cached_property
    def turned_serial(self) -> str:
        """The serial number in the text with its bytes the other way round, as certificates are listed; empty when there is none."""
        found = _SERIAL.search(ends_of(self.text, LONGEST_CLEANED))
        digits = re.sub(r"[^0-9a-f]", "", found[1]) if found else ""
        return bytes.fromhex(digits)[::-1].hex().upper() if digits and len(digits) % 2 == 0 else ""


def _letter(code: str) -> str:
    number = int(code, 16)
    return " " if number < 32 or 0xD800 <= number < 0xE000 else chr(number)
