"""Files that are written whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from oauthcert.model.errors import CaseFileError


class FileNotWritten(CaseFileError):
    """Facts: `file`, `why` in the system's own words."""

    words = "file-not-written"


def write_whole(file: Path, text: str) -> None:
    """Puts the text into this file so that at any moment, even through a power cut, there is the old content or all of the new.

    Devices and pipes are written to as they are. Raises FileNotWritten; then the old content is still there.
    """
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            with file.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        else:
            _replace(file.resolve(), text)
    except OSError as error:
        raise FileNotWritten(f"{file} cannot be written: {why_of(error)}", file=str(file), why=why_of(error)) from error


def _replace(file: Path, text: str) -> None:
    if file.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    import secrets  # brings a good part of the system's cryptography, and starts should not wait for it

    temporary = file.with_name(f".oauthcert-{secrets.token_hex(6)}")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as stream:
            if file.exists():
                with suppress(OSError):
                    temporary.chmod(stat.S_IMODE(file.stat().st_mode))
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        # the new name itself has to reach the disk too
        with suppress(OSError):
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def why_of(error: OSError) -> str:
    """The system's own words."""
    return error.strerror or type(error).__name__
