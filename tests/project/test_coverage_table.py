"""Every symptom and question of the study is covered: by findings, an answer of explain, a fix, or a reason why no look tells it."""

import tomllib
from typing import Any

import pytest

from oauthcert.checks.table import CHECKS
from oauthcert.words import Catalogue
from oauthcert.words.explain import explain
from oauthcert.words.shelves import LANGUAGES
from tests.project.checkout import ROOT, text_of

FILES = ("coverage.toml", "coverage-questions.toml")
ROWS: dict[str, dict[str, Any]] = {
    name: row for file in FILES for name, row in tomllib.loads(text_of(ROOT / "tests" / "data" / file)).items()
}
NUMBERS = [*range(1, 21), *range(30, 48), *range(60, 69), *range(80, 86)]
# Checks that are on their way: what they say is known, the checks themselves are not here yet.
TO_COME = {"oauth-strength", "oauth-subject", "oauth-dedicated", "oauth-rollover", "oauth-key-permissions", "other-certificates"}
CATALOGUES = {language: Catalogue(language) for language in LANGUAGES}


def test_that_every_row_of_the_study_is_there() -> None:
    assert list(ROWS) == [*(f"D-{number:02}" for number in NUMBERS), *(f"KB-{number:02}" for number in range(1, 33))]


@pytest.mark.parametrize("row", ROWS)
def test_that_a_row_is_covered_by_what_exists(row: str) -> None:
    entry = ROWS[row]
    variants = {f"{check.id}.{variant.id}" for check in CHECKS for variant in check.variants}
    there = {check.id for check in CHECKS}
    seen = {finding for finding in entry.get("sees", ()) if finding.partition(".")[0] not in TO_COME - there}
    assert set(entry) <= {"label", "explain", "sees", "fixes", "unseen", "en", "de"}
    assert seen <= variants
    assert set(entry.get("fixes", ())) <= {fix for check in CHECKS for fix in check.fixes} | {"refresh-partner"}
    assert entry.get("sees") or len(entry.get("unseen", "").split()) >= 4
    assert entry["explain"] in CATALOGUES["en"].symptoms
    assert 2 <= len(entry["label"].split()) <= 9


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_sample_is_answered_by_the_right_entry(row: str, language: str) -> None:
    for catalogue in CATALOGUES.values():
        found = explain(ROWS[row][language], catalogue)
        assert found.id == ROWS[row]["explain"]
        assert found.title
        assert found.meaning
        assert found.action
        assert found.sources


def test_that_no_answer_is_left_without_a_row_or_a_reason() -> None:
    answered = {row["explain"] for row in ROWS.values()}
    own = tomllib.loads(text_of(ROOT / "resources" / "words" / "symptoms-questions.toml"))
    assert set(own) - answered == set()
