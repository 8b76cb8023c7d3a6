"""The report as one HTML file: no network, no script, no image; server answers stand in it as text and nothing else."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from string import Template
from typing import TYPE_CHECKING

from oauthcert import assets
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.changes import assurance
from oauthcert.report.html_board import badge, board
from oauthcert.report.html_changes import changes
from oauthcert.report.html_findings import causes, findings
from oauthcert.report.markup import Markup, el
from oauthcert.report.outline import outline
from oauthcert.report.pictures.canvas import MARKS
from oauthcert.report.pictures.clocks import clocks
from oauthcert.report.pictures.replication import replication
from oauthcert.report.pictures.validity import validity
from oauthcert.report.tokens import Palette, as_css, themes
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def render_html(case: Case, catalogue: Catalogue, root: "Traversable | None" = None) -> str:
    """A whole HTML document. `root` replaces `resources/` in tests."""
    palettes = themes(root)
    told = outline(case, catalogue)
    style = as_css(palettes) + _picture_classes(palettes["light"]) + assets.text("report/style.css", root)
    page = Template(assets.text("report/page.html", root))
    return page.substitute(
        language=catalogue.language,
        policy=f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'",
        title=el("title", f"{told.headline} · OAuthCert Wizard"),
        style=style,
        symbols=_symbols(),
        head=_head(case, catalogue, told.headline, told.counts),
        causes=causes(told, catalogue),
        pictures=_pictures(case, catalogue, palettes["light"]),
        changes=changes(case, catalogue),
        board=board(case, catalogue),
        findings=findings(told, catalogue),
        foot=_foot(case, catalogue),
    )


def _digest(style: str) -> str:
    """What the content security policy compares the style sheet with; nothing else on the page may bring style of its own."""
    return b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _picture_classes(colours: Palette) -> str:
    """The classes pictures carry beside their own colours, so that they follow the theme."""
    return "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in colours) + "\n"


def _symbols() -> Markup:
    """The verdicts' shapes, drawn once and used by every badge."""
    marks = [el("symbol", el("path", d=path), id=f"m-{verdict.value}", viewBox="0 0 16 16") for verdict, path in MARKS.items()]
    return el("svg", marks, class_="symbols", aria_hidden="true")


def _head(case: Case, catalogue: Catalogue, headline: str, counts: str) -> Markup:
    formats = catalogue.formats
    kind, _, scenario = case.source.partition(":")
    source = {"live": "source_live", "practice": "source_practice", "evidence": "source_evidence"}.get(kind, "source_case")
    made = catalogue.label("started", started=formats.moment(case.started), finished=formats.moment(case.finished))
    return el(
        "header",
        el("p", catalogue.label("report"), class_="over"),
        el("h1", headline),
        el("p", f"{counts} {assurance(case, catalogue)}", class_="lead"),
        el("p", f"{made} · {catalogue.label(source, scenario=scenario)}", class_="mute"),
        _legend(catalogue),
    )


def _legend(catalogue: Catalogue) -> Markup:
    return el("ul", [el("li", badge(verdict, catalogue)) for verdict in Verdict], class_="legend", aria_label=catalogue.label("legend"))


Picture = Callable[[Case, Catalogue, Palette], str | None]


def _pictures(case: Case, catalogue: Catalogue, colours: Palette) -> Markup:
    drawn: tuple[tuple[str, Picture], ...] = (("replication", replication), ("certificates", validity), ("clocks", clocks))
    cards = []
    for label, draw in drawn:
        picture = draw(case, catalogue, colours)
        inner = el("p", catalogue.label("no_data"), class_="mute") if picture is None else Markup(picture)
        note = el("p", catalogue.label("clocks_note"), class_="mute small") if label == "clocks" and picture else None
        cards.append(el("section", el("h2", catalogue.label(label)), inner, note, class_="card picture"))
    return Markup.joined(cards)


def _foot(case: Case, catalogue: Catalogue) -> Markup:
    tool = catalogue.label("tool", version=visible(case.tool_version))
    return el("footer", el("p", f"{tool} · {catalogue.label('times_utc')}", class_="mute small"))
