"""The window's texts: complete in both languages, every one said somewhere, and none asked for that there is not."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from oauthcert import assets
from oauthcert.flow.steps import Goal, Step
from oauthcert.flow.trail import Hindrance
from oauthcert.words import Catalogue
from oauthcert.words.filling import placeholders

SOURCES = Path(__file__).parents[2] / "gui" / "oauthcert"
SAYING = {"phrase", "words", "_words", "window", "_phrase"}


def texts(language: str) -> dict[str, str | dict[str, str]]:
    return {
        **tomllib.loads(assets.text(f"words/{language}/window.toml")),
        **tomllib.loads(assets.text(f"words/{language}/window-repair.toml")),
        **tomllib.loads(assets.text(f"words/{language}/window-deploy.toml")),
    }


def forms(text: str | Mapping[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def strings() -> Iterator[re.Pattern[str]]:
    """Every text in the code as a pattern: what is filled in may be anything."""
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.compile(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values]
                if any(len(part) > 2 for part in parts):
                    yield re.compile("".join(parts))


def asked() -> Iterator[tuple[str, str]]:
    """File and key of every text that is asked for by its full key."""
    for file in (SOURCES / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
                first = node.args[0]
                if name in SAYING and isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    yield file.name, first.value


def test_that_both_languages_have_the_same_texts_with_the_same_facts() -> None:
    english, german = texts("en"), texts("de")
    assert set(english) == set(german)
    for key, text in english.items():
        needed = [set().union(*(placeholders(form) for form in forms(one))) for one in (text, german[key])]
        assert needed[0] == needed[1], key
        assert isinstance(text, str) or set(text) == {"one", "other"}, key
        assert isinstance(german[key], str) == isinstance(text, str), key


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_no_text_is_empty_or_left_untidy(language: str) -> None:
    untidy = [key for key, text in texts(language).items() for form in forms(text) if form != form.strip() or not form or "  " in form]
    assert untidy == []


def test_that_german_is_german() -> None:
    english, german = texts("en"), texts("de")
    # what is the same in both: names, examples, units
    same = {key for key in english if english[key] == german[key] and re.search(r"[a-z]{4,} [a-z]{4,}", str(english[key]))}
    assert same <= {"explain.example"}


def test_that_every_text_is_said_somewhere() -> None:
    patterns = list(strings())
    whole = {pattern.pattern for pattern in patterns}
    open_ended = [pattern for pattern in patterns if ".+" in pattern.pattern]
    unsaid = [key for key in texts("en") if re.escape(key) not in whole and not any(one.fullmatch(key) for one in open_ended)]
    assert unsaid == []


def test_that_every_text_that_is_asked_for_is_there() -> None:
    known = set(texts("en"))
    assert sorted({(file, key) for file, key in asked() if key not in known}) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_steps_goals_and_hindrances_have_words(language: str) -> None:
    keys = [f"step.{step.value}" for step in Step]
    keys += [f"start.{goal.value}.{part}" for goal in Goal for part in ("title", "sentence")]
    keys += [f"hindrance.{hindrance.value}" for hindrance in Hindrance]
    said = [Catalogue(language).window(key) for key in keys]
    assert set(keys) & set(said) == set()
