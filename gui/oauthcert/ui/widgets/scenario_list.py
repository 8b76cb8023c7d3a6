"""The practice scenarios with a line each."""

from PySide6.QtCore import Qt
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
        self.setMinimumHeight(theme.pixels(220))
        self.setSpacing(2)
        for scenario in desk.scenarios():
            item = QListWidgetItem(
                f"{scenario.title}\n{desk.phrase('start.scenario.line', servers=scenario.servers, id=scenario.id)}", self
            )
            item.setToolTip(scenario.story)
            item.setData(Qt.ItemDataRole.UserRole, scenario.id)
            if scenario.id == FIRST_CHOICE:
                self.setCurrentItem(item)
        if self.currentItem() is None:
            self.setCurrentRow(0)

    def selected(self) -> str:
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""
