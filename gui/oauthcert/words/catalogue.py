"""The catalogue of words: ids in, finished sentences in one language out."""

import logging
from collections.abc import Mapping
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

from oauthcert.model.errors import OauthcertError
from oauthcert.model.finding import Fact, Finding, Severity, Verdict
from oauthcert.words.filling import MANNERS, Manner, fill
from oauthcert.words.formats import Formats
from oauthcert.words.shelves import LANGUAGES, Shelves
from oauthcert.words.showing import visible
from oauthcert.words.texts import CheckText, FindingText, FixText, ReasonText, Source

log = logging.getLogger(__name__)

_NO_FACTS: Mapping[str, Fact] = {}


class Catalogue:
    """All words of `language` (`en` or `de`; anything else, such as `fr_FR`, is served in English).

    A missing key falls back to English and is logged; if English lacks it too the key itself is shown. Nothing here raises on
    hostile facts. Texts are plain text: whoever shows them escapes them for the place where they stand.
    """

    def __init__(self, language: str = "en", root: Traversable | None = None) -> None:
        tag = language.lower().replace("_", "-").partition("-")[0]
        self.language = tag if tag in LANGUAGES else "en"
        self._root = root
        self._own = Shelves(self.language, root)

    @cached_property
    def _english(self) -> Shelves:
        return self._own if self.language == "en" else Shelves("en", self._root)

    @cached_property
    def formats(self) -> Formats:
        return Formats(self._own.shelf("terms")["format"])

    @cached_property
    def _manners(self) -> Mapping[str, Manner]:
        return {**MANNERS, "reason": lambda _formats, _name, value: self._reason_title(value)}

    def finding(self, finding: Finding) -> FindingText:
        """What a finding says. `server` and, when the facts carry one, the reason's own words can be used by its texts."""
        check, _, variant = finding.words.partition(".")
        words = self._find(lambda shelves: shelves.findings, check, variant)
        facts: dict[str, Fact] = {"server": finding.server or self.label("deployment"), **finding.facts}
        texts = {part: self._fill(str(words.get(part, "")), facts) for part in ("title", "meaning", "action")}
        if not texts["title"]:
            texts["title"] = visible(finding.words)
        return FindingText(**texts)

    def reason(self, reason: str, facts: Mapping[str, Fact] = _NO_FACTS) -> ReasonText:
        """Why a look did not succeed (`NotSeen.reason`, `RemoteError.reason`)."""
        words = self._find(lambda shelves: shelves.shelf("reasons"), reason)
        title = self._fill(str(words.get("title", "")), facts) or visible(reason)
        return ReasonText(title, self._fill(str(words.get("action", "")), facts))

    def error(self, error: OauthcertError) -> str:
        """What went wrong and what to do next, as one paragraph."""
        known = error.words in self._own.shelf("errors") or error.words in self._english.shelf("errors")
        if not known:
            return str(self.reason(error.words, dict(error.facts)))
        words = self._find(lambda shelves: shelves.shelf("errors"), error.words)
        facts: dict[str, Fact] = {"detail": error.detail, **error.facts}
        return " ".join(self._fill(str(words.get(part, "")), facts) for part in ("title", "action")).strip()

    def check(self, check: str) -> CheckText:
        words = self._find(lambda shelves: shelves.shelf("checks"), check)
        group = next((group for group, checks in self.groups.items() if check in checks), "")
        return CheckText(str(words.get("question", "")), str(words.get("name", check)), self.group(group) if group else "")

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Group id -> its checks, both in the order they are shown. The same in every language."""
        return {group: tuple(checks) for group, checks in self._own.common("groups").items()}

    def group(self, group: str) -> str:
        return self._term("group", group)

    def verdict(self, verdict: Verdict) -> str:
        return self._term("verdict", verdict.value)

    def severity(self, severity: Severity) -> str:
        return self._term("severity", severity.value)

    def fix(self, fix: str) -> FixText:
        words = self._find(lambda shelves: shelves.shelf("fixes"), fix)
        return FixText(str(words.get("name", fix)), str(words.get("effect", "")))

    def sources(self, check: str) -> tuple[Source, ...]:
        return tuple(Source(entry["title"], entry["url"]) for entry in self._own.common("sources").get(check, ()))

    def help(self, page: str) -> str:
        """The help page as Markdown; `page` is a check id or `<check>.<cause>`. Raises KeyError when there is none."""
        from oauthcert import assets

        for language in (self.language, "en"):
            file = (self._root or assets.resources()) / "help" / language / f"{page}.md"
            if "/" not in page and file.is_file():
                return file.read_text(encoding="utf-8")
        raise KeyError(page)

    def label(self, key: str, **facts: Fact) -> str:
        """A word of the reports (`labels.toml`). Where it has `one` and `other`, the fact `count` picks."""
        words: Any = self._own.shelf("labels").get(key)
        if words is None:
            log.warning("no label %r in %s", key, self.language)
            words = self._english.shelf("labels").get(key, key)
        if isinstance(words, Mapping):
            words = words["one" if facts.get("count") == 1 else "other"]
        return self._fill(str(words), facts)

    def _term(self, kind: str, key: str) -> str:
        return str(self._find(lambda shelves: shelves.shelf("terms"), kind).get(key, key))

    def _fill(self, template: str, facts: Mapping[str, Fact]) -> str:
        return fill(template, facts, self.formats, self._manners)

    def _reason_title(self, value: Fact) -> str:
        words = self._find(lambda shelves: shelves.shelf("reasons"), str(value))
        # The title alone: reasons with placeholders of their own are shown through reason() with their facts.
        return str(words.get("short") or words.get("title") or visible(str(value)))

    def _find(self, shelf: Any, *path: str) -> Mapping[str, Any]:
        for shelves in (self._own, self._english):
            table: Any = shelf(shelves)
            for key in path:
                table = table.get(key) if isinstance(table, Mapping) else None
            if isinstance(table, Mapping):
                return table
            log.warning("no words for %s in %s", ".".join(path), shelves.language)
        return {}
