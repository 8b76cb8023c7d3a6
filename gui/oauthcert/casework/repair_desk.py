"""The half of the window's use cases that changes servers: plans, repairs, what was interrupted, first deployments."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from oauthcert.casework.desk_parts import DeskParts, RunningLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError
from oauthcert.model.secret import Credential

if TYPE_CHECKING:
    from oauthcert.casework.deployment import Deployments
    from oauthcert.casework.events import Event, RepairEvent
    from oauthcert.casework.previewing import Previewed
    from oauthcert.casework.repair_parts import Given, Person, RepairParts
    from oauthcert.casework.resuming import How, Resumed
    from oauthcert.casework.step_script import StepScript
    from oauthcert.fixes.recovery import Story
    from oauthcert.model.plan import Ask, Plan, Step
    from oauthcert.model.repair import Repair


class UnfinishedRepair(UsageError):
    """A repair of one of these servers was interrupted, and has to be looked into before another. Facts: `when`."""

    words = "unfinished-repair"


class RepairDesk:
    """What each method does and how long it may take stands in `ui.desk.Desk`; imports wait until something is repaired."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._settings = parts.settings
        self._lab: RunningLab | None = None
        self._deployments: Deployments | None = None

    def plan(self, case: Case, wanted: Sequence[str], answers: "Mapping[str, Given]") -> "Plan":
        from oauthcert.casework.planning import plan_of

        return plan_of(case, wanted, answers, self._parts.now())

    def runs(self, step: "Step") -> "StepScript | None":
        from oauthcert.casework.step_script import script_of

        return script_of(step.action) if step.action is not None else None

    def wrong_answer(self, ask: "Ask", given: "Given", answers: "Mapping[str, Given]") -> str:
        from oauthcert.casework.planning import wrong_answer

        error = wrong_answer(ask, given, answers, self._parts.now())
        return "" if error is None else self._parts.catalogue.error(error)

    def repair(
        self,
        case: Case,
        plan: "Plan",
        answers: "Mapping[str, Given]",
        credential: Credential,
        person: "Person",
        token: CancelToken,
        tell: "Callable[[Event | RepairEvent], None]",
    ) -> "Repair":
        from oauthcert.casework.repair import repair

        self._refuse_after_interrupted(case)
        # The window starts a repair only when every level it needs was agreed to.
        return repair(case, plan, self._repair_parts(credential, person), answers, consent=plan.consent, token=token, tell=tell)

    def preview(
        self,
        case: Case,
        plan: "Plan",
        answers: "Mapping[str, Given]",
        credential: Credential,
        token: CancelToken,
        tell: "Callable[[Event | RepairEvent], None]",
    ) -> "tuple[Previewed, ...]":
        from oauthcert.casework.previewing import preview
        from oauthcert.casework.repair_parts import Nobody

        return preview(case, plan, self._repair_parts(credential, Nobody()), answers, token=token, tell=tell)

    def undo(self, repair: "Repair", credential: Credential, token: CancelToken, tell: "Callable[[Event | RepairEvent], None]") -> "Repair":
        from oauthcert.casework.repair_parts import Nobody
        from oauthcert.casework.resuming import undo

        return undo(repair, self._repair_parts(credential, Nobody()), token=token, tell=tell)

    def _repair_parts(self, credential: Credential | None, person: "Person") -> "RepairParts":
        from oauthcert.casework.repair_parts import RepairParts

        if self._parts.journal_dir is None:
            raise UsageError("a repair needs a place for its journal")
        return RepairParts(
            gateway=self._parts.gateway,
            credential=lambda _target: credential,
            journal_dir=self._parts.journal_dir,
            now=self._parts.now,
            person=person,
            limits=self._settings.limits,
            thresholds=self._settings.thresholds,
            hide=self._parts.hide,
        )

    @property
    def deployments(self) -> "Deployments":
        """First deployments that were begun."""
        if self._deployments is None:
            from oauthcert.casework.deployment import Deployments

            self._deployments = Deployments(self._parts.deployments_file, self._parts.now, self.repair)
        return self._deployments

    def _refuse_after_interrupted(self, case: Case) -> None:
        """A practice lab is gone when its program is: what was interrupted there stands in nobody's way."""
        names = {target.name for target in case.targets}
        for story in self.interrupted():
            header = story.record.header
            if not header.source.startswith("practice:") and names & {target.name for target in header.targets}:
                raise UnfinishedRepair(f"{story.run} was interrupted", when=header.when.isoformat())

    def interrupted(self) -> "tuple[Story, ...]":
        if self._parts.journal_dir is None or not self._parts.journal_dir.is_dir():
            return ()
        from oauthcert.fixes.recovery import unfinished

        return unfinished(self._parts.journal_dir)

    def resume(
        self, run: str, how: "How", credential: Credential | None, token: CancelToken, tell: "Callable[[Event | RepairEvent], None]"
    ) -> "Resumed":
        from oauthcert.casework.repair_parts import Nobody
        from oauthcert.casework.resuming import resume

        return resume(run, how, self._repair_parts(credential, Nobody()), token=token, tell=tell)

    def by_hand(self, step: "Step") -> bool:
        if self._lab is None:
            return False
        self._lab.by_hand(step.fix, step.server)
        return True

    def lab_answer(self, request: str) -> bytes | None:
        return self._lab.answer_request(request) if self._lab is not None else None

    def calendar(self, case: Case) -> str:
        from oauthcert.report.ics import render_ics

        return render_ics(case, self._parts.catalogue)
