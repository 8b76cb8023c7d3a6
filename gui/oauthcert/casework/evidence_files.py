"""Evidence files in any number, found, read one after the other and judged together; each refused one gets a word and a place."""

import glob
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from oauthcert import __version__
from oauthcert.casework.diagnose import judged
from oauthcert.casework.whole_file import why_of
from oauthcert.checks.thresholds import Thresholds
from oauthcert.collect.equal_values import EqualValues
from oauthcert.collect.evidence_file import LARGEST, Collected, EvidenceRefused, read_evidence
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError
from oauthcert.model.evidence import ON_THE_SPOT, NotSeen, Observation
from oauthcert.model.target import Target

MOST_FILES = 100_000
SUFFIX = ".json"
AHEAD = timedelta(minutes=10)
"""How far a server's clock may be ahead of this workstation's before the moment of its file says nothing about the others."""
APART = timedelta(hours=1)
"""Files that are further apart than this are said to be."""

_ENDING = re.compile(r"(-\d{8}t\d{6}z)?(\.oauthcert)?(\.json)?\Z")


class NoEvidence(UsageError):
    """Nothing to judge where evidence was looked for. Facts: `place`."""

    words = "no-evidence"


class EvidenceNotRead(EvidenceRefused):
    """Facts: `why` in the system's own words."""

    words = "evidence-not-read"


class NoFile(EvidenceRefused):
    """A pipe, a device, a folder that stands for a file."""

    words = "evidence-no-file"


@dataclass(frozen=True, slots=True)
class Refused:
    """This file was not judged, and why."""

    file: str
    error: EvidenceRefused


@dataclass(frozen=True, slots=True)
class Superseded:
    """Of several files of one server the newest counts; this is not it."""

    file: str
    server: str
    newer: str


@dataclass(frozen=True, slots=True)
class FarApart:
    """The oldest and the newest evidence lie so far apart that what changed in between can look like a fault."""

    oldest: datetime
    newest: datetime


Note = Refused | Superseded | FarApart


def collected_file(file: Path, now: datetime, thresholds: Thresholds | None = None) -> Case:
    """The case of one server. Raises EvidenceRefused."""
    reading = _Reading(_hear_nothing)
    reading.keep(file, read_evidence(_content(file), _shown(file), EqualValues()))
    return judged(reading.case(now), thresholds)


def collected_case(
    places: Sequence[str], now: datetime, tell: Callable[[Note], None], thresholds: Thresholds | None = None, most: int = MOST_FILES
) -> Case:
    """All evidence at these places (files, folders with all below them, wildcards), judged at the moment it was collected.

    Each file is read alone and let go before the next; what equal servers say alike is kept once. A file that is refused is told, and
    stands in the case as a server that could not be looked at. Raises NoEvidence when there is no file at all.
    """
    reading = _Reading(tell)
    for file in evidence_files(places, most):
        reading.take(file)
    return judged(reading.case(now), thresholds)


def evidence_files(places: Sequence[str], most: int = MOST_FILES) -> Iterator[Path]:
    """The files, each once, in the order of the places and of their names. Raises NoEvidence for a place that holds none."""
    seen: set[str] = set()
    for place in places:
        found = 0
        for file in _files_of(place):
            found += 1
            name = os.path.realpath(file)
            if name not in seen:
                if len(seen) >= most:
                    raise NoEvidence(f"more than {most} files", place=place)
                seen.add(name)
                yield file
        if not found:
            raise NoEvidence(f"no evidence file at {place}", place=place)


def _files_of(place: str) -> Iterator[Path]:
    path = Path(place)
    if path.is_dir():
        yield from _below(path)
    elif glob.has_magic(place) and not path.exists():
        # cmd.exe and PowerShell hand wildcards over as they are
        for name in sorted(glob.glob(place, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
            yield from _below(Path(name)) if Path(name).is_dir() else (Path(name),)
    else:
        yield path


def _below(folder: Path) -> Iterator[Path]:
    """Every *.json below the folder but hidden ones; links to folders are not followed, so that there is no circle."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(SUFFIX) and not name.startswith("."):
                yield Path(here, name)


class _Reading:
    """What has been read so far: of every server only its newest file."""

    def __init__(self, tell: Callable[[Note], None]) -> None:
        self._tell = tell
        self._equal = EqualValues()
        self._newest: dict[str, tuple[Path, Collected]] = {}
        self._refused: dict[str, EvidenceRefused] = {}

    def take(self, file: Path) -> None:
        try:
            collected = read_evidence(_content(file), _shown(file), self._equal)
        except EvidenceRefused as error:
            self._tell(Refused(str(file), error))
            self._refused.setdefault(_server_of(file), error)
            return
        self.keep(file, collected)

    def keep(self, file: Path, collected: Collected) -> None:
        name = collected.target.name
        before = self._newest.get(name)
        if before is not None and before[1].moment >= collected.moment:
            self._tell(Superseded(str(file), name, str(before[0])))
            return
        if before is not None:
            self._tell(Superseded(str(before[0]), name, str(file)))
        self._newest[name] = (file, collected)

    def case(self, now: datetime) -> Case:
        """Not judged yet. Its end is the newest moment that can be believed."""
        read = [collected for _, collected in self._newest.values()]
        moments = sorted(one.observation.finished or one.moment for one in read)
        believed = [moment for moment in moments if moment <= now + AHEAD]
        if believed and believed[-1] - believed[0] > APART:
            self._tell(FarApart(believed[0], believed[-1]))
        refused = {name: error for name, error in self._refused.items() if name not in self._newest}
        targets = [one.target for one in read] + [Target(name) for name in refused]
        observations = [one.observation for one in read] + [_not_read(name, error) for name, error in refused.items()]
        return Case(
            started=min(believed, default=now),
            finished=max(believed, default=now),
            source=ON_THE_SPOT,
            targets=tuple(targets),
            observations=tuple(observations),
            tool_version=__version__,
        )


def _not_read(server: str, error: EvidenceRefused) -> Observation:
    why = NotSeen(error.words, dict(error.facts))
    return Observation(server, why, why, why, lost=why)


def _server_of(file: Path) -> str:
    """Whose evidence this file would be: the collector names its file after the server."""
    name = _ENDING.sub("", file.name.lower())
    return "".join(sign if sign.isalnum() or sign in ".-_" else "-" for sign in name)[:200] or "evidence"


def _shown(file: Path) -> str:
    """Its name as text: a name that is none on this system must not end up in a report."""
    return file.name.encode("utf-8", "replace").decode("utf-8")


def _content(file: Path) -> bytes:
    """At most a little more than an evidence file may hold. Raises EvidenceNotRead, NoFile."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise NoFile("not a file").about(_shown(file))
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise EvidenceNotRead(why_of(error), why=why_of(error)).about(_shown(file)) from error


def _hear_nothing(note: Note) -> None:
    """One file has nothing to be compared with."""
