"""Asks the servers what each step of a plan would do, without doing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from oauthcert.casework.events import StepStarted
from oauthcert.casework.repair import kept_connections
from oauthcert.casework.repair_parts import Given, RepairParts, Tell
from oauthcert.casework.telling import Telling
from oauthcert.fixes.arguments import Known, NotKnown, filled, secret_fields, secrets_of
from oauthcert.fixes.discretion import Discretion
from oauthcert.fixes.engine import Call, Engine, reason_of
from oauthcert.fixes.refused import RefusedAlways, refuse
from oauthcert.fixes.told import Threw, Told, UnreadableTold
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError, RemoteError
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Consent, Manner, Plan, Step


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a step would do. `outcome`: `preview` (it would change something), `already`, `refused`, `failed`, or `later` when it cannot be
    told before earlier steps have run, or nothing is changed by it."""

    step: str
    outcome: str
    reason: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    before: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def preview(
    case: Case, plan: Plan, parts: RepairParts, answers: Mapping[str, Given] | None = None, *, token: CancelToken, tell: Tell
) -> tuple[Previewed, ...]:
    """One for each step, in order. Changes nothing, writes no journal; never raises for what servers do. A cancel leaves out the rest."""
    telling = Telling(tell)
    known = Known(dict(answers or {}))
    told: list[Previewed] = []
    with kept_connections(case, parts) as connections:
        engine = Engine(connections.of, parts.now, token.wait, parts.look_pauses)
        for step in plan.steps:
            if token.cancelled:
                break
            telling(StepStarted(step.id))
            told.append(_previewed(step, plan, parts, known, engine, token))
    return tuple(told)


def _previewed(step: Step, plan: Plan, parts: RepairParts, known: Known, engine: Engine, token: CancelToken) -> Previewed:
    if step.action is None or step.manner is not Manner.DOES or step.consent is Consent.LOOK:
        return Previewed(step.id, "later")
    try:
        action = filled(step.action, known, plan.asks)
        refuse([], action)
    except NotKnown:
        return Previewed(step.id, "later")
    except RefusedAlways as error:
        return Previewed(step.id, "refused", error.words, dict(error.facts))
    secrets = tuple(secrets_of(action))
    for secret in secrets:
        parts.hide(secret)
    made = _asked(step, Call(step.id, step.server, action, secret_fields(plan, step.id, action)), engine, token)
    by = Discretion(secrets)
    return replace(made, facts=by.facts(made.facts), before=by.facts(made.before), notes=by.texts(made.notes))


def _asked(step: Step, call: Call, engine: Engine, token: CancelToken) -> Previewed:
    try:
        told = engine.preview(call, token)
    except Threw as error:
        return Previewed(step.id, "failed", *reason_of(error.fault, call.action.function))
    except UnreadableTold as error:
        return Previewed(step.id, "failed", "answer-unreadable", {"what": str(error)})
    except RemoteError as error:
        return Previewed(step.id, "failed", error.reason, dict(error.facts))
    except OauthcertError as error:
        return Previewed(step.id, "failed", error.words, dict(error.facts))
    return _of(step, told)


def _of(step: Step, told: Told) -> Previewed:
    outcome = "failed" if told.outcome == "changed" else told.outcome  # it was told not to
    reason = "answer-unreadable" if told.outcome == "changed" else told.reason
    return Previewed(step.id, outcome, reason, {**told.before, **told.after} if told.outcome == "refused" else {}, told.before, told.notes)
