"""Clock offsets of all servers with their errors, on a scale that shows a second and a day alike."""

from dataclasses import dataclass
from math import asinh, isfinite

from oauthcert.model.case import Case
from oauthcert.model.finding import Fact, Finding, Verdict
from oauthcert.report.pictures.canvas import Canvas, fitted
from oauthcert.report.tokens import Palette
from oauthcert.words.catalogue import Catalogue

WIDTH, ROW, TOP = 520, 26, 34
_LEFT, _RIGHT, _PLOT = 112, 400, 256
_TICKS = (10.0, 120.0, 300.0, 3600.0, 86400.0)
_FURTHEST = 10 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class _Clock:
    server: str
    verdict: Verdict
    offset: float
    error: float


def clocks(case: Case, catalogue: Catalogue, palette: Palette, longest: int = 16) -> str | None:
    """One row per server, the worst `longest` first; None when no clock was measured."""
    seen = [clock for finding in case.findings if finding.check == "time-skew" and (clock := _clock(finding)) is not None]
    if not seen:
        return None
    rows = sorted(seen, key=lambda clock: -abs(clock.offset))
    shown, rest = rows[:longest], rows[longest:]
    span = max(900.0, *(abs(clock.offset) + clock.error for clock in shown))
    canvas, height = Canvas(WIDTH, palette), TOP + ROW * len(shown)
    ticks = [0.0, *(sign * tick for tick in _TICKS if tick <= span for sign in (-1, 1))]
    for low, high, colour in ((120.0, 300.0, "warn-soft"), (300.0, span, "fail-soft")):
        for sign in (-1, 1):
            ends = sorted((_x(sign * low, span), _x(sign * high, span)))
            canvas.box(ends[0], TOP - 6, ends[1] - ends[0], height - TOP + 6, colour)
    for tick in ticks:
        canvas.line(_x(tick, span), TOP - 6, _x(tick, span), height, "line")
    _tick_words(canvas, ticks, span, catalogue)
    for index, clock in enumerate(shown):
        _row(canvas, clock, TOP + ROW * index + ROW / 2, span, catalogue)
    if rest:
        limit = catalogue.formats.duration(max(abs(clock.offset) for clock in rest))
        canvas.text(0, height + 18, catalogue.label("more_within", count=len(rest), limit=limit), "mute", 11)
        height += 24
    return canvas.svg(height + 4, catalogue.label("clocks"))


def _clock(finding: Finding) -> _Clock | None:
    offset, error = _figure(finding.facts.get("offset_seconds")), _figure(finding.facts.get("error_seconds"))
    if offset is None:
        return None
    return _Clock(finding.server or "", finding.verdict, offset, abs(error or 0.0))


def _figure(fact: Fact) -> float | None:
    """A usable number; offsets beyond ten years are drawn at ten years."""
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return None
    if isinstance(fact, float) and not isfinite(fact):
        return None
    return float(max(-_FURTHEST, min(_FURTHEST, fact)))


def _x(seconds: float, span: float) -> float:
    """asinh is linear near zero and logarithmic far out."""
    return _PLOT + (_RIGHT - _LEFT) / 2 * asinh(seconds / 5) / asinh(span / 5)


def _tick_words(canvas: Canvas, ticks: list[float], span: float, catalogue: Catalogue) -> None:
    """Labels from the middle outwards, leaving out those that would touch the one before."""
    placed: list[float] = []
    for tick in ticks:
        x = _x(tick, span)
        if all(abs(x - other) >= 34 for other in placed):
            words = catalogue.formats.duration(abs(tick)) if tick else "0"
            sign = "−" if tick < 0 else "+" if tick > 0 else ""
            canvas.text(x, TOP - 14, sign + words, "mute", 10, "middle")
            placed.append(x)


def _row(canvas: Canvas, clock: _Clock, y: float, span: float, catalogue: Catalogue) -> None:
    colour = clock.verdict.value
    canvas.mark(clock.verdict, 0, y - 6)
    canvas.text(18, y + 4, fitted(catalogue.formats.short("server", clock.server), 12, _LEFT - 24), "text", 12)
    low, high = _x(clock.offset - clock.error, span), _x(clock.offset + clock.error, span)
    canvas.line(low, y, high, y, colour, 2)
    for end in (low, high):
        canvas.line(end, y - 4, end, y + 4, colour, 2)
    canvas.dot(_x(clock.offset, span), y, 4, colour)
    formats = catalogue.formats
    words = f"{formats.duration(abs(clock.offset))} {formats.direction(clock.offset)}" if abs(clock.offset) >= 0.05 else "0 s"
    canvas.text(_RIGHT + 12, y + 4, words, colour if clock.verdict in (Verdict.WARN, Verdict.FAIL) else "mute", 11)
