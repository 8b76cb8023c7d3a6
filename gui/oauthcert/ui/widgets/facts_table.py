"""What a finding was judged from: names and values, the values a machine printed in monospace."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from oauthcert.model.finding import Fact, Finding
from oauthcert.ui.widgets.finding_text import said
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.formats import moment_of
from oauthcert.words.showing import visible

MOST_FACTS = 60


class FactsTable(QWidget):
    """Two columns; names as in the JSON report, with spaces, so that both can be compared."""

    def __init__(self, finding: Finding, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 0, 4, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)
        facts = sorted(finding.facts.items())
        for row, (name, value) in enumerate(facts[:MOST_FACTS]):
            grid.addWidget(said(visible(name, 60).replace("_", " "), "secondary"), row, 0, Qt.AlignmentFlag.AlignTop)
            shown = said(catalogue.formats.fact(name, value), "machine" if printed(value) else "")
            grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignTop)
        if len(facts) > MOST_FACTS:
            grid.addWidget(said(catalogue.label("and_more", count=len(facts) - MOST_FACTS), "secondary"), MOST_FACTS, 0, 1, 2)


def printed(value: Fact) -> bool:
    """Whether a machine printed it: names, hashes, states. Figures, moments, yes and no are our own words."""
    return isinstance(value, tuple) or (isinstance(value, str) and bool(value) and moment_of(value) is None)
