"""What the operator agrees to: one box for each level of consent that the plan needs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from oauthcert.model.plan import Consent
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_run import Level
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain


class ConsentCard(Card):
    """`agreed` carries the level and whether it is agreed to. Nothing is ticked beforehand.

    `preview_wanted`: the servers are to say what each step would do, without doing it.
    """

    agreed = Signal(object, bool)
    preview_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("fix-consent")
        self.column.addWidget(plain(desk.phrase("fix.consent"), "card-title"))
        self._boxes: dict[Consent, QCheckBox] = {}
        self._lines: dict[Consent, QLabel] = {}
        for consent in (Consent.CHANGE, Consent.DISRUPTIVE, Consent.IRREVERSIBLE):
            box = QCheckBox(desk.phrase(f"fix.consent.{consent.value}"), self)
            box.setObjectName(f"consent-{consent.value}")
            line = plain("", "secondary", name=f"consent-{consent.value}-line")
            line.setContentsMargins(28, 0, 0, 4)
            box.toggled.connect(lambda ticked, consent=consent: self.agreed.emit(consent, ticked))
            self.column.addWidget(box)
            self.column.addWidget(line)
            self._boxes[consent], self._lines[consent] = box, line

        self.preview = small_button(desk.phrase("fix.preview"), self, name="preview")
        self.preview.setAccessibleDescription(desk.phrase("fix.preview.hint"))
        self.preview.setToolTip(desk.phrase("fix.preview.hint"))
        self.preview.clicked.connect(self.preview_wanted)
        self.column.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def boxes(self) -> dict[Consent, QCheckBox]:
        return self._boxes

    def show_levels(self, levels: tuple[Level, ...]) -> None:
        """Hidden when there is nothing to agree to."""
        by_consent = {level.consent: level for level in levels}
        for consent, box in self._boxes.items():
            level, line = by_consent.get(consent), self._lines[consent]
            box.setVisible(level is not None)
            line.setVisible(level is not None)
            if level is None:
                continue
            servers = self._desk.catalogue.formats.listed(tuple(name.partition(".")[0] for name in level.servers))
            words = self._desk.phrase("fix.consent.line", count=level.count, servers=servers)
            line.setText(words)
            box.setAccessibleDescription(words)
            box.blockSignals(True)
            box.setChecked(level.given)
            box.blockSignals(False)
        self.setVisible(bool(levels))
