"""Before and after, check by check, for every server that the repair touched."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.repair import Repair
from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain, said
from oauthcert.words.showing import visible

_OPEN = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One check on one server, then and now; `before` None: it could not be judged at all then."""

    before: Finding | None
    now: Finding

    @property
    def better(self) -> bool:
        return self.before is not None and self.before.verdict in _OPEN and self.now.verdict not in _OPEN


def changes(repair: Repair) -> tuple[Change, ...]:
    """What the repair was about and what became different, server by server; nothing while it was not looked again."""
    after = repair.after
    if after is None:
        return ()
    before = {finding.id: finding for finding in repair.before.findings}
    wanted = {finding for step in repair.plan.steps for finding in step.settles}
    found = []
    for now in after.findings:
        then = before.get(now.id)
        different = then is not None and then.verdict is not now.verdict
        if different or now.id in wanted:
            found.append(Change(then, now))
    # one section for each server; what is said of the deployment comes first
    order = {server: place for place, server in enumerate(dict.fromkeys((None, *(change.now.server for change in found))))}
    return tuple(sorted(found, key=lambda change: order[change.now.server]))


def solved(case_before: Case, changed: Iterable[Change]) -> tuple[int, int]:
    """How many of the problems there were are solved, and how many there were."""
    problems = {finding.id for finding in case_before.findings if finding.verdict in (Verdict.FAIL, Verdict.WARN)}
    gone = {change.now.id for change in changed if change.better}
    return len(problems & gone), len(problems)


class VerifyTable(Card):
    """One section for each server. What is better is told by a badge, what is not by the finding's own words too."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.setObjectName("verify-table")
        self._holder: QWidget | None = None

    def show_changes(self, found: tuple[Change, ...]) -> None:
        if self._holder is not None:
            self.column.removeWidget(self._holder)
            self._holder.deleteLater()
        self._holder = QWidget(self)
        self.column.addWidget(self._holder)
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(4, 3)
        row, server = 0, object()
        for change in found[:MOST_ROWS]:
            if change.now.server != server:
                server = change.now.server
                row = self._head(grid, row, change.now.server)
            self._row(grid, row, change)
            row += 1
        if len(found) > MOST_ROWS:
            grid.addWidget(plain(self._desk.phrase("verify.more", count=len(found) - MOST_ROWS), "secondary"), row, 0, 1, 5)
        self.setVisible(bool(found))

    def _head(self, grid: QGridLayout, row: int, server: str | None) -> int:
        name = visible(server) if server is not None else self._desk.catalogue.label("deployment_head")
        head = said(name, "section")
        head.setContentsMargins(0, 8 if row else 0, 0, 0)
        grid.addWidget(head, row, 0)
        for place, key in ((1, "verify.before"), (3, "verify.now")):
            column = plain(self._desk.phrase(key), "section")
            column.setWordWrap(False)
            column.setContentsMargins(0, 8 if row else 0, 0, 0)
            grid.addWidget(column, row, place)
        return row + 1

    def _row(self, grid: QGridLayout, row: int, change: Change) -> None:
        catalogue = self._desk.catalogue
        name = plain(catalogue.check(change.now.check).name, "part-title")
        grid.addWidget(name, row, 0)
        if change.before is not None:
            grid.addWidget(self._badge(change.before.verdict), row, 1, Qt.AlignmentFlag.AlignLeft)
        arrow = QLabel(self._holder)
        arrow.setPixmap(icons.pixmap("right", self._theme.colour("mute"), self._theme.pixels(14)))
        grid.addWidget(arrow, row, 2)
        grid.addWidget(self._badge(change.now.verdict), row, 3, Qt.AlignmentFlag.AlignLeft)
        title = catalogue.finding(change.now).title if change.now.verdict in _OPEN else ""
        grid.addWidget(said(title, "secondary"), row, 4)

    def _badge(self, verdict: Verdict) -> Badge:
        return Badge(verdict, self._desk.catalogue.verdict(verdict), self._theme, self._holder)
