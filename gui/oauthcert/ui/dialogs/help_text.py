"""The help pages: which there are, what they are called, and in which of them words occur. Knows no widgets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from oauthcert.flow.steps import Step
from oauthcert.words.catalogue import Catalogue

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
STEPS = (Step.START, Step.SERVERS, Step.SIGN_IN, Step.CHECK, Step.FINDINGS, Step.REPORT)
FIRST = "wizard-start"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """`id` is the name of the file without its ending, `text` is Markdown."""

    id: str
    title: str
    text: str


class HelpTexts:
    """The pages of the wizard's steps, then those of the checks in their usual order."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @cached_property
    def pages(self) -> tuple[HelpPage, ...]:
        steps = [f"wizard-{step.value}" for step in STEPS]
        checks = [check for group in self._catalogue.groups.values() for check in group]
        return tuple(page for page in map(self.page, (*steps, *checks)) if page is not None)

    def page(self, wanted: str) -> HelpPage | None:
        """By id. The name of a step leads to that step's page, `<check>.<cause>` without a page of its own to that of the check."""
        steps = {step.value for step in STEPS}
        tries = (f"wizard-{wanted}",) if wanted in steps else (wanted, wanted.partition(".")[0])
        for name in tries:
            try:
                text = self._catalogue.help(name)
            except KeyError:
                continue
            title = _TITLE.search(text)
            return HelpPage(name, title[1].partition(":")[0] if title else name, text)
        return None

    def search(self, typed: str) -> tuple[HelpPage, ...]:
        """The pages that hold every word that was typed, those with it in the title first. Nothing typed: all pages."""
        words = typed.casefold().split()
        found = [page for page in self.pages if _holds(f"{page.title} {page.id} {page.text}", words)]
        return tuple(sorted(found, key=lambda page: not _holds(f"{page.title} {page.id}", words)))


def _holds(text: str, words: Iterable[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)
