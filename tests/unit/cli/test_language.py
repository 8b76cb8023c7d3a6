"""Which language is spoken when no option says, and that every sentence exists in each."""

import re
import tomllib

import pytest

from oauthcert import assets
from oauthcert.cli.language import system_language
from oauthcert.cli.sentences import Sentences


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "de_AT", "LANG": "en_US.UTF-8"}, "de"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_that_the_systems_language_is_used_where_it_is_spoken(environment: dict[str, str], language: str) -> None:
    assert Sentences(system_language(environment, "linux")).language == language


def test_that_both_languages_say_the_same_things_with_the_same_facts() -> None:
    english, german = (tomllib.loads(assets.text(f"words/{language}/commands.toml")) for language in ("en", "de"))

    assert english.keys() == german.keys()
    assert english["place"].keys() == german["place"].keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", german[key])), key
