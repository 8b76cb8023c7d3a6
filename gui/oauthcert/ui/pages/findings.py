"""Findings: what to mend first and what that explains, then everything else that is not in order, with pictures beside it."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import PATHS, Goal, Step
from oauthcert.model.case import Case
from oauthcert.report.outline import Outline, outline
from oauthcert.report.ticket import case_ticket
from oauthcert.ui.desk import Desk
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.cause_list import CauseList
from oauthcert.ui.widgets.copy_button import CopyButton, copy_text
from oauthcert.ui.widgets.finding_board import FindingBoard
from oauthcert.ui.widgets.finding_context import CardContext, open_https
from oauthcert.ui.widgets.finding_list import FindingList
from oauthcert.ui.widgets.finding_sections import by_server, by_step
from oauthcert.ui.widgets.picture_cards import PICTURES, PictureColumn

_USUAL = tuple(PICTURES)
# Who renews asks first how long what there is lasts.
_RENEWAL = ("certificates", *(about for about in _USUAL if about != "certificates"))


class FindingsPage(Page):
    """`help_wanted` carries the id of a help page (a check's)."""

    help_wanted = Signal(str)

    def __init__(
        self, desk: Desk, theme: Theme, *, open_link: Callable[[str], object] = open_https, copy: Callable[[str], None] = copy_text
    ) -> None:
        super().__init__()
        self._desk = desk
        self._case: Case | None = None
        self._goal: Goal | None = None
        self._plannable = False
        self._told: Outline | None = None
        self._about = ""
        self._context = CardContext(desk.catalogue, theme, self.help_wanted.emit, open_link, copy)
        self.causes = CauseList(self._context, self)
        self.pictures = PictureColumn(self)
        words = desk.phrase("findings.copy-all")
        self.copy_all = CopyButton(words, self._ticket, desk.catalogue, copy=copy, role="small", name="copy-all")
        self.findings = FindingList(self._context, self.copy_all, self)
        for part in (self.causes, self.findings):
            part.opened.connect(self._on_opened)
        self._board = FindingBoard(self.causes, self.pictures, self.findings, theme, self)
        self.column.addWidget(self._board, 1)

    def on_enter(self, state: WizardState) -> None:
        """Draws the case anew only when it, or what is asked of it, is another one: what was unfolded stays so."""
        self._plannable = state.plannable and Step.FIX in PATHS[state.goal]
        if state.case is self._case and state.goal is self._goal:
            return
        self._case, self._goal, self._about = state.case, state.goal, ""
        self._told = outline(state.case, self._desk.catalogue) if state.case is not None else None
        # Filled unseen: each card shown alone would lay out the whole page anew.
        self._board.hide()
        if state.case is not None and self._told is not None:
            self._draw(state.case, self._told)
            self._board.show()

    def _draw(self, case: Case, told: Outline) -> None:
        above = frozenset(cause.told.finding.id for cause in told.causes)
        deploying, renewing = self._goal is Goal.FIRST_DEPLOYMENT, self._goal is Goal.RENEW
        self.causes.show_case(case, told)
        self.pictures.show_case(case, self._context, _RENEWAL if renewing else _USUAL)
        sections = (by_step if deploying else by_server)(case, told, self._desk.catalogue, above)
        title = self._desk.phrase("findings.list.step" if deploying else "findings.list.server")
        self.findings.show_sections(title, case, sections)
        self.findings.setVisible(bool(sections))
        self._board.put_pictures_first(renewing)

    def news(self) -> News:
        if self._told is None:
            return News(self._desk.phrase("findings.none.title"), self._desk.phrase("findings.none.sentence"))
        return News(self._told.headline, self._told.counts)

    def standing(self) -> Standing:
        renewing = "findings.primary.renew" if self._goal is Goal.RENEW else "findings.primary.plan"
        primary = self._desk.phrase(renewing if self._plannable else "findings.primary")
        if self._told is None:
            return Standing(ready=False, primary=primary, why_not=self._desk.phrase("hindrance.no-case"))
        count = len(self._told.causes)
        return Standing(ready=True, primary=primary, note=self._desk.phrase("findings.note", count=count) if count else "")

    def help_page(self) -> str:
        """The check that was unfolded last, else that of the first cause."""
        if self._about or self._told is None or not self._told.causes:
            return self._about or "findings"
        return self._told.causes[0].told.finding.check

    def _on_opened(self, check: str) -> None:
        self._about = check

    def _ticket(self) -> str:
        return case_ticket(self._case, self._desk.catalogue) if self._case is not None else ""
