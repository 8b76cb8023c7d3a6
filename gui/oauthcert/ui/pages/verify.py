"""Verify: the same checks again, before and after side by side; what is still on its way, what to remember, and the way back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.finding import Verdict
from oauthcert.model.repair import Outcome, Repair
from oauthcert.ui.bridge import JobBridge, Tell
from oauthcert.ui.bridge import Outcome as Ended
from oauthcert.ui.desk import Desk
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import stacked
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.verify_cards import ForLater, Judgement, OnItsWay, TakeBack
from oauthcert.ui.widgets.verify_table import VerifyTable, changes, solved

AGAIN_MS = 20_000
AGAIN_FOR = timedelta(minutes=10)
_OPEN = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)

ChooseFile = Callable[[QWidget, str, str], str]


def choose_calendar(parent: QWidget, title: str, name: str) -> str:
    """Asks where to save; empty when nowhere."""
    return QFileDialog.getSaveFileName(parent, title, name, "iCalendar (*.ics)")[0]


class VerifyPage(Page):
    """Looks again by itself at what is still on its way, every 20 seconds for ten minutes, while the page is on the screen."""

    def __init__(self, desk: Desk, theme: Theme, *, choose: ChooseFile = choose_calendar) -> None:
        super().__init__()
        self._desk, self._choose = desk, choose
        self._state = WizardState()
        self.repair: Repair | None = None
        self._until: datetime | None = None
        self._trouble = ""
        self._undoing = False
        self.judgement = Judgement(desk, theme, self)
        self.table = VerifyTable(desk, theme, self)
        self.way = OnItsWay(desk, self)
        self.later = ForLater(desk, self)
        self.back = TakeBack(desk, self)
        self.column.addWidget(self.judgement)
        self.column.addWidget(Columns(stacked(self.table), stacked(self.way, self.later, self.back), theme, shares=(5, 3), gap=16), 1)
        self._bridge = JobBridge(self)
        self._bridge.finished.connect(self._on_finished)
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self._on_tick)
        self.way.again.connect(self.look_again)
        self.later.save.connect(self._on_save)
        self.back.wanted.connect(self._on_undo)

    # --- what the frame asks

    def on_enter(self, state: WizardState) -> None:
        self._state = state
        if state.repair is not self.repair:
            self.repair, self._trouble = state.repair, ""
            self._until = datetime.now().astimezone() + AGAIN_FOR
            self.later.say("")
        self._timer.start()
        self._draw()

    def apply(self, state: WizardState) -> WizardState:
        if self.repair is not None and state.repair is not self.repair:
            state = state.with_repair(self.repair)
        return replace(state, repairing=self._bridge.busy and self._undoing)

    def news(self) -> News:
        phrase, repair = self._desk.phrase, self.repair
        if repair is None:
            return News(phrase("verify.none.title"), phrase("verify.none.sentence"))
        if self._undoing:
            return News(phrase("verify.undoing.title"), phrase("verify.undoing.sentence"))
        if repair.after is None:
            return News(phrase("verify.unseen.title"), self._trouble or phrase("verify.unseen.sentence"))
        settled = not self._open_causes(repair.after) and not self._waiting()
        key = "verify.good" if settled else "verify.partly" if self._gone() else "verify.wrong"
        return News(phrase(f"{key}.title"), self._trouble or phrase("verify.sentence"))

    def standing(self) -> Standing:
        busy = self._bridge.busy and self._undoing
        waiting = len(self._waiting())
        note = self._desk.phrase("verify.note", count=waiting) if waiting else ""
        return Standing(not busy, self._desk.phrase("findings.primary"), note=note, busy=busy)

    def on_cancel(self) -> bool:
        if not self._bridge.busy:
            return False
        self._bridge.cancel()
        return True

    def first_focus(self) -> QWidget | None:
        return self.way.button if self._waiting() else None

    def help_page(self) -> str:
        return "verify"

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page is on the screen: nobody waits for the next look."""
        self._timer.stop()
        super().hideEvent(event)

    # --- looking again, taking back

    def look_again(self) -> None:
        """Asks the servers of the repair again and judges all of them together."""
        repair = self.repair
        if repair is None or self._bridge.busy:
            return
        case = repair.after or repair.before
        servers = tuple(dict.fromkeys(step.server for step in repair.plan.steps))
        account = self._state.account

        def work(token: CancelToken, tell: Tell) -> Case | None:
            credential = self._desk.credential(account.username, account.method)
            return None if credential is None else self._desk.look_again(case, servers, credential, token, tell)

        self._bridge.start(work, "verify")
        self._draw()

    def _on_tick(self) -> None:
        if self._waiting() and self._until is not None and datetime.now().astimezone() < self._until:
            self.look_again()

    def _on_undo(self) -> None:
        repair, account = self.repair, self._state.account
        if repair is None or self._bridge.busy:
            return

        def work(token: CancelToken, tell: Tell) -> Repair | None:
            credential = self._desk.credential(account.username, account.method)
            return None if credential is None else self._desk.undo(repair, credential, token, tell)

        self._undoing = True
        self._bridge.start(work, "undo")
        self._draw()

    def _on_finished(self, outcome: Ended) -> None:
        self._undoing = False
        self._trouble = ""
        if isinstance(outcome.value, Repair):
            self.repair = outcome.value
        elif isinstance(outcome.value, Case) and self.repair is not None:
            self.repair = replace(self.repair, after=outcome.value)
        elif isinstance(outcome.error, OauthcertError):
            self._trouble = self._desk.error(outcome.error)
        elif outcome.error is None and not outcome.cancelled:
            self._trouble = self._desk.phrase("check.no-password.sentence", account=self._state.account.username)
        self._draw()
        if outcome.error is not None and not isinstance(outcome.error, OauthcertError):
            raise outcome.error  # to the hook that shows the crash page

    def _on_save(self) -> None:
        case = self._case()
        if case is None:
            return
        chosen = self._choose(self, self._desk.phrase("verify.ics"), self._desk.phrase("verify.ics.name"))
        if not chosen:
            return
        file = Path(chosen if chosen.lower().endswith(".ics") else f"{chosen}.ics")
        try:
            self._desk.write_report(file, self._desk.calendar(case))
        except OauthcertError as error:
            self.later.say(self._desk.error(error))
            return
        self.later.say(self._desk.phrase("verify.ics.saved", file=file.name))

    # --- what is shown

    def _case(self) -> Case | None:
        return None if self.repair is None else self.repair.after or self.repair.before

    def _open_causes(self, case: Case) -> tuple[str, ...]:
        wrong = {finding.id for finding in case.findings if finding.verdict in (Verdict.FAIL, Verdict.WARN)}
        return tuple(cause.finding for cause in case.causes if cause.finding in wrong)

    def _gone(self) -> bool:
        return self.repair is not None and any(change.better for change in changes(self.repair))

    def _waiting(self) -> tuple[str, ...]:
        """Servers on which something that the repair set going has not arrived yet."""
        repair = self.repair
        if repair is None:
            return ()
        late = [repair.plan.step(one.step) for one in repair.results if one.outcome is Outcome.STILL_ON_ITS_WAY]
        verdicts = {finding.id: finding.verdict for finding in repair.after.findings} if repair.after is not None else {}
        still = [step for step in late if any(verdicts.get(finding, Verdict.UNKNOWN) in _OPEN for finding in step.settles)]
        return tuple(dict.fromkeys(step.server for step in still))

    def _draw(self) -> None:
        repair, busy = self.repair, self._bridge.busy
        found = changes(repair) if repair is not None else ()
        self.table.show_changes(found)
        self._judge(repair)
        until = f"{self._until:%H:%M}" if self._until is not None and datetime.now().astimezone() < self._until else ""
        self.way.show_way(self._waiting(), until, looking=busy and not self._undoing)
        case = self._case()
        self.later.show_calendar(self._desk.calendar(case) if case is not None else "")
        self.back.show_repair(repair, busy=busy)
        self.changed.emit()

    def _judge(self, repair: Repair | None) -> None:
        self.judgement.setVisible(repair is not None and repair.after is not None)
        if repair is None or repair.after is None:
            return
        gone, there_were = solved(repair.before, changes(repair))
        left = self._open_causes(repair.after)
        verdict = Verdict.PASS if not left and not self._waiting() else Verdict.WARN if gone else Verdict.FAIL
        time = f"{repair.after.finished.astimezone():%H:%M}"
        phrase = self._desk.phrase
        title = phrase(f"verify.badge.{verdict.value}")
        self.judgement.show_words(verdict, title, phrase("verify.solved", solved=gone, count=there_were, time=time))
