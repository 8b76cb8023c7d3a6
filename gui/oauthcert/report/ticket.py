"""A finding, or a whole case, as plain text for a ticket. Masking names is left to the caller: what the case says is written.

Every value stands on one line and is bounded, so nothing a server printed can look like a line of ours.
"""

from collections.abc import Iterator, Sequence

from oauthcert.model.case import Case
from oauthcert.model.finding import Fact, Finding, Verdict
from oauthcert.report.changes import assurance, change_lines
from oauthcert.report.fact_lines import code_words, label_of, tells
from oauthcert.report.outline import OPEN, CauseTold, Told, outline
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of
from oauthcert.words.showing import visible

LONGEST_FACT = 2000
"""Characters of one fact; a command's output may be as long as the server likes."""
MOST_NAMES = 300
MOST_STEPS = 200
"""Steps of all repairs of a case."""
MOST_FINDINGS = 500
"""Findings of a whole case; beyond that a ticket system would refuse the text, and the saved case says it all."""


def finding_ticket(case: Case, finding: Finding, catalogue: Catalogue, alike: Sequence[str] = ()) -> str:
    """One finding with all of its facts; `alike` are further servers that say the same. Ends with a line break."""
    return _text(_Ticket(case, catalogue).one(finding, alike))


def case_ticket(case: Case, catalogue: Catalogue) -> str:
    """The news, every cause with what it explains, then everything else that is not in order, server by server."""
    return _text(_Ticket(case, catalogue).whole())


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


class _Ticket:
    def __init__(self, case: Case, catalogue: Catalogue) -> None:
        self._case, self._words = case, catalogue

    def one(self, finding: Finding, alike: Sequence[str]) -> Iterator[str]:
        text = self._words.finding(finding)
        yield self._title(finding, text.title)
        yield from self._servers(finding, alike)
        yield from self._said(Told(finding, text))
        yield from self._why(finding)
        yield from self._explains(finding)
        yield from self._facts(finding)
        yield from self._sources(finding)
        yield ""
        yield from self._foot()

    def whole(self) -> Iterator[str]:
        told = outline(self._case, self._words)
        yield told.headline
        yield told.counts
        written: set[str] = set()
        for cause in told.causes:
            yield ""
            yield from self._cause(cause)
            written.add(cause.told.finding.id)
        if self._case.repairs:
            yield ""
            yield f"{self._words.label('changes')}:"
            yield from change_lines(self._case, self._words, MOST_STEPS)
        rest = [(server, [one for one in server.own if one.finding.id not in written]) for server in told.servers]
        left = MOST_FINDINGS
        for server, own in rest:
            if not own and not server.explained:
                continue
            yield ""
            yield f"{self._name(server.name)}:"
            for one in own[: max(0, left)]:
                yield f"- {self._title(one.finding, one.text.title)}"
                yield from self._facts(one.finding, "  ")
            left -= len(own)
            for title, count in server.explained.items():
                yield f"- {self._words.label('also_open', count=count, cause=title)}"
        if left < 0:
            yield ""
            yield self._words.label("and_more", count=-left)
        yield ""
        yield self._passed()
        yield from self._foot()

    def _cause(self, cause: CauseTold) -> Iterator[str]:
        finding = cause.told.finding
        yield self._title(finding, cause.told.text.title)
        yield from self._servers(finding, cause.others)
        yield from self._said(cause.told)
        for line in cause.lines:
            yield f"{'  ' * line.depth}- [{self._words.verdict(line.verdict)}] {line.line}"
        yield from self._facts(finding)
        yield from self._sources(finding)

    def _title(self, finding: Finding, title: str) -> str:
        return f"[{self._words.verdict(finding.verdict)}] {title}"

    def _name(self, server: str | None) -> str:
        return self._words.label("deployment_head") if server is None else visible(server)

    def _servers(self, finding: Finding, alike: Sequence[str]) -> Iterator[str]:
        names = [self._name(finding.server), *(visible(name) for name in alike[:MOST_NAMES])]
        if len(alike) > MOST_NAMES:
            names.append(self._words.label("and_more", count=len(alike) - MOST_NAMES))
        yield f"{self._words.window('findings.ticket.servers', count=len(alike) + 1)}: {', '.join(names)}"
        yield f"{self._words.label('check')}: {visible(finding.check)} ({self._words.severity(finding.severity)})"

    def _said(self, told: Told) -> Iterator[str]:
        if told.text.meaning:
            yield told.text.meaning
        if told.text.action:
            yield f"{self._words.label('what_to_do')}: {told.text.action}"

    def _why(self, finding: Finding) -> Iterator[str]:
        by_id = {one.id: one for one in self._case.findings}
        for above in finding.because:
            if above in by_id:
                yield self._words.window("findings.because", title=self._words.finding(by_id[above]).title)

    def _explains(self, finding: Finding) -> Iterator[str]:
        """What this one explains and is open itself: unknown answers are only counted."""
        ids = next((cause.explains for cause in self._case.causes if cause.finding == finding.id), ())
        by_id = {one.id: one for one in self._case.findings if one.verdict in OPEN}
        explained = [by_id[id_] for id_ in ids if id_ in by_id]
        if not explained:
            return
        yield f"{self._words.label('explains', count=len(explained))}:"
        for one in explained:
            if one.verdict is not Verdict.UNKNOWN:
                yield f"- {self._title(one, self._words.finding(one).title)}"
        if unknown := [one for one in explained if one.verdict is Verdict.UNKNOWN]:
            names = tuple(dict.fromkeys(self._words.check(one.check).name for one in unknown))
            yield f"- {self._words.label('answers_missing', count=len(unknown), checks=self._words.formats.listed(names, 30))}"

    def _facts(self, finding: Finding, indent: str = "") -> Iterator[str]:
        told = [(name, value) for name, value in finding.facts.items() if tells(value)]
        if told:
            yield f"{indent}{self._words.label('facts')}:"
        for name, value in told:
            yield f"{indent}  {label_of(name, self._words)}: {self._value(name, value)}"

    def _value(self, name: str, value: Fact) -> str:
        """As a person reads it, but whole: names are not shortened, thumbprints not cut into groups."""
        if (words := code_words(name, value, self._words)) is not None:
            return words
        if isinstance(value, tuple):
            shown = [visible(part, LONGEST_FACT) for part in value[:MOST_NAMES]]
            more = [self._words.label("and_more", count=len(value) - MOST_NAMES)] if len(value) > MOST_NAMES else []
            return ", ".join(shown + more) or self._words.formats.terms["none"]
        if isinstance(value, str) and value and moment_of(value) is None:
            return visible(value, LONGEST_FACT)
        return self._words.formats.fact(name, value)

    def _sources(self, finding: Finding) -> Iterator[str]:
        found = self._words.sources(finding.check)
        if found:
            yield f"{self._words.label('sources')}:"
        for source in found:
            yield f"  {source.title}: {source.url}"

    def _passed(self) -> str:
        return f"{self._words.label('passed_count', count=sum(one.verdict is Verdict.PASS for one in self._case.findings))}."

    def _foot(self) -> Iterator[str]:
        formats = self._words.formats
        kind, _, scenario = self._case.source.partition(":")
        source = {"live": "source_live", "practice": "source_practice", "evidence": "source_evidence"}.get(kind, "source_case")
        yield self._words.label("started", started=formats.moment(self._case.started), finished=formats.moment(self._case.finished))
        yield f"{self._words.label(source, scenario=scenario)}. {assurance(self._case, self._words)}"
        yield self._words.label("tool", version=self._case.tool_version)
