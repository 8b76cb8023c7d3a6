"""Runs one step on one server: written down first, asked once, its answer read strictly, and looked after when it was lost."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oauthcert.collect.refusals import not_seen
from oauthcert.fixes.arguments import secrets_in, secrets_of
from oauthcert.fixes.discretion import discreet
from oauthcert.fixes.journal import Journal
from oauthcert.fixes.plan_values import moment
from oauthcert.fixes.script_text import library
from oauthcert.fixes.told import Threw, Told, UnreadableTold, read_told
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled, RemoteError
from oauthcert.model.evidence import Answer, Fault
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Action
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.remote.port import Connection
from oauthcert.remote.wire import HELLO, Question

log = logging.getLogger(__name__)

MARGIN_SECONDS = 30.0  # for the round around the function: signing in, starting PowerShell, loading the module
PAUSES = (1.0, 3.0)  # seconds before each further try to find out what became of a change
_ANSWER = "fix"

_OUTCOMES = {"changed": Outcome.CHANGED, "already": Outcome.ALREADY, "refused": Outcome.REFUSED}
_NOTHING_HEARD = frozenset({"answer-lost", "answer-unreadable", "unexpected", "interrupted"})
_LEAVES_NO_TRACE = frozenset({"Invoke-ConfigurationReplication", "Import-LocalConfiguration", "New-OAuthSigningRequest", "Sync-ServerTime"})
"""Functions whose preview never says "already": they may be run any number of times, and nothing tells afterwards whether they were."""
_WRONG_INPUT = ("CryptographicException", "FormatException")
_WRONG_INPUT_REASONS = frozenset({"wrong-password", "wrong-certificate", "no-private-key", "damaged"})
_KEPT_REASONS = frozenset({"access-denied", "second-hop", "cmdlet-missing", "probe-deadline"})


@dataclass(frozen=True, slots=True)
class Call:
    """One function to run for a step. `secret` names the fields of its answer that nothing may show. `changes` is False for a mere look.

    `look_first`: the way back needs what was there before, so that is looked at and written down before anything is changed.
    `blank`: only for a look; nothing stands in the place of secrets. Since a function looks before it reads what it was given, whatever it
    then finds wrong with that still tells that the state is not the wanted one.
    """

    step: str
    server: str
    action: Action
    secret: frozenset[str] = frozenset()
    undo: bool = False
    changes: bool = True
    look_first: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended. `secrets` are the secret fields of what it left behind."""

    result: StepResult
    secrets: Mapping[str, object]


class _NotNeeded(Exception):
    """The look before a change has ended the step."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.result.outcome.value)
        self.ended = ended


class Engine:
    """Steps of one run. Each server's connection is used by one thread at a time; `connection` gives the same one until it is asked anew.

    `sleep` waits between looks, given the seconds.
    """

    def __init__(
        self,
        connection: Callable[[str], Connection],
        now: Callable[[], datetime],
        sleep: Callable[[float], object],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._pauses = tuple(pauses)
        self._connection = connection
        self._now = now
        self._sleep = sleep
        self._sent: dict[str, float] = {}

    def preview(self, call: Call, token: CancelToken) -> Told:
        """What the change would do, without it. Raises RemoteError, Cancelled, Threw, UnreadableTold."""
        arguments = {**call.action.arguments, "Preview": True}
        return self._ask(call, arguments, token, once=False)

    def run(self, call: Call, journal: Journal) -> Ended:
        """Makes the change. Never interrupted between `intend` and what came of it. Raises JournalNotWritten before anything was done."""
        started = self._now()
        try:
            before = self._before(call) if call.look_first else {}
        except _NotNeeded as ended_early:
            return replace(ended_early.ended, result=discreet(ended_early.ended.result, tuple(secrets_of(call.action))))
        journal.intend(call.step, call.server, call.action, started, before, undo=call.undo)
        self._sent[call.step] = time.monotonic()
        try:
            ended = self._change(call, started)
            if before and ended.result.outcome is Outcome.CHANGED and not ended.result.before:
                ended = replace(ended, result=replace(ended.result, before=before))
        except Exception as error:
            # a bug must not lose a change: what became of it is not known
            log.exception("the step %s broke", call.step)
            ended = self._ended(call, started, Outcome.UNCERTAIN, "unexpected", {"type": type(error).__name__})
        return replace(ended, result=discreet(ended.result, (*secrets_of(call.action), *secrets_in(ended.secrets))))

    def _before(self, call: Call) -> Mapping[str, Fact]:
        """What is there now. Raises _NotNeeded when nothing has to be changed, or nothing can be."""
        started = self._now()
        try:
            told = self.preview(call, CancelToken())
        except UnreadableTold as error:
            raise _NotNeeded(self._ended(call, started, Outcome.FAILED, "answer-unreadable", {"what": str(error)})) from error
        except Threw as error:
            raise _NotNeeded(self._ended(call, started, Outcome.FAILED, *reason_of(error.fault, call.action.function))) from error
        except RemoteError as error:
            raise _NotNeeded(self._ended(call, started, Outcome.FAILED, error.reason, dict(error.facts))) from error
        if told.outcome == "changed":  # it was told not to: what it did nobody knows
            raise _NotNeeded(self._ended(call, started, Outcome.UNCERTAIN, "answer-unreadable", {"what": "outcome"}))
        if told.outcome in _OUTCOMES:
            raise _NotNeeded(self._from_told(call, started, _OUTCOMES[told.outcome], told))
        return told.before

    def _change(self, call: Call, started: datetime) -> Ended:
        arguments = {**call.action.arguments, "Preview": False} if call.changes else dict(call.action.arguments)
        try:
            told = self._ask(call, arguments, CancelToken(), once=True)
        except UnreadableTold as error:
            return self._unclear(call, started, "answer-unreadable", {"what": str(error)})
        except Threw as error:
            return self._unclear(call, started, *reason_of(error.fault, call.action.function))
        except RemoteError as error:
            facts: dict[str, Fact] = dict(error.facts)
            if error.reason != "answer-lost":
                return self._ended(call, started, Outcome.FAILED, error.reason, facts)
            return self._unclear(call, started, error.reason, facts)
        if told.outcome == "preview":
            return self._unclear(call, started, "answer-unreadable", {"what": "outcome"})
        return self._from_told(call, started, _OUTCOMES[told.outcome], told)

    def _unclear(self, call: Call, started: datetime, reason: str, facts: Mapping[str, Fact]) -> Ended:
        """Nothing was heard, or an error. Whether the change was made is looked at where that can be; a mere look has failed."""
        if not call.changes:
            return self._ended(call, started, Outcome.FAILED, reason, facts)
        return self.settle(call, started, reason, facts)

    def settle(
        self,
        call: Call,
        started: datetime,
        reason: str,
        facts: Mapping[str, Fact],
        token: CancelToken | None = None,
        *,
        unwatched: bool = False,
    ) -> Ended:
        """Looks whether the change of `call`, begun at `started`, was made: CHANGED, FAILED, or still UNCERTAIN, for `reason`.

        `unwatched`: it was begun by a program that is gone, so until its time is up it may still run.
        """
        try:
            told = self._look(call, started, token or CancelToken())
        except Cancelled:
            told = None
        if told is None:
            return self._ended(call, started, Outcome.UNCERTAIN, reason, facts)
        if told.outcome == "already":
            return self._from_told(call, started, Outcome.CHANGED, replace(told, before={}, after=told.after or told.before))
        if told.outcome == "preview":
            until = started + timedelta(seconds=call.action.seconds + MARGIN_SECONDS)
            if unwatched and self._now() < until:
                return self._ended(call, started, Outcome.UNCERTAIN, "may-still-run", {"until": moment(until)})
            if reason in _NOTHING_HEARD and call.action.function in _LEAVES_NO_TRACE:
                return self._ended(call, started, Outcome.UNCERTAIN, "leaves-no-trace", {**facts, "cause": reason}, told.before)
            if reason in _NOTHING_HEARD:
                reason, facts = "not-made", {**facts, "cause": reason}
            return self._ended(call, started, Outcome.FAILED, reason, facts, told.before)
        return self._ended(call, started, Outcome.UNCERTAIN, reason, {**facts, "seen": told.reason}, told.before)

    def _look(self, call: Call, started: datetime, token: CancelToken) -> Told | None:
        """The preview that shows whether a change was made; None when it cannot be had.

        "Not made" counts only when nothing can be running there any more: the lost round is known to have ended, or its time is up.
        """
        for pause in (0.0, *self._pauses):
            if pause:
                self._sleep(pause)
            try:
                told = self.preview(call, token)
            except RemoteError:
                log.info("whether %s was made cannot be seen yet", call.step)
                continue
            except Threw as error:
                return Told("preview") if call.blank and error.fault.type.endswith(_WRONG_INPUT) else None
            except UnreadableTold:
                return None
            if call.blank and told.reason in _WRONG_INPUT_REASONS:
                told = replace(told, outcome="preview")
            if told.outcome == "already" or not self._may_still_run(call, started):
                return told
        return None

    def _may_still_run(self, call: Call, started: datetime) -> bool:
        if not self._connection(call.server).left_running:
            return False
        passed = (self._now() - started).total_seconds()
        if call.step in self._sent:  # a clock that was set forward meanwhile ends nothing on the server
            passed = min(passed, time.monotonic() - self._sent[call.step])
        return passed < call.action.seconds + MARGIN_SECONDS

    def _ask(self, call: Call, arguments: Mapping[str, object], token: CancelToken, *, once: bool) -> Told:
        question = Question(_ANSWER, call.action.function, call.action.seconds, arguments)
        answers: list[Answer] = []
        try:
            self._connection(call.server).ask(
                [question],
                library(call.action.scripts),
                deadline_seconds=call.action.seconds + MARGIN_SECONDS,
                token=token,
                on_answer=lambda answer: answers.append(answer) if answer.probe != HELLO else None,
                once=once,
            )
        except RemoteError:
            if not answers:
                raise
            # all that was asked has been answered; what broke afterwards says nothing about it
        if [one.probe for one in answers] != [_ANSWER]:
            raise UnreadableTold("no answer" if not answers else "not one answer")
        return read_told(answers[0], call.secret)

    def _from_told(self, call: Call, started: datetime, outcome: Outcome, told: Told) -> Ended:
        result = StepResult(call.step, outcome, started, self._now(), told.reason, {}, told.before, told.after, told.notes)
        if call.undo and outcome.good:
            result = replace(result, outcome=Outcome.UNDONE)
        if outcome is Outcome.REFUSED:
            result = replace(result, facts={**told.before, **told.after})
        return Ended(result, told.secrets)

    def _ended(
        self,
        call: Call,
        started: datetime,
        outcome: Outcome,
        reason: str,
        facts: Mapping[str, Fact],
        before: Mapping[str, Fact] | None = None,
    ) -> Ended:
        return Ended(StepResult(call.step, outcome, started, self._now(), reason, facts, before or {}), {})


def reason_of(fault: Fault, function: str) -> tuple[str, Mapping[str, Fact]]:
    """Why a function threw, as a reason with words and its facts."""
    # "replication": for a repair as for that look, a database that cannot be reached is a lost second hop
    seen = not_seen(fault, "replication", function)
    facts: dict[str, Fact] = {**seen.facts, "function": function}
    return (seen.reason if seen.reason in _KEPT_REASONS else "step-threw"), facts
