"""The dates of a case that somebody has to remember, as an iCalendar text (RFC 5545) for any calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of
from oauthcert.words.showing import visible

STAGE_AHEAD = timedelta(days=45)
"""How long before the end of a certificate its successor should be requested: replication, partners and holidays take their time."""
REMOVE_AFTER = timedelta(days=2)
"""How long after a staged change the previous certificate may go."""
_LINE_OCTETS = 75
_WORDS = {
    "stage": ("ics_stage", "ics_stage_text"),
    "ends": ("ics_ends", "ics_ends_text"),
    "change": ("ics_change", "ics_change_text"),
    "remove": ("ics_remove", "ics_remove_text"),
}
_ABOUT = ("oauth-validity", "oauth-rollover")


@dataclass(frozen=True, slots=True)
class Reminder:
    """`key` is the same for the same thing in every export, so that a calendar replaces instead of doubling. `when` in UTC."""

    key: str
    when: datetime
    title: str
    text: str


def reminders(case: Case, catalogue: Catalogue) -> tuple[Reminder, ...]:
    """What is to be remembered after this case, soonest first; what lies before the case is left out."""
    found: dict[str, Reminder] = {}
    for finding in case.findings:
        if finding.check in _ABOUT:
            for reminder in _reminders(finding, catalogue):
                if reminder.when > case.finished:
                    found.setdefault(reminder.key, reminder)
    return tuple(sorted(found.values(), key=lambda one: one.when))


def _reminders(finding: Finding, catalogue: Catalogue) -> Iterator[Reminder]:
    thumbprint = str(finding.facts.get("thumbprint") or "")
    ends = moment_of(finding.facts.get("not_after"))
    effective = moment_of(finding.facts.get("effective_date"))
    short = visible(thumbprint[:8], 8)
    if finding.check == "oauth-validity" and ends is not None and thumbprint:
        facts = {"thumbprint": short, "not_after": catalogue.formats.moment(ends)}
        yield _made("stage", thumbprint, ends - STAGE_AHEAD, catalogue, facts)
        yield _made("ends", thumbprint, ends, catalogue, facts)
    if finding.check == "oauth-rollover" and effective is not None:
        facts = {"thumbprint": short, "effective": catalogue.formats.moment(effective)}
        yield _made("change", thumbprint or effective.isoformat(), effective, catalogue, facts)
        yield _made("remove", thumbprint or effective.isoformat(), effective + REMOVE_AFTER, catalogue, facts)


def _made(what: str, about: str, when: datetime, catalogue: Catalogue, facts: dict[str, str]) -> Reminder:
    title, text = _WORDS[what]
    return Reminder(f"{what}-{about.lower()}", when, catalogue.label(title, **facts), catalogue.label(text, **facts))


def render_ics(case: Case, catalogue: Catalogue) -> str:
    """The reminders as one calendar; empty when there is nothing to remember."""
    found = reminders(case, catalogue)
    if not found:
        return ""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OAuthCert Wizard//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for one in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(one.key)}@oauthcert-wizard",
            f"DTSTAMP:{_stamp(case.finished)}",
            f"DTSTART:{_stamp(one.when)}",
            f"DTEND:{_stamp(one.when + timedelta(minutes=30))}",
            f"SUMMARY:{_escaped(one.title)}",
            f"DESCRIPTION:{_escaped(one.text)}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(one.title)}",
            "TRIGGER:-P1D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for folded in _folded(lines))


def _stamp(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Backslash, comma, semicolon and line break have a meaning of their own in a calendar."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """No line longer than 75 octets; what follows begins with a blank. No letter is cut in two."""
    for line in lines:
        piece, size = "", 0
        for letter in line:
            octets = len(letter.encode())
            if size + octets > _LINE_OCTETS:
                yield piece
                piece, size = " ", 1
            piece += letter
            size += octets
        yield piece
