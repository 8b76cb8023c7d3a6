"""The box for an error text: paste it, and read what it means and where to look."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from oauthcert.ui.bridge import JobBridge, Outcome
from oauthcert.ui.desk import Desk, Explanation
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

# Long enough not to answer in the middle of a word, short enough to feel immediate.
PAUSE_MS = 300


class ExplainBox(Card):
    """Answers by itself a moment after the text changed; a whole log may be pasted, so the comparing is done on a thread of its own.

    `check_wanted`: the operator wants to look for what was explained. `answered`: what is shown belongs to the text.
    """

    check_wanted = Signal()
    answered = Signal()

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.column.addWidget(plain(desk.phrase("explain.title"), "card-title"))
        self.column.addWidget(plain(desk.phrase("explain.sentence"), "secondary"))
        self.column.addSpacing(4)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("error-text")
        self.text.setAccessibleName(desk.phrase("explain.title"))
        self.text.setPlaceholderText(desk.phrase("explain.example"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.pixels(84))
        self.column.addWidget(self.text)
        self.column.addSpacing(4)
        self._answers = {
            "title": plain("", "card-title", name="explain-title", selectable=True),
            "meaning": plain("", name="explain-meaning", selectable=True),
            "cause": plain("", name="explain-cause", selectable=True),
            "action": plain("", name="explain-action", selectable=True),
            "looks": plain("", "secondary", name="explain-looks", selectable=True),
            "mends": plain("", "secondary", name="explain-mends", selectable=True),
            "others": plain("", "secondary", name="explain-others", selectable=True),
        }
        for label in self._answers.values():
            label.hide()
            self.column.addWidget(label)
        self.check = QPushButton(desk.phrase("explain.check"), self)
        self.check.setObjectName("explain-check")
        self.check.setProperty("role", "small")
        self.check.clicked.connect(self.check_wanted)
        self.check.hide()
        self.column.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._answer)
        self.text.textChanged.connect(self._pause.start)
        self._job = JobBridge(self)
        self._job.finished.connect(self._on_explained)

    def _answer(self) -> None:
        text = self.text.toPlainText().strip()
        if text:
            self._job.start(lambda _token, _tell: self._desk.explain(text), "explain")
        else:
            self._job.cancel()
            self._show(None)

    def _on_explained(self, outcome: Outcome) -> None:
        found = outcome.value if isinstance(outcome.value, Explanation) else Explanation("", "", "")
        # the text may have been cleared while it was being compared
        self._show(found if self.text.toPlainText().strip() else None)

    def _show(self, found: Explanation | None) -> None:
        said = self._said(found) if found is not None else {}
        for part, label in self._answers.items():
            label.setText(said.get(part, ""))
            label.setVisible(bool(said.get(part)))
        self.check.setVisible(found is not None and bool(found.checks))
        self.answered.emit()

    def _said(self, found: Explanation) -> dict[str, str]:
        phrase = self._desk.phrase
        if not found.title:
            tried = phrase("explain.tried", tried=", ".join(found.tried)) if found.tried else ""
            return {"title": phrase("explain.unknown"), "meaning": tried, "action": found.action}
        return {
            "title": found.title,
            "meaning": found.meaning,
            "cause": phrase("explain.cause", cause=found.cause) if found.cause else "",
            "action": found.action,
            "looks": phrase("explain.looks", looks=", ".join(found.looks)) if found.looks else "",
            "mends": phrase("explain.mends", mends=", ".join(found.mends)) if found.mends else "",
            "others": phrase("explain.others" if found.sure else "explain.perhaps", others=" · ".join(found.others))
            if found.others
            else "",
        }
