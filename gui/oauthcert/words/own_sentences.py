"""The program's own sentences, in every language: whoever pastes one back from a ticket is led to its meaning and next step."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from oauthcert.words.filling import PLACEHOLDER
from oauthcert.words.shelves import Shelves
from oauthcert.words.symptom import Sentence

REASON, ERROR, FINDING = "reason:", "error:", "finding:"
_END = re.compile(r"(?<=[.?!]) +")


def own_sentences(shelves: Shelves) -> Iterator[Sentence]:
    """Reasons, errors and findings of one language: each text as a whole, and each of its sentences."""
    for kind, shelf in ((REASON, "reasons"), (ERROR, "errors")):
        for name, words in shelves.shelf(shelf).items():
            yield from _of(f"{kind}{name}", words)
    for check, variants in shelves.findings.items():
        for variant, words in variants.items():
            yield from _of(f"{FINDING}{check}.{variant}", words)


def without_values(template: str) -> str:
    """A sentence to show when its values are not known."""
    return PLACEHOLDER.sub("…", template)


def _of(name: str, words: Mapping[str, Any]) -> Iterator[Sentence]:
    for part in ("title", "meaning", "action"):
        text = str(words.get(part, ""))
        pieces = _END.split(text)
        for piece in [text, *(pieces if len(pieces) > 1 else [])]:
            if (sentence := Sentence.read(name, PLACEHOLDER.sub("*", piece))) is not None:
                yield sentence
