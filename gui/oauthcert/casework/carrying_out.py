"""Carries the steps of one run out, each in its manner, and keeps what became of them."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock

from oauthcert.casework.connections import KeptConnections
from oauthcert.casework.events import StepEnded, StepSaid, StepStarted
from oauthcert.casework.looking_again import Sight
from oauthcert.casework.repair_parts import Given, RepairParts
from oauthcert.casework.standing_by import by_person, waited
from oauthcert.casework.step_order import batches, lost_ground
from oauthcert.casework.telling import Telling
from oauthcert.fixes.arguments import Known, NotKnown, asks_of, filled, looks_before, secret_fields, secrets_of
from oauthcert.fixes.engine import Call, Engine
from oauthcert.fixes.journal import Journal, JournalNotWritten
from oauthcert.fixes.recovery import own_scripts
from oauthcert.fixes.refused import RefusedAlways, refuse
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Action, AskKind, Consent, Manner, Plan, Step
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from oauthcert.remote.pool import run_all

log = logging.getLogger(__name__)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TRUSTS = "trust-server-tls"
_SETS_CLOCK = "Sync-ServerTime"
_SET_CLOCK_BY_HAND = frozenset({"sync-time-by-hand", "stop-hypervisor-clock"})


class Run:
    """One run of one plan. `journal_lost` is set when it could not be written any more: then nothing else is begun."""

    def __init__(
        self,
        plan: Plan,
        parts: RepairParts,
        journal: Journal,
        sight: Sight,
        connections: KeptConnections,
        tell: Telling,
        token: CancelToken,
    ) -> None:
        self._plan = plan
        self._parts = parts
        self._journal = journal
        self._sight = sight
        self._tell = tell
        self._token = token
        self._pause = CancelToken()
        self._connections = connections
        self._engine = Engine(connections.of, parts.now, self._pause.wait, parts.look_pauses)
        self._known = Known()
        self._sent: list[Action] = []
        self._results: dict[str, StepResult] = {}
        self._lock = Lock()
        self.journal_lost: JournalNotWritten | None = None

    @property
    def results(self) -> tuple[StepResult, ...]:
        """In the order of the plan; steps that were not begun have none."""
        with self._lock:
            return tuple(self._results[step.id] for step in self._plan.steps if step.id in self._results)

    @property
    def uncertain(self) -> tuple[Step, ...]:
        """Steps that were begun and of which nobody knows what became."""
        unknown = {result.step for result in self.results if result.outcome is Outcome.UNCERTAIN}
        return tuple(step for step in self._plan.steps if step.id in unknown)

    def carry_out(self, answers: Mapping[str, Given]) -> None:
        """Every step in its turn, until the end, a cancel, or a journal that cannot be written."""
        self._known.answers.update(answers)
        for given in answers.values():
            if isinstance(given, Secret):
                self._parts.hide(given)
        for batch in batches(self._plan):
            if self._stopped:
                return
            run_all([partial(self._lane, lane) for lane in batch.lanes], self._parts.lanes, self._token)

    @property
    def _stopped(self) -> bool:
        return self._token.cancelled or self.journal_lost is not None

    def _lane(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            if self._stopped:
                return
            self._tell(StepStarted(step.id))
            try:
                result = self._survived(step)
                if result is None:
                    return  # stopped before it was begun
                self._journal.ended(result)
            except JournalNotWritten as error:
                result = self._unwritten(step, error)
            self._keep(result)

    def _keep(self, result: StepResult) -> None:
        with self._lock:
            self._results[result.step] = result
        for note in result.notes:
            self._tell(StepSaid(result.step, note))
        self._tell(StepEnded(result))

    def _unwritten(self, step: Step, error: JournalNotWritten) -> StepResult:
        """What was not begun has failed; of what was done the result still counts, though the journal lacks it."""
        log.error("the journal cannot be written: %s", error)
        self.journal_lost = error
        with self._lock:
            made = self._results.get(step.id)
        now = self._parts.now()
        if made is None:
            return StepResult(step.id, Outcome.FAILED, now, now, error.words, dict(error.facts))
        return replace(made, reason=error.words, facts=dict(error.facts))

    def _survived(self, step: Step) -> StepResult | None:
        """A bug must not end a lane without a word; what a change came to is kept by the engine."""
        begun = self._parts.now()
        try:
            return self._one(step)
        except JournalNotWritten:
            raise
        except Exception as error:
            log.exception("the step %s broke", step.id)
            return StepResult(step.id, Outcome.FAILED, begun, self._parts.now(), "unexpected", {"type": type(error).__name__})

    def _one(self, step: Step) -> StepResult | None:
        with self._lock:
            ground = lost_ground(step, self._plan, self._results)
        if ground:
            return self._skipped(step, "earlier-step-failed", {"earlier": ground})
        match step.manner:
            case Manner.WAITS:
                return waited(step, self._sight, self._parts, self._tell, self._token)
            case Manner.GUIDES:
                return by_person(step, self._sight, self._parts, self._tell, self._token, partial(self._noted, step))
        return self._done(step)

    def _noted(self, step: Step) -> None:
        """What a person has done may mean for the way to the server."""
        if step.fix in _SET_CLOCK_BY_HAND:
            self._connections.renew(step.server)
        elif step.fix == _TRUSTS and (shown := _shown_certificate(step)):
            # the person has compared this fingerprint on the server; another certificate is still refused
            self._sight.believe(step.server, shown)
            self._connections.renew(step.server, shown)

    def _done(self, step: Step) -> StepResult | None:
        if step.action is None:
            return self._skipped(step, "nothing-to-run", {})
        for ask in asks_of(step.action):
            if ask not in self._known.answers and not self._answered(ask):
                return None if self._token.cancelled else self._skipped(step, "not-answered", {"ask": ask})
        try:
            with self._lock:
                action = filled(step.action, self._known, self._plan.asks)
                refuse(self._sent, action)
                self._sent.append(action)
        except NotKnown as error:
            return self._skipped(step, "not-brought", {"earlier": error.what})
        except RefusedAlways as error:
            now = self._parts.now()
            return StepResult(step.id, Outcome.REFUSED, now, now, error.words, dict(error.facts))
        return self._made(step, action)

    def _made(self, step: Step, action: Action) -> StepResult:
        for secret in secrets_of(action):
            self._parts.hide(secret)
        call = Call(
            step=step.id,
            server=step.server,
            action=action,
            secret=secret_fields(self._plan, step.id, action),
            changes=step.consent is not Consent.LOOK,
            look_first=looks_before(step.undo, step.id),
        )
        try:
            ended = self._engine.run(call, self._journal)
        except JournalNotWritten:
            raise
        except OauthcertError as error:  # the server is not among those that were looked at
            now = self._parts.now()
            return StepResult(step.id, Outcome.FAILED, now, now, error.words, dict(error.facts))
        result = ended.result
        if action.function == _SETS_CLOCK:
            # what was heard of its clock before must not be told as a jump that somebody else made
            self._connections.renew(step.server)
        with self._lock:
            self._known.before[step.id] = dict(result.before)
            self._known.after[step.id] = {**result.after, **ended.secrets}
            # kept before the journal is written: if that fails, what was done is still told
            self._results[step.id] = result
        return result

    def _answered(self, ask_id: str) -> bool:
        """Asks the person. An optional question may stay open: then its default counts."""
        ask = next((one for one in self._plan.asks if one.id == ask_id), None)
        if ask is None:
            return False
        given = self._parts.person.answer(ask, self._token)
        if given is None and not ask.required and ask.kind not in (AskKind.FILE, AskKind.SECRET):
            given = ask.default
        if given is None:
            return False
        if isinstance(given, Secret):
            self._parts.hide(given)
        with self._lock:
            self._known.answers[ask_id] = given
        return True

    def _skipped(self, step: Step, reason: str, facts: Mapping[str, Fact]) -> StepResult:
        now: datetime = self._parts.now()
        return StepResult(step.id, Outcome.SKIPPED, now, now, reason, facts)

    def undo_steps(self, results: Mapping[str, StepResult], known: Known) -> None:
        """Takes these back, newest first: the changed ones that have a way back."""
        self._known = known
        for step in reversed(self._plan.steps):
            if self._stopped:
                return
            result = results.get(step.id)
            if step.undo is None or result is None or result.outcome is not Outcome.CHANGED:
                continue
            self._tell(StepStarted(step.id))
            try:
                undone = self._taken_back(step)
                self._journal.ended(undone, undo=True)
            except JournalNotWritten as error:
                undone = self._unwritten(step, error)
            self._keep(undone)

    def _taken_back(self, step: Step) -> StepResult:
        if step.undo is None:
            raise AssertionError("nothing to undo")
        try:
            written = own_scripts(step.undo) or step.undo  # it may come from a journal
            action = filled(written, self._known, self._plan.asks)
            refuse([], action)
        except NotKnown:
            return self._skipped(step, "undo-not-known", {})
        except RefusedAlways as error:
            return replace(self._skipped(step, error.words, dict(error.facts)), outcome=Outcome.REFUSED)
        result = self._engine.run(Call(step.id, step.server, action, undo=True), self._journal).result
        with self._lock:
            self._results[step.id] = result
        return result


def _shown_certificate(step: Step) -> str:
    """The SHA-256 that the server showed when it was looked at; empty where none was seen."""
    shown = step.facts.get("sha256")
    return shown if isinstance(shown, str) and _SHA256.fullmatch(shown) else ""
