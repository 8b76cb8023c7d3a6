"""The board: servers as rows, checks as columns under their groups, a sign per answer."""

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.markup import Markup, el
from oauthcert.report.outline import OPEN
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

WIDE_ENOUGH = 4
"""Columns over which the whole name of a group can stand."""


def sign(verdict: Verdict) -> Markup:
    """The verdict's shape, from the page's symbols; the word stands beside it."""
    return el("svg", el("use", href=f"#m-{verdict.value}"), class_="sign", aria_hidden="true")


def badge(verdict: Verdict, catalogue: Catalogue) -> Markup:
    """Shape, word and colour."""
    return el("span", sign(verdict), catalogue.verdict(verdict), class_=f"badge v-{verdict.value}")


def board(case: Case, catalogue: Catalogue) -> Markup:
    """One row per server and one for the deployment; a column only for checks that have at least one finding."""
    cells = {(finding.server, finding.check): finding for finding in case.findings}
    present = {finding.check for finding in case.findings}
    groups = [(group, [check for check in checks if check in present]) for group, checks in catalogue.groups.items()]
    groups = [(group, checks) for group, checks in groups if checks]
    if not groups:
        return Markup("")
    columns = [check for _, checks in groups for check in checks]
    servers: dict[str | None, None] = dict.fromkeys(target.name for target in case.targets)
    servers |= dict.fromkeys(finding.server for finding in case.findings if finding.server is not None)
    rows: list[str | None] = [*servers, *([None] if any(finding.server is None for finding in case.findings) else [])]
    first = {checks[0] for _, checks in groups}
    body = [_row(server, columns, first, cells, catalogue) for server in rows]
    table = el("table", el("thead", _group_heads(groups, catalogue), _check_heads(columns, first, catalogue)), el("tbody", body))
    return el("section", el("h2", catalogue.label("board")), el("div", table, class_="wide", tabindex="0"), class_="card board")


def _group_heads(groups: list[tuple[str, list[str]]], catalogue: Catalogue) -> Markup:
    heads = [_group_head(catalogue.group(group), len(checks)) for group, checks in groups]
    return el("tr", el("th", catalogue.label("server"), rowspan="2", scope="col", class_="name"), heads)


def _group_head(name: str, columns: int) -> Markup:
    """Over one or two columns only the step is written out; the rest would be broken letter by letter."""
    shown = name.partition(" · ")[0] if columns < WIDE_ENOUGH else name
    kind = "group first" if columns >= WIDE_ENOUGH else "group narrow first"
    return el("th", shown, colspan=str(columns), scope="colgroup", title=None if shown == name else name, class_=kind)


def _check_heads(columns: list[str], first: set[str], catalogue: Catalogue) -> Markup:
    heads = []
    for check in columns:
        about = catalogue.check(check)
        turned = el("span", about.name, class_="turned")
        heads.append(el("th", turned, scope="col", title=about.question, class_="check first" if check in first else "check"))
    return el("tr", heads)


def _row(
    server: str | None, columns: list[str], first: set[str], cells: dict[tuple[str | None, str], Finding], catalogue: Catalogue
) -> Markup:
    name = catalogue.label("deployment_head") if server is None else visible(server)
    return el(
        "tr",
        el("th", name, scope="row", class_="name"),
        [_cell(cells.get((server, check)), check in first, catalogue) for check in columns],
    )


def _cell(finding: Finding | None, is_first: bool, catalogue: Catalogue) -> Markup:
    edge = " first" if is_first else ""
    if finding is None:
        return el("td", class_=f"none{edge}")
    title = catalogue.finding(finding).title if finding.verdict in OPEN else None
    word = el("span", catalogue.verdict(finding.verdict), class_="unseen")
    return el("td", sign(finding.verdict), word, class_=f"v-{finding.verdict.value}{edge}", title=title)
