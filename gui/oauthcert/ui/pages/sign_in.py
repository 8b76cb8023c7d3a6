"""Sign in: which account, how, is it remembered, and does it work."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from oauthcert.flow.state import Account, WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk
from oauthcert.ui.page import News, Page, Standing
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.account_card import AccountCard
from oauthcert.ui.widgets.account_news import trial_news
from oauthcert.ui.widgets.account_trial import try_account
from oauthcert.ui.widgets.account_trial_card import AccountTrialCard
from oauthcert.ui.widgets.card import stacked
from oauthcert.ui.widgets.columns import Columns
from oauthcert.ui.widgets.method_card import MethodCard
from oauthcert.ui.widgets.method_second_hop import SecondHopCard

_ALONE = frozenset({SignInMethod.KERBEROS, SignInMethod.CERTIFICATE})
"""Methods that do without a password."""


class SignInPage(Page):
    """Typed passwords go to `desk.hold` at once; the page remembers only for which names that was done."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._desk = desk
        self._state = WizardState()
        self._typed: set[str] = set()
        self._new: set[str] = set()
        self._after_store: Callable[[], None] | None = None
        self.account = AccountCard(desk, self)
        self.method = MethodCard(desk, self)
        self.trial = AccountTrialCard(desk, theme, self)
        self.hop = SecondHopCard(desk, theme, self)
        self._store, self._asking = JobBridge(self), JobBridge(self)
        self._store.finished.connect(self._on_store)
        self._asking.told.connect(self._on_told)
        self._asking.finished.connect(self._on_tried)
        self.account.changed.connect(self._on_changed)
        self.account.typed.connect(self._on_typed)
        self.account.confirmed.connect(self.wants_forward)
        self.account.forget.connect(self._forget)
        self.method.changed.connect(self._on_changed)
        self.trial.wanted.connect(self._try)
        self.trial.stop.connect(self._asking.cancel)
        sides = (stacked(self.account, self.method), stacked(self.trial, self.hop))
        self.column.addWidget(Columns(*sides, theme, shares=(1, 1), narrow=760))
        self.column.addStretch(1)

    @property
    def practice(self) -> bool:
        return self._state.scenario is not None

    def minimumSizeHint(self) -> QSize:
        """Wrapping labels guess their least height for a narrow width; what counts is the height for the width there is."""
        return QSize(super().minimumSizeHint().width(), 0)

    def on_enter(self, state: WizardState) -> None:
        self._state = state
        self.account.say_store("")
        if state.account.ready and state.account.method not in _ALONE:
            # Told by the state: this page may be new, drawn again in another style.
            self._typed.add(state.account.username.casefold())
        self.account.show_name(state.account.username)
        self.account.show_fixed(self.practice)
        self.account.remember.setChecked(state.account.remember)
        self.method.show_method(state.account.method)
        self.method.show_targets(state.targets, self.practice)
        self.trial.show_targets(state.targets)
        if self.practice:
            self._on_changed()
        else:
            self._read_store()

    def apply(self, state: WizardState) -> WizardState:
        account = Account(self._username, self.method.method, self.account.remember.isChecked(), self._ready)
        return state if account == state.account else replace(state, account=account)

    @property
    def _username(self) -> str:
        """The account's name; with a certificate the server decides who that is, so the file may lend its name."""
        name = self.account.name
        if self.method.method is SignInMethod.CERTIFICATE and not name.text:
            return Path(self.method.files.certificate).stem
        return "" if name.wrong else name.text

    @property
    def _held(self) -> bool:
        return self._username.casefold() in self._typed

    @property
    def _ready(self) -> bool:
        if not self._username or self.method.lacking:
            return False
        begun = bool(self.account.password.edit.text())
        return self._held or begun or self.account.stored or self.method.method in _ALONE

    def news(self) -> News:
        return trial_news(self._desk, self.trial, asking=self._asking.busy, practice=self.practice)

    def standing(self) -> Standing:
        storing = self._after_store is not None
        return Standing(
            ready=self._ready and not storing,
            primary=self._desk.phrase("sign-in.storing" if storing else "button.next"),
            why_not=self._why_not(storing),
            busy=storing,
        )

    def _why_not(self, storing: bool) -> str:
        if storing or self._ready:
            return ""
        if self.account.name.wrong and self.account.name.text:
            return self._desk.phrase("sign-in.why-not.name")
        if not self._username and self.method.method is not SignInMethod.CERTIFICATE:
            return self._desk.phrase("hindrance.no-account")
        return self._desk.phrase(self.method.lacking or "hindrance.no-password")

    def on_primary(self) -> bool:
        """Leaving forwards is when the password is put into the store; that may take a while and may be refused."""
        self._take_typed()
        username, remember = self._username, self.account.remember
        wanted = remember.isChecked() and remember.isEnabled() and not self.practice
        if not wanted or not self._held:
            return True
        self._run_store(lambda: self._desk.remember(username), lambda: self._on_remembered(username))
        return False

    def on_cancel(self) -> bool:
        if self._asking.busy:
            self._asking.cancel()
            return True
        return False

    def first_focus(self) -> QWidget:
        if self.practice:
            return self.trial.button
        return self.account.password.edit if self._username and not self._ready else self.account.name_box

    def help_page(self) -> str:
        return "sign-in"

    # --- what is typed

    def _on_changed(self) -> None:
        method = self.method.method
        held = self._held and not self.account.password.edit.text()
        self.account.show_held(held, method is not SignInMethod.CERTIFICATE, method is SignInMethod.KERBEROS)
        self.hop.show_method(method)
        self.trial.allow(self._ready and bool(self._state.targets) and self._after_store is None)
        if not self._asking.busy and self.trial.tally.asked and self.sender() in (self.account, self.method):
            self.trial.forget()
        self.changed.emit()

    def _on_typed(self, secret: Secret) -> None:
        if self._username:
            self._desk.hold(Credential(self._username, secret, self.method.method))
            self._typed.add(self._username.casefold())
            self._new.add(self._username.casefold())
        self._on_changed()

    def _take_typed(self) -> None:
        """What still stands in the fields goes to the desk before anybody asks it for the account."""
        self.account.password.take()
        if self.method.method is SignInMethod.CERTIFICATE:
            files = self.method.files
            self._desk.hold(Credential(self._username, Secret(""), SignInMethod.CERTIFICATE, files.certificate, files.key))
            self._typed.discard(self._username.casefold())

    # --- the password store

    def _read_store(self) -> None:
        self._run_store(lambda: None, self._on_changed, holding=False)

    def _run_store(self, work: Callable[[], None], after: Callable[[], None], *, holding: bool = True) -> None:
        """Does something with the store and reads it anew; the page waits for it when `holding`."""
        self._after_store = after if holding else None

        def job(_token: CancelToken, _tell: Tell) -> tuple[tuple[str, ...], bool]:
            work()
            return self._desk.accounts(), self._desk.vault_is_safe()

        self._store.start(job, "password-store")
        self._on_changed()

    def _on_store(self, outcome: Outcome) -> None:
        after, self._after_store = self._after_store, None
        if isinstance(outcome.error, OauthcertError):
            # The password still works until the program ends; only remembering it did not.
            self.account.remember.setChecked(False)
            self.account.say_store(f"{self._desk.catalogue.error(outcome.error)} {self._desk.phrase('sign-in.store.go-on')}")
        elif outcome.error is not None:
            raise outcome.error
        elif isinstance(outcome.value, tuple):
            self.account.say_store("")
            self.account.show_store(*outcome.value)
            if self.account.stored and self._username.casefold() not in self._new:
                self._typed.discard(self._username.casefold())
        self._on_changed()
        if after is not None and outcome.error is None:
            after()

    def _on_remembered(self, username: str) -> None:
        self._typed.discard(username.casefold())
        self._new.discard(username.casefold())
        self._on_changed()
        self.wants_forward.emit()

    def _forget(self, username: str) -> None:
        self._typed.discard(username.casefold())
        self._run_store(lambda: self._desk.forget(username), self._on_changed)

    # --- the test

    def _try(self, targets: tuple[Target, ...]) -> None:
        self._take_typed()
        username, method = self._username, self.method.method

        def job(token: CancelToken, tell: Tell) -> str:
            credential = self._desk.credential(username, method)
            if credential is None:
                return "sign-in.test.password-gone"
            try_account(targets, lambda target, token: self._desk.test_sign_in(target, credential, token), token, tell)
            return ""

        self.trial.begin(targets)
        self._asking.start(job, "sign-in-test")
        self._on_changed()

    def _on_told(self, event: object) -> None:
        self.trial.hear(event)
        self.changed.emit()

    def _on_tried(self, outcome: Outcome) -> None:
        if isinstance(outcome.error, OauthcertError):
            self.trial.end(self._desk.catalogue.error(outcome.error))
        else:
            self.trial.end(self._desk.phrase(str(outcome.value)) if outcome.value else "")
        self._on_changed()
        if outcome.error is not None and not isinstance(outcome.error, OauthcertError):
            raise outcome.error
