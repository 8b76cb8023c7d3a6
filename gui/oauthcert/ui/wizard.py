"""Puts frame, pages and desk together: the practice lab, opened files, help, closing."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal, Step
from oauthcert.model.errors import OauthcertError
from oauthcert.ui.bridge import JobBridge, Outcome
from oauthcert.ui.desk import Desk, Practice
from oauthcert.ui.frame import Frame
from oauthcert.ui.page import Page
from oauthcert.ui.pages.start import StartPage
from oauthcert.ui.theme import Theme


class Wizard(QObject):
    """One window and what belongs to it while it is open. `crashed` carries an error that nobody expected."""

    crashed = Signal(object)

    def __init__(self, desk: Desk, theme: Theme, start: StartPage, others: dict[Step, Page], version: str) -> None:
        super().__init__()
        self._desk = desk
        self._practice: Practice | None = None
        self._opening = JobBridge(self)
        self._opening.finished.connect(self._on_practice)
        start.practice_chosen.connect(self.open_practice)
        start.file_chosen.connect(self.open_file)
        self.frame = Frame({Step.START: start, **others}, desk.phrase, theme, WizardState(), version)
        self.frame.destroyed.connect(self.close_practice)

    @property
    def practice(self) -> Practice | None:
        """The running lab, None outside practice."""
        return self._practice

    def open_practice(self, scenario: str) -> None:
        """Starts the lab on a thread of its own and goes to the servers page when it runs."""
        self._scenario = scenario
        self.frame.say(self._desk.phrase("practice.starting"))
        self.close_practice()
        self._opening.start(lambda _token, _tell: self._desk.open_practice(scenario), "practice")

    def _on_practice(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.report(outcome.error)
            return
        practice = outcome.value
        if practice is None:
            return
        self._practice = cast("Practice", practice)
        self._desk.hold(self._practice.credential)
        state = WizardState(
            goal=Goal.PRACTICE,
            scenario=self._scenario,
            targets=self._practice.targets,
            account=Account(self._practice.credential.username, ready=True),
        )
        self.frame.say("")
        self.frame.open_at(state, Step.SERVERS)

    def open_file(self, file: Path) -> None:
        """Opens a saved case and shows its findings; anything else is told in the message bar."""
        try:
            case = self._desk.open_case(file)
        except OauthcertError as error:
            self.report(error)
            return
        state = replace(WizardState(), goal=Goal.OPEN, case=case, case_file=str(file), targets=case.targets)
        self.frame.open_at(state, Step.FINDINGS)

    def report(self, error: BaseException) -> None:
        """Words for an error that has some; the crash page for one that has none."""
        if isinstance(error, OauthcertError):
            self.frame.say(self._desk.phrase("error", words=error.words, detail=error.detail))
        else:
            self.crashed.emit(error)

    def close_practice(self) -> None:
        if self._practice is not None:
            self._practice.close()
            self._practice = None


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
