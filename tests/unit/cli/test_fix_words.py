"""Whatever a repair can say has words in every language."""

import re
from pathlib import Path

import pytest

import oauthcert
from oauthcert.casework.resuming import How
from oauthcert.cli.sentences import Sentences
from oauthcert.fixes.recovery import State
from oauthcert.model.plan import Consent, Manner
from oauthcert.model.repair import Outcome
from oauthcert.words.shelves import LANGUAGES, Shelves

SCRIPTS = Path(__file__).parents[3] / "resources" / "powershell" / "fixes"
SOURCES = [Path(oauthcert.__file__).parent / name for name in ("fixes", "casework")]
MADE_HERE = (
    "answer-lost", "answer-unreadable", "earlier-step-failed", "interrupted", "leaves-no-trace", "left-to-the-person", "may-still-run",
    "not-answered", "not-brought", "not-made", "nothing-to-run", "still-on-its-way", "step-threw", "stopped-waiting", "undo-not-known",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_outcome_state_and_level_has_a_word(language: str) -> None:
    words = Sentences(language)
    wanted = [("outcome", one.value) for one in Outcome] + [("state", one.value) for one in State]
    wanted += [("consent", one.value) for one in Consent] + [("manner", one.value) for one in Manner]
    wanted += [("preview", one) for one in ("preview", "already", "refused", "failed", "later")]
    wanted += [("ended", one) for one in ("unfinished", "finished", "stopped", "kept", "undone")]
    texts = Shelves(language).shelf("commands")
    assert [(kind, key) for kind, key in wanted if key not in texts[kind]] == []
    assert all(words(f"can_{how.value}") for how in How)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_reason_of_a_repair_has_words(language: str) -> None:
    known = {*Shelves(language).shelf("reasons"), *Shelves(language).shelf("errors")}
    refusals = {reason for file in SCRIPTS.glob("*.ps1") for reason in re.findall(r"-Reason '([a-z-]+)'", file.read_text(encoding="utf-8"))}
    assert refusals
    assert refusals - known == set()
    assert set(MADE_HERE) - known == set()


def test_that_no_reason_made_here_is_only_in_this_list() -> None:
    code = "".join(file.read_text(encoding="utf-8") for folder in SOURCES for file in folder.glob("*.py"))
    said = code + (Path(oauthcert.__file__).parent / "remote" / "failures.py").read_text(encoding="utf-8")
    assert [reason for reason in MADE_HERE if f'"{reason}"' not in said] == []
