"""The report for paper: simple HTML in pieces, as Qt's text documents lay it out; the preview in the window is made of the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.changes import StepTold, assurance, changes
from oauthcert.report.fact_lines import pairs_of
from oauthcert.report.markdown import about
from oauthcert.report.markup import Markup, el
from oauthcert.report.outline import CauseTold, Outline, ServerTold, Told, outline
from oauthcert.report.pictures.clocks import clocks
from oauthcert.report.pictures.replication import replication
from oauthcert.report.pictures.validity import validity
from oauthcert.report.text import SIGNS
from oauthcert.report.tokens import Palette, palette
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

SERVERS_PER_PIECE = 4
ROWS_PER_PIECE = 25
_COUNTED = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE)
_DRAWN: tuple[tuple[str, Callable[[Case, Catalogue, Palette], str | None]], ...] = (
    ("replication", replication),
    ("certificates", validity),
    ("clocks", clocks),
)


@dataclass(frozen=True, slots=True)
class PrintPage:
    """`pieces` stand below each other, each small enough to be laid out at once; `pictures` are SVG texts by the `src` of their images."""

    title: str
    style: str
    pieces: tuple[str, ...]
    pictures: Mapping[str, str]
    language: str


def render_print(case: Case, catalogue: Catalogue) -> PrintPage:
    """The page in light colours, for white paper. Everything from servers is escaped; there are no links and nothing is fetched."""
    colours = palette("light")
    told = outline(case, catalogue)
    drawn = {f"picture:{label}": picture for label, draw in _DRAWN if (picture := draw(case, catalogue, colours)) is not None}
    writer = _Writer(catalogue, colours)
    return PrintPage(told.headline, style_of(colours), tuple(map(str, writer.pieces(case, told, drawn))), drawn, catalogue.language)


def style_of(colours: Palette) -> str:
    """Sizes are relative, so that the whole page grows with the document's font."""
    verdicts = "".join(f".v-{verdict.value}{{color:{colours[verdict.value]}}}" for verdict in Verdict)
    return (
        f"body,p,td,th,li,h1,h2,h3{{color:{colours['text']}}}"
        "h1{font-size:xx-large;margin-top:0;margin-bottom:4px}h2{font-size:large;margin-top:16px;margin-bottom:6px}"
        "h3{font-size:medium;margin-top:12px;margin-bottom:4px}p{margin-top:2px;margin-bottom:4px}ol,ul{margin-top:2px;margin-bottom:4px}"
        f".mute{{color:{colours['mute']}}}.small{{font-size:small}}th{{color:{colours['mute']};font-weight:600}}{verdicts}"
    )


class _Writer:
    def __init__(self, catalogue: Catalogue, colours: Palette) -> None:
        self._words, self._colours = catalogue, colours

    def pieces(self, case: Case, told: Outline, drawn: Mapping[str, str]) -> Iterator[Markup]:
        yield self._head(case, told)
        for index, cause in enumerate(told.causes):
            yield self._cause(cause, index == 0)
        yield from self._changes(case)
        for source in drawn:
            label = source.partition(":")[2]
            note = el("p", self._words.label("clocks_note"), class_="mute small") if label == "clocks" else ""
            yield Markup.joined([el("h2", self._words.label(label)), el("p", el("img", src=source)), Markup(note)])
        yield from self._glance(case)
        yield from self._servers(told)
        if sources := self._sources(told):
            yield sources
        tool = self._words.label("tool", version=visible(case.tool_version))
        yield el("p", f"{tool} · {self._words.label('times_utc')}", class_="mute small")

    def _head(self, case: Case, told: Outline) -> Markup:
        label = self._words.label
        return Markup.joined(
            [
                el("p", label("report"), class_="mute small"),
                el("h1", told.headline),
                el("p", f"{told.counts} {assurance(case, self._words)}"),
                el("p", " · ".join(about(case, self._words)), class_="mute small"),
            ]
        )

    def _cause(self, cause: CauseTold, first: bool) -> Markup:
        label, finding, text = self._words.label, cause.told.finding, cause.told.text
        head = label("fix_first" if first else "could_not_look" if finding.verdict is Verdict.UNKNOWN else "also")
        if cause.explains:
            head += f" · {label('explains', count=cause.explains)}"
        others = None
        if cause.others:
            servers = self._words.formats.short("servers", cause.others)
            others = el("p", label("same_on", count=len(cause.others), servers=servers), class_="mute")
        action = el("p", el("b", label("what_to_do")), f": {text.action}") if text.action else None
        lines = [
            el("p", el("span", self._verdict(line.verdict), class_=f"v-{line.verdict.value}"), f": {line.line}", class_="small",
               style=f"margin-left:{12 + 14 * min(line.depth, 5)}px")
            for line in cause.lines
        ]  # fmt: skip
        inner = el(
            "td",
            el("p", head, class_=f"small v-{finding.verdict.value}"),
            el("h2", f"{SIGNS[finding.verdict]} {text.title}", style="margin-top:0"),
            el("p", text.meaning),
            others,
            action,
            lines,
            self._fixes(cause.told),
            self._facts(cause.told),
        )
        bar = el("td", width="4", bgcolor=self._colours[finding.verdict.value], style="padding:0")
        return el("table", el("tr", bar, inner), width="100%", cellspacing="0", cellpadding="6", border="0", style="margin-top:10px")

    def _fixes(self, told: Told) -> Markup | None:
        if not told.finding.fixes:
            return None
        texts = [self._words.fix(fix) for fix in told.finding.fixes]
        items = [el("li", " · ".join(part for part in (text.name, text.effect) if part)) for text in texts]
        return Markup.joined([el("p", el("b", self._words.label("fixes")), class_="small"), el("ol", items, class_="small")])

    def _facts(self, told: Told) -> Markup | None:
        facts = pairs_of(told.finding, self._words)
        if not facts:
            return None
        said = " · ".join(f"{name}: {value}" for name, value in facts)
        return el("p", el("b", self._words.label("facts")), f": {said}", class_="mute small")

    def _changes(self, case: Case) -> Iterator[Markup]:
        title: Markup | None = el("h2", self._words.label("changes"))
        for told in changes(case, self._words):
            about_it = [el("p", el("b", told.when)), el("p", told.result, class_="mute")]
            for start in range(0, max(1, len(told.steps)), ROWS_PER_PIECE):
                rows = [self._step(step) for step in told.steps[start : start + ROWS_PER_PIECE]]
                table = el("table", rows, width="100%", cellspacing="0", cellpadding="4", border="0", style=self._lines())
                yield Markup.joined([title or Markup(""), *about_it, table])
                title, about_it = None, []

    def _step(self, step: StepTold) -> Markup:
        sign = el("td", f"{SIGNS[step.like]} {step.outcome}", width="20%", class_=f"v-{step.like.value} small")
        why = el("p", step.reason, class_="small mute") if step.reason else None
        return el("tr", sign, el("td", el("p", step.title), el("p", step.server, class_="small mute"), why))

    def _glance(self, case: Case) -> Iterator[Markup]:
        """A line of counts for every server, in tables short enough to be laid out at once."""
        counts: dict[str | None, dict[Verdict, int]] = {target.name: {} for target in case.targets}
        for finding in case.findings:
            mine = counts.setdefault(finding.server, {})
            mine[finding.verdict] = mine.get(finding.verdict, 0) + 1
        rows = [self._counted(server, mine) for server, mine in counts.items() if mine]
        heads = [el("th", self._words.label("server"), align="left", width="30%")]
        heads += [el("th", self._words.verdict(verdict), align="right", width="14%", class_="small") for verdict in _COUNTED]
        for start in range(0, len(rows), ROWS_PER_PIECE):
            title = el("h2", self._words.window("report.doc.glance")) if start == 0 else Markup("")
            yield Markup.joined([title, self._table(heads, rows[start : start + ROWS_PER_PIECE])])

    def _counted(self, server: str | None, counts: Mapping[Verdict, int]) -> Markup:
        name = self._words.label("deployment_head") if server is None else visible(server)
        cells = [self._count(verdict, counts.get(verdict, 0)) for verdict in _COUNTED]
        return el("tr", el("td", name, width="30%"), cells)

    def _count(self, verdict: Verdict, count: int) -> Markup:
        shown = f"{SIGNS[verdict]} {count}" if count and verdict in (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN) else str(count)
        return el("td", shown, align="right", width="14%", class_=f"v-{verdict.value}" if count else "mute")

    def _table(self, heads: Sequence[Markup], rows: Sequence[Markup]) -> Markup:
        head = el("thead", el("tr", list(heads), bgcolor=self._colours["rail"]))
        return el("table", head, list(rows), width="100%", cellspacing="0", cellpadding="4", border="0", style=self._lines())

    def _lines(self) -> str:
        return f"border-collapse:collapse;border-style:solid;border-width:1px;border-color:{self._colours['line']}"

    def _servers(self, told: Outline) -> Iterator[Markup]:
        loud = [server for server in told.servers if server.own or server.explained]
        quiet = [server for server in told.servers if not server.own and not server.explained and (server.passed or server.not_needed)]
        title: Markup | None = el("h2", self._words.label("findings")) if loud or quiet else None
        for start in range(0, len(loud), SERVERS_PER_PIECE):
            parts = [part for server in loud[start : start + SERVERS_PER_PIECE] for part in self._server(server)]
            yield Markup.joined([title or Markup(""), *parts])
            title = None
        if quiet:
            names = tuple(self._words.label("deployment_head") if server.name is None else visible(server.name) for server in quiet)
            listed = self._words.formats.listed(names, 40)
            yield Markup.joined([title or Markup(""), el("p", f"{listed}: {self._words.label('all_passed')}")])

    def _server(self, server: ServerTold) -> tuple[Markup, Markup]:
        label = self._words.label
        counts = [label("passed_count", count=server.passed)]
        if server.not_needed:
            counts.append(label("not_needed_count", count=server.not_needed))
        name = label("deployment_head") if server.name is None else visible(server.name)
        rows = [self._row(told.finding.verdict, el("b", told.text.title), told.text.meaning) for told in server.own]
        rows += [
            self._row(Verdict.UNKNOWN, Markup(""), label("also_open", count=count, cause=title))
            for title, count in server.explained.items()
        ]
        table = el("table", rows, width="100%", cellspacing="0", cellpadding="4", border="0", style=self._lines())
        return el("h3", name, el("span", f"  {', '.join(counts)}", class_="mute small")), table

    def _row(self, verdict: Verdict, title: Markup, meaning: str) -> Markup:
        sign = el("td", f"{SIGNS[verdict]} {self._verdict(verdict)}", width="18%", class_=f"v-{verdict.value} small")
        return el("tr", sign, el("td", el("p", title) if title else None, el("p", meaning, class_="small mute" if title else "small")))

    def _sources(self, told: Outline) -> Markup | None:
        """Addresses as text: paper has no links."""
        checks = dict.fromkeys(cause.told.finding.check for cause in told.causes)
        found = {source.url: source.title for check in checks for source in self._words.sources(check)}
        if not found:
            return None
        items = [el("li", f"{title}: {url}") for url, title in found.items()]
        return Markup.joined([el("h2", self._words.label("sources")), el("ul", items, class_="small")])

    def _verdict(self, verdict: Verdict) -> str:
        return self._words.verdict(verdict)
