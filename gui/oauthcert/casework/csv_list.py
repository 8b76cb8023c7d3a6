"""Reads a list of servers from a file as Windows programs write it: any encoding, any delimiter, with or without a header."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from oauthcert.casework.refusals import ServerNamedTwice
from oauthcert.casework.targets import Reaching, read_port, read_target, shown_of
from oauthcert.model.errors import UsageError
from oauthcert.model.target import Target

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5_000
_MOST_LINES_OF_A_CELL = 50
_DELIMITERS = ";\t,|"
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # xlsx, xls, pdf

# In the order of preference: a full name is worth more than a short one. German headers are what German Windows tools write.
_NAMES = ("fqdn", "dnshostname", "dnsname", "server", "servername", "host", "hostname", "computer", "computername", "machine", "name")
_NAMES_DE = ("vollqualifiziertername", "rechner", "rechnername", "servername", "computername")
_PORTS = ("port", "winrmport", "tcpport")
_TLS = ("https", "tls", "ssl", "scheme", "protocol", "schema", "protokoll", "usessl", "transport")
_YES = frozenset({"https", "yes", "y", "true", "1", "x", "on", "tls", "ssl", "ja", "j", "wahr", "ein"})
_NO = frozenset({"http", "no", "n", "false", "0", "", "-", "off", "nein", "falsch", "aus", "none"})


class ListUnreadable(UsageError):
    """The file could not be opened. Facts: detail."""

    words = "list-unreadable"


class ListTooLarge(UsageError):
    """Facts: limit (rows)."""

    words = "list-too-large"


class ListNotText(UsageError):
    """A workbook, a document, or anything else that is no text."""

    words = "list-not-text"


class ListRowEmpty(UsageError):
    """A row without the name of a server."""

    words = "list-row-empty"


class ListQuoteOpen(UsageError):
    """A quotation mark that is never closed."""

    words = "list-quote-open"


class ListBadScheme(UsageError):
    """A cell that means neither http nor https. Facts: typed."""

    words = "list-bad-scheme"


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A row that gives no server; `line` counts from 1 as editors do."""

    line: int
    error: UsageError


@dataclass(frozen=True, slots=True)
class ServerList:
    """In the order of the file, each server once."""

    targets: tuple[Target, ...]
    problems: tuple[ListProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Positions; `names` in the order in which they are tried."""

    names: tuple[int, ...] = (0,)
    port: int | None = None
    tls: int | None = None


def read_list_file(file: Path) -> ServerList:
    """Raises ListUnreadable, ListTooLarge, ListNotText; what is wrong with single rows is in the list."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise ListUnreadable(error.strerror or type(error).__name__) from error
    return read_list(content)


def read_list(content: bytes) -> ServerList:
    """The servers in the bytes of a file. Raises ListTooLarge, ListNotText."""
    if len(content) > MOST_BYTES:
        raise ListTooLarge(limit=str(MOST_ROWS))
    found: dict[str, Target] = {}
    problems: list[ListProblem] = []
    rows = list(islice(_rows(_text(content), problems), MOST_ROWS + 2))  # one for the header, one to see that there are too many
    columns = _header(rows[0].cells) if rows else None
    if columns is not None:
        del rows[0]
    elif len(rows) == 1:
        rows = [_Row(rows[0].line, (cell,)) for cell in rows[0].cells if cell]  # all servers on one line
    if len(rows) > MOST_ROWS:
        problems.append(ListProblem(rows[MOST_ROWS].line, ListTooLarge(limit=str(MOST_ROWS))))
    columns = columns or _without_header(rows)
    for row in rows[:MOST_ROWS]:
        try:
            _add(found, _target(row.cells, columns))
        except UsageError as error:
            problems.append(ListProblem(row.line, error))
    return ServerList(tuple(found.values()), tuple(sorted(problems, key=lambda problem: problem.line)))


def _add(found: dict[str, Target], target: Target) -> None:
    first = found.setdefault(target.name, target)
    if first != target:
        raise ServerNamedTwice(server=target.name, first=first.endpoint, second=target.endpoint)


def _text(content: bytes) -> str:
    if content.startswith(_BINARY):
        raise ListNotText
    text = _decoded(content)
    if "\0" in text:
        raise ListNotText
    return text.rstrip("\x1a")  # the end mark of old DOS editors


def _decoded(content: bytes) -> str:
    """By the byte order mark; else by what it can only be; else the code page of Western Windows, in which every byte means something."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    sample = content[:2000]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        # Names of servers are mostly ASCII: in UTF-16 then nearly every other byte is zero.
        if zeros and zeros.count(0) * 2 > len(zeros):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows(text: str, problems: list[ListProblem]) -> Iterator[_Row]:
    """Rows with at least one cell that is not empty. A cell may go on over lines; a quotation mark left open costs its own line only."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    delimiter, start = _delimiter(lines)
    number = start
    while number < len(lines):
        line, first = lines[number], number + 1
        number += 1
        # "#TYPE …" stands above everything that Export-Csv of Windows PowerShell writes; other lines with # are remarks.
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        taken = _lines_of_row(lines, first - 1)
        if taken is None:
            problems.append(ListProblem(first, ListQuoteOpen()))
            continue
        number = first - 1 + taken
        try:
            cells = next(csv.reader(["\n".join(lines[first - 1 : number])], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:  # a cell of more than 128 KB
            problems.append(ListProblem(first, ListQuoteOpen()))
            continue
        row = tuple(cell.strip() for cell in cells)
        if any(row):
            yield _Row(first, row)


def _lines_of_row(lines: list[str], start: int) -> int | None:
    quotes = 0
    for count, line in enumerate(lines[start : start + _MOST_LINES_OF_A_CELL], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return count
    return None


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """The delimiter, and where the rows begin. Excel may say it in a first line `sep=;`; else the one that the first rows have most of."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[-1], 1
    sample = [line for line in lines[:50] if line.strip() and not line.startswith("#")][:10]
    counts = {one: sum(line.count(one) for line in sample) for one in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda one: (one in sample[0], counts[one])) if sample else ","
    return (best if counts.get(best) else ","), 0


def _header(cells: tuple[str, ...]) -> _Columns | None:
    """Where the columns are, when the first row names them; None when it is a server already."""
    plain = ["".join(letter for letter in cell.lower() if letter.isalnum()) for cell in cells]
    names = [plain.index(name) for name in (*_NAMES, *_NAMES_DE) if name in plain]
    if not names:
        return None
    return _Columns(tuple(dict.fromkeys(names)), _first(plain, _PORTS), _first(plain, _TLS))


def _without_header(rows: list[_Row]) -> _Columns:
    """The name comes first; a second column is the port when it holds nothing but numbers."""
    second = [_cell(row.cells, 1) for row in rows]
    numbers = any(second) and all(not cell or cell.isdecimal() for cell in second)
    return _Columns(port=1 if numbers else None)


def _first(plain: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((plain.index(name) for name in wanted if name in plain), None)


def _cell(cells: tuple[str, ...], position: int | None) -> str:
    return cells[position] if position is not None and position < len(cells) else ""


def _target(cells: tuple[str, ...], columns: _Columns) -> Target:
    name = next((cell for position in columns.names if (cell := _cell(cells, position))), "")
    if not name:
        raise ListRowEmpty
    typed_port, typed_tls = _cell(cells, columns.port), _cell(cells, columns.tls)
    port = read_port(typed_port) if typed_port else None
    tls = _tls(typed_tls)
    target = read_target(name, Reaching(https=tls, port=port))
    # Port 5986 alone means https; a column that says no is believed.
    return replace(target, scheme="http") if typed_tls and not tls and "://" not in name else target


def _tls(typed: str) -> bool:
    plain = typed.strip().lower()
    if plain not in _YES | _NO:
        raise ListBadScheme(typed=shown_of(typed))
    return plain in _YES
