"""The pictures of a case in cards: where the configuration stops, how long certificates last, how far clocks are off."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.pictures.clocks import clocks
from oauthcert.report.pictures.replication import replication
from oauthcert.report.pictures.validity import validity
from oauthcert.report.tokens import Palette
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.labels import said
from oauthcert.ui.widgets.picture_view import PictureView, PictureWindow, picture_palette
from oauthcert.words.catalogue import Catalogue

Draw = Callable[[Case, Catalogue, Palette], str | None]

# Label of the title -> how it is drawn, and the checks whose findings say the same in words.
PICTURES: dict[str, tuple[Draw, tuple[str, ...]]] = {
    "replication": (replication, ("cms-master", "replication-up-to-date")),
    "certificates": (validity, ("oauth-validity", "oauth-assigned")),
    "clocks": (clocks, ("time-skew",)),
}
MOST_SENTENCES = 12
_URGENCY = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN, Verdict.PASS)


class PictureCard(Card):
    """`about` is the label of its title; `view` opens it large."""

    def __init__(self, about: str, svg: str, case: Case, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about = about
        title = context.catalogue.label(about)
        words = description(about, case, context.catalogue)
        self.setObjectName(f"picture-{about}")
        self.column.setSpacing(8)
        self.column.addWidget(said(title, "card-title"))
        self.view = PictureView(svg, context.catalogue.window("findings.picture.open", title=title), words, context.theme, self)
        self.view.setObjectName(f"view-{about}")
        self.view.setToolTip(context.catalogue.window("findings.picture.hint"))
        self.column.addWidget(self.view)
        if about == "clocks":
            self.column.addWidget(said(context.catalogue.label("clocks_note"), "secondary"))
        self.view.clicked.connect(lambda: PictureWindow(svg, title, words, context.theme, context.catalogue, self).open())


class PictureColumn(QWidget):
    """All pictures there is something to draw for, in the given order; empty when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictures")
        self.cards: list[PictureCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_case(self, case: Case, context: CardContext, order: tuple[str, ...] = tuple(PICTURES)) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for about in order:
            svg = PICTURES[about][0](case, context.catalogue, picture_palette(context.theme))
            if svg is not None:
                card = PictureCard(about, svg, case, context, self)
                self.cards.append(card)
                self._column.addWidget(card)
        self.setVisible(bool(self.cards))


def description(about: str, case: Case, catalogue: Catalogue) -> str:
    """What the picture shows, in sentences: for a screen reader, and below the large picture. Most urgent first."""
    checks = PICTURES[about][1]
    shown = [finding for finding in case.findings if finding.check in checks and finding.verdict in _URGENCY]
    shown.sort(key=_urgency)
    lines = [f"{catalogue.verdict(finding.verdict)}: {catalogue.finding(finding).title}" for finding in shown[:MOST_SENTENCES]]
    if len(shown) > MOST_SENTENCES:
        lines.append(catalogue.label("and_more", count=len(shown) - MOST_SENTENCES))
    return "\n".join(lines)


def _urgency(finding: Finding) -> int:
    return _URGENCY.index(finding.verdict)
