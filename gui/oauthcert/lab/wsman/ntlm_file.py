"""Hands pyspnego's NTLM acceptor one account for one moment.

The acceptor takes accounts only from the file named by the environment variable NTLM_USER_FILE, one per process, and reads it
while the last NTLM message is checked. Here that file holds nothing except during that call, and then one name and the NT hash
of the account that is signing in. So every server has its own accounts, and no password is ever written.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

_VARIABLE = "NTLM_USER_FILE"
_ENVIRONMENT = Lock()  # the environment is one per process, however many loops run in it
_NO_LM_HASH = "0" * 32


class NtlmAccountFile:
    """The file, in memory where the system can (Linux), else in a folder only this user can enter. Close it when done."""

    def __init__(self, *, in_memory: bool = hasattr(os, "memfd_create")) -> None:
        self._folder: Path | None = None
        self._before = os.environ.get(_VARIABLE)
        self._path = ""
        if in_memory:
            self._descriptor = os.memfd_create("practice-lab-accounts")
            self._path = f"/proc/self/fd/{self._descriptor}"
            if not Path(self._path).is_file():  # a system without /proc
                os.close(self._descriptor)
                self._path = ""
        if not self._path:
            self._folder = Path(tempfile.mkdtemp(prefix="practice-lab-"))
            self._path = str(self._folder / "accounts")
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.environ[_VARIABLE] = self._path

    @contextmanager
    def holding(self, spelling: str = "", nt_hash: bytes = b"") -> Iterator[None]:
        """For the time of the block the acceptor finds this account (or none). `spelling` is the name exactly as the client wrote it."""
        with _ENVIRONMENT:
            if os.environ.get(_VARIABLE) != self._path:  # another loop had its turn
                os.environ[_VARIABLE] = self._path
            if spelling:
                line = f"{spelling}:0:{_NO_LM_HASH}:{nt_hash.hex().upper()}:[U]:LCT-0\n".encode()
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, line)
            try:
                yield
            finally:
                if spelling:
                    os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """Removes the file and gives the environment variable its old value back."""
        os.close(self._descriptor)
        if self._folder is not None:
            Path(self._path).unlink(missing_ok=True)
            self._folder.rmdir()
        with _ENVIRONMENT:
            if os.environ.get(_VARIABLE) == self._path:
                if self._before is None or not Path(self._before).is_file():  # perhaps another lab's, closed by now
                    del os.environ[_VARIABLE]
                else:
                    os.environ[_VARIABLE] = self._before
