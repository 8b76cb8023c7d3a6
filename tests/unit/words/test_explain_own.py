"""The program's own sentences are known to explain: pasted from a ticket they lead to their meaning and next step, in both languages."""

import re
import tomllib

import pytest

from oauthcert import assets
from oauthcert.words import Catalogue
from oauthcert.words.explain import explain
from oauthcert.words.filling import PLACEHOLDER
from oauthcert.words.pasted import reduced
from oauthcert.words.shelves import LANGUAGES
from oauthcert.words.symptom import SHORTEST

CATALOGUES = {language: Catalogue(language) for language in LANGUAGES}
SHELVES = ("reasons", "errors")


def sentences(language: str, shelf: str) -> list[tuple[str, str]]:
    """Name of the entry -> each of its sentences with values filled in, if enough is left of it without them."""
    table = tomllib.loads(assets.text(f"words/{language}/{shelf}.toml"))
    found: list[tuple[str, str]] = []
    for name, words in table.items():
        for text in words.values():
            for sentence in re.split(r"(?<=[.?!]) +", text):
                if len(reduced(PLACEHOLDER.sub("", sentence))) >= SHORTEST + 4:
                    found.append((name, PLACEHOLDER.sub("fe01.contoso.com", sentence)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shelf", SHELVES)
def test_that_every_sentence_leads_back_to_what_says_it(language: str, shelf: str) -> None:
    other = CATALOGUES["de" if language == "en" else "en"]
    everything = sentences(language, shelf)
    assert len(everything) > 60
    wrong = []
    for name, sentence in everything:
        for catalogue in (CATALOGUES[language], other):
            found = explain(f"fe01: {sentence}", catalogue)
            entry = f"{shelf.removesuffix('s')}:{name}"
            # the same sentence may stand in several entries, and a symptom may say more about it
            if (
                not found.title
                or not found.action
                or (entry not in [one.id for one in found.candidates] and ":" in found.id and not said_by(found.id, language, sentence))
            ):
                wrong.append((name, sentence, found.id))
    assert wrong == []


def said_by(entry: str, language: str, sentence: str) -> bool:
    """Whether that entry says the sentence as well."""
    kind, _, name = entry.partition(":")
    catalogue = CATALOGUES[language]
    told = catalogue.template("findings", *name.split(".", 1)) if kind == "finding" else catalogue.template(f"{kind}s", name)
    return any(
        reduced(sentence.split("fe01.contoso.com", maxsplit=1)[0]) in reduced(PLACEHOLDER.sub("fe01.contoso.com", text))
        for text in told.values()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_finding_from_a_ticket_is_known_by_its_title(language: str) -> None:
    catalogue = CATALOGUES[language]
    found = explain(
        {
            "en": "The private key on fe02 may not be exported",
            "de": catalogue.template("findings", "oauth-key-exportable", "not-exportable")["title"].replace("{server:short}", "fe02"),
        }[language],
        catalogue,
    )
    assert "oauth-key-exportable" in found.checks
    assert found.action


@pytest.mark.parametrize(
    ("reason", "check"), [("timed-out", "server-reachable"), ("account-locked", "sign-in-accepted"), ("second-hop", "second-hop")]
)
def test_that_a_reason_leads_to_the_check_that_looks_at_it(reason: str, check: str) -> None:
    for language, catalogue in CATALOGUES.items():
        found = explain(f"> {catalogue.reason(reason).title}", CATALOGUES["en"])
        assert found.id == f"reason:{reason}", language
        assert check in found.checks


def test_that_every_reason_named_for_checks_exists() -> None:
    reasons = set(tomllib.loads(assets.text("words/en/reasons.toml")))
    assert set(CATALOGUES["en"].reason_checks) - reasons - {"answer-lost"} == set()
    for checks in CATALOGUES["en"].reason_checks.values():
        assert all(CATALOGUES["en"].has("checks", check) for check in checks)
