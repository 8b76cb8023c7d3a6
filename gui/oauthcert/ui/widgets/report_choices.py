"""What to write: the kinds of report with a line each for whom it is good, and whether names are hidden."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

KINDS = ("html", "pdf", "markdown", "json", "text")
SUFFIXES = {"html": "html", "pdf": "pdf", "markdown": "md", "json": "json", "text": "txt"}


_BESIDE = 28
"""Where the words of a radio button begin; its circle does not grow with the text."""


class ReportChoices(Card):
    """`masked_changed` is sent when names are to be hidden or shown."""

    masked_changed = Signal(bool)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.column.setSpacing(0)
        self.column.addWidget(plain(desk.phrase("report.what"), "card-title"))
        self.column.addSpacing(4)
        self._kinds: dict[str, QRadioButton] = {}
        for kind in KINDS:
            title, sentence = desk.phrase(f"report.{kind}.title"), desk.phrase(f"report.{kind}.sentence")
            button = QRadioButton(title, self)
            button.setObjectName(f"kind-{kind}")
            button.setAccessibleName(title)
            button.setAccessibleDescription(sentence)
            self._kinds[kind] = button
            self.column.addWidget(button)
            self.column.addWidget(_indented(sentence))
        self._kinds["html"].setChecked(True)
        self.column.addSpacing(8)
        self.hide_names = QCheckBox(desk.phrase("report.hide.title"), self)
        self.hide_names.setObjectName("hide-names")
        self.hide_names.setAccessibleName(desk.phrase("report.hide.title"))
        self.hide_names.setAccessibleDescription(desk.phrase("report.hide.sentence"))
        self.hide_names.toggled.connect(self.masked_changed)
        self.column.addWidget(self.hide_names)
        self.column.addWidget(_indented(desk.phrase("report.hide.sentence")))

    @property
    def kind(self) -> str:
        return next(kind for kind, button in self._kinds.items() if button.isChecked())

    @property
    def masked(self) -> bool:
        return self.hide_names.isChecked()

    @property
    def chosen(self) -> QRadioButton:
        """Where the keyboard begins."""
        return self._kinds[self.kind]


def _indented(text: str) -> QWidget:
    label = plain(text, "secondary")
    label.setContentsMargins(_BESIDE, 2, 0, 8)
    return label
