"""Cases and reports in files: written whole or not at all, opened again without any server."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from oauthcert.model.case import Case
from oauthcert.model.codec import LONGEST_TEXT, from_text
from oauthcert.model.codec_reading import CaseTooLarge, NotACase
from oauthcert.model.errors import CaseFileError

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class FileInTheWay(CaseFileError):
    """There is a file of this name that is no case; it stays as it is. Facts: `file`."""

    words = "case-file-in-the-way"


class FileNotWritten(CaseFileError):
    """Facts: `file`, `why` in the system's own words."""

    words = "file-not-written"


class FileNotRead(CaseFileError):
    """Facts: `file`, `why` in the system's own words."""

    words = "file-not-read"


def open_case(file: Path) -> Case:
    """The case in this file. Raises FileNotRead, or the kinds of CaseFileError of `model.codec_reading`.

    Also reads UTF-16, which is what `>` in Windows PowerShell makes of the JSON that was printed.
    """
    try:
        with file.open("rb") as stream:
            # a text of UTF-16 takes two bytes where UTF-8 takes one; what is no regular file has no size to ask for
            content = stream.read(2 * LONGEST_TEXT + 1)
    except OSError as error:
        raise FileNotRead(f"{file} cannot be read: {_why(error)}", file=str(file), why=_why(error)) from error
    if len(content) > 2 * LONGEST_TEXT:
        raise CaseTooLarge(f"more than {2 * LONGEST_TEXT} bytes")
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeError:
        raise NotACase("not a text in UTF-8") from None
    return from_text(text)


def refuse_other_files(file: Path) -> None:
    """Raises FileInTheWay when there is a file of this name that is not a case, FileNotWritten when that cannot be told."""
    try:
        with file.open("rb") as stream:
            beginning = stream.read(4096).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n")
    except FileNotFoundError:
        beginning = b""
    except OSError as error:
        raise FileNotWritten(f"{file} cannot be written: {_why(error)}", file=str(file), why=_why(error)) from error
    if beginning and not (beginning.startswith(b"{") and b'"schema"' in beginning):
        raise FileInTheWay(f"{file} exists and is not a saved case; give another name", file=str(file))


def save_case(file: Path, text: str) -> None:
    """Writes a case's JSON. An older case is replaced, any other file is not. Raises FileInTheWay, FileNotWritten."""
    refuse_other_files(file)
    write_whole(file, text)


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
        raise FileNotWritten(f"{file} cannot be written: {_why(error)}", file=str(file), why=_why(error)) from error


def _replace(file: Path, text: str) -> None:
    if file.is_dir():
        raise IsADirectoryError(21, "it is a folder")
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


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
