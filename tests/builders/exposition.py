"""Readers of monitoring formats, as strict as the rules they are read by: what they take, every program takes."""

import math
import re
from dataclasses import dataclass

_METRIC = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_SAMPLE = re.compile(rf"({_METRIC})(?:\{{(.*)\}})? (\S+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|\Z)')
_VALUE = re.compile(r"[+-]?(\d+(\.\d+)?([eE][+-]?\d+)?|Inf)|NaN")
_UNITS = "seconds|bytes|ratio|meters|volts|amperes|joules|grams|celsius|info|total"
_SHORT = re.compile(r"(^|_)(ms|msec|sec|secs|s|min|mins|minutes|hours|days|weeks|kb|mb|gb|kilobytes|milliseconds|percent)(_|$)")


class BrokenRuleError(AssertionError):
    """A line that a strict reader refuses."""


Series = tuple[str, tuple[tuple[str, str], ...]]


def exposition(text: str) -> dict[Series, float]:
    """Every sample of a text exposition (version 0.0.4). Raises BrokenRuleError, also for what `promtool check metrics` warns of."""
    if text and not text.endswith("\n"):
        raise BrokenRuleError("the last line has no end")
    samples: dict[Series, float] = {}
    helped: set[str] = set()
    closed: set[str] = set()
    family = kind = ""
    # Only a line feed ends a line, whatever else a value may hold.
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        if line.startswith("# HELP "):
            name, _, explained = line[7:].partition(" ")
            _rule(bool(explained) and not re.search(r"\\(?![\\n])", explained.replace("\\\\", "")), number, "HELP text")
            _rule(name not in helped, number, "HELP twice")
            closed |= {family}
            helped.add(name)
            family, kind = name, ""
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            _rule(name == family and kind in ("gauge", "counter"), number, "TYPE without its HELP, or unknown")
            _rule(not any(found[0] == name for found in samples), number, "TYPE behind samples")
            _named_well(name, kind, number)
        else:
            match = _SAMPLE.fullmatch(line)
            if match is None:
                raise BrokenRuleError(f"line {number}: {line!r}")
            _rule(match[1] == family and bool(kind) and match[1] not in closed, number, "sample outside of its family")
            _rule(_VALUE.fullmatch(match[3]) is not None, number, "value")
            series = (match[1], tuple(sorted(_labels(match[2] or "", number).items())))
            _rule(series not in samples, number, "the same series twice")
            samples[series] = float(match[3])
    return samples


def _labels(text: str, number: int) -> dict[str, str]:
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        match = _LABEL.match(text, place)
        if match is None:
            raise BrokenRuleError(f"line {number}: labels {text[place:]!r}")
        _rule(match[1] not in found and not match[1].startswith("__") and match[1].islower(), number, f"label {match[1]}")
        found[match[1]] = re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), match[2])
        place = match.end()
    return found


def _named_well(name: str, kind: str, number: int) -> None:
    _rule(re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None, number, "name in snake_case")
    _rule(name.endswith("_total") == (kind == "counter"), number, "only counters end in _total")
    _rule(not name.endswith(("_count", "_sum", "_bucket")), number, "suffix of a histogram")
    _rule(_SHORT.search(name) is None, number, "base units, written out")
    _rule(kind not in name.split("_"), number, "the type in the name")


def _rule(holds: bool, number: int, what: str) -> None:
    if not holds:
        raise BrokenRuleError(f"line {number}: {what}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One piece of performance data."""

    value: float
    unit: str
    warn: str
    critical: str
    least: str


@dataclass(frozen=True, slots=True)
class PluginOutput:
    status: str
    text: str
    figures: dict[str, Figure]
    long: tuple[str, ...]


_FIGURE = re.compile(r"'((?:[^'=]|'')+)'=(-?\d+(?:\.\d+)?)(s|us|ms|%|[KMGT]?B|c)?" + r"(?:;([^; ]*))?" * 4 + r"(?: |\Z)")
_RANGE = re.compile(r"@?(?:(?:~|-?\d+(?:\.\d+)?):)?(?:-?\d+(?:\.\d+)?)?")


def plugin_output(text: str) -> PluginOutput:
    """The output of a plugin, read by the guidelines. Raises BrokenRuleError."""
    if len(text.encode()) > 8192:
        raise BrokenRuleError("more than Nagios reads")
    first, *rest = text.removesuffix("\n").split("\n")
    if any("|" in line for line in rest) or first.count("|") != 1 or re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise BrokenRuleError("a pipe or a control character too many")
    said, _, data = first.partition(" | ")
    match = re.fullmatch(r"OAUTHCERT (OK|WARNING|CRITICAL|UNKNOWN) - (.+)", said)
    if match is None:
        raise BrokenRuleError(said)
    return PluginOutput(match[1], match[2], _figures(data), tuple(rest))


def _figures(data: str) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    place = 0
    while place < len(data):
        match = _FIGURE.match(data, place)
        if match is None:
            raise BrokenRuleError(data[place:])
        warn, critical, least = (match[group] or "" for group in (4, 5, 6))
        if match[1] in found or not all(_RANGE.fullmatch(one) for one in (warn, critical)):
            raise BrokenRuleError(match[0])
        found[match[1]] = Figure(float(match[2]), match[3] or "", warn, critical, least)
        place = match.end()
    return found


def alerts(value: float, bounds: str) -> bool:
    """Whether a value is outside of a range as the guidelines define it; no range never alerts."""
    if not bounds:
        return False
    inside = bounds.startswith("@")
    start, colon, end = bounds.removeprefix("@").rpartition(":")
    low = -math.inf if start == "~" else float(start) if colon else 0.0
    high = float(end) if end else math.inf
    return (low <= value <= high) == inside
