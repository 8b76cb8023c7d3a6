"""The help pages: which there are, what they are called, and in which of them words occur. Knows no widgets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from oauthcert.flow.steps import Step
from oauthcert.words.catalogue import Catalogue

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_STEPS = frozenset(step.value for step in Step)
_WHO = ("program", "person")
FIRST = "wizard-start"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """`id` is the name of the file without its ending, `text` is Markdown."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """Pages that belong together, under their heading."""

    heading: str
    pages: tuple[HelpPage, ...]


class HelpTexts:
    """The pages of the wizard's steps, then those of the checks, then those of the repairs, each in their usual order."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @cached_property
    def groups(self) -> tuple[HelpGroup, ...]:
        words = self._catalogue
        wanted = [(words.window("help.steps"), [f"wizard-{step.value}" for step in Step])]
        wanted += [(words.group(group), list(checks)) for group, checks in words.groups.items()]
        wanted += [(words.window(f"help.{who}"), [f"fix-{fix}" for fix in words.repairs.get(who, ())]) for who in _WHO]
        return tuple(HelpGroup(heading, tuple(page for page in map(self.page, ids) if page is not None)) for heading, ids in wanted)

    @property
    def pages(self) -> tuple[HelpPage, ...]:
        return tuple(page for group in self.groups for page in group.pages)

    def page(self, wanted: str) -> HelpPage | None:
        """By id. The name of a step leads to that step's page, `<check>.<cause>` to that of the check.

        A repair without a page of its own leads to that of the step where repairs are made.
        """
        tries = [f"wizard-{wanted}"] if wanted in _STEPS else [wanted, wanted.partition(".")[0]]
        if wanted.startswith("fix-"):
            tries.append(f"wizard-{Step.FIX.value}")
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
