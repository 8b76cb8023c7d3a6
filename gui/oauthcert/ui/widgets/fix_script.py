"""What exactly a step runs, before anybody agrees to it: the script, its values, what it does, who notices, and the way back."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from oauthcert.model.plan import Manner, Step
from oauthcert.ui.desk import Desk, StepScript
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.copy_button import CopyButton
from oauthcert.ui.widgets.labels import plain, said

_MOST_LINES, _LEAST_LINES = 14, 3


class ScriptCard(Card):
    """Shows one step; everything in it can be selected and copied."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.setObjectName("fix-script")
        self._title = plain("", "card-title")
        self._effect = plain("", name="step-effect")
        self._how = plain("", "secondary", name="step-how")
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("script-text")
        self._text.setProperty("role", "machine")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text.setAccessibleName(desk.phrase("fix.script"))
        self._values = QWidget(self)
        self._grid = QGridLayout(self._values)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._copy = CopyButton(desk.phrase("fix.script.copy"), self._text.toPlainText, desk.catalogue, role="small", name="copy-script")
        self._notice, self._undo = plain("", name="step-notice"), plain("", name="step-undo")
        for part in (self._title, self._effect, self._how, self._text, self._values, self._copy, self._notice, self._undo):
            self.column.addWidget(part)
        self.column.setSpacing(8)

    def show_step(self, step: Step | None, account: str) -> None:
        self.setVisible(step is not None)
        if step is None:
            return
        words, phrase = self._desk.catalogue.step(step), self._desk.phrase
        runs = self._desk.runs(step)
        self._title.setText(words.title)
        self._say(self._effect, words.effect)
        key = {Manner.DOES: "fix.how.does", Manner.GUIDES: "fix.how.guides", Manner.WAITS: "fix.how.waits"}[step.manner]
        self._how.setText(phrase(key, server=step.server, account=account))
        for part in (self._text, self._values, self._copy):
            part.setVisible(runs is not None)
        if runs is not None:
            self._show_script(runs)
        self._say(self._notice, words.notice and phrase("fix.notice", text=words.notice))
        self._say(self._undo, words.undo and phrase("fix.undo", text=words.undo))

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_script(self, runs: StepScript) -> None:
        self._text.setPlainText(runs.text)
        lines = min(max(runs.text.count("\n") + 1, _LEAST_LINES), _MOST_LINES)
        self._text.setFixedHeight(QFontMetrics(self._text.font()).lineSpacing() * lines + 24)
        while self._grid.count():
            item = self._grid.takeAt(0)
            if (widget := item.widget() if item is not None else None) is not None:
                widget.deleteLater()
        for place, (name, value) in enumerate(runs.parameters):
            self._grid.addWidget(plain(name, "secondary"), place, 0)
            self._grid.addWidget(said(value, "machine"), place, 1)
        self._values.setVisible(bool(runs.parameters))
