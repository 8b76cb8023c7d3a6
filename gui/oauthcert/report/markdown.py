"""The report as Markdown for tickets and wikis: causes, findings by server, facts, sources; what servers say stays text."""

import re
from collections.abc import Iterator

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.changes import RepairTold, assurance, changes
from oauthcert.report.fact_lines import pairs_of
from oauthcert.report.masking import is_masked, original_source
from oauthcert.report.outline import CauseTold, Outline, ServerTold, outline
from oauthcert.report.text import SIGNS
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

_MARKUP = re.compile(
    r"[\\`*\[\]<>|~$]|&(?=[\w#]+;)|(?<![^\W_])_|_(?![^\W_])|(?<=\bwww)\.|(?<=http)s?:(?=//)|(?<=ftp):(?=//)", re.IGNORECASE
)
_BEGINNING = re.compile(r"(\d{0,9})([#+\-=>.)])")
# GitHub turns these into mentions, numbers of issues, little pictures and mail links even where the sign itself is escaped.
_CALLING = re.compile(r"(?:[@#]|(?<!\w):(?=[a-z][\w+-]*:))(?=\w)")
_NOTHING = "&#8203;"
_LONGEST_LINE = 2000


def plain(text: str) -> str:
    """Text that CommonMark and GitHub show as it is: one line, no markup, no link, no mention."""
    shown = _MARKUP.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], visible(text, _LONGEST_LINE))
    shown = _CALLING.sub(lambda found: found[0] + _NOTHING, shown)
    return _BEGINNING.sub(r"\1\\\2", shown, count=1) if _BEGINNING.match(shown) else shown


def render_markdown(case: Case, catalogue: Catalogue) -> str:
    """A whole document, ending in a line break. Links lead to the pages of the program's own catalogue and nowhere else."""
    told = outline(case, catalogue)
    return "\n".join(_Document(catalogue).lines(case, told)) + "\n"


class _Document:
    def __init__(self, catalogue: Catalogue) -> None:
        self._words = catalogue

    def lines(self, case: Case, told: Outline) -> Iterator[str]:
        label = self._words.label
        yield f"# {plain(told.headline)}"
        yield ""
        yield plain(f"{told.counts} {assurance(case, self._words)}")
        yield ""
        yield plain(" · ".join(about(case, self._words)))
        for index, cause in enumerate(told.causes):
            yield from self._cause(cause, index == 0)
        if repairs := changes(case, self._words):
            yield from ("", f"## {plain(label('changes'))}")
        for repair in repairs:
            yield from self._repair(repair)
        yield from self._servers(told)
        yield from self._facts(told)
        yield from self._sources(told)
        yield ""
        yield "---"
        yield ""
        yield plain(f"{label('tool', version=visible(case.tool_version))} · {label('times_utc')}")

    def _cause(self, cause: CauseTold, first: bool) -> Iterator[str]:
        label, finding, text = self._words.label, cause.told.finding, cause.told.text
        head = label("fix_first" if first else "also")
        if cause.explains:
            head += f" ({label('explains', count=cause.explains)})"
        yield from ("", f"## {plain(head)}", "")
        yield f"**{plain(SIGNS[finding.verdict] + ' ' + text.title)}**"
        yield from ("", plain(text.meaning))
        if cause.others:
            servers = self._words.formats.short("servers", cause.others)
            yield from ("", plain(label("same_on", count=len(cause.others), servers=servers)))
        if text.action:
            yield from ("", f"**{plain(label('what_to_do'))}:** {plain(text.action)}")
        if cause.lines:
            yield ""
        for line in cause.lines:
            yield f"{'  ' * min(line.depth, 6)}- {self._verdict(line.verdict)}: {plain(line.line)}"
        if finding.fixes:
            yield from ("", f"{plain(label('fixes'))}:", "")
            for number, fix in enumerate(finding.fixes, 1):
                about_it = self._words.fix(fix)
                yield f"{number}. {plain(' · '.join(part for part in (about_it.name, about_it.effect) if part))}"

    def _repair(self, repair: RepairTold) -> Iterator[str]:
        label = self._words.label
        yield from ("", f"**{plain(repair.when)}**", "", plain(repair.result), "")
        heads = (label("change_outcome"), label("change_step"), label("server"))
        yield from (f"| {' | '.join(map(plain, heads))} |", "|---|---|---|")
        for step in repair.steps:
            why = f": {step.reason}" if step.reason else ""
            yield f"| {plain(step.outcome + why)} | {plain(step.title)} | {plain(step.server)} |"

    def _servers(self, told: Outline) -> Iterator[str]:
        loud = [server for server in told.servers if server.own or server.explained]
        quiet = [server for server in told.servers if not server.own and not server.explained and (server.passed or server.not_needed)]
        if loud or quiet:
            yield from ("", f"## {plain(self._words.label('findings'))}")
        for server in loud:
            yield from self._server(server)
        if quiet:
            names = tuple(self._name(server) for server in quiet)
            yield from ("", f"{plain(self._words.formats.listed(names, 40))}: {plain(self._words.label('all_passed'))}")

    def _server(self, server: ServerTold) -> Iterator[str]:
        label = self._words.label
        yield from ("", f"### {plain(self._name(server))}", "")
        counts = [label("passed_count", count=server.passed)]
        if server.not_needed:
            counts.append(label("not_needed_count", count=server.not_needed))
        yield plain(", ".join(counts))
        heads = (self._words.window("report.doc.result"), label("check"), self._words.window("report.doc.finding"))
        yield from ("", f"| {' | '.join(map(plain, heads))} |", "|---|---|---|")
        for told in server.own:
            check = plain(self._words.check(told.finding.check).name)
            yield f"| {self._verdict(told.finding.verdict)} | {check} | {plain(told.text.title)} |"
        for title, count in server.explained.items():
            yield f"| {self._verdict(Verdict.UNKNOWN)} | | {plain(label('also_open', count=count, cause=title))} |"

    def _facts(self, told: Outline) -> Iterator[str]:
        """What the causes were judged from."""
        with_facts = [cause.told for cause in told.causes if pairs_of(cause.told.finding, self._words)]
        if with_facts:
            yield from ("", f"## {plain(self._words.label('facts'))}")
        for cause in with_facts:
            yield from ("", f"### {plain(cause.text.title)}", "")
            yield from (
                f"| {plain(self._words.window('report.doc.fact'))} | {plain(self._words.window('report.doc.value'))} |",
                "|---|---|",
            )
            for name, value in pairs_of(cause.finding, self._words):
                yield f"| {plain(name)} | {plain(value)} |"

    def _sources(self, told: Outline) -> Iterator[str]:
        checks = dict.fromkeys(cause.told.finding.check for cause in told.causes)
        found = {source.url: source.title for check in checks for source in self._words.sources(check)}
        if found:
            yield from ("", f"## {plain(self._words.label('sources'))}", "")
        for url, title in found.items():
            yield f"- [{plain(title)}](<{url}>)"

    def _name(self, server: ServerTold) -> str:
        return self._words.label("deployment_head") if server.name is None else visible(server.name)

    def _verdict(self, verdict: Verdict) -> str:
        return plain(self._words.verdict(verdict))


def about(case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """When and where was looked, and whether names were replaced: short sentences for the head of a document."""
    formats, label = catalogue.formats, catalogue.label
    kind, _, scenario = original_source(case).partition(":")
    source = {"live": "source_live", "practice": "source_practice", "evidence": "source_evidence"}.get(kind, "source_case")
    said = [
        label("started", started=formats.moment(case.started), finished=formats.moment(case.finished)),
        label(source, scenario=scenario),
    ]
    if is_masked(case):
        said.append(catalogue.window("report.doc.masked"))
    return tuple(said)
