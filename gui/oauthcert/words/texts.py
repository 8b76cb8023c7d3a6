"""The small values the catalogue hands out: finished sentences, nothing left to fill in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingText:
    """What happened, what it means for the people who use the servers, what to do next."""

    title: str
    meaning: str
    action: str


@dataclass(frozen=True, slots=True)
class ReasonText:
    """Why something could not be seen or done, and what to do about it."""

    title: str
    action: str

    def __str__(self) -> str:
        return f"{self.title} {self.action}".strip()


@dataclass(frozen=True, slots=True)
class CheckText:
    """`name` fits a column head, `question` is what the check answers, `group` is the name of its group."""

    question: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class FixText:
    """`name` fits a button, `effect` says in one line what it does."""

    name: str
    effect: str


@dataclass(frozen=True, slots=True)
class StepText:
    """A step of a plan: what it is, what it does, who notices, how it is taken back (or why not), and what a person has to do."""

    title: str
    effect: str = ""
    notice: str = ""
    undo: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class AskText:
    """A question of a plan: the question itself, and what helps to answer it."""

    question: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A public page where the fact can be read."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a pasted text may be about."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a pasted text means. `checks` and `fixes` are ids, `looks` and `mends` their names in the operator's language.

    Empty `title`: the text is not known, `tried` says what was searched for and `action` what to do instead. `others` are titles of what
    else the text may be about, `candidates` all of that with the best first; `sure`: nothing else fits as well as the first.
    """

    title: str
    meaning: str
    action: str
    checks: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    id: str = ""
    cause: str = ""
    fixes: tuple[str, ...] = ()
    mends: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    sure: bool = True
    candidates: tuple[Candidate, ...] = ()
