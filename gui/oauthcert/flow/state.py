"""What the wizard knows so far. A value: a page makes the next one from the last. No password is ever in it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oauthcert.flow.steps import Goal
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.model.secret import SignInMethod
from oauthcert.model.target import Target, by_name_only

if TYPE_CHECKING:
    from oauthcert.model.repair import Repair


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in and how. `ready` is True when a password is at hand (stored, or typed and kept in memory only)."""

    username: str = ""
    method: SignInMethod = SignInMethod.NTLM
    remember: bool = False
    ready: bool = False


@dataclass(frozen=True, slots=True)
class WizardState:
    """`scenario` is the practice scenario, `case` the last look or the opened case; `case_file` where it was saved, if it was.

    `repair` is what was last changed; `case` is then the look after it. `looking`, `repairing`: servers are being asked, or changed.
    """

    goal: Goal = Goal.TROUBLESHOOT
    scenario: str | None = None
    targets: tuple[Target, ...] = ()
    account: Account = Account()
    case: Case | None = None
    case_file: str | None = None
    repair: "Repair | None" = None
    looking: bool = False
    repairing: bool = False

    def with_goal(self, goal: Goal) -> "WizardState":
        """What the operator sets out to do. A case from a file was seen by somebody else at some time: nothing is repaired by it, and
        where and by which certificate it says servers are reached counts for nothing; of it the names remain, to be looked at anew."""
        if goal is self.goal:
            return self
        if self.goal is not Goal.OPEN:
            return replace(self, goal=goal)
        return replace(self, goal=goal, targets=tuple(map(by_name_only, self.targets)), case=None, case_file=None, repair=None)

    def with_targets(self, targets: tuple[Target, ...]) -> "WizardState":
        """Other servers make an earlier look obsolete; the same ones keep it."""
        return self if targets == self.targets else replace(self, targets=targets, case=None, case_file=None, repair=None)

    def with_look(self, case: Case) -> "WizardState":
        """A new look; what was repaired before it is history."""
        return self if case is self.case else replace(self, case=case, case_file=None, repair=None)

    def with_repair(self, repair: "Repair") -> "WizardState":
        """What was changed; the look after it, where there was one, is what is known now. Either way the case says what was done."""
        from oauthcert.model.repair_record import case_left_by

        return replace(self, repair=repair, case=case_left_by(repair), case_file=None)

    @property
    def busy(self) -> bool:
        return self.looking or self.repairing

    @property
    def plannable(self) -> bool:
        """Whether there is something to plan: a repair, or a renewal, for which nothing has to be wrong."""
        return self.repairable or (self.goal is Goal.RENEW and self.case is not None)

    @property
    def repairable(self) -> bool:
        """Whether a failure or a warning has a repair on offer."""
        wrong = (Verdict.FAIL, Verdict.WARN)
        return self.case is not None and any(finding.verdict in wrong and finding.fixes for finding in self.case.findings)
