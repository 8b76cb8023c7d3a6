"""Runs looks, one at a time, and fills the board while answers stream in."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from oauthcert.flow.state import WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Credential
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.board import BoardModel
from oauthcert.ui.models.board_inbox import Inbox
from oauthcert.ui.models.board_memory import QuietMemory
from oauthcert.ui.models.board_tally import Tally
from oauthcert.ui.page import News

FLUSH_MS = 100
# Of one turn of the window's thread; what is left waits for the next tick.
TAKE_SECONDS = 0.006
# When the program ends, the sessions on the servers get this long to be closed.
CLOSE_SECONDS = 2.0


class BoardLook(QObject):
    """`filled`: lights have changed. `moved`: figures and seconds have. `ended`: the look is over, `case` and `news` say how."""

    filled = Signal()
    moved = Signal()
    ended = Signal()

    def __init__(self, desk: Desk, board: BoardModel, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._board = desk, board
        self._state = WizardState()
        self.case: Case | None = None
        self.stopping = False
        self._stopped = False
        self._again: tuple[str, ...] = ()
        self._trouble: News | None = None
        self._inbox = Inbox()
        self._tally = Tally(desk.catalogue, lambda: board.rows)
        self._memory = QuietMemory(self)
        self._bridge = JobBridge(self)
        self._bridge.finished.connect(self._on_finished)
        self._ticks = QTimer(self)
        self._ticks.setInterval(FLUSH_MS)
        self._ticks.timeout.connect(self._on_tick)

    @property
    def busy(self) -> bool:
        return self._bridge.busy

    @property
    def percent(self) -> int:
        return self._tally.percent()

    def enter(self, state: WizardState) -> bool:
        """Takes over what the wizard knows; whether the board was filled anew. A look that runs at these servers goes on."""
        before, self._state = self._state, state
        if state.targets == before.targets and (self.busy or (state.case is self.case and self._board.rowCount())):
            return False
        self._bridge.cancel()
        self.case, self._stopped, self._trouble = state.case, False, None
        if state.case is not None:
            self._board.show_case(state.case)
        else:
            self._board.begin(state.targets)
        return True

    def look(self) -> None:
        """Looks at every server, whatever is known already."""
        targets, scenario = self._state.targets, self._state.scenario
        source = f"practice:{scenario}" if scenario else "live"
        self._run((), lambda credential, token, tell: self._desk.look(targets, credential, source, token, tell))

    def look_again(self, servers: tuple[str, ...]) -> None:
        """Looks at some servers of the case anew; nothing without a case or while a look is under way."""
        if (case := self.case) is not None:
            self._run(servers, lambda credential, token, tell: self._desk.look_again(case, servers, credential, token, tell))

    def stop(self) -> bool:
        """Whether there was something to stop. What has arrived is kept."""
        if not self.busy:
            return False
        self.stopping = True
        self._bridge.cancel()
        self.moved.emit()
        return True

    def close(self) -> None:
        """The program ends: gives a look the time to close its sessions on the servers."""
        if self.stop():
            self._bridge.wait(CLOSE_SECONDS)

    def news(self) -> News:
        phrase = self._desk.phrase
        if self.busy and self.stopping:
            return News(phrase("check.stopping.title"), phrase("check.stopping.sentence"))
        if self.busy:
            return self._tally.looking(again=bool(self._again))
        if self._trouble is not None:
            return self._trouble
        if self.case is not None:
            return self._tally.done(self.case, stopped=self._stopped)
        if not self._state.targets:
            return News(phrase("check.nothing.title"), phrase("check.nothing.sentence"))
        return News(phrase("check.ready.title", count=len(self._state.targets)), phrase("check.ready.sentence"))

    def _run(self, again: tuple[str, ...], look: Callable[[Credential, CancelToken, Tell], Case]) -> None:
        if self.busy or not self._state.targets:
            return
        account, inbox = self._state.account, Inbox()
        self._again, self._inbox = again, inbox
        self.stopping = self._stopped = False
        self._trouble = None
        self._tally.begin(again or [target.name for target in self._state.targets])
        self._board.ask(again or None)

        def work(token: CancelToken, _tell: Tell) -> Case | None:
            # The password store of the operating system may take its time, so it is asked here and not on the window's thread.
            credential = self._desk.credential(account.username, account.method)
            return None if credential is None else look(credential, token, inbox.put)

        self._memory.hold()
        self._bridge.start(work, "look")
        self._ticks.start()
        self.moved.emit()

    def _on_tick(self) -> None:
        for event in self._inbox.take(TAKE_SECONDS):
            # What is judged from a few servers alone may contradict what is known of all; the case has the last word.
            self._board.take(event, provisional=not self._again)
        if self._board.flush():
            self.filled.emit()
        self.moved.emit()

    def _on_finished(self, outcome: Outcome) -> None:
        self._ticks.stop()
        self._inbox = Inbox()
        self._memory.release()
        stopped, self.stopping = self.stopping or outcome.cancelled, False
        phrase = self._desk.phrase
        if stopped and self._again:
            # What a stopped second look brought is less than what the case has.
            self._trouble = News(phrase("check.stopped.title"), phrase("check.stopped.again"))
        elif isinstance(outcome.value, Case):
            self.case, self._stopped = outcome.value, stopped
        elif isinstance(outcome.error, OauthcertError):
            self._trouble = News(phrase("check.broken.title"), self._desk.catalogue.error(outcome.error))
        elif outcome.error is not None:
            self._trouble = News(phrase("check.broken.title"), phrase("check.broken.sentence"))
        elif stopped:
            self._trouble = News(phrase("check.stopped.title"), phrase("check.stopped.nothing"))
        else:
            account = self._state.account.username
            self._trouble = News(phrase("check.no-password.title"), phrase("check.no-password.sentence", account=account))
        if self.case is not None:
            self._board.show_case(self.case)
        else:
            self._board.begin(self._state.targets)
        self.ended.emit()
        if outcome.error is not None and not isinstance(outcome.error, OauthcertError):
            raise outcome.error  # to the hook that shows the crash page
