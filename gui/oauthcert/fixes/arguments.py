"""Fills in what an action takes from earlier steps and from the operator, and knows which fields of an answer are secret."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from oauthcert.fixes.plan_values import Hidden
from oauthcert.model.plan import Action, Ask, AskKind, FromAsk, FromStep, Plan
from oauthcert.model.secret import Secret

PART_CHARACTERS = 60_000  # of base64 in one argument
_IN_PARTS = frozenset({"Parts"})  # arguments that take a file as a list of secret texts
_ALWAYS_SECRET: Mapping[str, frozenset[str]] = {"Export-MasterConfiguration": frozenset({"parts"})}

Given = str | Secret | bytes


class NotKnown(Exception):
    """An argument cannot be filled in: `what` is the id of the step or of the question that would bring it."""

    def __init__(self, what: str, ask: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.ask = ask


@dataclass(slots=True)
class Known:
    """What has become known in this run: the operator's answers, and what steps brought, secrets among it. Lives in memory only."""

    answers: dict[str, Given] = field(default_factory=dict)
    before: dict[str, Mapping[str, object]] = field(default_factory=dict)
    after: dict[str, Mapping[str, object]] = field(default_factory=dict)


def filled(action: Action, known: Known, asks: tuple[Ask, ...] = ()) -> Action:
    """The action with all its arguments. Raises NotKnown."""
    secret = {ask.id for ask in asks if ask.kind is AskKind.SECRET}
    arguments = {name: _value(name, value, known, secret) for name, value in action.arguments.items()}
    return replace(action, arguments=arguments)


def _value(name: str, value: object, known: Known, secret: set[str]) -> object:
    match value:
        case FromStep():
            return _from_step(value, known)
        case FromAsk():
            if value.ask not in known.answers:
                raise NotKnown(value.ask, ask=True)
            given = known.answers[value.ask]
            return _given(name, Secret(given) if value.ask in secret and isinstance(given, str) else given)
        case bytes():
            return _given(name, value)
        case Hidden():
            raise NotKnown("secret")
        case list() | tuple():
            return [_value(name, item, known, secret) for item in value]
        case Mapping():
            return {key: _value(str(key), item, known, secret) for key, item in value.items()}
    return value


def _given(name: str, given: Given) -> object:
    if not isinstance(given, bytes):
        return given
    text = base64.b64encode(given).decode("ascii")
    if name in _IN_PARTS:
        return [Secret(text[start : start + PART_CHARACTERS]) for start in range(0, len(text), PART_CHARACTERS)]
    return text


def _from_step(source: FromStep, known: Known) -> object:
    """`field` is one of what the step left behind; with `before.` in front one of what it found."""
    when, dot, name = source.field.partition(".")
    if not dot:
        when, name = "after", source.field
    told = (known.before if when == "before" else known.after).get(source.step)
    value = told.get(name) if when in ("before", "after") and told is not None else None
    if value is None:  # also where the step brought nothing: a server would take nothing for a name that is empty
        raise NotKnown(source.step)
    return Secret(value) if source.secret and isinstance(value, str) else value


def secret_fields(plan: Plan, step: str, action: Action) -> frozenset[str]:
    """The fields of this step's answer that nothing may show: those that a later step takes as a secret."""
    named = set(_ALWAYS_SECRET.get(action.function, ()))
    for other in plan.steps:
        for one in (other.action, other.undo):
            named |= {source.field.rpartition(".")[2] for source in sources(one) if source.secret and source.step == step}
    return frozenset(named)


def sources(action: Action | None) -> Iterator[FromStep]:
    """Every place where this action takes something from a step."""
    if action is not None:
        yield from _sources(list(action.arguments.values()))


def _sources(value: object) -> Iterator[FromStep]:
    match value:
        case FromStep():
            yield value
        case list() | tuple():
            for item in value:
                yield from _sources(item)
        case Mapping():
            for item in value.values():
                yield from _sources(item)


def asks_of(action: Action | None) -> tuple[str, ...]:
    """The questions whose answers this action takes, each once."""
    return tuple(dict.fromkeys(_asks(list(action.arguments.values())))) if action is not None else ()


def _asks(value: object) -> Iterator[str]:
    match value:
        case FromAsk():
            yield value.ask
        case list() | tuple():
            for item in value:
                yield from _asks(item)
        case Mapping():
            for item in value.values():
                yield from _asks(item)


def secrets_of(action: Action) -> Iterator[Secret]:
    """Every secret among its arguments, so that the log can be told to hide them."""
    return secrets_in(action.arguments)


def secrets_in(value: object) -> Iterator[Secret]:
    """Every secret in a value, however deep in lists and mappings."""
    match value:
        case Secret():
            yield value
        case list() | tuple():
            for item in value:
                yield from secrets_in(item)
        case Mapping():
            for item in value.values():
                yield from secrets_in(item)


def looks_before(undo: Action | None, step: str) -> bool:
    """Whether the way back takes what was there before the step."""
    return any(source.step == step and source.field.startswith("before.") for source in sources(undo))
