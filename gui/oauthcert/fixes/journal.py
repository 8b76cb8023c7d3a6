"""The journal of a repair: one file for each run, one line of JSON for each event, on the disk before anything else happens."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from oauthcert.fixes.plan_values import action_as_json, facts_as_json, moment, plan_as_json
from oauthcert.model.errors import OauthcertError
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Action, Plan
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.target import Target

JOURNAL = 1
SUFFIX = ".ndjson"

INTEND, DONE, FAILED, UNCERTAIN, ARRIVED, BY_HAND, SKIPPED, UNDONE = (
    "intend",
    "done",
    "failed",
    "uncertain",
    "arrived",
    "by-hand",
    "skipped",
    "undone",
)
KEPT, VERIFIED, END = "kept", "verified", "end"

EVENT_OF: Mapping[Outcome, str] = {
    Outcome.CHANGED: DONE,
    Outcome.ALREADY: DONE,
    Outcome.REFUSED: FAILED,
    Outcome.FAILED: FAILED,
    Outcome.UNCERTAIN: UNCERTAIN,
    Outcome.ARRIVED: ARRIVED,
    Outcome.STILL_ON_ITS_WAY: ARRIVED,
    Outcome.BY_HAND: BY_HAND,
    Outcome.SKIPPED: SKIPPED,
    Outcome.UNDONE: UNDONE,
}


class JournalNotWritten(OauthcertError):
    """What was about to be done could not be written down first, so it was not done. Facts: `file`, `why`."""

    words = "journal-not-written"


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of a run. `account` signs in to the servers, `user` runs the program on `computer`; `when` in UTC."""

    run: str
    version: str
    when: datetime
    account: str
    user: str
    computer: str
    source: str
    targets: tuple[Target, ...]
    plan: Plan


def new_run(now: datetime) -> str:
    """An id that sorts by time."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


class LineFile(Protocol):
    """A file that only grows. `append` returns when the line is on the disk, or raises OSError and leaves nothing of it."""

    def append(self, line: bytes) -> None: ...
    def close(self) -> None: ...


class DiskFile:
    """The real thing: readable for this user only, flushed to the disk after each line."""

    def __init__(self, file: Path, *, new: bool) -> None:
        """Raises OSError. An existing file first loses an unfinished last line, which never counted."""
        flags = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_NOFOLLOW", 0)
        if new:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._handle = os.open(file, flags | os.O_CREAT | os.O_EXCL, 0o600)
            self._length = 0
        else:
            content = file.read_bytes()
            self._handle = os.open(file, flags)
            self._length = content.rfind(b"\n") + 1
        try:
            self._cut_back()
            _to_disk(self._handle)
            if new:
                _folder_to_disk(file.parent)
        except BaseException:
            os.close(self._handle)
            raise
        self._whole = True

    def append(self, line: bytes) -> None:
        if not self._whole:
            raise OSError("an earlier line could not be taken back")
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            _to_disk(self._handle)
        except BaseException:
            self._whole = False
            self._cut_back()
            self._whole = True
            raise
        self._length += len(line)

    def _cut_back(self) -> None:
        os.ftruncate(self._handle, self._length)
        os.lseek(self._handle, self._length, os.SEEK_SET)

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._handle)


def _to_disk(handle: int) -> None:
    """fsync, which on macOS stops at the drive's own memory unless asked for more."""
    try:
        import fcntl

        full: int = fcntl.F_FULLFSYNC  # type: ignore[attr-defined,unused-ignore]
        fcntl.fcntl(handle, full)
    except (ImportError, AttributeError, OSError):
        os.fsync(handle)


def _folder_to_disk(folder: Path) -> None:
    """The name of a new file has to reach the disk too; Windows does that by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Journal:
    """Writes what happens in one run. May be used by several threads; every event is on the disk when its call returns."""

    def __init__(self, file: LineFile, name: str) -> None:
        """`name` stands in errors."""
        self._file = file
        self._name = name
        self._lock = Lock()

    @classmethod
    def begin(cls, file: LineFile, name: str, header: Header) -> "Journal":
        """Raises JournalNotWritten; then nothing may be done."""
        journal = cls(file, name)
        journal._write(_header(header))
        return journal

    def intend(self, step: str, server: str, action: Action, when: datetime, before: Mapping[str, Fact], *, undo: bool) -> None:
        """What is about to be done, its secrets hidden, and what was there before as far as it was looked at.

        Raises JournalNotWritten; then it must not be done.
        """
        told = {"server": server, "function": action.function, "arguments": action_as_json(action)["arguments"], "seconds": action.seconds}
        self._write({"event": INTEND, "step": step, "when": moment(when), **told, "undo": undo, "before": facts_as_json(before)})

    def ended(self, result: StepResult, *, undo: bool = False) -> None:
        """How a step ended. Raises JournalNotWritten; what was done stays done."""
        event = EVENT_OF[result.outcome]
        self._write({"event": event, "step": result.step, "when": moment(result.finished), "undo": undo, "result": _result(result)})

    def kept(self, when: datetime) -> None:
        """The operator decided to leave everything as it is."""
        self._write({"event": KEPT, "when": moment(when)})

    def verified(self, when: datetime, verdicts: Mapping[str, str], exit_code: int) -> None:
        """What the findings said when all was looked at again."""
        self._write({"event": VERIFIED, "when": moment(when), "verdicts": dict(verdicts), "exit": exit_code})

    def end(self, when: datetime, how: str) -> None:
        """Nothing more will come; `how` is `finished`, `stopped`, `kept` or `undone`."""
        self._write({"event": END, "when": moment(when), "how": how})

    def close(self) -> None:
        self._file.close()

    def _write(self, event: Mapping[str, Any]) -> None:
        line = json.dumps(event, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
        with self._lock:
            try:
                self._file.append(line)
            except OSError as error:
                why = error.strerror or str(error) or type(error).__name__
                raise JournalNotWritten(f"{self._name} cannot be written: {why}", file=self._name, why=why) from error


def _header(header: Header) -> dict[str, Any]:
    return {
        "event": "run",
        "journal": JOURNAL,
        "run": header.run,
        "version": header.version,
        "when": moment(header.when),
        "account": header.account,
        "user": header.user,
        "computer": header.computer,
        "source": header.source,
        "targets": _targets(header.targets),
        "plan": plan_as_json(header.plan),
    }


def _targets(targets: Sequence[Target]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "scheme": one.scheme,
            "port": one.port,
            "address": one.address,
            "product": one.product.value,
            "fingerprint": one.fingerprint,
        }
        for one in targets
    ]


def _result(result: StepResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "reason": result.reason,
        "started": moment(result.started),
        "finished": moment(result.finished),
        "facts": facts_as_json(result.facts),
        "before": facts_as_json(result.before),
        "after": facts_as_json(result.after),
        "notes": list(result.notes),
    }
