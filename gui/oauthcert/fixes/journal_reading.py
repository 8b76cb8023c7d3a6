"""Reads journals, also those of a program that was killed or of a computer that lost its power in the middle of a line."""

import json
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from oauthcert.fixes.journal import JOURNAL, SUFFIX, Header
from oauthcert.fixes.plan_values import NotAPlan, facts_from_json, moment_from, plan_from_json
from oauthcert.model.errors import UsageError
from oauthcert.model.finding import Fact
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.target import Product, Target

LONGEST_FILE = 64 * 1024 * 1024  # bytes
MOST_FILES = 10_000
_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


class NoSuchRun(UsageError):
    """Facts: `run`."""

    words = "no-such-run"


class JournalDamaged(UsageError):
    """The head of this journal cannot be read, so that nothing can be said of its run. Facts: `file`, `why`."""

    words = "journal-damaged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `result` is there for the events that end a step, `server` … `before` for `intend`, the last three for the others."""

    event: str
    when: datetime
    step: str = ""
    undo: bool = False
    result: StepResult | None = None
    server: str = ""
    function: str = ""
    seconds: float = 0.0
    arguments: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, Fact] = field(default_factory=dict)
    how: str = ""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a journal tells. `cut`: the last line was not finished, and so does not count. `damaged` are the numbers of unreadable lines."""

    file: Path
    header: Header
    entries: tuple[Entry, ...]
    cut: bool = False
    damaged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A journal of which even the head cannot be read. `why` is `never-begun` (nothing was done in it), `damaged`, `other-version` or what
    the system says."""

    file: Path
    why: str


def list_runs(folder: Path) -> tuple[RunRecord | Unreadable, ...]:
    """All journals in the folder, newest first. A folder that is not there has none."""
    try:
        files = sorted((file for file in folder.iterdir() if file.suffix == SUFFIX), key=lambda file: file.name, reverse=True)
    except OSError:
        return ()
    return tuple(read_file(file) for file in files[:MOST_FILES])


def read_run(folder: Path, run: str) -> RunRecord:
    """Raises NoSuchRun, JournalDamaged."""
    file = folder / f"{run}{SUFFIX}"
    if not _RUN.fullmatch(run) or not file.is_file():
        raise NoSuchRun(f"there is no run {run[:60]}", run=run[:60])
    record = read_file(file)
    if isinstance(record, Unreadable):
        raise JournalDamaged(f"{file} cannot be read: {record.why}", file=str(file), why=record.why)
    return record


def read_file(file: Path) -> RunRecord | Unreadable:
    """A journal stands under the id of its own run: a copy under another name would be looked for and ended in the wrong file."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for somebody to write into it
            return Unreadable(file, "damaged")
        with file.open("rb") as stream:
            content = stream.read(LONGEST_FILE + 1)
    except OSError as error:
        return Unreadable(file, error.strerror or type(error).__name__)
    if len(content) > LONGEST_FILE:
        return Unreadable(file, "damaged")
    *lines, rest = content.split(b"\n")
    if not lines:
        return Unreadable(file, "never-begun")
    try:
        header = _header(_object(lines[0]))
    except _OtherVersion:
        return Unreadable(file, "other-version")
    except (NotAPlan, ValueError, RecursionError):
        return Unreadable(file, "damaged")
    if header.run != file.stem:
        return Unreadable(file, "damaged")
    entries, damaged = _entries(lines[1:])
    return RunRecord(file, header, entries, cut=bool(rest), damaged=damaged)


class _OtherVersion(ValueError):
    """A journal of a newer program."""


def _entries(lines: Sequence[bytes]) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    entries: list[Entry] = []
    damaged: list[int] = []
    for number, line in enumerate(lines, start=2):
        try:
            entries.append(_entry(_object(line)))
        except (NotAPlan, ValueError, RecursionError):
            damaged.append(number)
    return tuple(entries), tuple(damaged)


def _object(line: bytes) -> Mapping[str, object]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise NotAPlan("a line")
    return value


def _header(fields: Mapping[str, object]) -> Header:
    if fields.get("event") != "run":
        raise NotAPlan("the head")
    if fields.get("journal") != JOURNAL:
        raise _OtherVersion
    targets = fields.get("targets")
    run = _text(fields, "run")
    if not isinstance(targets, list) or not _RUN.fullmatch(run):
        raise NotAPlan("the head")
    return Header(
        run=run,
        version=_text(fields, "version"),
        when=moment_from(fields.get("when")),
        account=_text(fields, "account"),
        user=_text(fields, "user"),
        computer=_text(fields, "computer"),
        source=_text(fields, "source"),
        targets=tuple(_target(one) for one in targets),
        plan=plan_from_json(fields.get("plan")),
    )


def _target(value: object) -> Target:
    match value:
        case {
            "name": str() as name,
            "scheme": "http" | "https" as scheme,
            "port": int() as port,
            "address": str() | None as address,
            "product": str() as product,
            "fingerprint": str() | None as fingerprint,
        } if 0 < port < 65536:
            return Target(name, str(scheme), port, address, Product(product), fingerprint)
    raise NotAPlan("a server")


def _entry(fields: Mapping[str, object]) -> Entry:
    result, arguments, verdicts = fields.get("result"), fields.get("arguments", {}), fields.get("verdicts", {})
    seconds, exit_code = fields.get("seconds", 0.0), fields.get("exit")
    if not isinstance(seconds, int | float) or not isinstance(arguments, dict) or not isinstance(verdicts, dict):
        raise NotAPlan("an event")
    step = str(fields.get("step", ""))
    return Entry(
        event=_text(fields, "event"),
        when=moment_from(fields.get("when")),
        step=step,
        undo=fields.get("undo") is True,
        result=None if result is None else _result(step, result),
        server=str(fields.get("server", "")),
        function=str(fields.get("function", "")),
        seconds=float(seconds),
        arguments=arguments,
        before=facts_from_json(fields.get("before", {})),
        how=str(fields.get("how", "")),
        verdicts={str(name): str(verdict) for name, verdict in verdicts.items()},
        exit_code=exit_code if isinstance(exit_code, int) else None,
    )


def _result(step: str, value: object) -> StepResult:
    if not isinstance(value, dict):
        raise NotAPlan("a result")
    notes = value.get("notes")
    return StepResult(
        step=step,
        outcome=Outcome(_text(value, "outcome")),
        started=moment_from(value.get("started")),
        finished=moment_from(value.get("finished")),
        reason=_text(value, "reason"),
        facts=facts_from_json(value.get("facts")),
        before=facts_from_json(value.get("before")),
        after=facts_from_json(value.get("after")),
        notes=tuple(str(note) for note in notes) if isinstance(notes, list) else (),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise NotAPlan(name)
    return value
