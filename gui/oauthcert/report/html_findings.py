"""The cards of the causes and the findings of each server."""

from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.fact_lines import pairs_of
from oauthcert.report.html_board import badge, sign
from oauthcert.report.markup import Markup, el
from oauthcert.report.outline import CauseTold, Outline, ServerTold, Told
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible


def causes(told: Outline, catalogue: Catalogue) -> Markup:
    """First to mend first. Empty when there is none."""
    return Markup.joined([_cause(cause, index == 0, catalogue) for index, cause in enumerate(told.causes)])


def findings(told: Outline, catalogue: Catalogue) -> Markup:
    """Every server with something to say; the others in one line."""
    loud = [server for server in told.servers if server.own or server.explained]
    quiet = [server for server in told.servers if not server.own and not server.explained and (server.passed or server.not_needed)]
    if not loud and not quiet:
        return Markup("")
    return el(
        "section",
        el("h2", catalogue.label("findings")),
        [_server(server, catalogue) for server in loud],
        _quiet(quiet, catalogue) if quiet else None,
        class_="card servers",
    )


def _cause(cause: CauseTold, first: bool, catalogue: Catalogue) -> Markup:
    finding, text = cause.told.finding, cause.told.text
    label = "fix_first" if first else "could_not_look" if finding.verdict is Verdict.UNKNOWN else "also"
    explains = catalogue.label("explains", count=cause.explains) if cause.explains else None
    others = None
    if cause.others:
        servers = catalogue.formats.short("servers", cause.others)
        others = el("p", catalogue.label("same_on", count=len(cause.others), servers=servers), class_="mute")
    lines = [el("li", badge(line.verdict, catalogue), el("span", line.line), class_=f"depth-{min(line.depth, 5)}") for line in cause.lines]
    return el(
        "article",
        el("p", el("span", catalogue.label(label), class_=f"badge v-{finding.verdict.value}"), _after(explains), class_="over"),
        el("h2", sign(finding.verdict), text.title, class_=f"title c-{finding.verdict.value}"),
        el("p", text.meaning),
        others,
        _action(text.action, catalogue),
        el("ul", lines, class_="chain") if lines else None,
        _fixes(finding, catalogue),
        _sources(finding, catalogue),
        class_=f"card cause e-{finding.verdict.value}",
    )


def _after(text: str | None) -> Markup | None:
    return None if text is None else el("span", text, class_="mute")


def _server(server: ServerTold, catalogue: Catalogue) -> Markup:
    name = catalogue.label("deployment_head") if server.name is None else visible(server.name)
    counts = [catalogue.label("passed_count", count=server.passed)]
    if server.not_needed:
        counts.append(catalogue.label("not_needed_count", count=server.not_needed))
    rest = [
        el("li", badge(Verdict.UNKNOWN, catalogue), el("span", catalogue.label("also_open", count=count, cause=title)))
        for title, count in server.explained.items()
    ]
    return el(
        "section",
        el("h3", name, el("span", ", ".join(counts), class_="mute small")),
        el("ul", [_finding(told, catalogue) for told in server.own], rest, class_="findings"),
        class_="server",
    )


def _finding(told: Told, catalogue: Catalogue) -> Markup:
    finding = told.finding
    more = el(
        "details",
        el("summary", el("span", told.text.title)),
        el("p", told.text.meaning),
        _action(told.text.action, catalogue),
        _facts(finding, catalogue),
    )
    return el("li", badge(finding.verdict, catalogue), more)


def _action(action: str, catalogue: Catalogue) -> Markup | None:
    if not action:
        return None
    return el("p", el("b", catalogue.label("what_to_do")), " ", action, class_="action")


def _facts(finding: Finding, catalogue: Catalogue) -> Markup | None:
    rows = [el("div", el("dt", label), el("dd", value)) for label, value in pairs_of(finding, catalogue)]
    return el("dl", rows, class_="facts") if rows else None


def _fixes(finding: Finding, catalogue: Catalogue) -> Markup | None:
    if not finding.fixes:
        return None
    texts = [catalogue.fix(fix) for fix in finding.fixes]
    items = [el("li", el("b", visible(text.name)), " · " if text.effect else None, visible(text.effect)) for text in texts]
    return el("details", el("summary", catalogue.label("fixes")), el("ol", items), class_="more")


def _sources(finding: Finding, catalogue: Catalogue) -> Markup | None:
    """Links come from the program's own catalogue, never from a case."""
    found = catalogue.sources(finding.check)
    if not found:
        return None
    links = [el("li", el("a", source.title, href=source.url, rel="noreferrer")) for source in found]
    return el("details", el("summary", catalogue.label("sources")), el("ul", links), class_="more")


def _quiet(servers: list[ServerTold], catalogue: Catalogue) -> Markup:
    names = tuple(catalogue.label("deployment_head") if server.name is None else visible(server.name) for server in servers)
    shown = catalogue.formats.listed(names, 40)
    return el("p", badge(Verdict.PASS, catalogue), f" {shown}: {catalogue.label('all_passed')}", class_="quiet")
