"""The live log of a repair."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_log import FixLog
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.copy_button import CopyButton
from oauthcert.ui.widgets.labels import plain


class LogCard(Card):
    """Follows the end of the log, unless the operator has scrolled away from it."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("fix-log")
        self._shown = 0
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("log-text")
        self.text.setProperty("role", "machine")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(desk.phrase("fix.log"))
        self.text.setMinimumHeight(theme.pixels(140))
        self.column.addWidget(plain(desk.phrase("fix.log"), "card-title"))
        self.column.addWidget(self.text, 1)
        self.column.addWidget(CopyButton(desk.phrase("fix.log.copy"), self.text.toPlainText, desk.catalogue, role="small", name="copy-log"))
        self.column.setSpacing(8)
        self.hide()

    def show_log(self, log: FixLog) -> None:
        self.setVisible(bool(log.lines))
        if len(log.lines) < self._shown or not self._shown:
            self.text.setPlainText("\n".join(log.lines))
        elif len(log.lines) > self._shown:
            self.text.appendPlainText("\n".join(log.lines[self._shown :]))
        self._shown = len(log.lines)
