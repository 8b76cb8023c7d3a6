"""Two repairs at the same time would stumble over each other: who applies changes holds a lock that dies with its process."""

import json
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from oauthcert.fixes.journal import JournalNotWritten
from oauthcert.model.errors import OauthcertError

_FAR = 1 << 30  # Windows hides what is locked from readers; this byte holds nothing


# no link, which would have some other file emptied, and no pipe, which would be waited for
_NOT_ELSEWHERE = getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class RepairRunning(OauthcertError):
    """Another window or command is changing servers. Facts: `run`, `process`."""

    words = "repair-running"


class OnlyRepair:
    """Held while open. The lock is the operating system's, so that one of a dead process is none; the file only says whose it is."""

    def __init__(self, folder: Path, run: str) -> None:
        self._file = folder / "applying.lock"
        self._run = run
        self._handle: int | None = None

    def __enter__(self) -> Self:
        """Raises RepairRunning, JournalNotWritten."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | _NOT_ELSEWHERE, 0o600)
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise self._unusable("it is not a file")
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            run, process = self._holder()
            raise RepairRunning(f"process {process} is changing servers", run=run, process=process) from error
        self._handle = handle
        with suppress(OSError):  # whose it is is only told to people
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps({"run": self._run, "process": os.getpid()}).encode("ascii"))
        return self

    def _unusable(self, why: str) -> JournalNotWritten:
        return JournalNotWritten(f"{self._file} cannot be opened: {why}", file=str(self._file), why=why)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._handle is not None:
            # the file stays: removing it would let two others lock two different files of the same name
            os.close(self._handle)
            self._handle = None

    def _holder(self) -> tuple[str, str]:
        try:
            with self._file.open("rb") as stream:
                told = json.loads(stream.read(1000))
            return str(told["run"])[:60], str(told["process"])[:20]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return "?", "?"


def _lock(handle: int) -> None:
    """Raises OSError when another process, or another part of this one, holds it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
