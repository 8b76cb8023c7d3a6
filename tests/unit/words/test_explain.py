"""What a pasted text means: recognised however it was copied, in both languages, and never at the cost of a hanging window."""

import time
import tomllib
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert import assets
from oauthcert.checks.table import CHECKS
from oauthcert.words import Catalogue
from oauthcert.words.explain import LONGEST, explain, reduced, symptoms

ENGLISH, GERMAN = Catalogue("en"), Catalogue("de")
TABLE: dict[str, dict[str, Any]] = tomllib.loads(assets.text("words/symptoms.toml"))
PHRASES = [(symptom, phrase) for symptom, entry in TABLE.items() for phrase in entry.get("phrases", ())]
CODES = [(symptom, code) for symptom, entry in TABLE.items() for code in entry.get("codes", ())]
EVENTS = [(symptom, event) for symptom, entry in TABLE.items() for event in entry.get("events", ())]


def title(symptom: str) -> str:
    return ENGLISH.symptom(symptom)["title"]


@pytest.mark.parametrize(("symptom", "phrase"), PHRASES)
def test_that_every_phrase_is_recognised_inside_a_message(symptom: str, phrase: str) -> None:
    assert explain(f'Set-CsCertificate : Command failed: "{phrase}". At line:1 char:1', ENGLISH).title == title(symptom)


@pytest.mark.parametrize(
    "pasted",
    [
        "ASSIGNED CERTIFICATE NOT FOUND OR UNTRUSTED",
        "Assigned certificate not fou\r\n    nd or untrusted",
        "Assigned certificate not 2026-11-21 03:12:44.123 found or untrusted",
        "“Assigned certificate not found or untrusted”",
        "Assigned\u00a0certificate not\u200b found or un\u00adtrusted",
        "WARNING: 'Assigned certificate' - not found, or untrusted!",
        "Ａｓｓｉｇｎｅｄ certificate not found or untrusted",
        "Warnung: Das zugewiesene Zertifikat wurde nicht gefunden oder\nist nicht vertrauenswürdig.",
    ],
)
def test_that_it_does_not_matter_how_a_message_was_copied(pasted: str) -> None:
    found = explain(pasted, ENGLISH)
    assert found.title == title("not-found-or-untrusted")
    assert found.checks == ("oauth-in-store", "oauth-chain", "local-store-current")
    assert found.looks == tuple(ENGLISH.check(check).name for check in found.checks)


@pytest.mark.parametrize(("symptom", "code"), CODES)
def test_that_every_code_is_recognised_in_any_notation(symptom: str, code: str) -> None:
    number = int(code, 0) & 0xFFFFFFFF
    for written in (f"0x{number:08X}", f"0x{number:08x}", f"{number - (1 << 32)}", f"{number}", f"(Exception from HRESULT: 0x{number:X})"):
        assert explain(f"failed with {written}.", ENGLISH).title == title(symptom), written
    assert explain(f"{number:08X}", ENGLISH).title == title(symptom)


@pytest.mark.parametrize(("symptom", "event"), EVENTS)
def test_that_every_event_is_recognised_by_number_and_source(symptom: str, event: int) -> None:
    source = TABLE[symptom]["sources"][0]
    for pasted in (
        f"Log Name: Lync Server\r\nSource:        {source}\r\nEvent ID:      {event}\r\nLevel: Error",
        f"Quelle: {source}  Ereignis-ID: {event}",
        f"<Provider Name='{source}' /><EventID>{event}</EventID>",
        f"Error\t21.11.2026 03:12:44\t{source}\t{event}\t(1000)",
        str(event),
        f"event {event}",
    ):
        assert explain(pasted, ENGLISH).title == title(symptom), pasted


def test_that_an_event_number_of_another_source_means_nothing() -> None:
    assert explain("Source: Perflib\nEvent ID: 2008", ENGLISH).title == ""
    assert explain("the server has 1017 users and 2008 mailboxes", ENGLISH).title == ""


def test_that_a_year_is_no_event() -> None:
    assert explain("2020-11-21 10:00:00 LS Master Replicator Agent Service started", ENGLISH).title == ""


def test_that_the_longest_match_comes_first_and_the_others_are_named() -> None:
    found = explain("Zugriff verweigert. KRB_AP_ERR_SKEW: time and/or date difference between the client and server", GERMAN)
    assert found.title == GERMAN.symptom("clock-skew")["title"]
    assert found.others == (GERMAN.symptom("access-denied")["title"],)


def test_that_a_serial_number_is_turned_the_right_way_round() -> None:
    found = explain("LS Protocol Stack 14397. Serial number: 0A 0B 0C 1D 2E", ENGLISH)
    assert "2E1D0C0B0A" in found.meaning
    assert "{serial}" not in explain("Event ID: 14397", ENGLISH).meaning


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_an_unknown_text_says_what_was_searched(language: str) -> None:
    found = explain("Event ID: 4711 failed with 0x80131500", Catalogue(language))
    assert (found.title, found.checks) == ("", ())
    assert found.tried == ("4711", "0x80131500")
    assert explain("nothing\u202e of the sort", Catalogue(language)).tried == ("nothing⟨U+202E⟩ of the sort",)
    assert explain("", Catalogue(language)).tried == ()


def test_that_symptoms_lead_to_checks_that_exist_and_have_words() -> None:
    checks = {check.id for check in CHECKS}
    for known in symptoms(ENGLISH):
        assert known.checks
        assert set(known.checks) <= checks, known.id
        assert known.phrases or known.events or known.codes, known.id
        assert bool(known.events) <= bool(known.sources), known.id
        assert all(len(phrase) >= 12 for phrase in known.phrases), known.id
    for language in ("en", "de"):
        words = tomllib.loads(assets.text(f"words/{language}/symptoms.toml"))
        assert set(words) == set(TABLE)
        for symptom, texts in words.items():
            assert {"title", "meaning", "action"} <= set(texts) <= {"title", "meaning", "action", "serial"}, symptom
            assert not texts["title"].endswith("."), symptom
            assert all(texts[part].endswith(".") for part in ("meaning", "action")), symptom
            assert [field for part in texts.values() for _, field, _, _ in Formatter().parse(part) if field] in ([], ["serial"])


def test_that_no_phrase_and_no_number_means_two_things() -> None:
    for means in (
        [(symptom, reduced(phrase)) for symptom, phrase in PHRASES],
        [(symptom, int(code, 0)) for symptom, code in CODES],
        EVENTS,
    ):
        assert len({sign for _, sign in means}) == len(means)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=2000) | st.text(alphabet="0123456789abcdefx:-./ eventidsource=\n", max_size=2000))
def test_that_no_text_breaks_it(pasted: str) -> None:
    found = explain(pasted, GERMAN)
    assert bool(found.title) == bool(found.checks)


@pytest.mark.parametrize("piece", ["a", "1", "0x", "12:", "2026-", "serial number ", "source: ", "é", "\u202e", "event id: ", "00 ", "ﷺ"])
def test_that_time_grows_with_the_text_alone(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        began = time.process_time()
        explain(text, ENGLISH)
        return time.process_time() - began

    seconds(1000)
    small = min(seconds(LONGEST // 8) for _ in range(3))
    assert min(seconds(LONGEST) for _ in range(2)) < max(0.25, 40 * small)


def test_that_the_end_of_a_long_log_is_read_too() -> None:
    log = "nothing of interest\n" * 20_000 + "Keyset does not exist"
    assert explain(log, ENGLISH).title == title("key-missing")
