"""The HTML report: one file, whole, and whatever servers say stays text."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from tests.unit.model.strategies import cases
from tests.unit.report.cases import NOW, THUMBPRINT, a_case, a_finding, large, replica_stopped

from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, NotSeen, Observation
from oauthcert.model.finding import Cause, Finding, Severity, Verdict
from oauthcert.model.target import Target
from oauthcert.report import render_html
from oauthcert.report.markup import Markup, el
from oauthcert.words import Catalogue

PAGE = {"html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "div"}
TEXT = {"h1", "h2", "h3", "p", "span", "b", "ul", "ol", "li", "a", "details", "summary", "dl", "dt", "dd"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
DRAWING = {"svg", "symbol", "path", "use", "g", "rect", "circle", "line", "text"}
ALLOWED = PAGE | TEXT | TABLE | DRAWING
EMPTY = {"meta"}
NASTY = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</title></style></svg><iframe src=//evil>",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066\x00\x1b[31m\u200b",
    "$policy ${style} {server} %s",
    "A" * 65536,
    "\ud800",
)


class Reader(HTMLParser):
    """Takes a page apart as a browser would and keeps what matters for safety."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.crossed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.words.append(data)

    @property
    def left_open(self) -> list[str]:
        return self._open


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def assert_harmless(page: str) -> Reader:
    reader = read(page)
    assert reader.tags <= ALLOWED
    assert not reader.crossed
    assert not reader.left_open
    for tag, name, value in reader.attributes:
        assert not name.startswith("on")
        assert name not in ("style", "src", "srcset", "action", "formaction")
        if name == "href":
            assert value.startswith("https://" if tag == "a" else "#m-")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page)
    page.encode("utf-8")
    return reader


def hostile(text: str) -> Case:
    """The same text in every field a server or a damaged case could fill."""
    findings = [
        Finding(
            "time-skew", text, Verdict.FAIL, Severity.HIGH, "time-skew.too-large", {"offset_seconds": 400.0, "reference": text, text: text}
        ),
        Finding(text, text, Verdict.WARN, Severity.LOW, text, {text: (text, text)}, (text,), (text,)),
        a_finding("replication-up-to-date", "stale-report", text, last_status_report=text, cms_server=text),
        a_finding("cms-master", "pass", None, active_master=text, cms_server=text),
        a_finding("oauth-validity", "pass", text, thumbprint=text, subject=text),
        a_finding("server-reachable", "could-not-look", text, reason=text, look=text, subject=text),
        a_finding("sign-in-accepted", "method-not-offered", text, offered=text),
    ]
    answer = Answer("oauth", True, ({"thumbprint": text, "subject": text, "notAfter": "2027-01-01T00:00:00Z"}, text), warnings=(text,))
    why = NotSeen(text, {text: text})
    seen = Observation(text, why, why, why, {"oauth": answer, text: answer}, why)
    causes = tuple(Cause(finding.id, tuple(other.id for other in findings)) for finding in findings)
    return Case(NOW, NOW, f"practice:{text}", (Target(text),), (seen,), tuple(findings), causes, text)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_that_hostile_answers_stay_text(text: str, language: str) -> None:
    page = render_html(hostile(text), Catalogue(language))
    assert_harmless(page)
    assert len(page) < 400_000


def test_that_hostile_text_is_still_shown() -> None:
    words = "".join(assert_harmless(render_html(hostile(NASTY[0]), Catalogue("en"))).words)
    assert NASTY[0] in words


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases)
def test_that_any_case_becomes_a_whole_page(case: Case) -> None:
    assert_harmless(render_html(case, Catalogue("de")))


def test_that_the_page_allows_nothing_but_its_own_style() -> None:
    page = render_html(replica_stopped(), Catalogue("en"))
    policy = next(value for _, name, value in read(page).attributes if name == "content" and "default-src" in value)
    style = page.split("<style>")[1].split("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "unsafe" not in policy
    assert "url(" not in style
    assert "@import" not in style


def test_that_the_cause_comes_before_everything_it_explains() -> None:
    page = render_html(replica_stopped(), Catalogue("en"))
    places = [page.index(words) for words in ("Fix this first", "The replica service is stopped on fe02", "The last report of fe02")]
    assert places == sorted(places)
    assert page.index("The OAuth certificate is not installed on fe02") < page.index("All checks")


def test_that_could_not_look_is_never_called_failed() -> None:
    finding = a_finding("server-reachable", "could-not-look", "fe01.contoso.lab")
    page = render_html(a_case([finding], (Cause(finding.id),)), Catalogue("en"))
    body = page.split("</header>")[1]
    assert "v-fail" not in body
    assert "failed" not in body
    assert "No problem was found, but not everything could be looked at" in page


def test_that_every_answer_has_its_word_for_those_who_see_no_colour() -> None:
    page = render_html(replica_stopped(), Catalogue("en"))
    cells = re.findall(r"<td class=\"v-([a-z-]+)[^>]*>(.*?)</td>", page)
    words = {verdict.value: Catalogue("en").verdict(verdict) for verdict in Verdict}
    assert len(cells) >= 4 * 20
    assert all(words[verdict] in inner and f"#m-{verdict}" in inner for verdict, inner in cells)


def test_that_an_empty_case_says_so() -> None:
    page = render_html(a_case([]), Catalogue("en"))
    assert "Nothing was looked at" in page
    assert_harmless(page)


def test_that_two_hundred_servers_stay_readable() -> None:
    page = render_html(large(), Catalogue("de"))
    assert page.count('<th scope="row"') == 201
    assert page.count('class="card cause') == 2
    assert len(page) < 1_500_000
    assert_harmless(page)


def test_that_markup_escapes_text_and_keeps_markup() -> None:
    assert el("p", "<b>", Markup("<i></i>"), None, title='"<') == '<p title="&quot;&lt;">&lt;b&gt;<i></i></p>'


def test_that_a_thumbprint_can_be_copied_in_one_look() -> None:
    finding = a_finding("oauth-in-store", "missing", "fe02.contoso.lab")
    page = render_html(a_case([finding]), Catalogue("en"))
    assert "6D4A1C0E 93B27F55 88AA01C4 D2E6F709 12345678" in page
    assert THUMBPRINT not in page
