"""What comes between and around the words of a message does not change its meaning; and no text breaks, hangs or surprises explain."""

import time
import tomllib
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert.words import Catalogue
from oauthcert.words.explain import explain
from oauthcert.words.likeness import distance
from oauthcert.words.pasted import LONGEST

ENGLISH, GERMAN, GERMAN_AGAIN = Catalogue("en"), Catalogue("de"), Catalogue("de")
DATA = Path(__file__).parents[2] / "data"
ROWS = {
    name: row
    for file in ("coverage", "coverage-questions")
    for name, row in tomllib.loads((DATA / f"{file}.toml").read_text("utf-8")).items()
}
# Messages, not questions: of those the words are compared, not their letters, and what stands around them belongs to the question.
MESSAGES = [
    ("Key object attributes are not valid", "key-attributes"),
    ("The buffer supplied to a function was too small", "key-provider"),
    ("private key is not marked exportable", "key-not-exportable"),
    ("Assigned certificate not found or untrusted", "not-found-or-untrusted"),
    ("Zugewiesenes Zertifikat nicht gefunden oder nicht vertrauenswürdig", "not-found-or-untrusted"),
    ("Cannot find any suitable disks for database files", "no-suitable-disk"),
    ("The metadata document could not be downloaded", "metadata-not-downloaded"),
    ("Connection to Microsoft Exchange is unavailable", "phone-edition"),
    ("The account is locked.", "reason:account-locked"),
    ("Kerberos hat die Anmeldung abgelehnt, weil zwei Uhren zu weit auseinandergehen.", "reason:clock-skew"),
]
BETWEEN = [
    "\r\n> ",
    "\n>> ",
    " \n\t",
    "_x000D__x000A_",
    " 2026-11-21T03:12:44.123Z ",
    "\n21.11.2026 03:12:44 ",
    " {6f1c2b1e-8f0a-4b7e-9a53-2d0c8c9b1f11} ",
    "\u00a0",
    "\u200b ",
]
AROUND = [
    "",
    "Hello team,\n\n",
    "At line:1 char:1\n+ Invoke-Something\n+ ~~~~~~~~~\n    + CategoryInfo : InvalidOperation: (:) [], Exception\n",
    "6D4A1C0E93B2F7AA01C3D4E5F60718293A4B5C6D ",
    "fe01.contoso.com: ",
    "2026-11-21 03:12:44.123 ERROR ",
    "#< CLIXML\r\n<Objs Version=\"1.1.0.1\"><S S=\"Error\">",
    "</S></Objs>",
    "\x1b[31;1m",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(MESSAGES),
    st.lists(st.sampled_from(BETWEEN), max_size=4),
    st.sampled_from(AROUND),
    st.sampled_from(AROUND),
    st.booleans(),
)
def test_that_noise_never_changes_the_answer(message: tuple[str, str], between: list[str], before: str, after: str, loud: bool) -> None:
    """400 examples."""
    text, meant = message
    words = (text.upper() if loud else text).split(" ")
    gaps = chain(between, repeat(" "))
    noisy = before + "".join(part for word in words for part in (word, next(gaps))) + after
    assert explain(noisy, ENGLISH).id == meant


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MESSAGES), st.data())
def test_that_one_typing_error_in_a_longer_word_is_forgiven(message: tuple[str, str], data: st.DataObject) -> None:
    """300 examples. The answer stays the same, or the text counts as unknown; it never becomes another answer."""
    text, meant = message
    words = text.split(" ")
    place = data.draw(st.sampled_from([number for number, word in enumerate(words) if len(word) >= 6]))
    at = data.draw(st.integers(1, len(words[place]) - 2))
    word = words[place]
    words[place] = data.draw(
        st.sampled_from([word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + "x" + word[at:]])
    )
    assert explain(" ".join(words), ENGLISH).id == meant


@pytest.mark.parametrize(
    ("said", "opposite"),
    [
        ("private key is not marked exportable", "private key is marked exportable"),
        ("Assigned certificate not found or untrusted", "Assigned certificate found and trusted"),
        ("Key object attributes are not valid", "Key object attributes are valid"),
        ("Die Topologie stimmt nicht", "Die Topologie stimmt"),
    ],
)
def test_that_the_opposite_is_not_taken_for_the_message(said: str, opposite: str) -> None:
    found = explain(opposite, ENGLISH)
    assert not found.title or found.id != explain(said, ENGLISH).id


@pytest.mark.parametrize(
    "text",
    [
        "the coffee machine in the kitchen is broken",
        "Guten Morgen zusammen, wann ist die Besprechung?",
        "lorem ipsum dolor sit amet",
        "0",
        "???",
    ],
)
def test_that_text_about_something_else_is_unknown(text: str) -> None:
    assert explain(text, GERMAN).title == ""


@pytest.mark.parametrize("row", ROWS)
def test_that_umlauts_may_be_written_out_or_mangled(row: str) -> None:
    text = ROWS[row]["de"]
    for letters in (
        {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"},
        {"ä": "Ã¤", "ö": "Ã¶", "ü": "Ã¼", "ß": "ÃŸ"},
    ):
        changed = text
        for letter, instead in letters.items():
            changed = changed.replace(letter, instead)
        assert explain(changed, GERMAN).id == explain(text, GERMAN).id == ROWS[row]["explain"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=2000) | st.text(alphabet="0123456789abcdefx:-./ eventidsource=\n<>&#;_", max_size=2000))
def test_that_no_text_breaks_it_and_the_same_text_gets_the_same_answer(pasted: str) -> None:
    """200 examples."""
    found = explain(pasted, GERMAN)
    assert bool(found.title) == bool(found.candidates)
    assert found.action
    assert found == explain(pasted, GERMAN_AGAIN)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted({word for row in ROWS.values() for word in f"{row['en']} {row['de']}".split()})), max_size=120))
def test_that_known_words_in_any_order_are_answered_in_bounded_time(words: list[str]) -> None:
    """100 examples. Half a second is far more than the worst seen (0.1 s); it tells a loop from work."""
    explain("warm up", GERMAN)
    began = time.process_time()
    explain(" ".join(words), GERMAN)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "0x", "12:", "2026-", "serial number ", "source: ", "é", "\u202e", "event id: ", "00 ", "ﷺ", "a.", "<a", "&#1;", "_x000D_"],
)
def test_that_time_grows_with_the_text_alone(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        explain(text, ENGLISH)
        return time.process_time() - began

    seconds(1000)
    assert seconds(LONGEST // 4) < max(1.5, 60 * seconds(LONGEST // 128))


def test_that_every_part_of_a_long_log_is_read() -> None:
    line = "2026-11-21 03:12:44.123 INFO nothing of interest in thread 17\n"
    log = line * (LONGEST // len(line) // 2 - 1)
    for pasted in (log + "Keyset does not exist", "Keyset does not exist" + log, log + "Keyset does not exist\n" + log):
        assert len(pasted) <= LONGEST
        assert explain(pasted, ENGLISH).id == "key-missing"
    assert explain(log * 9 + "Keyset does not exist", ENGLISH).id == "key-missing"


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_that_the_distance_of_words_is_bounded_and_symmetrical(one: str, other: str) -> None:
    assert distance(one, other, 2) == distance(other, one, 2)
    assert (distance(one, other, 2) == 0) == (one == other)
    assert distance(one, one[1:2] + one[:1] + one[2:], 2) <= 1
