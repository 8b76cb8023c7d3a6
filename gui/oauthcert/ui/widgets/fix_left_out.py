"""What the plan leaves out, and why: nothing that was found is passed over in silence."""

from PySide6.QtWidgets import QWidget

from oauthcert.model.plan import LeftOut, Plan
from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain, said

_MOST = 12


class LeftOutCard(Card):
    """Hidden when the plan takes up everything."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("fix-left-out")
        self.column.addWidget(plain(desk.phrase("fix.left-out"), "card-title"))
        self._lines: list[QWidget] = []
        self.hide()

    def show_plan(self, plan: Plan | None) -> None:
        for line in self._lines:
            self.column.removeWidget(line)
            line.deleteLater()
        # What a cause explains is repaired with it; saying so for each would bury the rest.
        others = [one for one in (plan.left_out if plan is not None else ()) if one.reason != "explained-by"]
        explained = len(plan.left_out) - len(others) if plan is not None else 0
        self._lines = [said(self._sentence(one), name="left-out") for one in others[:_MOST]]
        if len(others) > _MOST:
            self._lines.append(plain(self._desk.phrase("fix.left-out.more", count=len(others) - _MOST), "secondary"))
        if explained:
            self._lines.append(plain(self._desk.phrase("fix.left-out.explained", count=explained), "secondary"))
        for line in self._lines:
            self.column.addWidget(line)
        self.setVisible(bool(self._lines))

    def _sentence(self, one: LeftOut) -> str:
        check, _, server = one.finding.partition("@")
        name = self._desk.catalogue.check(check).name
        why = self._desk.catalogue.reason(one.reason, one.facts)
        return f"{name} · {server.partition('.')[0]}: {why}"
