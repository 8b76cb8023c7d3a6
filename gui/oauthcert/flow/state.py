"""What the wizard knows so far. A value: a page makes the next one from the last. No password is ever in it."""

from dataclasses import dataclass, replace

from oauthcert.flow.steps import Goal
from oauthcert.model.case import Case
from oauthcert.model.secret import SignInMethod
from oauthcert.model.target import Target


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in and how. `ready` is True when a password is at hand (stored, or typed and kept in memory only)."""

    username: str = ""
    method: SignInMethod = SignInMethod.NTLM
    remember: bool = False
    ready: bool = False


@dataclass(frozen=True, slots=True)
class WizardState:
    """`scenario` is the practice scenario, `case` the last look or the opened case; `case_file` where it was saved, if it was."""

    goal: Goal = Goal.TROUBLESHOOT
    scenario: str | None = None
    targets: tuple[Target, ...] = ()
    account: Account = Account()
    case: Case | None = None
    case_file: str | None = None
    looking: bool = False

    def with_targets(self, targets: tuple[Target, ...]) -> "WizardState":
        """Other servers make an earlier look obsolete; the same ones keep it."""
        return self if targets == self.targets else replace(self, targets=targets, case=None, case_file=None)
