"""The report for a terminal: causes first, then what is not in order, server by server."""

import textwrap
from collections.abc import Iterator

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.changes import changes
from oauthcert.report.outline import OPEN, CauseTold, ServerTold, Told, outline
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

NARROWEST, WIDEST = 40, 120
# Plain signs that every code page of a Windows console has.
SIGNS = {Verdict.PASS: "+", Verdict.WARN: "!", Verdict.FAIL: "x", Verdict.UNKNOWN: "?", Verdict.NOT_APPLICABLE: "-"}
_COLOURS = {Verdict.PASS: "32", Verdict.WARN: "33", Verdict.FAIL: "31", Verdict.UNKNOWN: "35", Verdict.NOT_APPLICABLE: "2"}


def render_text(case: Case, catalogue: Catalogue, *, width: int = 80, colour: bool = False, everything: bool = False) -> str:
    """Lines of at most `width` columns (40 to 120) except for single long words such as commands' arguments.

    `everything` also lists what passed. No control character but the line break and, with `colour`, SGR sequences.
    """
    page = _Page(catalogue, max(NARROWEST, min(width, WIDEST)), colour)
    return "\n".join(page.lines(case, everything)) + "\n"


class _Page:
    def __init__(self, catalogue: Catalogue, width: int, colour: bool) -> None:
        self._words, self._width, self._colour = catalogue, width, colour

    def lines(self, case: Case, everything: bool) -> Iterator[str]:
        told = outline(case, self._words)
        yield from self._head(told.headline)
        yield from self._wrapped(told.counts, 0)
        for index, cause in enumerate(told.causes):
            yield ""
            yield from self._cause(cause, first=index == 0)
        yield from self._changes(case)
        if case.findings:
            yield ""
            yield from self._head(self._words.label("findings"))
            quiet = [server for server in told.servers if not server.own and not server.explained]
            for server in told.servers:
                if everything or server not in quiet:
                    yield from self._server(server, case if everything else None)
            if quiet and not everything:
                yield ""
                yield from self._quiet(quiet)

    def _cause(self, cause: CauseTold, first: bool) -> Iterator[str]:
        verdict = cause.told.finding.verdict
        label = "fix_first" if first else "could_not_look" if verdict is Verdict.UNKNOWN else "also"
        head = self._words.label(label)
        if cause.explains:
            head += f" ({self._words.label('explains', count=cause.explains)})"
        yield from self._head(head)
        yield from self._finding(cause.told, 2)
        if cause.others:
            servers = self._words.formats.short("servers", cause.others)
            yield from self._wrapped(self._words.label("same_on", count=len(cause.others), servers=servers), 4)
        for line in cause.lines:
            yield from self._marked(line.verdict, line.line, 4 + 2 * line.depth)

    def _finding(self, told: Told, indent: int) -> Iterator[str]:
        yield from self._marked(told.finding.verdict, told.text.title, indent)
        yield from self._wrapped(told.text.meaning, indent + 2)
        if told.text.action:
            yield from self._wrapped(f"{self._words.label('what_to_do')}: {told.text.action}", indent + 2)

    def _changes(self, case: Case) -> Iterator[str]:
        told = changes(case, self._words)
        if told:
            yield ""
            yield from self._head(self._words.label("changes"))
        for repair in told:
            yield from self._wrapped(repair.when, 0)
            yield from self._wrapped(repair.result, 0)
            for step in repair.steps:
                yield from self._marked(step.like, f"{step.title} · {step.server}", 2, step.outcome)
                yield from self._wrapped(step.reason, 4)

    def _server(self, server: ServerTold, everything: Case | None) -> Iterator[str]:
        yield ""
        name = visible(server.name) if server.name else self._words.label("deployment_head")
        yield from self._head(f"{name}: {self._counts(server)}")
        if everything is not None:
            for finding in everything.findings:
                if finding.server == server.name:
                    yield from self._short(finding)
            return
        for told in server.own:
            yield from self._marked(told.finding.verdict, told.text.title, 2)
        for cause, count in server.explained.items():
            yield from self._marked(Verdict.UNKNOWN, self._words.label("also_open", count=count, cause=cause), 2)

    def _short(self, finding: Finding) -> Iterator[str]:
        text = self._words.finding(finding)
        yield from self._marked(finding.verdict, text.title, 2)
        if finding.verdict not in OPEN:
            yield from self._wrapped(text.meaning, 4)

    def _quiet(self, servers: list[ServerTold]) -> Iterator[str]:
        names = tuple(visible(server.name) if server.name else self._words.label("deployment_head") for server in servers)
        shown = self._words.formats.listed(names, 20)
        yield from self._marked(Verdict.PASS, f"{shown}: {self._words.label('all_passed')}", 0)

    def _counts(self, server: ServerTold) -> str:
        parts = [self._words.label("passed_count", count=server.passed)]
        if server.not_needed:
            parts.append(self._words.label("not_needed_count", count=server.not_needed))
        return ", ".join(parts)

    def _marked(self, verdict: Verdict, text: str, indent: int, word: str = "") -> Iterator[str]:
        word = word or self._words.verdict(verdict)
        plain = f"{SIGNS[verdict]} {word}: {text}"
        for index, line in enumerate(self._folded(plain, indent, indent + 2)):
            mark = f"{SIGNS[verdict]} {word}:"
            painted = self._colour and index == 0 and line.lstrip().startswith(mark)
            yield line.replace(mark, f"\x1b[{_COLOURS[verdict]}m{mark}\x1b[0m", 1) if painted else line

    def _wrapped(self, text: str, indent: int) -> Iterator[str]:
        yield from self._folded(text, indent, indent)

    def _folded(self, text: str, first: int, rest: int) -> list[str]:
        if not text:
            return []
        fold = textwrap.TextWrapper(
            self._width, initial_indent=" " * first, subsequent_indent=" " * rest, break_long_words=False, break_on_hyphens=False
        )
        return fold.wrap(text)

    def _head(self, text: str) -> Iterator[str]:
        for line in self._folded(text, 0, 0):
            yield f"\x1b[1m{line}\x1b[0m" if self._colour else line
