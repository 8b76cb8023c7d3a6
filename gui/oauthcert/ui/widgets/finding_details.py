"""The inside of a finding's card: what it means, what to do, facts, sources, help, copy."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding
from oauthcert.report.fact_lines import FactLine, lines_of
from oauthcert.report.ticket import finding_ticket
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.copy_button import CopyButton
from oauthcert.ui.widgets.facts_table import FactsTable
from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.finding_fold import Fold
from oauthcert.ui.widgets.finding_head import WrappedLink
from oauthcert.ui.widgets.flow_layout import flowing
from oauthcert.ui.widgets.labels import said
from oauthcert.words.texts import FindingText, Source


def meaning_of(text: FindingText) -> list[QWidget]:
    return [said(text.meaning, name="meaning")] if text.meaning else []


def action_of(text: FindingText, context: CardContext) -> list[QWidget]:
    """Under a head of its own, since it is what the reader looks for."""
    if not text.action:
        return []
    head = said(context.catalogue.label("what_to_do"), "part-title")
    head.setContentsMargins(0, 4, 0, 0)
    return [head, said(text.action, name="action")]


def copy_button(case: Case, finding: Finding, text: FindingText, context: CardContext, alike: tuple[str, ...] = ()) -> CopyButton:
    catalogue = context.catalogue
    return CopyButton(
        catalogue.window("finding.copy"),
        lambda: finding_ticket(case, finding, catalogue, alike),
        catalogue,
        copy=context.copy,
        spoken=catalogue.window("finding.copy.named", title=text.title),
        role="small",
    )


def folds_of(finding: Finding, context: CardContext) -> list[QWidget]:
    """Facts and sources, folded. Addresses come from our own catalogue, never from a case."""
    window, folds = context.catalogue.window, list[QWidget]()
    if lines := lines_of(finding, context.catalogue):
        folds.append(Fold(window("findings.facts", count=len(lines)), lambda: _facts(lines, context), context, name="facts"))
    if found := context.catalogue.sources(finding.check):
        folds.append(Fold(window("findings.sources", count=len(found)), lambda: _sources(found, context), context, name="sources"))
    return folds


def buttons(finding: Finding, context: CardContext, *first: QWidget) -> QWidget:
    """`first`, then help, in a row that breaks where it is narrow."""
    help_button = small_button(
        context.catalogue.window("finding.help"),
        name="card-help",
        spoken=context.catalogue.window("finding.help.named", check=context.catalogue.check(finding.check).name),
    )
    help_button.clicked.connect(lambda: context.help_wanted(finding.check))
    return flowing(*first, help_button)


def _facts(lines: list[FactLine], context: CardContext) -> FactsTable:
    table = FactsTable(context.catalogue)
    table.show_lines(lines)
    return table


def _sources(sources: tuple[Source, ...], context: CardContext) -> QWidget:
    row = QWidget()
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for source in sources:
        link = WrappedLink(source.title, context, row)
        link.setAccessibleDescription(context.catalogue.window("findings.open-source", url=source.url))
        link.clicked.connect(partial(_open, context, source.url))
        column.addWidget(link)
    return row


def _open(context: CardContext, url: str, _checked: bool = False) -> None:
    context.open_link(url)


class FindingDetails(QWidget):
    """Everything about one finding below its title."""

    def __init__(self, case: Case, finding: Finding, text: FindingText, context: CardContext) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        because = [context.catalogue.window("findings.because", title=title) for title in _reasons(case, finding, context)]
        reasons: list[QWidget] = [said(line, "secondary", name="because") for line in because]
        for part in (*meaning_of(text), *reasons, *action_of(text, context), *folds_of(finding, context)):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(buttons(finding, context, copy_button(case, finding, text, context)))


def _reasons(case: Case, finding: Finding, context: CardContext) -> list[str]:
    by_id = {one.id: one for one in case.findings} if finding.because else {}
    return [context.catalogue.finding(by_id[id_]).title for id_ in finding.because if id_ in by_id]
