"""What the pane tells of one light, as plain values: for the screen and, in one piece, for a ticket."""

import re
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
_MACHINE = re.compile(
    r"thumbprint|subject|issuer|provider$|version|^(root|link|container|address|username|account|fqdn|error|sha256|serial|mode|message|event_message)$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A fact: what it is, its value, whether a machine wrote it, and for a time the same in UTC."""

    label: str
    value: str
    machine: bool = False
    utc: str = ""


def lines_of(finding: Finding, catalogue: Catalogue, *, local: bool) -> list[Line]:
    """The facts of a finding in the order they were judged; `local` shows times on this machine's clock."""
    return [_line(name, value, catalogue, local=local) for name, value in finding.facts.items() if value not in (None, "", ())]


def _line(name: str, value: Fact, catalogue: Catalogue, *, local: bool) -> Line:
    label = label_of(name, catalogue)
    if name in _CODED:
        return Line(label, catalogue.window(f"check.code.{_CODED[name]}", value=value))
    at = moment_of(value)
    if at is not None:
        utc = catalogue.formats.moment(at)
        return Line(label, local_moment(at, catalogue) if local else utc, utc=utc)
    return Line(label, catalogue.formats.fact(name, value), machine=isinstance(value, str) and bool(_MACHINE.search(name)))


def label_of(name: str, catalogue: Catalogue) -> str:
    """The words for a declared fact; a further one goes by its own name."""
    return catalogue.window(f"check.fact.{name}") if name in DECLARED else visible(name.replace("_", " "), 60)


def local_moment(at: datetime, catalogue: Catalogue) -> str:
    """`20 Nov 2026 17:58 UTC+01:00`, on this machine's clock."""
    here = at.astimezone()
    offset = here.strftime("%z")
    zone = "UTC" if here.utcoffset() is None or not here.utcoffset() else f"UTC{offset[:3]}:{offset[3:5]}"
    # `date` writes days in UTC; the wall clock's day has to be told it is one
    return f"{catalogue.formats.date(here.replace(tzinfo=UTC))} {here:%H:%M} {zone}"


def ticket_text(finding: Finding, looked_at: datetime | None, catalogue: Catalogue) -> str:
    """Plain lines to paste into a ticket; times in UTC, so that two offices read the same."""
    text, about = catalogue.finding(finding), catalogue.check(finding.check)
    server = visible(finding.server) if finding.server else catalogue.label("deployment_head")
    head = [f"{server}: {about.name} - {catalogue.verdict(finding.verdict)}"]
    if looked_at is not None:
        head.append(catalogue.window("check.ticket.time", time=catalogue.formats.moment(looked_at)))
    facts = [f"- {line.label}: {line.value}" for line in lines_of(finding, catalogue, local=False)]
    action = [f"{catalogue.label('what_to_do')}: {text.action}"] if text.action else []
    parts = [head, [text.title, text.meaning], facts, action]
    return "\n\n".join("\n".join(line for line in part if line) for part in parts if any(part)) + "\n"
