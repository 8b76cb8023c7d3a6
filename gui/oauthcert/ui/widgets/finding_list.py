"""The findings by server or by step: folded cards, made in portions, since a case may have hundreds."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.finding_context import LARGE_TEXT, CardContext
from oauthcert.ui.widgets.finding_details import FindingDetails
from oauthcert.ui.widgets.finding_filter import FindingFilter
from oauthcert.ui.widgets.finding_fold import FoldCard, names_label
from oauthcert.ui.widgets.finding_head import FindingHead
from oauthcert.ui.widgets.finding_sections import Entry, Search, Section, searched
from oauthcert.ui.widgets.labels import said

PORTION = 40
"""Cards made at a time; the rest when the operator asks for more."""
MOST_TITLES = 100


class FindingList(QWidget):
    """`show_sections` draws them; `opened` carries the check of a card that was unfolded."""

    opened = Signal(str)

    def __init__(self, context: CardContext, beside: QWidget, parent: QWidget | None = None) -> None:
        """`beside` stands next to the title."""
        super().__init__(parent)
        self.setObjectName("finding-list")
        self._context = context
        self._case: Case | None = None
        self._sections: tuple[Section, ...] = ()
        self._waiting: Iterator[QWidget] = iter(())
        self._left = 0
        self._portions: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._head = said("", "card-title", name="list-title")
        self.filter = FindingFilter(context, self)
        large = context.theme.text_percent >= LARGE_TEXT
        head = QBoxLayout(QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight)
        head.addWidget(self._head, 1)
        head.addWidget(beside)
        column.addLayout(head)
        column.addWidget(self.filter)
        self._column = column
        self.nothing = _Nothing(context, self)
        self.nothing.clear.clicked.connect(self.filter.clear)
        column.addWidget(self.nothing)
        self.more = small_button("", self, name="more")
        self.more.clicked.connect(self._on_more)
        column.addWidget(self.more)
        self.filter.changed.connect(self._on_search)

    def show_sections(self, title: str, case: Case, sections: tuple[Section, ...]) -> None:
        self._case, self._sections = case, sections
        self._head.setText(title)
        entries = [entry for section in sections for entry in section.entries]
        counts = Counter(entry.verdict for entry in entries)
        counts[Verdict.PASS] = sum(section.passed() for section in sections)
        names = dict.fromkeys([target.name for target in case.targets] + [finding.server for finding in case.findings if finding.server])
        # For a handful of findings a search is only in the way.
        self.filter.setVisible(len(entries) > 3 or len(names) > 6)
        self.filter.show_case(counts, tuple(names))

    def _on_search(self, search: Search) -> None:
        if self._case is None:
            return
        for portion in self._portions:
            self._column.removeWidget(portion)
            portion.hide()
            portion.deleteLater()
        self._portions = []
        found = searched(self._sections, search) if search.narrow else self._sections
        self._waiting = self._widgets(found, self._case)
        self._left = sum(len(section.entries) for section in found) + sum(bool(section.settled) for section in found)
        self._grow()
        self.nothing.setVisible(not found and bool(self._sections))

    def _on_more(self) -> None:
        """The focus goes to the first new card: the button may be gone."""
        self._grow()
        if (card := self._portions[-1].findChild(FoldCard)) is not None:
            card.head.setFocus()

    def _grow(self) -> None:
        """Cards are put together unseen and shown at once: each one shown alone would lay out the whole page anew."""
        portion = QWidget(self)
        portion.hide()
        column = QVBoxLayout(portion)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        cards = 0
        while cards < PORTION and (widget := next(self._waiting, None)) is not None:
            column.addWidget(widget)
            cards += isinstance(widget, FoldCard)
        self._left -= cards
        self._portions.append(portion)
        self._column.insertWidget(self._column.indexOf(self.nothing), portion)
        portion.show()
        following = min(self._left, PORTION)
        self.more.setText(self._context.catalogue.window("findings.more", count=following))
        self.more.setVisible(following > 0)

    def _widgets(self, sections: tuple[Section, ...], case: Case) -> Iterator[QWidget]:
        for section in sections:
            if section.title:
                title = said(section.title, "section", name="section")
                title.setContentsMargins(0, 8, 0, 0)
                yield title
            for entry in section.entries:
                yield self._entry(entry, case)
            if section.settled:
                yield self._settled(section)

    def _entry(self, entry: Entry, case: Case) -> FoldCard:
        head = FindingHead(entry.verdict, self._context.catalogue.verdict(entry.verdict), entry.title, entry.note, self._context)
        head.setObjectName("finding-head")
        finding, text = entry.finding, entry.text
        if finding is None or text is None:
            return FoldCard(head, partial(names_label, entry.lines), self)
        card = FoldCard(head, lambda: FindingDetails(case, finding, text, self._context), self, about=finding.check)
        card.opened.connect(self.opened)
        return card

    def _settled(self, section: Section) -> FoldCard:
        catalogue = self._context.catalogue
        passed, idle = section.passed(), section.passed(Verdict.NOT_APPLICABLE)
        counts = [catalogue.label("passed_count", count=passed)] if passed else []
        if idle:
            counts.append(catalogue.label("not_needed_count", count=idle))
        words, note = ", ".join(counts), ""
        if section.quiet:
            others = any(one.entries for one in self._sections)
            servers = len({one.server for one in section.settled if one.server})
            words, note = catalogue.window("findings.quiet" if others else "findings.quiet-all", count=servers), words
        verdict = Verdict.PASS if passed else Verdict.NOT_APPLICABLE
        head = FindingHead(verdict, catalogue.verdict(verdict), words, note, self._context)
        head.setObjectName("passed-head")
        return FoldCard(head, partial(names_label, section.quiet) if section.quiet else partial(self._titles, section.settled), self)

    def _titles(self, findings: tuple[Finding, ...]) -> QWidget:
        """What passed, what it needed not: one line each, in one label."""
        catalogue = self._context.catalogue
        lines = [f"{catalogue.verdict(one.verdict)}: {catalogue.finding(one).title}" for one in findings[:MOST_TITLES]]
        if len(findings) > MOST_TITLES:
            lines.append(catalogue.label("and_more", count=len(findings) - MOST_TITLES))
        return said("\n".join(lines), "secondary", name="passed-titles")


class _Nothing(QWidget):
    """The search found nothing: says so, and leads back."""

    def __init__(self, context: CardContext, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(said(context.catalogue.window("findings.filter.nothing"), "secondary", name="nothing"))
        self.clear = small_button(context.catalogue.window("findings.filter.clear"), self, name="clear-search")
        column.addWidget(self.clear)
        self.hide()
