"""Cases and reports in files: written whole or not at all, opened again without any server."""

from pathlib import Path

from oauthcert.casework.whole_file import FileNotWritten, why_of, write_whole
from oauthcert.collect.evidence_file import looks_like_evidence
from oauthcert.model.case import Case
from oauthcert.model.codec import LONGEST_TEXT, from_text
from oauthcert.model.codec_reading import CaseTooLarge, NotACase
from oauthcert.model.errors import CaseFileError

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class FileInTheWay(CaseFileError):
    """There is a file of this name that is no case; it stays as it is. Facts: `file`."""

    words = "case-file-in-the-way"


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
        raise FileNotRead(f"{file} cannot be read: {why_of(error)}", file=str(file), why=why_of(error)) from error
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
            raw = stream.read(4096)
            beginning = raw.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n")
    except FileNotFoundError:
        raw = beginning = b""
    except OSError as error:
        raise FileNotWritten(f"{file} cannot be written: {why_of(error)}", file=str(file), why=why_of(error)) from error
    if beginning and (looks_like_evidence(raw) or not (beginning.startswith(b"{") and b'"schema"' in beginning)):
        raise FileInTheWay(f"{file} exists and is not a saved case; give another name", file=str(file))


def save_case(file: Path, text: str) -> None:
    """Writes a case's JSON. An older case is replaced, any other file is not. Raises FileInTheWay, FileNotWritten."""
    refuse_other_files(file)
    write_whole(file, text)
