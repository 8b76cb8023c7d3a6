"""How long each OAuth certificate of the deployment lasts, with today in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from oauthcert.model.case import Case
from oauthcert.report.pictures.canvas import Canvas, fitted
from oauthcert.report.tokens import Palette
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of

WIDTH, ROW, TOP = 520, 44, 24
_LEFT, _RIGHT = 4.0, 516.0
_WARN, _FAIL = timedelta(days=90), timedelta(days=30)
# A damaged case may be dated anywhere; calendars end in year 9999, and drawing needs some room on both sides.
_FIRST_DAY, _LAST_DAY = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_PAST, _FUTURE = timedelta(days=6 * 365), timedelta(days=8 * 365)


@dataclass(frozen=True, slots=True)
class _Life:
    thumbprint: str
    subject: str
    begins: datetime | None
    ends: datetime


def validity(case: Case, catalogue: Catalogue, palette: Palette, longest: int = 8) -> str | None:
    """One bar per certificate, the last 90 and 30 days marked; None when no certificate is known with its end."""
    lives = _lives(case)
    if not lives:
        return None
    today = max(_FIRST_DAY, min(_LAST_DAY, case.finished))
    rows = sorted(lives, key=lambda life: life.ends)
    shown, rest = rows[-longest:], len(rows[:-longest])
    begin = max(min([today, *(life.begins or today for life in shown)]), today - _PAST) - timedelta(days=60)
    end = min(max([today, *(life.ends for life in shown)]), today + _FUTURE) + timedelta(days=120)
    scale = _Scale(begin, end)
    canvas, height = Canvas(WIDTH, palette), TOP + ROW * len(shown)
    for index, life in enumerate(shown):
        _row(canvas, life, TOP + ROW * index, scale, catalogue)
    canvas.line(_LEFT, height + 2, _RIGHT, height + 2, "line")
    _years(canvas, scale, height)
    x = scale.x(today)
    # In pieces, so that it never runs through a name.
    for top, bottom in (
        (14, 20),
        *((TOP + ROW * index + 15, TOP + ROW * index + 33) for index in range(len(shown))),
        (height - 4, height + 6),
    ):
        canvas.line(x, top, x, bottom, "accent", 2)
    at_right = x > WIDTH - 80
    canvas.text(x - 5 if at_right else x + 5, 12, catalogue.label("today"), "accent", 11, "end" if at_right else "start")
    if rest:
        canvas.text(_LEFT, height + 36, catalogue.label("and_more", count=rest), "mute", 11)
        height += 18
    return canvas.svg(height + 26, catalogue.label("certificates"))


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    end: datetime

    def x(self, when: datetime) -> float:
        share = (when - self.begin) / (self.end - self.begin)
        return _LEFT + max(0.0, min(1.0, share)) * (_RIGHT - _LEFT)


def _lives(case: Case) -> list[_Life]:
    """From what the local stores name (also staged and previous ones) and what was judged; one life per thumbprint."""
    found: dict[str, _Life] = {}
    for observation in case.observations:
        answer = observation.answers.get("oauth")
        for value in answer.value if answer is not None else ():
            if isinstance(value, dict):
                _note(found, value.get("thumbprint"), value.get("subject"), value.get("notBefore"), value.get("notAfter"))
    for finding in case.findings:
        if finding.check in ("oauth-validity", "oauth-assigned"):
            facts = finding.facts
            _note(found, facts.get("thumbprint"), facts.get("subject"), facts.get("not_before"), facts.get("not_after"))
    return list(found.values())


def _note(found: dict[str, _Life], thumbprint: object, subject: object, begins: object, ends: object) -> None:
    last = moment_of(ends)
    if not isinstance(thumbprint, str) or not thumbprint or last is None:
        return
    known = found.get(thumbprint.upper())
    first = moment_of(begins) or (known.begins if known else None)
    name = subject if isinstance(subject, str) and subject else known.subject if known else ""
    found[thumbprint.upper()] = _Life(thumbprint.upper(), name, first, last)


def _row(canvas: Canvas, life: _Life, y: float, scale: _Scale, catalogue: Catalogue) -> None:
    name = " · ".join(part for part in (catalogue.formats.short("thumbprint", life.thumbprint), life.subject) if part)
    ends = catalogue.label("ends", date=catalogue.formats.date(life.ends))
    canvas.text(_LEFT, y + 12, fitted(name, 12, 330), "text", 12)
    canvas.text(_RIGHT, y + 12, ends, "mute", 11, "end")
    left = scale.x(life.begins) if life.begins else _LEFT
    marks = [left, *(max(left, scale.x(_before(life.ends, rest))) for rest in (_WARN, _FAIL, timedelta()))]
    for (start, stop), colour in zip(pairwise(marks), ("pass", "warn", "fail"), strict=True):
        if stop - start > 0.1:
            canvas.box(start, y + 18, stop - start, 12, colour)


def _before(when: datetime, rest: timedelta) -> datetime:
    try:
        return when - rest
    except OverflowError:
        return when


def _years(canvas: Canvas, scale: _Scale, y: float) -> None:
    last = -100.0
    for year in range(scale.begin.year, scale.end.year + 2):
        when = scale.begin.replace(year=year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        if scale.begin <= when <= scale.end and scale.x(when) - last > 44:
            last = scale.x(when)
            canvas.line(last, y - 1, last, y + 5, "mute")
            canvas.text(last, y + 19, str(year), "mute", 11, "start" if last < 20 else "end" if last > WIDTH - 20 else "middle")
