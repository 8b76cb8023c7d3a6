"""Tests the account on one server or all of them, and tells for each what it said."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QProgressBar, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.target import Target
from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import VERDICT_TOKENS, Theme
from oauthcert.ui.widgets.account_inputs import QuietComboBox
from oauthcert.ui.widgets.account_trial import TELLING_ACCOUNT, Spared, Tried
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain
from oauthcert.words.texts import ReasonText

MOST_ROWS = 8
ROW = 28


@dataclass(frozen=True, slots=True)
class Tally:
    """How many servers were asked, and how they answered."""

    asked: int = 0
    accepted: int = 0
    refused: int = 0

    @property
    def open(self) -> int:
        return self.asked - self.accepted - self.refused


class AccountTrialCard(Card):
    """`wanted` carries the targets to ask; `stop` asks for the end of it. The page runs the test and passes on what it tells."""

    wanted = Signal(tuple)
    stop = Signal()

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self._targets: tuple[Target, ...] = ()
        self._answers: dict[str, NotSeen | None] = {}
        self._running = False
        self.tally = Tally()
        self.column.addWidget(plain(desk.phrase("sign-in.test"), "card-title"))
        self.column.addWidget(plain(desk.phrase("sign-in.test.sentence"), "secondary"))
        self.column.addSpacing(4)
        self.column.addLayout(self._controls())
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(desk.phrase("sign-in.test"))
        self.said = plain("", name="test-said", selectable=True)
        self.rows = self._table()
        self.detail = plain("", "secondary", name="test-detail", selectable=True)
        for part in (self.progress, self.said, self.rows, self.detail):
            self.column.addWidget(part)
            part.hide()

    def _controls(self) -> QHBoxLayout:
        self.against = QuietComboBox(self)
        self.against.setObjectName("test-against")
        self.against.setAccessibleName(self._desk.phrase("sign-in.test.against"))
        self.against.setSizeAdjustPolicy(QuietComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.against.setMinimumContentsLength(12)
        self.button = QPushButton(self._desk.phrase("sign-in.test.now"), self)
        self.button.setObjectName("test-now")
        self.button.clicked.connect(self._on_button)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.against, 1)
        row.addWidget(self.button)
        return row

    def _table(self) -> QTreeWidget:
        rows = QTreeWidget(self)
        rows.setObjectName("test-results")
        rows.setAccessibleName(self._desk.phrase("sign-in.test.results"))
        rows.setRootIsDecorated(False)
        rows.setUniformRowHeights(True)
        rows.setHeaderLabels([self._desk.phrase("sign-in.test.server"), self._desk.phrase("sign-in.test.answer")])
        rows.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        rows.header().setStretchLastSection(True)
        rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows.currentItemChanged.connect(lambda _new, _old: self._show_detail())
        return rows

    @property
    def account_refused(self) -> bool:
        """Whether a server refused the account itself and none accepted it: then a look at all of them may lock it."""
        refused = any(answer is not None and answer.reason in TELLING_ACCOUNT for answer in self._answers.values())
        return refused and not self.tally.accepted

    def show_targets(self, targets: Sequence[Target]) -> None:
        """Another list of servers makes earlier answers obsolete."""
        if tuple(targets) == self._targets:
            return
        self._targets = tuple(targets)
        self.against.clear()
        if len(targets) > 1:
            self.against.addItem(self._desk.phrase("sign-in.test.all", servers=len(targets)))
        self.against.addItems([target.name for target in targets])
        self.forget()

    def forget(self) -> None:
        """What was answered is not true any more: another account, another password."""
        self._answers, self.tally = {}, Tally()
        self.rows.clear()
        for part in (self.progress, self.said, self.rows, self.detail):
            part.hide()

    def allow(self, allowed: bool) -> None:
        self.button.setEnabled(allowed or self._running)

    def begin(self, targets: Sequence[Target]) -> None:
        self.forget()
        self._running, self.tally = True, Tally(asked=len(targets))
        waiting = self._desk.phrase("sign-in.test.waiting")
        items = [QTreeWidgetItem([target.name, waiting]) for target in targets]
        height = self._theme.pixels(ROW)
        for item in items:
            item.setSizeHint(0, QSize(0, height))
        self.rows.addTopLevelItems(items)
        frame = 2 * self.rows.frameWidth() + 4
        self.rows.setFixedHeight(self.rows.header().sizeHint().height() + height * min(len(items), MOST_ROWS) + frame)
        self.rows.setColumnWidth(0, max(self._theme.pixels(120), min(self.rows.sizeHintForColumn(0) + 24, self.width() * 45 // 100)))
        self.progress.setRange(0, len(targets))
        self._draw()

    def hear(self, event: object) -> None:
        """A Tried or a Spared."""
        if isinstance(event, Tried):
            self._answers[event.server] = event.not_seen
            words = self._desk.phrase("sign-in.test.accepted") if event.not_seen is None else self._reason(event.not_seen).title
            self._mark(event.server, words, _verdict(event.not_seen))
            accepted = event.not_seen is None
            self.tally = Tally(self.tally.asked, self.tally.accepted + accepted, self.tally.refused + (not accepted))
        elif isinstance(event, Spared):
            for server in event.servers:
                self._mark(server, self._desk.phrase("sign-in.test.spared"), Verdict.NOT_APPLICABLE)
        self._draw()

    def end(self, problem: str = "") -> None:
        """The test is over; `problem` is a sentence when it ended badly."""
        self._running = False
        waiting = self._desk.phrase("sign-in.test.waiting")
        for item in self._items():
            if item.text(1) == waiting:
                item.setText(1, self._desk.phrase("sign-in.test.not-asked"))
        self._draw()
        if problem:
            self.said.setText(problem)
        first = next((item for item in self._items() if self._answers.get(item.text(0)) is not None), None)
        if first is not None and self.rows.currentItem() is None:
            self.rows.setCurrentItem(first)

    def _on_button(self) -> None:
        if self._running:
            self.stop.emit()
            return
        chosen = self.against.currentText()
        one = tuple(target for target in self._targets if target.name == chosen)
        self.wanted.emit(one or self._targets)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.rows.topLevelItem(number) for number in range(self.rows.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _mark(self, server: str, words: str, verdict: Verdict) -> None:
        for item in self._items():
            if item.text(0) == server:
                item.setText(1, words)
                item.setToolTip(1, words)
                item.setIcon(1, icons.icon(verdict.value, self._theme.colour(VERDICT_TOKENS[verdict]), 14))

    def _draw(self) -> None:
        tally = self.tally
        self.button.setText(self._desk.phrase("sign-in.test.stop" if self._running else "sign-in.test.now"))
        self.against.setEnabled(not self._running)
        self.progress.setVisible(self._running)
        self.progress.setValue(tally.accepted + tally.refused)
        for part in (self.said, self.rows):
            part.setVisible(tally.asked > 0)
        facts = {"count": tally.asked, "accepted": tally.accepted, "refused": tally.refused, "open": tally.open}
        key = "running" if self._running else "all-accepted" if tally.accepted == tally.asked else "some-asked" if tally.open else "some"
        self.said.setText(self._desk.phrase(f"sign-in.test.{key}", **facts))
        self._show_detail()

    def _show_detail(self) -> None:
        item = self.rows.currentItem()
        answer = self._answers.get(item.text(0)) if item is not None else None
        self.detail.setVisible(answer is not None)
        if item is not None and answer is not None:
            reason = self._reason(answer)
            spared = self._desk.phrase("sign-in.test.spared.why") if answer.reason in TELLING_ACCOUNT and self.tally.open else ""
            self.detail.setText(" ".join(part for part in (f"{item.text(0)}: {reason.title}", reason.action, spared) if part))

    def _reason(self, not_seen: NotSeen) -> ReasonText:
        return self._desk.catalogue.reason(not_seen.reason, dict(not_seen.facts))


def _verdict(not_seen: NotSeen | None) -> Verdict:
    if not_seen is None:
        return Verdict.PASS
    return Verdict.FAIL if not_seen.reason in TELLING_ACCOUNT | {"not-authorized"} else Verdict.UNKNOWN
