"""Whatever a server prints becomes one bounded line of plain text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.words.showing import LONGEST_VALUE, grouped, short_name, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fe01.contoso.lab", "fe01.contoso.lab"),
        ("Müller, 日本, ελ", "Müller, 日本, ελ"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("a\x00b\x1b[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m"),
        ("\ud800", "⟨U+D800⟩"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("", ""),
    ],
)
def test_that_hidden_characters_are_shown_by_number(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_that_long_text_is_cut_with_a_mark() -> None:
    assert visible("x" * 65536) == "x" * LONGEST_VALUE + "…"
    assert visible("x" * LONGEST_VALUE) == "x" * LONGEST_VALUE


@given(st.text())
def test_that_no_text_escapes_its_line(text: str) -> None:
    shown = visible(text, 40)
    assert len(shown) <= 41
    assert all(unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in shown)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("fe01.contoso.lab", "fe01"),
        ("fe01", "fe01"),
        ("10.0.0.11", "10.0.0.11"),
        ("fe80::1", "fe80::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("", ""),
        (".lab", ".lab"),
    ],
)
def test_that_only_names_are_shortened(name: str, short: str) -> None:
    assert short_name(name) == short


def test_that_thumbprints_are_grouped_for_the_eye() -> None:
    assert grouped("6D4A1C0E93B27F5588AA01C4D2E6F70912345678") == "6D4A1C0E 93B27F55 88AA01C4 D2E6F709 12345678"
