"""Report: what to write and for whom, with or without names, a preview of the paper, and the case to keep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from oauthcert import __version__
from oauthcert.flow.state import WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.report.masking import masked
from oauthcert.report.print_html import PrintPage, render_print
from oauthcert.ui import printing
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.report_choices import SUFFIXES, ReportChoices
from oauthcert.ui.widgets.report_file import Ask, Asked, ask_in_dialog, suggested_name
from oauthcert.ui.widgets.report_preview import ReportPreview
from oauthcert.ui.widgets.report_saved import ReportSaved


def open_in_desktop(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


class ReportPage(Page):
    """The last page: saving keeps it open, Close ends the wizard."""

    def __init__(
        self,
        desk: Desk,
        theme: Theme,
        *,
        ask: Ask = ask_in_dialog,
        open_file: Callable[[Path], object] = open_in_desktop,
        copy: Callable[[str], object] = copy_text,
    ) -> None:
        super().__init__()
        self._desk, self._ask = desk, ask
        self._case: Case | None = None
        self._case_file: str | None = None
        self._previewed: tuple[Case, bool] | None = None
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
        self._saved_title = self._headline = ""
        self._keeps: Case | None = None
        # They belong to the application: a page taken down while work ends must not take along what is told the end.
        self._rendering, self._writing = JobBridge(QCoreApplication.instance()), JobBridge(QCoreApplication.instance())
        self._printer = printing.Printer(self)
        self._printer.finished.connect(self._on_written)
        self._target = Path()
        self._rendering.finished.connect(self._on_rendered)
        self._writing.finished.connect(self._on_written)
        self.choices = ReportChoices(desk, self)
        self.choices.masked_changed.connect(self._preview)
        self.saved = ReportSaved(desk, open_file, copy, self)
        self.preview = ReportPreview(theme, self)
        self.preview.setAccessibleName(desk.phrase("report.preview"))
        self.preview.setPlaceholderText(desk.phrase("report.nothing"))
        self.column.addWidget(Columns(self._left(), self._right(), theme, shares=(4, 5), narrow=680))

    def _left(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.saved)
        column.addWidget(self.choices)
        keep = Card(side)
        keep.column.addWidget(plain(self._desk.phrase("report.case.title"), "card-title"))
        keep.column.addWidget(plain(self._desk.phrase("report.case.sentence"), "secondary"))
        self.save_case = QPushButton(self._desk.phrase("report.case.save"), keep)
        self.save_case.setObjectName("save-case")
        self.save_case.clicked.connect(self._save_case)
        keep.column.addSpacing(4)
        keep.column.addWidget(self.save_case, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(keep)
        column.addStretch(1)
        return side

    def _right(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(plain(self._desk.phrase("report.preview"), "card-title"))
        column.addWidget(plain(self._desk.phrase("report.preview.sentence"), "secondary"))
        column.addWidget(self.preview, 1)
        return side

    # --- what the frame asks

    def on_enter(self, state: WizardState) -> None:
        if state.case is not self._case:
            self.saved.clear()
            self._headline = ""
        self._case, self._case_file = state.case, state.case_file
        self.save_case.setEnabled(self._case is not None and not self._busy)
        self._preview()

    def apply(self, state: WizardState) -> WizardState:
        if state.case is not self._case or self._case_file is None or state.case_file == self._case_file:
            return state
        return replace(state, case_file=self._case_file)

    def news(self) -> News:
        if self._case is None:
            return News(self._desk.phrase("report.nothing"), self._desk.phrase("hindrance.no-case"))
        return News(self._headline or self._desk.phrase("step.report"), self._desk.phrase("report.title"))

    def standing(self) -> Standing:
        primary = self._desk.phrase("report.save")
        if self._busy:
            return Standing(False, primary, self._desk.phrase("report.writing"), busy=True)
        if self._case is None:
            return Standing(False, primary, self._desk.phrase("hindrance.no-case"))
        return Standing(True, primary)

    def on_primary(self) -> bool:
        """Saving never leaves the page: there may be more to save."""
        kind, hidden = self.choices.kind, self.choices.masked
        file = self._asked("report.save", f"report.{kind}.filter", SUFFIXES[kind], "report", hidden)
        case, desk = self._case, self._desk
        if file is None or case is None:
            return False

        # The work knows the desk and not the page: what it holds last would be taken down on its thread.
        def write(token: CancelToken, _tell: Tell) -> object:
            if kind == "pdf":
                page = render_print(masked(case) if hidden else case, desk.catalogue)
                token.raise_if_cancelled()
                return page
            text = desk.render(case, kind, hidden)
            token.raise_if_cancelled()
            desk.write_report(file, text)
            return file

        self._target = file
        self._write(write, self._desk.phrase("report.saved"))
        return False

    def on_cancel(self) -> bool:
        self._rendering.cancel()
        if not self._busy:
            return False
        self._writing.cancel()
        self._printer.cancel()
        return True

    @property
    def _busy(self) -> bool:
        return self._writing.busy or self._printer.busy

    def first_focus(self) -> QWidget | None:
        return self.choices.chosen

    def help_page(self) -> str:
        return "report"

    # --- saving

    def _save_case(self) -> None:
        file, case = self._asked("report.case.save", "report.case.filter", "json", "case", False), self._case
        if file is None or case is None:
            return
        desk = self._desk

        def write(_token: CancelToken, _tell: Tell) -> object:
            desk.save_case(file, case)
            return file

        self._keeps = case
        self._write(write, self._desk.phrase("report.case.saved"))

    def _asked(self, title: str, kinds: str, suffix: str, what: str, hidden: bool) -> Path | None:
        if self._case is None or self._busy:
            return None
        name = f"{suggested_name(self._case, what, hidden)}.{suffix}"
        phrase = self._desk.phrase
        file = self._ask(self, Asked(phrase(title), self._folder / name, suffix, phrase(kinds)))
        if file is not None:
            self._folder = file.parent
        return file

    def _write(self, work: Callable[[CancelToken, Tell], object], title: str) -> None:
        self._saved_title = title
        self.saved.show_working()
        self._writing.start(work, "report")
        self.save_case.setEnabled(False)
        self.changed.emit()

    def _on_written(self, outcome: Outcome) -> None:
        if isinstance(outcome.value, PrintPage):
            self._printer.start(outcome.value, self._target, f"OAuthCert Wizard {__version__}")
            return
        kept, self._keeps = self._keeps, None
        self.save_case.setEnabled(self._case is not None)
        if isinstance(outcome.value, Path):
            self.saved.show_file(self._saved_title, outcome.value)
            if kept is not None and kept is self._case:
                self._case_file = str(outcome.value)
        elif isinstance(outcome.error, OauthcertError):
            self.saved.show_trouble(self._desk.error(outcome.error))
        elif outcome.error is not None:
            self.saved.show_trouble(self._desk.phrase("report.trouble", kind=type(outcome.error).__name__))
        else:
            self.saved.clear()
        self.changed.emit()

    # --- the preview

    def _preview(self) -> None:
        case, hidden = self._case, self.choices.masked
        wanted = None if case is None else (case, hidden)
        if wanted is not None and self._previewed is not None and self._previewed[0] is case and self._previewed[1] == hidden:
            return
        self._previewed = wanted
        if case is None:
            self.preview.show_page(None)
            return

        def render(_token: CancelToken, _tell: Tell) -> PrintPage:
            return render_print(masked(case) if hidden else case, words)

        words = self._desk.catalogue

        self._rendering.start(render, "preview")

    def _on_rendered(self, outcome: Outcome) -> None:
        if outcome.value is None:
            self._previewed = None  # tried again when the page comes up next
            return
        page = cast("PrintPage", outcome.value)
        self._headline = page.title
        self.preview.show_page(page)
        self.changed.emit()
