"""The help window: our pages and nothing from outside."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oauthcert.checks.table import CHECKS
from oauthcert.fixes.table import FIXES
from oauthcert.flow.steps import Step
from oauthcert.model.plan import Manner
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
def test_that_every_step_check_and_repair_has_its_page(language: str) -> None:
    texts = HelpTexts(Catalogue(language))
    does = sorted(FIXES, key=lambda fix: fix.manner is not Manner.DOES)  # keeps the order of the table otherwise
    wanted = [f"wizard-{step.value}" for step in Step] + [check.id for check in CHECKS] + [f"fix-{fix.id}" for fix in does]
    assert [page.id for page in texts.pages] == wanted
    assert [page.title for page in texts.pages if not page.title or ":" in page.title] == []
    for step in Step:
        page = texts.page(step.value)
        assert page is not None
        assert page.id == f"wizard-{step.value}"


def test_that_the_list_shows_all_pages_under_headings_that_cannot_be_chosen(window: HelpWindow) -> None:
    items = [window.list.item(row) for row in range(window.list.count())]
    heads = [item for item in items if item.data(Qt.ItemDataRole.UserRole) is None]
    assert [head.text() for head in heads[:2]] == ["The steps of this program", Catalogue("en").group("reach")]
    assert [head.text() for head in heads[-2:]] == ["Repairs by this program", "Repairs by a person"]
    assert [head.text() for head in heads if head.flags() != Qt.ItemFlag.NoItemFlags] == []
    assert len(items) - len(heads) == len(HelpTexts(Catalogue("en")).pages)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("sign-in", "wizard-sign-in"),
        ("wizard-check", "wizard-check"),
        ("oauth-chain", "oauth-chain"),
        ("oauth-chain.missing-link", "oauth-chain"),
        ("fix", "wizard-fix"),
        ("fix-start-replica", "fix-start-replica"),
        ("fix-no-such-repair", "wizard-fix"),
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


def test_that_the_arrow_keys_pass_the_headings_by(window: HelpWindow) -> None:
    window.open_page("report")
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    assert window.shown == "server-reachable"
    QTest.keyClick(window.list, Qt.Key.Key_Up)
    assert window.shown == "wizard-report"
    QTest.keyClick(window.list, Qt.Key.Key_Home)
    assert window.shown == "wizard-start"


def test_that_searching_finds_repairs_by_name_and_by_command(window: HelpWindow) -> None:
    def found(typed: str) -> list[str]:
        window.search.setText(typed)
        return [window.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(window.list.count())]

    assert found("start the replica")[0] == "fix-start-replica"
    assert "fix-repair-private-key" in found("repairstore")
    assert None not in found("certificate")


def test_that_enter_opens_a_page_and_not_a_heading(window: HelpWindow) -> None:
    window.open_page("second-hop")
    window.search.returnPressed.emit()
    assert window.shown == "wizard-start"


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
