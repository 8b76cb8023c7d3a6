"""The names of the accounts whose passwords the system's store keeps: most stores cannot be asked for a list. Names only."""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

_FORMAT = 1
_MOST_BYTES = 1_000_000


class AccountIndex:
    """A small file. It may be lost or damaged without losing a password: names then come back as they are used."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def names(self) -> Mapping[str, str]:
        """Account key -> the name as it was typed. Empty when the file is missing or unreadable (the log says why)."""
        try:
            if self._file.stat().st_size > _MOST_BYTES:
                raise ValueError("too large")  # noqa: TRY301 - same handling as any other damage
            content = json.loads(self._file.read_text(encoding="utf-8"))
            if content["format"] != _FORMAT:
                raise ValueError("unknown format")  # noqa: TRY301
            return {str(key): str(name) for key, name in content["accounts"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.warning("the list of account names could not be read: %s: %s", self._file, type(error).__name__)
            return {}

    def add(self, key: str, name: str) -> None:
        self._change(lambda names: names.update({key: name}))

    def discard(self, key: str) -> None:
        self._change(lambda names: names.pop(key, None))

    def _change(self, change: Callable[[dict[str, str]], object]) -> None:
        before = self.names()
        after = dict(before)
        change(after)
        if after == before:
            return
        text = json.dumps({"format": _FORMAT, "accounts": after}, ensure_ascii=False, indent=1)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=".accounts-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(temporary).replace(self._file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            # the password itself is safe; only the list of names stays as it was
            log.warning("the list of account names could not be written: %s: %s", self._file, type(error).__name__)
