"""Numbers, durations, dates and lists the way a language writes them. The facts' names tell the unit."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from oauthcert.model.finding import Fact
from oauthcert.words.showing import ELLIPSIS, LONGEST_VALUE, grouped, short_name, visible

LONGEST_LIST = 8
_MINUS = "−"
_THUMBPRINT = re.compile(r"[0-9A-Fa-f]{40}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?\Z", re.ASCII)
_UNITS = {"_seconds": 1.0, "_milliseconds": 0.001, "_minutes": 60.0, "_hours": 3600.0}


@dataclass(frozen=True, slots=True)
class Formats:
    """One language's ways; `terms` are its `[format]` words (see `resources/words/<lang>/terms.toml`)."""

    terms: Mapping[str, str]

    def number(self, value: float) -> str:
        """At most two decimals below 10, one below 100, none above; never grouped, since it may be a port or an event id."""
        if isinstance(value, int):
            return str(value).replace("-", _MINUS)
        if not math.isfinite(value):
            return self.terms["unknown"]
        places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
        text = f"{value:.{places}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return ("0" if text == "-0" else text).replace("-", _MINUS).replace(".", self.terms["decimal"])

    def duration(self, seconds: float) -> str:
        """The two largest units: `0.4 s`, `7 min 12 s`, `23 h 10 min`, `3 days 4 h`."""
        if not math.isfinite(seconds):
            return self.terms["unknown"]
        sign, rest = (_MINUS if seconds < 0 else ""), abs(seconds)
        if rest < 59.95:
            shown = self.number(round(rest, 1 if rest < 10 else 0))
            return f"{'' if shown == '0' else sign}{shown} s"
        whole = round(rest)
        for size, unit, small_size, small_unit in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
            if whole >= size:
                large, small = divmod(whole, size)
                first = f"{large} {self._day(large)}" if unit == "d" else f"{large} {unit}"
                second = f" {small // small_size} {small_unit}" if small // small_size else ""
                return f"{sign}{first}{second}"
        return f"{sign}{whole} s"

    def _day(self, count: int) -> str:
        return self.terms["duration_day" if count == 1 else "duration_days"]

    def days(self, count: float, case: str = "") -> str:
        """`12 days`; `case` is `_dative` where a language bends the word (`seit 12 Tagen`)."""
        return f"{self.number(count)} {self.terms[('day' if count in (1, -1) else 'days') + case]}"

    def moment(self, when: datetime) -> str:
        """Date and time in UTC, labelled so."""
        at = when.astimezone(UTC)
        return f"{self.date(at)} {at:%H:%M} UTC"

    def date(self, when: datetime) -> str:
        at = when.astimezone(UTC)
        months = self.terms["months"].split()
        return self.terms["date"].format(day=at.day, month=at.month, name=months[at.month - 1], year=at.year)

    def listed(self, parts: tuple[str, ...], longest: int = LONGEST_LIST) -> str:
        """`a, b and c`; beyond `longest` parts `a, b, … and 12 more`."""
        if not parts:
            return self.terms["none"]
        if len(parts) > longest:
            more = self.terms["more"].replace("{count}", str(len(parts) - longest + 1))
            return f"{', '.join(parts[: longest - 1])} {more}"
        if len(parts) == 1:
            return parts[0]
        return f"{', '.join(parts[:-1])} {self.terms['and']} {parts[-1]}"

    def fact(self, name: str, value: Fact, longest: int = LONGEST_VALUE) -> str:
        """A fact as a person reads it; its name carries the unit (`age_minutes`, `days_left`)."""
        if value is None:
            return self.terms["unknown"]
        if isinstance(value, bool):
            return self.terms["yes" if value else "no"]
        if isinstance(value, int | float):
            return self._measured(name, value)
        if isinstance(value, tuple):
            return self.listed(tuple(self.fact(name, part, 80) for part in value))
        if not value:
            return self.terms["unknown"]
        if _THUMBPRINT.match(value):
            return grouped(value.upper())
        if (at := moment_of(value)) is not None:
            return self.moment(at)
        return self.day_or_month(value) or visible(value, longest)

    def day_or_month(self, text: str) -> str | None:
        """`2023-04-11` and `2022-07` as a language writes them; None for every other text."""
        found = _DAY.match(text)
        if not found or not 1 <= int(found[2]) <= 12:
            return None
        name, year = self.terms["months"].split()[int(found[2]) - 1], int(found[1])
        if not found[3]:
            return f"{name} {year}"
        return self.terms["date"].format(day=int(found[3]), month=int(found[2]), name=name, year=year)

    def _measured(self, name: str, value: float) -> str:
        if name.endswith("_days") or name.startswith("days_"):
            return self.days(value)
        for ending, factor in _UNITS.items():
            if name.endswith(ending) and (ending != "_seconds" or not name.endswith("_milliseconds")):
                return self.duration(_as_float(value) * factor)
        return self.number(value)

    def direction(self, value: Fact) -> str:
        """`ahead` for a positive offset, `behind` for a negative one."""
        return self.terms["behind" if isinstance(value, int | float) and value < 0 else "ahead"]

    def short(self, name: str, value: Fact) -> str:
        """Host names without their domain, thumbprints by their first eight digits."""
        if isinstance(value, tuple):
            return self.listed(tuple(self.short(name, part) for part in value))
        if isinstance(value, str) and _THUMBPRINT.match(value):
            return value[:8].upper() + ELLIPSIS
        return visible(short_name(value), 80) if isinstance(value, str) else self.fact(name, value)


def moment_of(text: object) -> datetime | None:
    """The aware time an ISO 8601 text stands for; None for everything else."""
    if not isinstance(text, str) or not _MOMENT.match(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
