"""Reads a plan as a person does, in every language, and objects to gaps."""

import logging
import re

import pytest

from oauthcert.model.plan import Manner, Plan
from oauthcert.words import Catalogue


def gaps(plan: Plan, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is missing in the texts of its steps, questions and omissions."""
    found: list[str] = []
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for catalogue in (Catalogue("en"), Catalogue("de")):
            for step in plan.steps:
                text = catalogue.step(step)
                whole = " ".join(filter(None, (text.title, text.effect, text.notice, text.undo, text.do)))
                complete = bool(text.title and text.effect) and not text.title.endswith(".")
                complete = complete and bool(text.do) == (step.manner is Manner.GUIDES) and bool(text.undo) == (step.manner is Manner.DOES)
                if not complete or re.search(r"\{[a-z]|\?\.|  |\(\)", whole):
                    found.append(f"{catalogue.language} {step.words}: {whole}")
            for ask in plan.asks:
                words = catalogue.ask(ask)
                if not words.question.endswith("?") or not words.hint:
                    found.append(f"{catalogue.language} {ask.words}")
            found += [one.reason for one in plan.left_out if not str(catalogue.reason(one.reason, one.facts))]
    return found + [record.getMessage() for record in caplog.records]
