"""Turns values of any origin into plain, bounded, one-line text: what a server prints may be hostile."""

import re
import unicodedata

LONGEST_VALUE = 300
ELLIPSIS = "…"

_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str, longest: int = LONGEST_VALUE) -> str:
    """One line of at most `longest` characters; controls, bidi overrides and lone surrogates shown as ⟨U+202E⟩.

    Line breaks and tabs become one space, so a value can never begin a line of its own in a terminal or a ticket.
    """
    head = _SPACES.sub(" ", text[: longest * 4]).strip()
    shown: list[str] = []
    length = 0
    for letter in head:
        piece = f"⟨U+{ord(letter):04X}⟩" if unicodedata.category(letter) in _UNSEEN else letter
        length += len(piece)
        if length > longest:
            return "".join(shown).rstrip() + ELLIPSIS
        shown.append(piece)
    cut_before = len(text) > longest * 4
    return "".join(shown) + (ELLIPSIS if cut_before else "")


def short_name(name: str) -> str:
    """The first label of a DNS name; addresses and single labels stay as they are."""
    label, dot, _ = name.partition(".")
    return name if not dot or not label or label.isdigit() or ":" in name else label


def grouped(thumbprint: str) -> str:
    """Hex digits in groups of eight, easier to compare by eye: `6D4A1C0E 93…`."""
    return " ".join(thumbprint[start : start + 8] for start in range(0, len(thumbprint), 8))
