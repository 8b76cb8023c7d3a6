"""The report page: what is written where, what is said afterwards, and the paper itself."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from oauthcert.casework.whole_file import FileNotWritten
from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import Goal
from oauthcert.model.case import Case
from oauthcert.report.print_html import render_print
from oauthcert.ui import printing
from oauthcert.ui.pages.report import ReportPage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.report_file import Asked, suggested_name
from oauthcert.ui.widgets.report_preview import MOST
from oauthcert.words import Catalogue
from tests.fakes.desk import FakeDesk
from tests.unit.report.cases import a_case, large, replica_stopped

CASE = replica_stopped()


class Dialog:
    """Answers with a file in `folder`, or with nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.asked: list[Asked] = []

    def __call__(self, _parent: QWidget, asked: Asked) -> Path | None:
        self.asked.append(asked)
        return None if self.folder is None else self.folder / asked.suggestion.name


class Shown:
    """A page that has come up, with what it did to the desktop."""

    def __init__(self, qtbot: QtBot, desk: FakeDesk, theme: Theme, folder: Path | None, case: Case | None = CASE) -> None:
        self.dialog, self.opened, self.copied = Dialog(folder), list[Path](), list[str]()
        self.page = ReportPage(desk, theme, ask=self.dialog, open_file=self.opened.append, copy=self.copied.append)
        qtbot.addWidget(self.page)
        self.qtbot, self.desk = qtbot, desk
        self.state = WizardState(goal=Goal.OPEN, case=case)
        self.page.resize(900, 640)
        self.page.show()
        self.page.on_enter(self.state)

    def button(self, name: str) -> QPushButton:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        return found

    def choose(self, kind: str) -> None:
        found = self.page.findChild(QRadioButton, f"kind-{kind}")
        assert found is not None
        found.setChecked(True)

    def save(self) -> None:
        assert self.page.on_primary() is False
        self.settled()

    def settled(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.standing().ready, timeout=10000)

    def label(self, name: str) -> str:
        found = self.page.findChild(QLabel, name)
        assert found is not None
        return found.accessibleName() or found.text()


Show = Callable[..., Shown]


@pytest.fixture
def show(qtbot: QtBot, desk: FakeDesk, theme: Theme, tmp_path: Path) -> Show:
    def shown(folder: Path | None = tmp_path, case: Case | None = CASE) -> Shown:
        return Shown(qtbot, desk, theme, folder, case)

    return shown


@pytest.mark.parametrize(("kind", "suffix"), [("html", "html"), ("markdown", "md"), ("json", "json"), ("text", "txt")])
def test_that_each_kind_is_written_and_its_place_told(show: Show, desk: FakeDesk, tmp_path: Path, kind: str, suffix: str) -> None:
    shown = show()
    shown.choose(kind)
    shown.save()
    file = tmp_path / f"oauth-report-2026-11-21-contoso.lab.{suffix}"
    assert desk.reports == {file: f"{kind} {len(CASE.findings)} False"}
    assert shown.label("saved-text") == str(file)
    shown.button("open").click()
    shown.button("copy-path").click()
    assert shown.opened == [file]
    assert shown.copied == [str(file)]


def test_that_hidden_names_are_asked_of_the_desk_and_kept_out_of_the_files_name(show: Show, desk: FakeDesk) -> None:
    shown = show()
    shown.page.choices.hide_names.setChecked(True)
    shown.save()
    assert [(file.name, text.endswith("True")) for file, text in desk.reports.items()] == [
        ("oauth-report-2026-11-21-without-names.html", True)
    ]


def test_that_a_dialog_left_without_a_file_changes_nothing(show: Show, desk: FakeDesk) -> None:
    shown = show(None)
    assert shown.page.on_primary() is False
    assert shown.page.standing().ready
    assert not shown.page.saved.isVisible()
    assert desk.reports == {}


def test_that_a_file_that_cannot_be_written_is_told_in_words(show: Show, desk: FakeDesk) -> None:
    desk.write_error = FileNotWritten("no", file="/x.html", why="No space left on device")
    shown = show()
    shown.save()
    assert shown.label("saved-title") == desk.phrase("report.not-saved")
    assert shown.label("saved-text")
    assert not shown.button("open").isVisible()


def test_that_the_case_is_kept_and_the_state_knows_where(show: Show, desk: FakeDesk, tmp_path: Path) -> None:
    shown = show()
    shown.button("save-case").click()
    shown.settled()
    file = tmp_path / "oauth-case-2026-11-21-contoso.lab.json"
    assert desk.cases == {file: CASE}
    assert shown.page.apply(shown.state).case_file == str(file)


def test_that_a_saved_report_is_not_taken_for_the_case(show: Show) -> None:
    shown = show()
    shown.choose("json")
    shown.save()
    assert shown.page.apply(shown.state).case_file is None


def test_that_without_a_case_there_is_nothing_to_save(show: Show) -> None:
    shown = show(case=None)
    standing = shown.page.standing()
    assert not standing.ready
    assert standing.why_not
    assert not shown.button("save-case").isEnabled()
    assert shown.page.on_primary() is False
    assert shown.dialog.asked == []


def test_that_the_preview_shows_the_report_and_hides_names_on_request(show: Show, qtbot: QtBot) -> None:
    shown = show()
    preview = shown.page.preview
    qtbot.waitUntil(lambda: "fe02.contoso.lab" in preview.toPlainText(), timeout=10000)
    shown.page.choices.hide_names.setChecked(True)
    qtbot.waitUntil(lambda: "server-2.example" in preview.toPlainText(), timeout=10000)
    assert "contoso" not in preview.toPlainText()


def test_that_the_news_is_what_the_report_says(show: Show, qtbot: QtBot) -> None:
    shown = show()
    assert shown.page.news().title
    with qtbot.waitSignal(shown.page.preview.filled, timeout=10000):
        pass
    assert shown.page.news().title == render_print(CASE, Catalogue("en")).title


def test_that_ctrl_and_the_wheel_make_the_preview_larger_within_bounds(show: Show, qtbot: QtBot) -> None:
    shown = show()
    preview = shown.page.preview
    with qtbot.waitSignal(preview.filled, timeout=10000):
        pass
    for turns, zoom in ((1, 110), (-1, 100), (40, MOST)):
        for _ in range(abs(turns)):
            at, turn = QPointF(50, 50), QPoint(0, 120 if turns > 0 else -120)
            control, phase = Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
            preview.wheelEvent(QWheelEvent(at, at, QPoint(), turn, Qt.MouseButton.NoButton, control, phase, False))
        assert preview.zoom == zoom


def test_that_every_input_has_a_name_and_no_label_reads_markup(show: Show) -> None:
    page = show().page
    inputs = [*page.findChildren(QRadioButton), *page.findChildren(QPushButton), page.choices.hide_names, page.preview]
    assert all(each.objectName() for each in inputs)
    assert all(each.accessibleName() or (isinstance(each, QPushButton) and each.text()) for each in inputs)
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_that_a_suggested_name_is_one_on_every_system() -> None:
    assert suggested_name(a_case([]), "report", False) == "oauth-report-2026-11-21"
    assert "/" not in suggested_name(large(2), "case", False)


def test_that_a_pdf_is_written_from_the_page(show: Show, tmp_path: Path) -> None:
    shown = show()
    shown.choose("pdf")
    shown.save()
    content = (tmp_path / "oauth-report-2026-11-21-contoso.lab.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.fixture
def paper(qapp: QApplication, tmp_path: Path) -> tuple[Path, int]:
    file = tmp_path / "large.pdf"
    return file, printing.write_pdf(render_print(large(60), Catalogue("en")), file, QPageSize.PageSizeId.Letter, "OAuthCert Wizard 1.0")


def test_that_a_pdf_has_its_pages_its_size_and_its_title(paper: tuple[Path, int]) -> None:
    content = paper[0].read_bytes()
    assert paper[1] > 2
    assert content.count(b"/Type /Page\n") == paper[1]
    assert b"612" in content.partition(b"/MediaBox")[2][:40], "Letter is 612 points wide"
    assert "OAuthCert Wizard 1.0".encode("utf-16-be") in content or b"OAuthCert Wizard 1.0" in content
    assert b"/ToUnicode" in content, "without it, text can be neither searched nor copied"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_that_a_pdf_can_be_searched(paper: tuple[Path, int]) -> None:
    text = subprocess.run(["pdftotext", "-layout", str(paper[0]), "-"], capture_output=True, check=True).stdout.decode()
    assert "fe060.contoso.lab" in text
    assert f"1/{paper[1]}" in text.replace(" ", "")
    assert "ﬁ" not in text


def test_that_no_heading_is_left_alone_at_the_foot_of_a_page(qapp: QApplication) -> None:
    for servers in range(2, 30, 3):
        page = render_print(large(servers), Catalogue("en"))
        document = printing.new_document(page, {name: printing.drawn(svg) for name, svg in page.pictures.items()})
        document.setPageSize(QSizeF(500, 700))
        start = 0
        for _ in printing.pour(document, page):
            printing.keep_headings(document, 700, start)
            start = document.characterCount() - 1
        layout, block, headings = document.documentLayout(), document.begin(), 0
        while block.isValid():
            if block.blockFormat().headingLevel() and QTextCursor(block).currentTable() is None:
                headings += 1
                below = layout.blockBoundingRect(block.next()).bottom() - 1
                assert int(layout.blockBoundingRect(block).top() / 700) == int(below / 700), (servers, block.text())
            block = block.next()
        assert headings > 4


def test_that_a_pdf_given_up_leaves_the_old_file(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "old.pdf"
    file.write_text("old")
    steps = printing.pdf_steps(render_print(CASE, Catalogue("en")), file, QPageSize.PageSizeId.A4, "x")
    while next(steps) == 0:
        pass
    del steps
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_that_closing_the_window_gives_a_pdf_up(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    shown = show(case=large(60))
    shown.choose("pdf")
    shown.page.on_primary()
    assert shown.page.on_cancel() is True
    shown.settled()
    assert list(tmp_path.iterdir()) == []


def test_that_a_pdf_in_a_folder_that_is_not_there_is_an_error_with_words(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten) as caught:
        printing.write_pdf(render_print(CASE, Catalogue("en")), tmp_path / "gone" / "x.pdf", QPageSize.PageSizeId.A4, "x")
    assert caught.value.facts["why"]


@pytest.mark.parametrize(("country", "size"), [("US", "Letter"), ("ca", "Letter"), ("DE", "A4"), ("GB", "A4"), ("", "A4")])
def test_that_each_country_gets_its_paper(country: str, size: str) -> None:
    assert printing.paper(country).name == size
