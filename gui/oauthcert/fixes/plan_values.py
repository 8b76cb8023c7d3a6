"""Plans as plain JSON values and back. What is secret is written as a mark in its place, and nothing brings it back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from oauthcert.model.finding import Fact
from oauthcert.model.plan import Action, Ask, AskKind, Consent, FromAsk, FromStep, LeftOut, Manner, Plan, Step
from oauthcert.model.secret import Secret

MOST_STEPS = 20_000
_TAG = "$"
_E = TypeVar("_E", bound=StrEnum)


class Hidden:
    """Stands where a secret stood when the plan was written down."""

    def __repr__(self) -> str:
        return "•••"


HIDDEN = Hidden()


class NotAPlan(ValueError):
    """These values are no plan as `plan_as_json` makes it."""


def moment(when: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plan_as_json(plan: Plan) -> dict[str, Any]:
    return {
        "made": moment(plan.made),
        "consent": plan.consent.value,
        "steps": [_step(step) for step in plan.steps],
        "asks": [_ask(ask) for ask in plan.asks],
        "left_out": [{"finding": one.finding, "reason": one.reason, "facts": facts_as_json(one.facts)} for one in plan.left_out],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "fix": step.fix,
        "server": step.server,
        "manner": step.manner.value,
        "words": step.words,
        "consent": step.consent.value,
        "facts": facts_as_json(step.facts),
        "action": None if step.action is None else action_as_json(step.action),
        "undo": None if step.undo is None else action_as_json(step.undo),
        "needs": list(step.needs),
        "typical_seconds": step.typical_seconds,
        "longest_seconds": step.longest_seconds,
        "settles": list(step.settles),
        "wide": step.wide,
    }


def action_as_json(action: Action) -> dict[str, Any]:
    return {
        "function": action.function,
        "scripts": list(action.scripts),
        "arguments": {name: value_as_json(value) for name, value in action.arguments.items()},
        "seconds": action.seconds,
    }


def value_as_json(value: object) -> Any:
    """An argument. Raises ValueError for one that no question can carry."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Secret() | bytes() | Hidden():
            return {_TAG: "secret"}
        case FromStep():
            return {_TAG: "step", "step": value.step, "field": value.field, "secret": value.secret}
        case FromAsk():
            return {_TAG: "ask", "ask": value.ask}
        case list() | tuple():
            return [value_as_json(item) for item in value]
        case Mapping() if _TAG not in value:
            return {str(name): value_as_json(item) for name, item in value.items()}
    raise ValueError(f"an argument of type {type(value).__name__} cannot travel")


def facts_as_json(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "id": ask.id,
        "fix": ask.fix,
        "kind": ask.kind.value,
        "words": ask.words,
        "default": ask.default,
        "choices": list(ask.choices),
        "required": ask.required,
    }


def plan_from_json(value: object) -> Plan:
    """Raises NotAPlan. Where a secret stood there is HIDDEN."""
    fields = _mapping(value)
    return Plan(
        made=moment_from(fields.get("made")),
        steps=tuple(_read_step(one) for one in _list(fields.get("steps"))),
        asks=tuple(_read_ask(one) for one in _list(fields.get("asks"))),
        left_out=tuple(_read_left_out(one) for one in _list(fields.get("left_out"))),
    )


def _read_step(value: object) -> Step:
    fields = _mapping(value)
    return Step(
        id=_text(fields.get("id")),
        fix=_text(fields.get("fix")),
        server=_text(fields.get("server")),
        manner=_one_of(Manner, fields.get("manner")),
        words=_text(fields.get("words")),
        consent=_one_of(Consent, fields.get("consent")),
        facts=facts_from_json(fields.get("facts")),
        action=_maybe(fields.get("action"), _read_action),
        undo=_maybe(fields.get("undo"), _read_action),
        needs=_texts(fields.get("needs")),
        typical_seconds=_number(fields.get("typical_seconds")),
        longest_seconds=_number(fields.get("longest_seconds")),
        settles=_texts(fields.get("settles")),
        wide=_flag(fields.get("wide")),
    )


def _read_action(value: object) -> Action:
    fields = _mapping(value)
    arguments = {name: value_from_json(one) for name, one in _mapping(fields.get("arguments")).items()}
    return Action(_text(fields.get("function")), _texts(fields.get("scripts")), arguments, _number(fields.get("seconds")))


def value_from_json(value: object) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [value_from_json(item) for item in value]
        case {"$": "secret"}:
            return HIDDEN
        case {"$": "step", "step": str() as step, "field": str() as field, "secret": bool() as secret}:
            return FromStep(step, field, secret)
        case {"$": "ask", "ask": str() as ask}:
            return FromAsk(ask)
        case dict() if _TAG not in value:
            return {name: value_from_json(item) for name, item in value.items()}
    raise NotAPlan("an argument")


def _read_ask(value: object) -> Ask:
    fields = _mapping(value)
    return Ask(
        id=_text(fields.get("id")),
        fix=_text(fields.get("fix")),
        kind=_one_of(AskKind, fields.get("kind")),
        words=_text(fields.get("words")),
        default=_text(fields.get("default")),
        choices=_texts(fields.get("choices")),
        required=_flag(fields.get("required")),
    )


def _read_left_out(value: object) -> LeftOut:
    fields = _mapping(value)
    return LeftOut(_text(fields.get("finding")), _text(fields.get("reason")), facts_from_json(fields.get("facts")))


def facts_from_json(value: object) -> Mapping[str, Fact]:
    facts: dict[str, Fact] = {}
    for name, fact in _mapping(value).items():
        match fact:
            case None | bool() | int() | float() | str():
                facts[name] = fact
            case list():
                facts[name] = _texts(fact)
            case _:
                raise NotAPlan(f"the fact {name}")
    return facts


def moment_from(value: object) -> datetime:
    """Raises NotAPlan for anything but ISO 8601 with a zone."""
    try:
        when = datetime.fromisoformat(_text(value))
    except ValueError as error:
        raise NotAPlan("a time") from error
    if when.tzinfo is None:
        raise NotAPlan("a time without its zone")
    return when.astimezone(UTC)


def _maybe(value: object, read: Callable[[object], Action]) -> Action | None:
    return None if value is None else read(value)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise NotAPlan("an object is missing")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise NotAPlan("a list is missing or too long")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAPlan("a text is missing")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in _list(value))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotAPlan("a number is missing")
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAPlan("true or false is missing")
    return value


def _one_of(kind: type[_E], value: object) -> _E:
    try:
        return kind(_text(value))
    except ValueError as error:
        raise NotAPlan(f"no {kind.__name__.lower()}") from error
