"""A wait, made visible: for what, since when, until when, and what happens then; and what a person has to do meanwhile."""

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_person import PersonAsked
from oauthcert.ui.models.fix_run import FixRun, Stage
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain, said

_TICK_MS = 500


class WaitingCard(Card):
    """Hidden while nothing is waited for."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._run: FixRun | None = None
        self.setObjectName("fix-waiting")
        self._title = plain("", "card-title", name="waiting-title")
        self._times = plain("", "secondary", name="waiting-times")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(desk.phrase("fix.waiting.bar"))
        self._then = plain("", "secondary", name="waiting-then")
        for part in (self._title, self._times, self._bar, self._then):
            self.column.addWidget(part)
        self.column.setSpacing(8)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._draw)
        self.hide()

    def show_run(self, run: FixRun) -> None:
        self._run = run
        waits = run.waiting is not None and run.plan is not None
        self.setVisible(waits or run.stage is Stage.VERIFYING)
        if self.isHidden():
            self._ticks.stop()
            return
        self._ticks.start()
        self._draw()

    def _draw(self) -> None:
        run = self._run
        if run is None or run.plan is None:
            return
        phrase, formats = self._desk.phrase, self._desk.catalogue.formats
        if run.waiting is None:
            self._title.setText(phrase("fix.verifying"))
            self._times.setText("")
            self._then.setText(phrase("fix.verifying.then"))
            self._bar.setRange(0, 0)
            return
        waiting, step = run.waiting, run.plan.step(run.waiting.step)
        now = datetime.now(UTC)
        length = max((waiting.until - waiting.since).total_seconds(), 1.0)
        passed = min(max((now - waiting.since).total_seconds(), 0.0), length)
        open_ones = [one for one in waiting.seen if one.verdict is not Verdict.PASS]
        names = tuple(dict.fromkeys(self._desk.catalogue.check(one.check).name for one in open_ones))
        self._title.setText(self._desk.catalogue.step(step).title)
        local = waiting.since.astimezone(), waiting.until.astimezone()
        left = formats.duration(round(length - passed))
        self._times.setText(phrase("fix.waiting.times", since=f"{local[0]:%H:%M:%S}", until=f"{local[1]:%H:%M:%S}", left=left))
        self._then.setText(phrase("fix.waiting.for", checks=formats.listed(names)) if names else phrase("fix.waiting.then"))
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * passed / length))


class GuideCard(Card):
    """What a person has to do on the server. `answered`: done, or left out. `lab_wanted`: the lab does it. `save_wanted`: as a file."""

    answered = Signal(bool)
    lab_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, role="cause")
        self._desk = desk
        self.setProperty("verdict", "warn")
        self.setObjectName("fix-guide")
        self._title = plain("", "card-title", name="guide-title")
        self._do = said("", name="guide-do")
        self._again = plain(desk.phrase("fix.guide.again"), "warned", name="guide-again")
        self.done = small_button(desk.phrase("fix.guide.done"), self, name="guide-done")
        self.lab = small_button(desk.phrase("fix.guide.lab"), self, name="guide-lab")
        self.save = small_button(desk.phrase("fix.guide.save"), self, name="guide-save")
        self.skip = small_button(desk.phrase("fix.guide.skip"), self, name="guide-skip")
        self.done.clicked.connect(lambda: self.answered.emit(True))
        self.skip.clicked.connect(lambda: self.answered.emit(False))
        self.lab.clicked.connect(self.lab_wanted)
        self.save.clicked.connect(self.save_wanted)
        self._news = plain("", "secondary", name="guide-news")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.save, self.done, self.lab, self.skip):
            row.addWidget(button)
        row.addStretch(1)
        for part in (self._title, self._do, self._again):
            self.column.addWidget(part)
        self.column.addLayout(row)
        self.column.addWidget(self._news)
        self.column.setSpacing(8)
        self.hide()

    def say(self, text: str) -> None:
        self._news.setText(text)
        self._news.setVisible(bool(text))

    def show_asked(self, asked: PersonAsked | None, *, practising: bool, request: str = "") -> None:
        self.setVisible(asked is not None)
        if asked is None:
            self.say("")
            return
        words = self._desk.catalogue.step(asked.step)
        self._title.setText(self._desk.phrase("fix.guide.title", step=words.title))
        self._do.setText(words.do or words.effect)
        self._again.setVisible(asked.again)
        carrying = asked.step.words == "carry-request"
        self.lab.setVisible(practising)
        self.save.setVisible(carrying and bool(request))
