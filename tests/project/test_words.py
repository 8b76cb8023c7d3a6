"""The words: complete in every language, equal in what they rely on, and none left that nobody says."""

import importlib
import logging
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import oauthcert
from oauthcert import assets
from oauthcert.checks.check import Check, Variant
from oauthcert.checks.table import CHECKS, NOT_NEEDED, OWN_REASONS
from oauthcert.fixes.table import FIXES
from oauthcert.model.errors import OauthcertError, RemoteError
from oauthcert.model.finding import Fact, Finding, Severity, Verdict
from oauthcert.words import Catalogue
from oauthcert.words.filling import MANNERS, PLACEHOLDER
from oauthcert.words.shelves import LANGUAGES

ROOT = assets.resources() / "words"
VARIANTS = [(check, variant) for check in CHECKS for variant in check.variants]
VARIANT_IDS = [f"{check.id}.{variant.id}" for check, variant in VARIANTS]
# What every text may name besides the facts of its variant (see Catalogue.finding).
ALWAYS = {"server", "check", "question"}
# Reasons of looks that RemoteError kinds do not cover.
LOOK_REASONS = [
    "access-denied",
    "cmdlet-missing",
    "second-hop",
    "probe-deadline",
    "unreadable",
    "probe-failed",
    "cancelled",
    "not-asked",
    "not-collected",
]
SOURCES = Path(__file__).parents[2] / "gui" / "oauthcert"


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file with its dotted key."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def texts(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((ROOT / language).glob("*.toml")):
        for key, text in leaves(tomllib.loads(file.read_text(encoding="utf-8"))):
            found[f"{file.stem}.{key}"] = text
    return found


def kinds(error: type[OauthcertError]) -> Iterator[type[OauthcertError]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)


def known_errors() -> set[str]:
    """The words of every kind of error in the program; the window's modules need a screen and raise none of their own."""
    for module in pkgutil.walk_packages(oauthcert.__path__, "oauthcert."):
        if not module.name.startswith("oauthcert.ui") and module.name != "oauthcert.__main__":
            importlib.import_module(module.name)
    return {kind.words for kind in kinds(OauthcertError) if kind.__module__.startswith("oauthcert.")}


def known_reasons() -> set[str]:
    """Everything a look or a connection can give as its reason, as far as it is written in the code."""
    known_errors()
    own = {kind.words for kind in kinds(RemoteError)} - {"remote"}
    return own | set(OWN_REASONS) | set(LOOK_REASONS)


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return texts("en")


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_that_every_language_has_the_same_keys(language: str, english: dict[str, str]) -> None:
    assert set(texts(language)) == set(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_no_text_is_empty(language: str) -> None:
    assert [key for key, text in texts(language).items() if not text.strip()] == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_that_every_language_relies_on_the_same_facts(language: str, english: dict[str, str]) -> None:
    other = texts(language)
    needed, found = ({key: {match[1] for match in PLACEHOLDER.finditer(text)} for key, text in all_.items()} for all_ in (english, other))
    different = {key: (needed[key], found[key]) for key in needed if needed[key] != found.get(key)}
    assert different == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_placeholder_names_a_known_manner(language: str) -> None:
    coded = tomllib.loads((ROOT / language / "terms.toml").read_text(encoding="utf-8"))["coded"]
    known = {None, "reason", "advice", *MANNERS, *coded}
    unknown = {key: match[2] for key, text in texts(language).items() for match in PLACEHOLDER.finditer(text) if match[2] not in known}
    assert unknown == {}


def words_of(check: Check, variant: Variant, language: str) -> dict[str, str]:
    """The templates of a variant: its own, else those all checks share."""
    found = texts(language)
    for owner in (check.id, "any"):
        prefix = f".{owner}.{variant.id}."
        own = {key.rsplit(".", 1)[1]: text for key, text in found.items() if key.startswith("findings-") and prefix in key}
        if own:
            return own
    return {}


@pytest.mark.parametrize(("check", "variant"), VARIANTS, ids=VARIANT_IDS)
def test_that_every_variant_has_words_that_rely_only_on_its_facts(check: Check, variant: Variant) -> None:
    own = words_of(check, variant, "en")
    assert {"title", "meaning"} <= set(own) <= {"title", "meaning", "action"}
    assert ("action" in own) == (variant.verdict in (Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN))
    needed = {match[1] for text in own.values() for match in PLACEHOLDER.finditer(text)}
    assert needed <= set(variant.facts) | ALWAYS


def test_that_no_words_are_left_of_variants_that_are_gone(english: dict[str, str]) -> None:
    said = {name for (check, variant) in VARIANTS for name in (f"{check.id}.{variant.id}", f"any.{variant.id}")}
    there = {key.split(".", 1)[1].rsplit(".", 1)[0] for key in english if key.startswith("findings-")}
    assert there - said == set()
    shared = {name for name in there if name.startswith("any.")}
    used = {f"any.{variant.id}" for _, variant in VARIANTS}
    assert shared <= used


SAMPLES: Mapping[str, Fact] = {"reason": "refused", "look": "services", "why": "edge-server"}


def sample(name: str) -> Fact:
    """A plausible value by the fact's name."""
    if name in SAMPLES:
        return SAMPLES[name]
    if name.endswith(("_seconds", "_minutes", "_hours", "_days", "_count")) or name.startswith("days_"):
        return 12
    return ("fe01.contoso.lab", "fe02.contoso.lab") if name.endswith("s") and not name.startswith("last") else "2026-11-20T10:00:00Z"


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_variant_reads_without_a_gap(language: str, caplog: pytest.LogCaptureFixture) -> None:
    catalogue = Catalogue(language)
    with caplog.at_level(logging.WARNING):
        for check, variant in VARIANTS:
            facts = {name: sample(name) for name in variant.facts}
            server = "fe01.contoso.lab" if check.scope.value == "server" else None
            text = catalogue.finding(Finding(check.id, server, variant.verdict, variant.severity, f"{check.id}.{variant.id}", facts))
            whole = f"{text.title}{text.meaning}{text.action}"
            assert not re.search(r"\{[a-z]", whole), (check.id, variant.id)
            assert not text.title.endswith((".", ":")), (check.id, variant.id)
            assert len(text.title) <= 140, (check.id, variant.id)
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_reason_and_error_has_words(language: str) -> None:
    reasons = tomllib.loads((ROOT / language / "reasons.toml").read_text(encoding="utf-8"))
    errors = tomllib.loads((ROOT / language / "errors.toml").read_text(encoding="utf-8"))
    assert known_reasons() - set(reasons) == set()
    assert known_errors() - set(reasons) - set(errors) == set()
    assert all(set(text) == {"title", "action"} for text in [*reasons.values(), *errors.values()])


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_codes_in_facts_have_words(language: str) -> None:
    coded = tomllib.loads((ROOT / language / "terms.toml").read_text(encoding="utf-8"))["coded"]
    assert set(coded["why"]) == set(NOT_NEEDED)
    assert {"domain-controllers", "median"} == set(coded["reference"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_checks_groups_and_fixes_are_those_of_the_table(language: str) -> None:
    catalogue = Catalogue(language)
    grouped: dict[str, list[str]] = {}
    for check in CHECKS:
        grouped.setdefault(check.group.value, []).append(check.id)
        about = catalogue.check(check.id)
        assert about.question.endswith("?")
        assert about.name
        assert about.group
    assert {group: list(checks) for group, checks in catalogue.groups.items()} == grouped
    there = {key.split(".")[1] for key in texts(language) if key.startswith("checks.")}
    assert there == {check.id for check in CHECKS}
    fixes = {fix.id for fix in FIXES}
    assert {fix for check in CHECKS for fix in check.fixes} <= fixes
    assert fixes == {key.split(".")[1] for key in texts(language) if key.startswith("fixes.")}
    assert all(catalogue.fix(fix).effect.endswith(".") for fix in fixes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_verdicts_and_severities_have_words(language: str) -> None:
    catalogue = Catalogue(language)
    names = [catalogue.verdict(verdict) for verdict in Verdict] + [catalogue.severity(severity) for severity in Severity]
    assert len(set(names)) == len(Verdict) + len(Severity)


def test_that_every_label_is_said_somewhere(english: dict[str, str]) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    labels = {key.split(".")[1] for key in english if key.startswith("labels.")}
    assert sorted(label for label in labels if not re.search(f"[\"']{label}[\"']", code)) == []


def test_that_every_check_names_public_pages() -> None:
    catalogue = Catalogue("en")
    for check in CHECKS:
        sources = catalogue.sources(check.id)
        assert sources, check.id
        assert all(source.url.startswith("https://") and source.title for source in sources)
    assert set(tomllib.loads((ROOT / "sources.toml").read_text(encoding="utf-8"))) == {check.id for check in CHECKS}
