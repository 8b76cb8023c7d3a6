"""First deployments that were begun: what to do next, repairs that remember what they did, and going on after a restart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from oauthcert.casework.person import Given
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target

# The first page asks what was begun: what leads a deployment is loaded when one is led.
if TYPE_CHECKING:
    from oauthcert.casework.person import Person
    from oauthcert.casework.repair_parts import Tell
    from oauthcert.fixes.deployment import Guidance
    from oauthcert.fixes.deployment_moves import Move
    from oauthcert.fixes.deployment_record import Deployment
    from oauthcert.fixes.situation import Situation
    from oauthcert.model.plan import Plan
    from oauthcert.model.repair import Repair, StepResult

Carry = Callable[[Case, "Plan", Mapping[str, Given], Credential, "Person", CancelToken, "Tell"], "Repair"]
"""Carries a plan out, as `WindowDesk.repair` does."""
_NO_ANSWERS: Mapping[str, Given] = {}


class Deployments:
    """May be called from several threads. Practice is remembered while the program runs; real deployments stand in `file`, None: nowhere.

    Everything that changes what is remembered may raise FileNotWritten, everything that reads it DeploymentsUnreadable.
    """

    def __init__(self, file: Path | None, now: Callable[[], datetime], carry: Carry) -> None:
        self._file, self._now, self._carry = file, now, carry
        self._practised: tuple[Deployment, ...] = ()
        self._lock = RLock()

    # --- what is remembered

    def begun(self) -> "tuple[Deployment, ...]":
        """Real deployments that are not ready, newest first. Reads one small file."""
        if self._file is None or _is_certainly_missing(self._file):
            return ()
        from oauthcert.casework.deployment_file import read_deployments

        return read_deployments(self._file)

    def known(self, case: Case) -> "Deployment":
        """What is remembered of the deployment to which the servers of this case belong."""
        from oauthcert.fixes.deployment_record import Deployment

        with self._lock:
            found = next((one for one in self._all(case.source) if one.shares(case.targets, case.source)), None)
        return found or Deployment(self._now(), case.targets, source=case.source)

    def forget(self, deployment: "Deployment") -> None:
        """The whole of it: its servers, its account, and that something was requested."""
        with self._lock:
            self._write(deployment.source, [one for one in self._all(deployment.source) if not _same(one, deployment)])

    def allow_another_request(self, case: Case) -> None:
        """The operator has looked: what was begun never became a request, or has been withdrawn. What the servers show still counts."""
        with self._lock:
            self._keep(replace(self.known(case), request=None, assigned=None))

    def has_finished(self, case: Case, servers: Sequence[str]) -> None:
        """The operator says that Step 3 is finished on these."""
        with self._lock:
            self._keep(self.known(case).with_finished(servers))

    # --- leading

    def guide(self, case: Case, account: str = "", method: str = "") -> "Guidance":
        """What to do next, judged from the case and what is remembered; a deployment is remembered from then on until it is ready.

        Takes up to a second for many servers.
        """
        from oauthcert.fixes.deployment import guidance

        known = self.known(case)
        found = guidance(self._situation(case, _NO_ANSWERS), known)
        with self._lock:
            known = self.known(case)
            if found.ready:
                self.forget(known)
            else:
                targets = _joined(case.targets, known.targets)
                self._keep(replace(known, targets=targets, account=account or known.account, method=method or known.method))
        return found

    def plan(self, case: Case, move: "Move", answers: Mapping[str, Given]) -> "Plan":
        """What to run for a move. Raises UsageError, SecondRequest among them."""
        from oauthcert.casework.planning import plan_of
        from oauthcert.fixes.deployment import allowed

        given: dict[str, Given] = dict(answers)
        if move.id == "finish-request":
            given["request-oauth.way"] = "offline"
        made = plan_of(case, move.wanted, given, self._now())
        return allowed(made, move, self._situation(case, given), self.known(case))

    def carry_out(
        self,
        case: Case,
        plan: "Plan",
        answers: Mapping[str, Given],
        credential: Credential,
        person: "Person",
        token: CancelToken,
        tell: "Tell",
    ) -> "Repair":
        """As `WindowDesk.repair`, and everything is remembered before and as it happens. Raises SecondRequest before anything is sent."""
        from oauthcert.casework.events import StepEnded
        from oauthcert.fixes.deployment import refuse_second
        from oauthcert.fixes.deployment_request import refusal, requests

        asking = requests(plan)
        with self._lock:
            known = self.known(case)
            refuse_second(plan, refusal(self._situation(case, answers), known))
            if asking:
                self._keep(known.requesting(asking[0], self._now()))
        lost: list[OauthcertError] = []

        def hear(event: object) -> None:
            if isinstance(event, StepEnded):
                self._note(case, plan, event.result, lost)
            tell(event)  # type: ignore[arg-type]

        try:
            repair = self._carry(case, plan, answers, credential, person, token, hear)
        except OauthcertError:
            self._withdraw(case, asked=bool(asking))  # raised before anything is done
            raise
        if asking and not any(result.step == asking[0].id for result in repair.results):
            self._withdraw(case, asked=True)
        if lost:
            raise lost[0]
        return repair

    def _note(self, case: Case, plan: "Plan", result: "StepResult", lost: list[OauthcertError]) -> None:
        step = plan.step(result.step)
        try:
            with self._lock:
                self._keep(self.known(case).with_result(step, result))
        except OauthcertError as error:
            # Told at the end: what runs is written down in the journal all the same. A request stays remembered as begun.
            lost.append(error)

    def _withdraw(self, case: Case, *, asked: bool) -> None:
        """It was never sent."""
        from oauthcert.fixes.deployment_record import RequestState

        with self._lock:
            known = self.known(case)
            if asked and known.request is not None and known.request.state is RequestState.BEGUN:
                self._keep(replace(known, request=None))

    def _situation(self, case: Case, answers: Mapping[str, Given]) -> "Situation":
        from oauthcert.casework.planning import evidence_in
        from oauthcert.fixes.situation import Situation

        return Situation.of(case, evidence_in(case), answers, self._now())

    # --- where it stands

    def _all(self, source: str) -> "tuple[Deployment, ...]":
        return self.begun() if _is_kept(source) and self._file is not None else self._practised

    def _keep(self, deployment: "Deployment") -> None:
        from oauthcert.casework.deployment_file import MOST

        rest = [one for one in self._all(deployment.source) if not _same(one, deployment)]
        self._write(deployment.source, [deployment, *rest][:MOST])

    def _write(self, source: str, deployments: "Sequence[Deployment]") -> None:
        if _is_kept(source) and self._file is not None:
            from oauthcert.casework.deployment_file import write_deployments

            if tuple(deployments) != self._all(source):
                write_deployments(self._file, deployments)
        else:
            self._practised = tuple(deployments)


def _is_certainly_missing(file: Path) -> bool:
    """Whatever else keeps a file from being looked at may hide a request that was begun; reading it says so."""
    try:
        file.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _is_kept(source: str) -> bool:
    """A practice deployment ends with its lab."""
    return not source.startswith("practice")


def _same(one: "Deployment", other: "Deployment") -> bool:
    return one.shares(other.targets, other.source)


def _joined(now: Sequence[Target], before: Sequence[Target]) -> tuple[Target, ...]:
    """The servers that are looked at now, as they are reached now; others of this deployment stay with it."""
    named = {target.name for target in now}
    return (*now, *(target for target in before if target.name not in named))
