"""The practice scenarios: a list with a line each, and the story of the one that is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme

FIRST_CHOICE = "first-deployment"


class ScenarioList(QListWidget):
    """`activated` (Enter or double click) carries the item; `selected()` is the id."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scenarios")
        self.setAccessibleName(desk.phrase("start.scenarios"))
        self.setWordWrap(True)
        self.setMinimumHeight(theme.pixels(172))
        self.setSpacing(2)
        self._desk = desk

    def showEvent(self, event: QShowEvent) -> None:
        """Reads the scenarios when they are first looked at: there are many, and most starts of the window do without."""
        if not self.count():
            self._fill()
        super().showEvent(event)

    def _fill(self) -> None:
        for scenario in self._desk.scenarios():
            item = QListWidgetItem(
                f"{scenario.title}\n{self._desk.phrase('start.scenario.line', count=scenario.servers, id=scenario.id)}", self
            )
            item.setToolTip(scenario.story)
            item.setData(Qt.ItemDataRole.UserRole, scenario.id)
            if scenario.id == FIRST_CHOICE:
                self.setCurrentItem(item)
        if self.currentItem() is None:
            self.setCurrentRow(0)

    def story(self) -> str:
        """What there is to practise in the chosen one."""
        item = self.currentItem()
        return item.toolTip() if item else ""

    def selected(self) -> str:
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""
