"""The catalogue of words: ids in, finished sentences in one language out."""

import logging
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oauthcert import assets
from oauthcert.model.errors import OauthcertError
from oauthcert.model.finding import Fact, Finding, Severity, Verdict
from oauthcert.words.filling import MANNERS, Manner, fill
from oauthcert.words.formats import Formats
from oauthcert.words.shelves import LANGUAGES, Shelves, Table
from oauthcert.words.showing import visible
from oauthcert.words.texts import AskText, CheckText, FindingText, FixText, ReasonText, Source, StepText

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from oauthcert.model.plan import Ask, Step
    from oauthcert.words.knowledge import Knowledge

log = logging.getLogger(__name__)

_PAGE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_NO_FACTS: Mapping[str, Fact] = {}
MOST_CHECKS = 500
"""Remembered at once. A damaged case may name as many as it likes."""


class Catalogue:
    """All words of `language` (`en` or `de`; anything else, such as `fr_FR`, is served in English).

    A missing key falls back to English and is logged; if English lacks it too the key itself is shown. Nothing here raises on
    hostile facts. Texts are plain text: whoever shows them escapes them for the place where they stand.
    """

    def __init__(self, language: str = "en", root: "Traversable | None" = None) -> None:
        tag = language.lower().replace("_", "-").partition("-")[0]
        self.language = tag if tag in LANGUAGES else "en"
        self._root = root
        self._own = Shelves(self.language, root)
        self._checks: dict[str, CheckText] = {}

    @cached_property
    def _english(self) -> Shelves:
        return self._own if self.language == "en" else Shelves("en", self._root)

    @cached_property
    def formats(self) -> Formats:
        return Formats(self._own.shelf("terms")["format"])

    def finding(self, finding: Finding) -> FindingText:
        """What a finding says, from the words of its own variant or, where all checks say it alike, from `any.<variant>`.

        Besides its facts the texts may use `server`, `check` and `question`, and with a fact `reason` also that reason's words.
        """
        check, _, variant = finding.words.partition(".")
        words = self._find(lambda shelves: shelves.findings, (check, variant), ("any", variant))
        about = self.check(finding.check)
        told: dict[str, Fact] = {"server": finding.server or self.label("deployment"), "check": about.name, "question": about.question}
        facts = {**finding.facts, **told}  # a reason may bring a fact named `server` (what a web server calls itself)
        texts = {part: self._fill(str(words.get(part, "")), facts) for part in ("title", "meaning", "action")}
        if not texts["title"]:
            texts["title"] = visible(finding.words)
        return FindingText(**texts)

    def reason(self, reason: str, facts: Mapping[str, Fact] = _NO_FACTS) -> ReasonText:
        """Why a look did not succeed (`NotSeen.reason`, `RemoteError.reason`)."""
        words = self._find(lambda shelves: shelves.shelf("reasons"), (reason,))
        title = fill(str(words.get("title", "")), facts, self.formats) or visible(reason)
        return ReasonText(title, fill(str(words.get("action", "")), facts, self.formats))

    def error(self, error: OauthcertError) -> str:
        """What went wrong and what to do next, as one paragraph."""
        known = error.words in self._own.shelf("errors") or error.words in self._english.shelf("errors")
        if not known:
            return str(self.reason(error.words, dict(error.facts)))
        words = self._find(lambda shelves: shelves.shelf("errors"), (error.words,))
        facts: dict[str, Fact] = {"detail": error.detail, **error.facts}
        return " ".join(self._fill(str(words.get(part, "")), facts) for part in ("title", "action")).strip()

    def check(self, check: str) -> CheckText:
        told = self._checks.get(check)
        if told is None:  # asked for with every finding, of which there are thousands
            words = self._find(lambda shelves: shelves.shelf("checks"), (check,))
            group = next((group for group, checks in self.groups.items() if check in checks), "")
            told = CheckText(str(words.get("question", "")), str(words.get("name", check)), self.group(group) if group else "")
            if len(self._checks) < MOST_CHECKS:
                self._checks[check] = told
        return told

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Group id -> its checks, both in the order they are shown. The same in every language."""
        return {group: tuple(checks) for group, checks in self._own.common("groups").items()}

    @property
    def repairs(self) -> Mapping[str, tuple[str, ...]]:
        """`program` and `person` -> the repairs each does, in the order of their table. The same in every language."""
        return {who: tuple(fixes) for who, fixes in self._own.common("repairs").items()}

    def group(self, group: str) -> str:
        return self._term("group", group)

    def verdict(self, verdict: Verdict) -> str:
        return self._term("verdict", verdict.value)

    def severity(self, severity: Severity) -> str:
        return self._term("severity", severity.value)

    def fix(self, fix: str) -> FixText:
        words = self._find(lambda shelves: shelves.shelf("fixes"), (fix,))
        return FixText(str(words.get("name", fix)), str(words.get("effect", "")))

    def step(self, step: "Step") -> StepText:
        """What a step of a plan says (`steps.toml`), filled with its facts and `server`."""
        words = self._find(lambda shelves: shelves.shelf("steps"), (step.words,))
        facts: dict[str, Fact] = {**step.facts, "server": step.server}
        texts = {part: self._fill(str(words.get(part, "")), facts) for part in ("title", "effect", "notice", "undo", "do")}
        return StepText(**{**texts, "title": texts["title"] or visible(step.words)})

    def ask(self, ask: "Ask") -> AskText:
        """A question of a plan (`asks.toml`)."""
        words = self._find(lambda shelves: shelves.shelf("asks"), (ask.words,))
        return AskText(str(words.get("question", ask.words)), str(words.get("hint", "")))

    def sources(self, check: str) -> tuple[Source, ...]:
        return tuple(Source(entry["title"], entry["url"]) for entry in self._own.common("sources").get(check, ()))

    def symptom(self, symptom: str) -> Mapping[str, str]:
        """`title`, `meaning` and `action` of what a pasted text may mean; where one is read out of it, also `serial`."""
        words = self._find(lambda shelves: shelves.shelf("symptoms"), (symptom,))
        return {"title": symptom, "meaning": "", "action": "", **words}

    @cached_property
    def knowledge(self) -> "Knowledge":
        """All that pasted texts are compared with, in every language; made when it is first asked for."""
        from oauthcert.words.knowledge import Knowledge
        from oauthcert.words.own_sentences import own_sentences
        from oauthcert.words.symptom import Symptom

        symptoms = [Symptom.read(name, entry) for name, entry in self.symptoms.items()]
        shelves = [self._own if language == self.language else Shelves(language, self._root) for language in LANGUAGES]
        return Knowledge(symptoms, (sentence for each in shelves for sentence in own_sentences(each)))

    def template(self, shelf: str, *path: str) -> Mapping[str, str]:
        """The texts of one entry of a shelf as they are written, with their placeholders."""
        return {key: str(text) for key, text in self._find(lambda shelves: shelves.shelf(shelf), path).items()}

    def has(self, shelf: str, key: str) -> bool:
        """Whether this language has words for it."""
        return key in self._own.shelf(shelf)

    @property
    def reason_checks(self) -> Mapping[str, tuple[str, ...]]:
        """Reason -> the checks that look at what it is about. The same in every language."""
        return {reason: tuple(checks) for reason, checks in self._own.common("reasons").items()}

    @property
    def symptoms(self) -> Mapping[str, Mapping[str, Any]]:
        """Symptom id -> what texts about it look like (see `explain`). The same in every language."""
        return self._own.common("symptoms")

    def help(self, page: str) -> str:
        """The help page as Markdown; `page` is a check id, `fix-<id>` or `wizard-<step>`. Raises KeyError when there is none."""
        for language in (self.language, "en"):
            file = (self._root or assets.resources()) / "help" / language / f"{page}.md"
            if _PAGE.fullmatch(page) and file.is_file():
                return file.read_text(encoding="utf-8")
        raise KeyError(page)

    def label(self, key: str, **facts: Fact) -> str:
        """A word of the reports (`labels.toml`). Where it has `one` and `other`, the fact `count` picks."""
        return self._phrase("labels", key, facts)

    def window(self, key: str, **facts: Fact) -> str:
        """A text of the window (`window.toml`); singular and plural as in `label`."""
        return self._phrase("window", key, facts)

    def _phrase(self, shelf: str, key: str, facts: Mapping[str, Fact]) -> str:
        words: Any = self._own.shelf(shelf).get(key)
        if words is None:
            log.warning("no words for %s %r in %s", shelf, key, self.language)
            words = self._english.shelf(shelf).get(key, key)
        if isinstance(words, Mapping):
            words = words["one" if facts.get("count") == 1 else "other"]
        return self._fill(str(words), facts)

    def _term(self, kind: str, key: str) -> str:
        return str(self._find(lambda shelves: shelves.shelf("terms"), (kind,)).get(key, key))

    def _fill(self, template: str, facts: Mapping[str, Fact]) -> str:
        manners = {
            **MANNERS,
            **self._coded,
            "reason": lambda _formats, _name, value: self.reason(str(value), facts).title,
            "advice": lambda _formats, _name, value: self.reason(str(value), facts).action,
        }
        return fill(template, facts, self.formats, manners)

    @cached_property
    def _coded(self) -> Mapping[str, Manner]:
        """A manner for every table of codes: `{look:look}` shows the words of `[coded.look]`."""
        tables: Mapping[str, Mapping[str, str]] = self._own.shelf("terms").get("coded", {})
        return {kind: _decoder(table) for kind, table in tables.items()}

    def _find(self, shelf: Callable[[Shelves], Table], *paths: tuple[str, ...]) -> Table:
        for shelves in (self._own, self._english):
            for path in paths:
                table: Any = shelf(shelves)
                for key in path:
                    table = table.get(key) if isinstance(table, Mapping) else None
                if isinstance(table, Mapping):
                    return table
            log.warning("no words for %s in %s", visible(".".join(paths[0]), 100), shelves.language)
        return {}


def _decoder(table: Mapping[str, str]) -> Manner:
    def decoded(formats: Formats, name: str, value: Fact) -> str:
        if isinstance(value, tuple):
            return formats.listed(tuple(decoded(formats, name, part) for part in value))
        return table[value] if isinstance(value, str) and value in table else formats.fact(name, value)

    return decoded
