"""What a finding was judged from, for people: the same labels and values on the screen, in a ticket and in a report."""

from dataclasses import dataclass
from datetime import UTC, datetime

from oauthcert.checks.table import CHECKS
from oauthcert.model.finding import Fact, Finding
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of
from oauthcert.words.showing import visible

# Facts that are codes, and the table of words that says what they stand for (see `coded` in terms.toml).
_CODED = {
    "look": "look",
    "denied_looks": "look",
    "refused_looks": "look",
    "why": "why",
    "reference": "reference",
    "ways": "way",
    "directory": "directory",
    "problem": "problem",
    "reason": "reason",
}
DECLARED = frozenset(fact for check in CHECKS for variant in check.variants for fact in variant.facts)
"""Every fact that texts may rely on; each has a label."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact: what it is, its value, whether a machine wrote it, and for a time the same in UTC."""

    label: str
    value: str
    machine: bool = False
    utc: str = ""


def lines_of(finding: Finding, catalogue: Catalogue) -> list[FactLine]:
    """The facts of a finding in the order they were judged, times on this machine's clock. Facts that say nothing are left out."""
    return [_line(name, value, catalogue) for name, value in finding.facts.items() if tells(value)]


def pairs_of(finding: Finding, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Label and value of each fact for what is read elsewhere: in the order they were judged, times in UTC."""
    return tuple(
        (label_of(name, catalogue), code_words(name, value, catalogue) or catalogue.formats.fact(name, value))
        for name, value in finding.facts.items()
        if tells(value)
    )


def tells(value: Fact) -> bool:
    return value not in (None, "", ())


def _line(name: str, value: Fact, catalogue: Catalogue) -> FactLine:
    label = label_of(name, catalogue)
    if (words := code_words(name, value, catalogue)) is not None:
        return FactLine(label, words)
    if (at := moment_of(value)) is not None:
        return FactLine(label, local_moment(at, catalogue), utc=catalogue.formats.moment(at))
    # Figures, days, yes and no are our own words; every other text was printed by a machine.
    printed = isinstance(value, str) and catalogue.formats.day_or_month(value) is None
    return FactLine(label, catalogue.formats.fact(name, value), machine=printed)


def label_of(name: str, catalogue: Catalogue) -> str:
    """The words for a declared fact; a further one goes by its own name."""
    return catalogue.window(f"fact.{name}") if name in DECLARED else visible(name.replace("_", " "), 60)


def code_words(name: str, value: Fact, catalogue: Catalogue) -> str | None:
    """What a code stands for; None for a fact that is none."""
    return catalogue.window(f"fact-code.{_CODED[name]}", value=value) if name in _CODED else None


def local_moment(at: datetime, catalogue: Catalogue) -> str:
    """`20 Nov 2026 17:58 UTC+01:00`, on this machine's clock."""
    here = at.astimezone()
    offset = here.strftime("%z")
    zone = "UTC" if not here.utcoffset() else f"UTC{offset[:3]}:{offset[3:5]}"
    # `date` writes days in UTC; the wall clock's day has to be told it is one
    return f"{catalogue.formats.date(here.replace(tzinfo=UTC))} {here:%H:%M} {zone}"
