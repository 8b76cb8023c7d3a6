"""A cause: what to mend, and under it, as a tree, what that explains."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.outline import CauseTold, Explained
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.finding_context import LARGE_TEXT, CardContext
from oauthcert.ui.widgets.finding_details import action_of, buttons, copy_button, folds_of, meaning_of
from oauthcert.ui.widgets.finding_fold import Fold, FoldCard, names_label
from oauthcert.ui.widgets.finding_head import FindingHead
from oauthcert.ui.widgets.labels import said
from oauthcert.words.showing import visible

FEW_NAMES = 8
"""As many servers as the sentence about alike causes names itself."""
MOST_LINES = 40
DEEPEST = 5
STEP = 16


class CauseCard(Card):
    """The first cause, open: this is what to mend first."""

    def __init__(self, case: Case, cause: CauseTold, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="cause")
        finding, catalogue = cause.told.finding, context.catalogue
        self.setProperty("verdict", finding.verdict.value)
        head = QHBoxLayout()
        head.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(Badge(finding.verdict, catalogue.label("fix_first"), context.theme, self), 0, top)
        head.addWidget(said(_explains(cause, context), "secondary"), 1)
        copy = copy_button(case, finding, cause.told.text, context, cause.others)
        below = context.theme.text_percent >= LARGE_TEXT
        if not below:
            head.addWidget(copy, 0, top)
        self.column.addLayout(head)
        self.column.addSpacing(4)
        self.column.addWidget(said(cause.told.text.title, "cause-title", name="cause-title"))
        self.column.addWidget(CauseBody(case, cause, context, *([copy] if below else [])))


class CauseBody(QWidget):
    """Everything about a cause below its title. `first` stands before the help button."""

    def __init__(self, case: Case, cause: CauseTold, context: CardContext, *first: QWidget) -> None:
        super().__init__()
        finding, text = cause.told.finding, cause.told.text
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (*meaning_of(text), *_alike(cause, context)):
            column.addWidget(part)
        if cause.lines:
            # Before what to do: it is the proof that this is the right place to begin.
            column.addSpacing(4)
            column.addWidget(ExplainedTree(cause.lines, context))
            column.addSpacing(4)
        for part in (*action_of(text, context), *folds_of(finding, context)):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(buttons(finding, context, *first))


def folded_cause(case: Case, cause: CauseTold, context: CardContext) -> FoldCard:
    """A further cause: one line until it is opened."""
    finding = cause.told.finding
    label = "could_not_look" if finding.verdict is Verdict.UNKNOWN else "also"
    note = _explains(cause, context)
    if cause.others:
        note = " · ".join(part for part in (context.catalogue.window("findings.servers", count=len(cause.others) + 1), note) if part)
    head = FindingHead(finding.verdict, context.catalogue.label(label), cause.told.text.title, note, context)
    head.setObjectName("cause-head")

    def body() -> CauseBody:
        return CauseBody(case, cause, context, copy_button(case, finding, cause.told.text, context, cause.others))

    return FoldCard(head, body, about=finding.check)


def _explains(cause: CauseTold, context: CardContext) -> str:
    return context.catalogue.label("explains", count=cause.explains) if cause.explains else ""


def _alike(cause: CauseTold, context: CardContext) -> list[QWidget]:
    if not cause.others:
        return []
    catalogue, count = context.catalogue, len(cause.others)
    short = catalogue.formats.short("servers", cause.others)
    parts: list[QWidget] = [said(catalogue.label("same_on", count=count, servers=short), name="alike")]
    if count > FEW_NAMES:
        names = tuple(visible(name) for name in (cause.told.finding.server or "", *cause.others) if name)
        words = catalogue.window("findings.all-servers", count=len(names))
        parts.append(Fold(words, lambda: names_label(names), context, name="all-servers"))
    return parts


class ExplainedTree(QWidget):
    """One line per explained finding, further in the further it is from the cause; a thin line at the left holds them together."""

    def __init__(self, lines: tuple[Explained, ...], context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explained")
        self._colour = context.theme.colour("line")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(8)
        for line in lines[:MOST_LINES]:
            row = QHBoxLayout()
            row.setContentsMargins(STEP * min(line.depth, DEEPEST), 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(Badge(line.verdict, context.catalogue.verdict(line.verdict), context.theme, self), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(said(line.line), 1)
            column.addLayout(row)
        if len(lines) > MOST_LINES:
            column.addWidget(said(context.catalogue.label("and_more", count=len(lines) - MOST_LINES), "secondary"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, 2, self.height()), self._colour)
