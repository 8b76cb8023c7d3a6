"""Goes on with an interrupted repair from the first page: one at a time, on a thread of its own."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from oauthcert.casework.person import How
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk

if TYPE_CHECKING:
    from oauthcert.casework.resuming import Resumed
    from oauthcert.fixes.recovery import Story


class Interrupted(QObject):
    """`changed`: another story, or news of it."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.story: Story | None = None
        self.news = ""
        self._bridge = JobBridge(self)
        self._bridge.finished.connect(self._on_finished)

    @property
    def busy(self) -> bool:
        return self._bridge.busy

    def refresh(self) -> None:
        """The newest interrupted repair, if there is one."""
        if not self.busy:
            self.story = next(iter(self._desk.interrupted()), None)

    def go_on(self, how: How, password: Secret | None) -> None:
        story = self.story
        if story is None or self.busy:
            return
        account = story.record.header.account

        def work(token: CancelToken, tell: Tell) -> "Resumed | None":
            credential = None
            if how is not How.KEEP:
                typed = Credential(account, password) if password is not None else None
                credential = typed or self._desk.credential(account, SignInMethod.NTLM)
                if credential is None:
                    return None
            return self._desk.resume(story.run, how, credential, token, tell)

        self.news = self._desk.phrase("interrupted.working")
        self._bridge.start(work, "resume")
        self.changed.emit()

    def stop(self) -> bool:
        """Whether there was something to stop."""
        if not self.busy:
            return False
        self._bridge.cancel()
        return True

    def _on_finished(self, outcome: Outcome) -> None:
        from oauthcert.casework.resuming import Resumed

        self.news = ""
        if isinstance(outcome.value, Resumed):
            still = outcome.value.story
            self.story = still if still.unfinished else None
            self.news = self._desk.phrase("interrupted.looked") if still.unfinished else ""
            if not still.unfinished:
                self.refresh()
        elif isinstance(outcome.error, OauthcertError):
            self.news = self._desk.error(outcome.error)
        elif outcome.error is None and not outcome.cancelled:
            account = self.story.record.header.account if self.story is not None else ""
            self.news = self._desk.phrase("check.no-password.sentence", account=account)
        self.changed.emit()
        if outcome.error is not None and not isinstance(outcome.error, OauthcertError):
            raise outcome.error  # to the hook that shows the crash page
