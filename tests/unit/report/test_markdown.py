"""The report as Markdown: whole, in its order, and whatever servers say stays text for every reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.unit.report.cases import a_case, a_finding, large, replica_stopped

from oauthcert.model.finding import Cause
from oauthcert.report.markdown import plain, render_markdown
from oauthcert.report.masking import masked
from oauthcert.words import Catalogue
from oauthcert.words.showing import visible

WORDS = Catalogue("en")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = (
    "<script>alert(1)</script>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "a | b || c",
    "**bold** _em_ __strong__ `code` ~~gone~~ $x$",
    "# heading",
    "1. one",
    "12) two",
    "- item",
    "+ item",
    "> quote",
    "===",
    "---",
    "```",
    "&copy; &#60;b&#62;",
    "back\\slash \\* \\",
    "line\n\n# new block\n\n| a |\n|---|",
    "[ref]: https://evil.example",
    "    code",
    "\u202e\x00\x1b[31m",
    "=cmd|'/c calc'!A1",
)


def shown(markdown: str) -> str:
    """The text a reader sees, of a document that must be one paragraph of nothing but text."""
    tokens = READER.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], markdown
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}, markdown
    return "".join(child.content for child in children).replace("\u200b", "")


@pytest.mark.parametrize("text", NASTY)
def test_that_hostile_text_is_shown_and_not_read_as_markup(text: str) -> None:
    assert shown(plain(text)) == visible(text)


@given(st.text(alphabet="ab1 \\`*_{}[]()<>#+-.!|~&;$^=:@\"'/\t\n", min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_that_any_text_is_shown_as_it_is(text: str) -> None:
    assert shown(plain(text)) == visible(text)


@pytest.mark.parametrize(
    "text",
    [
        "www.evil.example",
        "https://evil.example",
        "http://evil.example",
        "ftp://evil.example",
        "WWW.evil.example",
        "jane@evil.example",
        "@team",
        "#12",
        ":tada:",
    ],
)
def test_that_nothing_becomes_a_link_a_mention_or_a_little_picture_by_itself(text: str) -> None:
    written = plain(f"see {text} now")
    assert text not in written
    assert shown(written) == f"see {text} now"


def test_that_ordinary_words_are_left_readable() -> None:
    text = "On fe02.contoso.lab run: Start-Service REPLICA (see not_before), then wait 2 to 5 minutes!"
    assert plain(text) == text


def test_that_a_hostile_fact_breaks_no_table() -> None:
    nasty = "x | <b> | [a](b) \n| y |"
    finding = a_finding("replica-service", "stopped", "fe01.contoso.lab", state=nasty)
    tokens = READER.parse(render_markdown(a_case([finding], (Cause(finding.id),)), WORDS))
    rows: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append(0)
        rows[-1:] = [rows[-1] + (token.type in ("td_open", "th_open"))] if rows else []
    assert rows
    assert set(rows) <= {2, 3}
    links = [child.attrGet("href") for token in tokens for child in token.children or () if child.type == "link_open"]
    assert all(str(link).startswith("https://learn.microsoft.com/") for link in links)
    assert not [child for token in tokens for child in token.children or () if child.type in ("html_inline", "image")]


def test_that_causes_come_before_servers_before_facts_before_sources() -> None:
    written = render_markdown(replica_stopped(), WORDS)
    heads = ["Fix this first", "## Findings by server", "### fe02.contoso.lab", "## Facts", "## Read more"]
    places = [written.index(head) for head in heads]
    assert places == sorted(places)


def test_that_the_largest_deployment_and_none_at_all_can_be_written() -> None:
    assert render_markdown(a_case([]), WORDS).startswith("# Nothing was looked at\n")
    assert len(render_markdown(large(200), WORDS)) < 200_000


def test_that_a_masked_report_says_so() -> None:
    assert "Names are replaced by stand-ins" in render_markdown(masked(replica_stopped()), WORDS)
    assert "Names are replaced by stand-ins" not in render_markdown(replica_stopped(), WORDS)


def test_that_german_is_german() -> None:
    assert "Ergebnis" in render_markdown(replica_stopped(), Catalogue("de"))
