"""The page for paper: pieces small enough to lay out, nothing in them but text, tables and our own pictures."""

from html.parser import HTMLParser

import pytest
from tests.unit.report.cases import a_case, a_finding, large, replica_stopped

from oauthcert.model.finding import Cause
from oauthcert.report.print_html import PrintPage, render_print
from oauthcert.words import Catalogue

WORDS = Catalogue("en")
ALLOWED = {"p", "h1", "h2", "h3", "b", "span", "table", "thead", "tr", "th", "td", "ul", "ol", "li", "img"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.sources: list[str] = []
        self.names: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read(page: PrintPage) -> Reader:
    whole = Reader()
    for piece in page.pieces:
        part = Reader()
        part.feed(piece)
        part.close()
        assert part.open == [], "a piece stands on its own"
        whole.tags += part.tags
        whole.sources += part.sources
        whole.names |= part.names
        whole.words += part.words
    return whole


def test_that_a_page_holds_only_what_a_text_document_knows_and_nothing_to_fetch() -> None:
    page = render_print(replica_stopped(), WORDS)
    found = read(page)
    assert set(found.tags) <= ALLOWED
    assert found.sources == list(page.pictures)
    assert all(source.startswith("picture:") for source in found.sources)
    assert not {name for name in found.names if name.startswith("on")}


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", '"><img src=//evil onerror=x>', "</td></table><a href=x>", "\u202e\x1b[31m"]
)
def test_that_hostile_text_stays_text(nasty: str) -> None:
    finding = a_finding("replica-service", "stopped", "fe01.contoso.lab", state=nasty, start_mode=nasty)
    found = read(render_print(a_case([finding], (Cause(finding.id),), source=f"practice:{nasty}"), WORDS))
    assert set(found.tags) <= ALLOWED
    assert "evil" not in "".join(found.sources)
    assert "\x1b" not in found.words


def test_that_no_piece_is_too_large_to_be_laid_out_at_once() -> None:
    page = render_print(large(200), WORDS)
    assert len(page.pieces) > 10
    assert max(map(len, page.pieces)) < 20_000


def test_that_every_server_is_in_the_table_of_all() -> None:
    words = read(render_print(large(50), WORDS)).words
    assert all(f"fe{number:03}.contoso.lab" in words for number in range(1, 51))


def test_that_an_empty_case_is_a_page_too() -> None:
    page = render_print(a_case([]), WORDS)
    assert page.title == "Nothing was looked at"
    assert page.pictures == {}
