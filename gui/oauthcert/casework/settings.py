"""The operator's settings: how the window looks, how long to wait, when a figure becomes a verdict. Never a secret."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oauthcert.casework.limits import Limits
from oauthcert.casework.whole_file import FileNotWritten, write_whole
from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.errors import CaseFileError

if TYPE_CHECKING:
    from oauthcert.remote.winrm_gateway import Timing

log = logging.getLogger(__name__)

_FORMAT = 1
_MOST_BYTES = 1_000_000
_SHOWN = 60
_LIMITS = Limits()

LANGUAGES = ("", "en", "de")
"""The empty one follows the system."""
STYLES = ("auto", "light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds for a connection to come about, for a sign-in, and for the next sign of life of a server that is at work."""

    connect_seconds: float = 6
    sign_in_seconds: float = 30
    answer_seconds: float = 30

    def timing(self) -> "Timing":
        """As the gateway wants it. Imports the transport, which takes a while: not for the start of the window."""
        from oauthcert.remote.winrm_gateway import Timing

        return Timing(
            connect_seconds=self.connect_seconds,
            contact_seconds=2 * self.connect_seconds,
            sign_in_seconds=self.sign_in_seconds,
            answer_seconds=self.answer_seconds,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """`language` and `style` are one of LANGUAGES and STYLES; `lanes` servers are looked at at the same time, `seconds` is for one."""

    language: str = ""
    style: str = "auto"
    text_percent: int = 100
    lanes: int = _LIMITS.lanes
    seconds: float = _LIMITS.seconds
    waits: Waits = field(default_factory=Waits)
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def limits(self) -> Limits:
        return Limits(lanes=self.lanes, seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Span:
    """The figures that make sense for a setting, both ends included, and the id of their unit."""

    low: int
    high: int
    unit: str


SPANS: Mapping[str, Span] = {
    "text_percent": Span(100, 200, "percent"),
    "lanes": Span(1, 256, "servers"),
    "seconds": Span(10, 3600, "seconds"),
    "connect_seconds": Span(1, 60, "seconds"),
    "sign_in_seconds": Span(5, 120, "seconds"),
    "answer_seconds": Span(5, 300, "seconds"),
    "skew_warn_seconds": Span(1, 3600, "seconds"),
    "skew_fail_seconds": Span(1, 3600, "seconds"),
    "sync_age_hours": Span(1, 720, "hours"),
    "arriving_seconds": Span(10, 7200, "seconds"),
    "report_age_hours": Span(1, 720, "hours"),
    "heartbeat_minutes": Span(1, 1440, "minutes"),
    "expiry_fail_days": Span(1, 365, "days"),
    "expiry_warn_days": Span(1, 730, "days"),
    "request_days": Span(1, 365, "days"),
    "root_count": Span(10, 1000, "certificates"),
    "publish_minutes": Span(1, 1440, "minutes"),
    "start_minutes": Span(1, 240, "minutes"),
    "setup_gigabytes": Span(1, 1000, "gigabytes"),
    "key_bits": Span(1024, 8192, "bits"),
    "lead_hours": Span(1, 168, "hours"),
    "previous_days": Span(1, 365, "days"),
}
ORDERED = (("skew_warn_seconds", "skew_fail_seconds"), ("expiry_fail_days", "expiry_warn_days"))
"""Pairs of thresholds of which the first must not exceed the second."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with the file. `kind` is `unreadable`, `unknown`, `wrong` or `order`; `found` is what stood there as `name`."""

    kind: str
    name: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be used in any case, and what of the file could not."""

    settings: Settings = field(default_factory=Settings)
    problems: tuple[Problem, ...] = ()


def load_settings(file: Path) -> Loaded:
    """What the file says; defaults where it says nothing or nonsense. Never raises.

    A file with problems is kept beside itself as `.bad`, and what was good in it is written anew.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return Loaded()
    except OSError as error:
        log.warning("the settings could not be read: %s: %s", file, type(error).__name__)
        return Loaded(problems=(Problem("unreadable"),))
    loaded = read_settings(content)
    if loaded.problems:
        log.warning("the settings hold what cannot be used: %s: %s", file, ", ".join(f"{one.kind} {one.name}" for one in loaded.problems))
        _set_aside(file, loaded.settings)
    return loaded


def read_settings(content: bytes) -> Loaded:
    """The settings in this text. Never raises."""
    try:
        if len(content) > _MOST_BYTES:
            return Loaded(problems=(Problem("unreadable"),))
        written = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Loaded(problems=(Problem("unreadable"),))
    if not isinstance(written, dict) or written.get("format") != _FORMAT:
        return Loaded(problems=(Problem("unreadable"),))
    return _Reading({key: value for key, value in written.items() if key != "format"}).loaded()


def save_settings(file: Path, settings: Settings) -> None:
    """Written whole or not at all. Raises FileNotWritten."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FileNotWritten(f"{file} cannot be written: {why}", file=str(file), why=why) from error
    write_whole(file, json.dumps({"format": _FORMAT, **asdict(settings)}, indent=1) + "\n")


def _set_aside(file: Path, settings: Settings) -> None:
    # The rest of the file is good, so it is written anew: the next start has nothing to say any more.
    try:
        file.replace(file.with_name(f"{file.name}.bad"))
        save_settings(file, settings)
    except (OSError, CaseFileError) as error:
        log.warning("the settings could not be set aside: %s: %s", file, type(error).__name__)


class _Reading:
    """Takes the values of a file apart, one by one, so that a wrong one costs only itself."""

    def __init__(self, written: dict[str, Any]) -> None:
        self._written = written
        self._problems: list[Problem] = []

    def loaded(self) -> Loaded:
        waits, thresholds = (self._figures(self._part(name), kind) for name, kind in (("waits", Waits), ("thresholds", Thresholds)))
        for low, high in ORDERED:
            bounds = {**asdict(Thresholds()), **thresholds}
            if bounds[low] > bounds[high]:
                self._problems.append(Problem("order", low, f"{bounds[low]:g} > {bounds[high]:g}"))
                thresholds.pop(low, None)
                thresholds.pop(high, None)
        own = self._own()
        settings = replace(Settings(), waits=Waits(**waits), thresholds=Thresholds(**thresholds), **own)
        return Loaded(settings, tuple(self._problems))

    def _part(self, name: str) -> dict[str, Any]:
        part = self._written.pop(name, {})
        if isinstance(part, dict):
            return part
        self._problems.append(Problem("wrong", name, _shown(part)))
        return {}

    def _own(self) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for name, allowed in (("language", LANGUAGES), ("style", STYLES)):
            if name in self._written:
                value = self._written.pop(name)
                if isinstance(value, str) and value in allowed:
                    own[name] = value
                else:
                    self._problems.append(Problem("wrong", name, _shown(value)))
        return own | self._figures(self._written, Settings)

    def _figures(self, part: dict[str, Any], kind: type[Settings] | type[Waits] | type[Thresholds]) -> dict[str, Any]:
        known = {one.name: one.type for one in fields(kind) if one.name in SPANS}
        taken: dict[str, Any] = {}
        for name, value in part.items():
            if name not in known:
                self._problems.append(Problem("unknown", _shown(name)))
            elif not _fits(value, SPANS[name], whole=known[name] in (int, "int")):
                self._problems.append(Problem("wrong", name, _shown(value)))
            else:
                taken[name] = int(value) if known[name] in (int, "int") else value
        return taken


def _fits(value: object, span: Span, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return False
    return span.low <= value <= span.high and not (whole and value != int(value))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
