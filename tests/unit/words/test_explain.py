"""What a pasted text means: recognised however it was copied, in both languages, and never at the cost of a hanging window."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from oauthcert import assets
from oauthcert.checks.table import CHECKS
from oauthcert.words import Catalogue
from oauthcert.words.explain import explain
from oauthcert.words.filling import PLACEHOLDER
from oauthcert.words.pasted import reduced

ENGLISH, GERMAN = Catalogue("en"), Catalogue("de")
TABLE: Mapping[str, Mapping[str, Any]] = ENGLISH.symptoms
FAMILIES = sorted(file.name for file in (assets.resources() / "words").iterdir() if file.name.startswith("symptoms-"))
# Named by symptoms, but not in this version yet.
CHECKS_TO_COME = {"oauth-key-permissions", "oauth-subject", "oauth-strength", "oauth-dedicated", "oauth-rollover", "other-certificates"}
FIXES_TO_COME = {
    "remove-previous-oauth", "grant-key-access", "enable-winrm", "correct-account", "join-groups", "allow-second-hop",
    "open-replication-port",    "rename-certificate", "reissue-authority", "update-for-sha512", "renew-server-certificate",
}  # fmt: skip
PHRASES = [(symptom, phrase) for symptom, entry in TABLE.items() for phrase in entry.get("phrases", ())]
CODES = [(symptom, code) for symptom, entry in TABLE.items() for code in entry.get("codes", ())]
EVENTS = [(symptom, event) for symptom, entry in TABLE.items() for event in entry.get("events", ())]


def title(symptom: str) -> str:
    return ENGLISH.symptom(symptom)["title"]


@pytest.mark.parametrize(("symptom", "phrase"), PHRASES)
def test_that_every_phrase_is_recognised_inside_a_message(symptom: str, phrase: str) -> None:
    pasted = f'WARNING: Command failed: "{phrase.replace("*", "fe01.contoso.com")}". At line:1 char:1'
    assert explain(pasted, ENGLISH).candidates[0].id == symptom


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
    assert found.fixes == ("force-replication", "import-oauth-pfx", "install-chain")
    assert found.mends == tuple(ENGLISH.fix(fix).name for fix in found.fixes)
    assert found.cause
    assert found.sources == ENGLISH.sources("oauth-in-store")
    assert found.sure


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
def test_that_an_unknown_text_says_what_was_searched_and_what_to_do(language: str) -> None:
    found = explain("Event ID: 4711 failed with 0x80131500", Catalogue(language))
    assert (found.title, found.checks, found.candidates) == ("", (), ())
    assert found.tried == ("4711", "0x80131500", "event", "failed")
    assert found.action == Catalogue(language).label("explain_next")
    assert explain("nothing\u202e of the sort", Catalogue(language)).tried == ("nothing", "sort")
    assert explain("", Catalogue(language)).tried == ()


def test_that_symptoms_lead_to_checks_and_fixes_that_exist() -> None:
    checks = {check.id for check in CHECKS} | CHECKS_TO_COME
    fixes = {fix for check in CHECKS for fix in check.fixes} | FIXES_TO_COME
    for known in ENGLISH.knowledge.symptoms.values():
        assert set(known.checks) <= checks, known.id
        assert set(known.fixes) <= fixes, known.id
        assert known.checks or known.pages, known.id
        assert known.sentences or known.events or known.codes or known.questions, known.id
        assert bool(known.events) <= bool(known.sources), known.id
        assert len(known.sentences) == len(TABLE[known.id].get("phrases", ())), f"{known.id}: a phrase is too short to be recognised by"
        assert all(page.url.startswith("https://") for page in known.pages), known.id


@pytest.mark.parametrize("family", FAMILIES)
def test_that_every_symptom_has_its_words_in_every_language(family: str) -> None:
    known = tomllib.loads(assets.text(f"words/{family}"))
    for language in ("en", "de"):
        words = tomllib.loads(assets.text(f"words/{language}/{family}"))
        assert list(words) == list(known)
        for symptom, texts in words.items():
            assert {"title", "meaning", "action"} <= set(texts) <= {"title", "meaning", "cause", "action", "serial"}, symptom
            assert ("cause" in texts) == ("questions" not in family and "commands" not in family), symptom
            assert not texts["title"].endswith("."), symptom
            assert len(texts["title"]) <= 110, symptom
            assert all(text.endswith(".") for part, text in texts.items() if part != "title"), symptom
            assert PLACEHOLDER.findall(texts.get("serial", "")) in ([], [("serial", "")]), symptom


def test_that_no_phrase_and_no_number_means_two_things() -> None:
    for means in (
        [(symptom, reduced(phrase)) for symptom, phrase in PHRASES],
        [(symptom, int(code, 0)) for symptom, code in CODES],
        [(symptom, (event, source)) for symptom, event in EVENTS for source in TABLE[symptom]["sources"]],
    ):
        signs = [sign for _, sign in means]
        assert [sign for sign in signs if signs.count(sign) > 1] == []
