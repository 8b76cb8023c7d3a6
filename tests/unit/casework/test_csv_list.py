"""Server lists as Windows programs write them: encodings, delimiters, headers, and rows that are wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.casework.csv_list import (
    MOST_BYTES,
    MOST_ROWS,
    ListNotText,
    ListTooLarge,
    ListUnreadable,
    ServerList,
    read_list,
    read_list_file,
)
from oauthcert.model.errors import UsageError
from oauthcert.model.target import Target

FE01, FE02 = Target("fe01.contoso.lab"), Target("fe02.contoso.lab")


def names(read: ServerList) -> list[str]:
    return [target.name for target in read.targets]


def wrong(read: ServerList) -> list[tuple[int, str]]:
    return [(problem.line, problem.error.words) for problem in read.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_that_every_encoding_of_windows_is_read(encoding: str) -> None:
    text = "Server;Standort\r\nfe01.contoso.lab;Zürich\r\nfe02.contoso.lab;Köln\r\n"
    assert read_list(text.encode(encoding)) == ServerList((FE01, FE02))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_that_every_delimiter_and_line_end_is_read(delimiter: str, end: str) -> None:
    rows = (("Server", "Port"), ("fe01.contoso.lab", "5985"), ("fe02.contoso.lab", ""))
    assert read_list(end.join(delimiter.join(row) for row in rows).encode()) == ServerList((FE01, FE02))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fe01.contoso.lab\nfe02.contoso.lab", [FE01, FE02]),
        ("fe01.contoso.lab, fe02.contoso.lab", [FE01, FE02]),
        ("fe01.contoso.lab;5986\nfe02.contoso.lab;", [Target("fe01.contoso.lab", "https", 5986), FE02]),
        ("fe01.contoso.lab,Frankfurt\nfe02.contoso.lab,Wien", [FE01, FE02]),
        ("name,dnshostname\nFE01,fe01.contoso.lab\nFE02,\n", [FE01, Target("fe02")]),
        ("sep=;\nServer;Port\nfe01.contoso.lab;5985", [FE01]),
        ('#TYPE Selected.System.Object\n"Name"\n"fe01.contoso.lab"', [FE01]),
        ("Rechnername;HTTPS\nfe01.contoso.lab;ja\nfe02.contoso.lab;nein", [Target("fe01.contoso.lab", "https", 5986), FE02]),
        ("computer,port,scheme\nfe01.contoso.lab,8443,https", [Target("fe01.contoso.lab", "https", 8443)]),
        ("server,port,https\nfe01.contoso.lab,443,no", [Target("fe01.contoso.lab", "http", 443)]),
        ("FQDN\nhttps://fe01.contoso.lab/wsman", [Target("fe01.contoso.lab", "https", 5986)]),
        ('server,note\nfe01.contoso.lab,"first line\nsecond line"\nfe02.contoso.lab,x', [FE01, FE02]),
        ("  Server Name ;\n fe01.contoso.lab ;\n", [FE01]),
        ("fe01.contoso.lab\nFE01.contoso.lab.\n", [FE01]),
        ("", []),
        ("\r\n\r\n # only a remark\r\n", []),
        ("fe01.contoso.lab\r\n\x1a", [FE01]),
    ],
)
def test_that_lists_are_read_as_they_are_meant(text: str, expected: list[Target]) -> None:
    read = read_list(text.encode())
    assert (list(read.targets), wrong(read)) == (expected, [])


def test_that_a_wrong_row_costs_only_itself_and_is_named_by_its_line() -> None:
    rows = ("fe01.contoso.lab;5985;", "bad!name;;", ";5985;", "fe02.contoso.lab;70000;", "fe03;;maybe", "fe01.contoso.lab;5986;")
    read = read_list("\n".join(("server;port;https", *rows, "fe02.contoso.lab;;")).encode())
    assert read.targets == (FE01, FE02)
    reasons = ("bad-server-name", "list-row-empty", "bad-port", "list-bad-scheme", "server-named-twice")
    assert wrong(read) == list(enumerate(reasons, 3))


def test_that_an_open_quotation_mark_costs_only_its_line() -> None:
    read = read_list(b'server,note\n"fe09,x\nfe01.contoso.lab,\nfe02.contoso.lab,\n')
    assert (read.targets, wrong(read)) == ((FE01, FE02), [(2, "list-quote-open")])


def test_that_five_thousand_rows_are_read_and_the_next_is_told() -> None:
    full = "server\n" + "".join(f"fe{number}.contoso.lab\n" for number in range(MOST_ROWS))
    assert (len(read_list(full.encode()).targets), read_list(full.encode()).problems) == (MOST_ROWS, ())
    read = read_list((full + "one.more\nand.more\n").encode())
    assert (len(read.targets), wrong(read)) == (MOST_ROWS, [(MOST_ROWS + 2, "list-too-large")])


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7", b"fe01\x00\x01\x02fe02" * 10])
def test_that_a_workbook_is_not_taken_for_a_list(content: bytes) -> None:
    with pytest.raises(ListNotText):
        read_list(content)


def test_that_a_file_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable):
        read_list_file(tmp_path / "gone.csv")
    with pytest.raises(ListUnreadable):
        read_list_file(tmp_path)
    large = tmp_path / "large.csv"
    large.write_bytes(b"a" * (MOST_BYTES + 1))
    with pytest.raises(ListTooLarge):
        read_list_file(large)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-16")))
def test_that_no_bytes_break_it(content: bytes) -> None:
    try:
        read = read_list(content)
    except UsageError:
        return
    assert len(set(names(read))) == len(read.targets)
    assert all(problem.line >= 1 for problem in read.problems)
