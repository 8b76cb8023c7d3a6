"""Puts frame, pages and desk together: the practice lab, opened files, help, settings, closing."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from oauthcert import __version__
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal, Step
from oauthcert.flow.trail import Trail
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import SignInMethod
from oauthcert.ui.bridge import JobBridge, Outcome
from oauthcert.ui.desk import Desk, Practice, Tell
from oauthcert.ui.frame import Frame
from oauthcert.ui.page import Page
from oauthcert.ui.theme import Style, Theme

if TYPE_CHECKING:
    from oauthcert.fixes.deployment_record import Deployment

PageMakers = Mapping[Step, Callable[[Desk, Theme], Page]]
Themed = Callable[[Style, int], Theme]


class Wizard(QObject):
    """One window and what belongs to it while it is open.

    `crashed` carries an error that nobody expected, `frame_made` the frame that takes the place of the last, `ended` that it was closed.
    """

    crashed = Signal(object)
    frame_made = Signal(object)
    ended = Signal()

    def __init__(self, desk: Desk, themed: Themed, style: Style, text_percent: int, makers: PageMakers) -> None:
        super().__init__()
        self._desk, self._themed, self._makers = desk, themed, makers
        self._style, self._text_percent = style, text_percent
        self._practice: Practice | None = None
        self._scenario = ""
        self._starting = JobBridge(self)
        self._starting.finished.connect(self._on_practice)
        self._opening = JobBridge(self)
        self._opening.finished.connect(self._on_case)
        self.frame = self._make_frame(Trail())

    def _make_frame(self, trail: Trail) -> Frame:
        self.theme = self._themed(self._style, self._text_percent)
        makers = {step: partial(make, self._desk, self.theme) for step, make in self._makers.items()}
        frame = Frame(makers, self._desk.phrase, self.theme, trail, self._subtitle)
        frame.page_made.connect(self._on_page)
        frame.file_dropped.connect(self.open_file)
        frame.left.connect(self._on_left)
        frame.start()
        return frame

    def show(self) -> None:
        self.frame.show()
        for sentence in self._desk.settings_news()[:1]:
            self.frame.say(sentence)

    def restyle(self, style: Style, text_percent: int) -> None:
        """Draws the window anew in another style or size; what is known stays. Not while servers are being asked."""
        if (style, text_percent) == (self._style, self._text_percent) or self.frame.busy:
            return
        self._style, self._text_percent = style, text_percent
        old, self.frame = self.frame, self._make_frame(self.frame.trail)
        self.frame.setGeometry(old.geometry())
        self.frame.setWindowState(old.windowState())
        self.frame.setVisible(old.isVisible())
        old.left.disconnect(self._on_left)
        self.frame_made.emit(self.frame)
        old.hide()
        old.deleteLater()

    def _on_page(self, page: Page) -> None:
        """Start asks for what takes time and may fail; pages with help of their own ask for it by the same signal."""
        for name, answer in (
            ("practice_chosen", self.open_practice),
            ("file_chosen", self.open_file),
            ("deployment_chosen", self.go_on_with),
            ("help_wanted", self.help_wanted),
            ("help_requested", self.help_wanted),
        ):
            if hasattr(page, name):
                getattr(page, name).connect(answer)

    def help_wanted(self, page: str) -> None:
        self.frame.help_wanted.emit(page)

    def _subtitle(self, state: WizardState) -> str:
        """Under the name of the program: which case this is and of when, else the version."""
        if state.case is None:
            return __version__
        date = self._desk.catalogue.formats.date(state.case.finished)
        return f"{Path(state.case_file).stem}, {date}" if state.case_file else date

    # --- practice

    @property
    def practice(self) -> Practice | None:
        """The running lab, None outside practice."""
        return self._practice

    def open_practice(self, scenario: str) -> None:
        """Starts the lab on a thread of its own and goes to the servers page when it runs."""
        self._scenario = scenario
        self.frame.say(self._desk.phrase("practice.starting"))
        self.close_practice()

        def start(token: CancelToken, _tell: Tell) -> Practice:
            practice = self._desk.open_practice(scenario)
            if token.cancelled:  # another one was asked for meanwhile, or the window has gone
                practice.close()
            token.raise_if_cancelled()
            return practice

        self._starting.start(start, "practice")

    def _on_practice(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.report(outcome.error)
        if outcome.value is None:
            return
        practice = self._practice = cast("Practice", outcome.value)
        self._desk.hold(practice.credential)
        account = Account(practice.credential.username, practice.credential.method, ready=True)
        goal = Goal.FIRST_DEPLOYMENT if self._scenario.startswith(Goal.FIRST_DEPLOYMENT.value) else Goal.PRACTICE
        state = WizardState(goal=goal, scenario=self._scenario, targets=practice.targets, account=account)
        self.frame.say("")
        self.frame.open_at(state, Step.SERVERS)

    def close_practice(self) -> None:
        if self._practice is not None:
            self._practice.close()
            self._practice = None

    # --- a first deployment that is not finished

    def go_on_with(self, deployment: "Deployment") -> None:
        """Its servers and its account, at signing in: the password is not remembered here."""
        if self.frame.busy:
            return
        self.close_practice()
        known = deployment.method in tuple(SignInMethod)
        account = Account(deployment.account, SignInMethod(deployment.method) if known else SignInMethod.NTLM)
        state = WizardState(goal=Goal.FIRST_DEPLOYMENT, targets=deployment.targets, account=account)
        self.frame.say("")
        self.frame.open_at(state, Step.SIGN_IN)

    # --- files

    def open_file(self, file: Path) -> None:
        """Opens a saved case on a thread of its own and shows its findings; what is no case is told in the message bar."""
        self._opening.start(lambda _token, _tell: (file, self._desk.open_case(file)), "open")

    def _on_case(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.report(outcome.error)
        if outcome.value is None or self.frame.busy:
            return
        file, case = cast("tuple[Path, Case]", outcome.value)
        self.close_practice()
        self.frame.say("")
        self.frame.open_at(WizardState(goal=Goal.OPEN, case=case, case_file=str(file), targets=case.targets), Step.FINDINGS)

    # --- what goes wrong, and the end

    def report(self, error: BaseException) -> None:
        """Words for an error that has some; the crash page for one that has none."""
        if isinstance(error, OauthcertError):
            self.frame.say(self._desk.catalogue.error(error))
        else:
            self.crashed.emit(error)

    def _on_left(self) -> None:
        self._starting.cancel()
        self.close_practice()
        self.ended.emit()
