"""Which cases were saved or opened lately: a short list in the program's own folder. Losing it costs nothing."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from oauthcert.casework.whole_file import FileNotWritten, write_whole
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict

log = logging.getLogger(__name__)

MOST = 8
_MOST_BYTES = 100_000
_WORST_FIRST = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class RecentCase:
    """A case file that was saved or opened lately; `worst` is the worst verdict in it, `when` the end of the look (UTC)."""

    file: Path
    title: str
    servers: int
    causes: int
    worst: str
    when: datetime


def recent_cases(listing: Path) -> tuple[RecentCase, ...]:
    """Newest first. Never raises: a list that cannot be read is an empty one. Does not look whether the files are still there."""
    try:
        with listing.open("rb") as stream:
            entries = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return ()
    found = [made for entry in (entries if isinstance(entries, list) else ())[:MOST] if (made := _entry(entry)) is not None]
    return tuple(found)


def note_case(listing: Path, file: Path, case: Case) -> None:
    """Puts the case at the head of the list. That the list cannot be written is logged and no error: the case itself is safe."""
    file = file.absolute()
    worst = next((verdict for verdict in _WORST_FIRST if any(finding.verdict is verdict for finding in case.findings)), Verdict.PASS)
    noted = RecentCase(file, file.stem, len(case.targets), len(case.causes), worst.value, case.finished)
    kept = [noted, *(entry for entry in recent_cases(listing) if entry.file != file)][:MOST]
    with suppress(OSError):
        listing.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(listing, json.dumps([_plain(entry) for entry in kept], ensure_ascii=True, indent=1))
    except FileNotWritten as error:
        log.warning("the list of recent cases was not written: %s", error)


def _plain(entry: RecentCase) -> dict[str, object]:
    return {
        "file": str(entry.file),
        "servers": entry.servers,
        "causes": entry.causes,
        "worst": entry.worst,
        "when": entry.when.isoformat(),
    }


def _entry(entry: object) -> RecentCase | None:
    """None for what this program did not write."""
    table: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    try:
        file, when = Path(table["file"]), datetime.fromisoformat(table["when"])
        servers, causes, worst = int(table["servers"]), int(table["causes"]), Verdict(table["worst"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return RecentCase(file, file.stem, servers, causes, worst.value, when) if when.tzinfo else None
