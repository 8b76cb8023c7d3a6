"""The help window: our pages and nothing from outside."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from pytestqt.qtbot import QtBot

from oauthcert.checks.table import CHECKS
from oauthcert.flow.steps import PATHS, Goal
from oauthcert.ui.dialogs.help import HelpWindow
from oauthcert.ui.dialogs.help_text import HelpTexts
from oauthcert.ui.theme import Theme
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.shelves import LANGUAGES
from tests.fakes.desk import FakeDesk


@pytest.fixture
def window(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> HelpWindow:
    made = HelpWindow(desk, theme)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_step_and_every_check_has_its_page(language: str) -> None:
    texts = HelpTexts(Catalogue(language))
    steps = PATHS[Goal.TROUBLESHOOT]
    wanted = [f"wizard-{step.value}" for step in steps] + [check.id for check in CHECKS]
    assert [page.id for page in texts.pages] == wanted
    assert [page.title for page in texts.pages if not page.title or ":" in page.title] == []
    for step in steps:
        page = texts.page(step.value)
        assert page is not None
        assert page.id == f"wizard-{step.value}"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("sign-in", "wizard-sign-in"),
        ("wizard-check", "wizard-check"),
        ("oauth-chain", "oauth-chain"),
        ("oauth-chain.missing-link", "oauth-chain"),
        ("no-such-page", "wizard-start"),
        ("../../secret", "wizard-start"),
        ("", "wizard-start"),
    ],
)
def test_that_a_page_opens_by_what_pages_and_findings_name(window: HelpWindow, wanted: str, shown: str) -> None:
    window.open_page(wanted)
    assert window.isVisible()
    assert window.shown == shown
    item = window.list.currentItem()
    assert item is not None
    assert item.text() in window.windowTitle()
    assert window.browser.toPlainText().strip()


def test_that_searching_finds_pages_by_their_words(window: HelpWindow) -> None:
    every = window.list.count()
    window.search.setText("second hop")
    assert 0 < window.list.count() < every
    assert window.list.item(0).text() == "Second hop"
    window.search.setText("no such words anywhere xyzzy")
    assert window.list.count() == 0
    assert not window.none.isHidden()
    window.search.clear()
    assert window.list.count() == every


def test_that_enter_opens_the_first_page_found(qtbot: QtBot, window: HelpWindow) -> None:
    window.open_page("start")
    window.search.setText("second hop")
    window.search.returnPressed.emit()
    assert window.shown == "second-hop"


def test_that_only_https_leaves_the_window(window: HelpWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window.open_page("start")
    for link in ("http://example.com/", "file:///etc/passwd", "javascript:alert(1)", "ms-settings:privacy", "https://example.com/"):
        window.browser.followed.emit(QUrl(link))
    assert opened == ["https://example.com/"]
    assert window.shown == "wizard-start"


def test_that_a_link_between_pages_opens_here(window: HelpWindow) -> None:
    window.open_page("sign-in")
    window.browser.anchorClicked.emit(QUrl("second-hop.md"))
    assert window.shown == "second-hop"


def test_that_nothing_is_fetched_and_no_html_is_read(window: HelpWindow) -> None:
    window.browser.show_text("# Title\n\n![x](file:///etc/hostname)\n\nbefore <b>bold</b> <img src='https://example.com/x.png'> after")
    assert window.browser.loadResource(int(QTextDocument.ResourceType.ImageResource.value), QUrl("file:///etc/hostname")) is None
    assert "<b>bold</b>" in window.browser.toPlainText()
    assert "<img src='https://example.com/x.png'>" in window.browser.toPlainText()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_links_between_pages_lead_somewhere(language: str) -> None:
    import re

    texts = HelpTexts(Catalogue(language))
    for page in texts.pages:
        for link in re.findall(r"\]\(([^)]+)\)", page.text):
            assert link.startswith("https://") or texts.page(link.removesuffix(".md")) is not None, (page.id, link)
