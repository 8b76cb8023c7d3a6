"""`oauthcert explain`: a text from an argument, a pipe or a file in any of Windows' encodings is answered, or said to be unknown."""

import io
import json
from pathlib import Path

import pytest

from oauthcert.cli.console import Console
from oauthcert.cli.main import run
from oauthcert.cli.piped_text import MOST_KEPT, decoded, read_text
from tests.fakes.parts import fake_parts
from tests.fakes.terminal import FakeConsole

KEYSET = "Keyset does not exist"


def explained(folder: Path, *arguments: str, typed: str = "", terminal: bool = False) -> tuple[int, FakeConsole]:
    console = FakeConsole(typed, terminal=terminal)
    parts, _ = fake_parts(folder, {})
    return run(["explain", *arguments], parts, console), console


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Likely cause:", "What to do:", "May help:")), ("de", ("Wahrscheinlicher Grund:", "Was zu tun ist:", "Hilft vielleicht:"))],
)
def test_that_an_answer_names_meaning_cause_checks_fixes_and_sources(tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    code, console = explained(tmp_path, KEYSET, "--lang", language)

    assert code == 0
    assert all(word in console.out for word in (*words, "oauth-private-key (", "repair-private-key (", "https://learn.microsoft.com/"))
    assert all(len(line) <= 100 or "https://" in line for line in console.out.splitlines())
    assert ".." not in console.out
    assert console.err == ""


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_that_text_may_be_piped_in(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, console = explained(tmp_path, *arguments, "--lang", "en", typed=f"> {KEYSET.replace(' not', chr(10) + '> not')}\n")

    assert code == 0
    assert "private key" in console.out
    assert console.err == ""


def test_that_words_without_quotes_are_one_text(tmp_path: Path) -> None:
    assert explained(tmp_path, *KEYSET.split(), "--lang", "en")[1].out == explained(tmp_path, KEYSET, "--lang", "en")[1].out


def test_that_someone_at_a_terminal_is_told_how_to_end_the_text(tmp_path: Path) -> None:
    _, console = explained(tmp_path, "--lang", "en", typed=KEYSET, terminal=True)

    assert "Ctrl+D" in console.err


def test_that_an_unknown_text_ends_with_3_and_says_what_was_searched(tmp_path: Path) -> None:
    code, console = explained(tmp_path, "the coffee machine 0x80131500", "--lang", "en")

    assert code == 3
    assert "Searched for: 0x80131500, coffee, machine" in console.out
    assert "Check all servers" in console.out


@pytest.mark.parametrize("typed", ["", " \n\t"])
def test_that_no_text_at_all_is_wrong_usage(tmp_path: Path, typed: str) -> None:
    code, console = explained(tmp_path, "-", "--lang", "en", typed=typed)

    assert code == 64
    assert console.out == ""
    assert "no text" in console.err


def test_that_json_holds_ids_and_candidates(tmp_path: Path) -> None:
    code, console = explained(tmp_path, KEYSET, "--format", "json", "--lang", "en")
    told = json.loads(console.out)

    assert code == 0
    assert (told["known"], told["id"], told["sure"]) == (True, "key-missing", True)
    assert told["checks"][0] == "oauth-private-key"
    assert told["candidates"][0]["id"] == "key-missing"
    assert json.loads(explained(tmp_path, "coffee", "--format", "json", "--lang", "en")[1].out)["known"] is False


def test_that_a_text_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    _, console = explained(tmp_path, "\x1b[31mnothing\x07 of the sort \u202e", "--lang", "en")

    assert not any(letter in console.out for letter in "\x1b\x07\u202e")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_that_files_of_windows_are_read_in_their_encoding(encoding: str) -> None:
    text = "Der Schlüsselsatz ist nicht vorhanden. Größe: übel"
    raw = text.encode(encoding)
    if encoding == "utf-16-be":
        raw = b"\xfe\xff" + raw

    assert decoded(raw) == text


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\xff\xfe\x00", b"\x00" * 100, b"\x80\x81\xc3", b"\xef\xbb\xbf"])
def test_that_bytes_which_are_no_text_do_no_harm(raw: bytes) -> None:
    assert isinstance(decoded(raw), str)


def test_that_of_an_endless_file_the_beginning_and_the_end_are_kept() -> None:
    raw = b"first\n" + "füllen\n".encode() * (5 * MOST_KEPT // 8) + b"last"
    text = read_text(Console(io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"), io.StringIO(), io.StringIO()).stdin)

    assert text.startswith("first\nfüllen")
    assert text.endswith("füllen\nlast")
    assert len(text) <= 2 * MOST_KEPT + 1
