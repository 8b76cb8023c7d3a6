"""The search above the list of findings: text, verdicts, one server."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.theme import VERDICT_TOKENS
from oauthcert.ui.widgets.buttons import text_button
from oauthcert.ui.widgets.finding_context import CardContext
from oauthcert.ui.widgets.finding_sections import Search
from oauthcert.ui.widgets.flow_layout import FlowLayout
from oauthcert.words.showing import visible

PAUSE_MS = 150
SHOWN = (Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN)


class FindingFilter(QWidget):
    """`changed` carries a Search a moment after the last key, at once for the rest."""

    changed = Signal(object)

    def __init__(self, context: CardContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        window = context.catalogue.window
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.text = QLineEdit(self)
        self.text.setObjectName("find-text")
        self.text.setAccessibleName(window("findings.filter.text"))
        self.text.setPlaceholderText(window("findings.filter.text"))
        self.text.setClearButtonEnabled(True)
        self.text.setMaxLength(200)
        first.addWidget(self.text, 3)
        self.server = _Servers(self)
        self.server.setObjectName("find-server")
        self.server.setAccessibleName(window("findings.filter.server"))
        self.server.setMaxVisibleItems(16)
        self.server.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.server.setMinimumContentsLength(10)
        first.addWidget(self.server, 2)
        column.addLayout(first)
        flow = FlowLayout(gap=8)
        column.addLayout(flow)
        self.toggles = {verdict: self._toggle(verdict) for verdict in SHOWN}
        for toggle in self.toggles.values():
            flow.addWidget(toggle)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.text.textChanged.connect(self._pause.start)
        self.server.currentIndexChanged.connect(self._tell)

    def _toggle(self, verdict: Verdict) -> QPushButton:
        toggle = text_button("", self, role="filter", name=f"show-{verdict.value}")
        toggle.setCheckable(True)
        toggle.setChecked(True)
        mark = self._context.theme.pixels(14)
        toggle.setIcon(icons.icon(verdict.value, self._context.theme.colour(VERDICT_TOKENS[verdict]), mark))
        toggle.setIconSize(QSize(mark, mark))
        toggle.toggled.connect(self._tell)
        return toggle

    def show_case(self, counts: Mapping[Verdict, int], servers: Sequence[str]) -> None:
        """New figures and names; the search starts anew. Verdicts that do not occur have no button."""
        catalogue = self._context.catalogue
        for verdict, toggle in self.toggles.items():
            count = counts.get(verdict, 0)
            words = catalogue.window(f"count.{verdict.value}", count=count)
            toggle.setText(words)
            toggle.setAccessibleName(catalogue.window("findings.filter.verdict", verdict=words))
            toggle.setVisible(count > 0)
        with QSignalBlocker(self.server):
            self.server.clear()
            self.server.addItem(catalogue.window("findings.filter.every-server"), None)
            for name in servers:
                self.server.addItem(visible(name, 80), name)
            self.server.setVisible(len(servers) > 1)
        self.clear()

    def clear(self) -> None:
        """Shows everything again, and tells so once."""
        blocked = [QSignalBlocker(widget) for widget in (self.text, self.server, *self.toggles.values())]
        self.text.clear()
        self.server.setCurrentIndex(0)
        for toggle in self.toggles.values():
            toggle.setChecked(True)
        for blocker in blocked:
            blocker.unblock()
        self._tell()

    def search(self) -> Search:
        verdicts = frozenset(verdict for verdict, toggle in self.toggles.items() if toggle.isChecked())
        return Search(self.text.text(), verdicts, self.server.currentData())

    def _tell(self) -> None:
        self._pause.stop()
        self.changed.emit(self.search())


class _Servers(QComboBox):
    """Scrolling the page must not change the choice that happens to lie under the pointer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
