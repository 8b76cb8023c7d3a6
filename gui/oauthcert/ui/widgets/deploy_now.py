"""What to do now: why, how by hand, how long a wait lasts, and the buttons of the person; and what comes after it."""

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from oauthcert.fixes.deployment import Guidance
from oauthcert.fixes.deployment_moves import Move
from oauthcert.model.plan import Manner
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.deploy_words import MoveWords
from oauthcert.ui.widgets.buttons import doubled, small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.flow_layout import FlowLayout
from oauthcert.ui.widgets.labels import plain, said

_TICK_MS = 500
_MOST_LINES = 6
_REMEMBERED = ("request-begun", "request-waiting", "request-made", "request-assigned", "finish-request")


class NowCard(Card):
    """`done`: on all servers concerned. `lab_wanted`: the practice lab is to do it. `allowed`: there is no request after all."""

    done = Signal(bool)
    lab_wanted = Signal()
    allowed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, role="cause")
        self._desk = desk
        self._move: Move | None = None
        self.setObjectName("deploy-now")
        self.setProperty("verdict", "warn")
        self._do = said("", name="now-do")
        self._why = said("", "secondary", name="now-why")
        self._times = plain("", "secondary", name="now-times")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(desk.phrase("deploy.now.bar"))
        self._hand_title = plain(desk.phrase("deploy.now.hand"), "part-title")
        self._hand = said("", "secondary", name="now-hand")
        self._allow_why = plain(desk.phrase("deploy.now.allow.why"), "warned", name="now-allow-why")
        self.trouble = plain("", "wrong", name="now-trouble")
        self.by_hand = small_button(desk.phrase("deploy.now.by-hand"), self, name="now-by-hand")
        self.all = small_button("", self, name="now-all")
        self.lab = small_button(desk.phrase("deploy.now.lab"), self, name="now-lab")
        self.allow = small_button(desk.phrase("deploy.now.allow"), self, name="now-allow")
        self.by_hand.clicked.connect(lambda: self.done.emit(True))
        self.all.clicked.connect(lambda: self.done.emit(True))
        self.lab.clicked.connect(self.lab_wanted)
        self.allow.clicked.connect(self.allowed)
        self._title = plain("", "card-title", name="now-title")
        self.column.addWidget(self._title)
        for part in (self._do, self._why, self._times, self._bar, self._hand_title, self._hand, self._allow_why, self.trouble):
            self.column.addWidget(part)
        buttons = QWidget(self)
        row = FlowLayout(buttons)
        for button in (self.by_hand, self.all, self.lab, self.allow):
            row.addWidget(button)
        self.column.addWidget(buttons)
        self._buttons = buttons
        self.column.setSpacing(8)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._show_times)

    def show_move(self, move: Move | None, words: MoveWords, *, practising: bool, same: int, busy: bool, trouble: str) -> None:
        """`same`: on how many servers a person has the same to do. `busy`: servers are being changed or looked at."""
        self._move = move
        self.setVisible(move is not None)
        if move is None:
            self._ticks.stop()
            return
        person = move.manner is Manner.GUIDES
        waits = move.manner is Manner.WAITS
        hand = "" if person or waits else words.hand(move)
        for label, text in (
            (self._title, self._desk.phrase("deploy.now.wait" if waits else "deploy.now.card")),
            (self._do, words.do(move) if person else words.why(move)),
            (self._why, words.why(move) if person else ""),
            (self._hand, hand),
            (self.trouble, trouble),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        remembered = move.id in _REMEMBERED
        self.all.setText(doubled(self._desk.phrase("deploy.now.all", count=same)))
        for part, shown in (
            (self._hand_title, bool(hand)),
            (self.by_hand, bool(hand)),
            (self.all, person and move.confirmed and same > 1),
            (self.lab, person and practising and move.id in ("finish-step-3", "run-step-1", "run-step-2", "run-step-4")),
            (self.allow, remembered),
            (self._allow_why, remembered),
            (self._times, waits),
            (self._bar, waits),
        ):
            part.setVisible(shown)
        for button in (self.by_hand, self.all, self.lab, self.allow):
            button.setEnabled(not busy)
        self._buttons.setVisible(any(not button.isHidden() for button in (self.by_hand, self.all, self.lab, self.allow)))
        self._show_times()
        (self._ticks.start if waits else self._ticks.stop)()

    def _show_times(self) -> None:
        move = self._move
        if move is None or move.since is None or move.until is None:
            return
        now = datetime.now(UTC)
        length = max((move.until - move.since).total_seconds(), 1.0)
        passed = min(max((now - move.since).total_seconds(), 0.0), length)
        left = self._desk.catalogue.formats.duration(round(length - passed))
        local = move.since.astimezone(), move.until.astimezone()
        self._times.setText(self._desk.phrase("deploy.now.times", since=f"{local[0]:%H:%M:%S}", until=f"{local[1]:%H:%M:%S}", left=left))
        self._bar.setValue(round(1000 * passed / length))


class ThenCard(Card):
    """What comes after, what comes by itself meanwhile, and the one rule of the certificate."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("deploy-then")
        self.column.addWidget(plain(desk.phrase("deploy.then"), "card-title"))
        self._lines = said("", name="then-lines")
        self._once = plain("", "secondary", name="then-once")
        self.column.addWidget(self._lines)
        self.column.addWidget(self._once)
        self.column.setSpacing(8)

    def show_guidance(self, guidance: Guidance, words: MoveWords) -> None:
        phrase = self._desk.phrase
        lines = []
        for move in guidance.then[:_MOST_LINES]:
            key = "deploy.then.wait" if move.manner is Manner.WAITS else "deploy.then.line"
            lines.append(phrase(key, step=move.step, servers=words.servers(move), what=words.what(move)))
        left = sum(cell.state.value in ("now", "later", "waiting", "could-not-look") for row in guidance.rows for cell in row.cells)
        last = guidance.now is not None and left <= len(guidance.now.servers)
        lines.append(phrase("deploy.then.ready" if last else "deploy.then.last"))
        self._lines.setText("\n".join(f"• {line}" for line in lines))
        self._once.setText(phrase("deploy.once.open" if guidance.refused is None else "deploy.once.closed"))
        self.setVisible(guidance.now is not None)
