"""What a repair function printed, read strictly: it comes from a server and is not believed before its shape is known."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from oauthcert.model.evidence import Answer, Fault, JsonValue
from oauthcert.model.finding import Fact
from oauthcert.model.secret import Secret

OUTCOMES = frozenset({"changed", "already", "refused", "preview"})
MOST_FIELDS = 60
MOST_NOTES = 100
LONGEST_TEXT = 8000
MOST_PARTS = 1000
LONGEST_PART = 60_000
_REASON = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,8}")
_NAME = re.compile(r"[a-z][A-Za-z0-9]{0,60}")


class UnreadableTold(ValueError):
    """The server printed something else than a repair function prints."""


class Threw(Exception):
    """The function ended with an error of its own."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.id)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Told:
    """`before` and `after` hold nothing secret; what is stands in `secrets`, taken from `after`."""

    outcome: str
    reason: str = ""
    before: Mapping[str, Fact] = field(default_factory=dict)
    after: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    secrets: Mapping[str, object] = field(default_factory=dict)


def read_told(answer: Answer, secret: frozenset[str] = frozenset()) -> Told:
    """Raises Threw, UnreadableTold. No text of the answer is ever part of an error."""
    if not answer.ok:
        raise Threw(answer.fault or Fault("NotSpecified", "NoErrorRecord"))
    if len(answer.value) != 1 or not isinstance(answer.value[0], dict):
        raise UnreadableTold("not one object")
    fields = answer.value[0]
    outcome, reason = fields.get("outcome"), fields.get("reason")
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise UnreadableTold("outcome")
    if reason is not None and not (isinstance(reason, str) and len(reason) <= LONGEST_TEXT and _REASON.fullmatch(reason)):
        raise UnreadableTold("reason")
    if outcome == "refused" and not reason:
        raise UnreadableTold("reason")
    after = _object(fields.get("after"), "after")
    return Told(
        outcome=outcome,
        reason=reason or "",
        before=_facts({name: value for name, value in _object(fields.get("before"), "before").items() if name not in secret}, "before"),
        after=_facts({name: value for name, value in after.items() if name not in secret}, "after"),
        notes=_notes(fields.get("notes")) + tuple(warning[:LONGEST_TEXT] for warning in answer.warnings[:MOST_NOTES]),
        secrets={name: _wrapped(value) for name, value in after.items() if name in secret},
    )


def _object(value: JsonValue, where: str) -> Mapping[str, JsonValue]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_FIELDS or not all(_NAME.fullmatch(name) for name in value):
        raise UnreadableTold(where)
    return value


def _facts(fields: Mapping[str, JsonValue], where: str) -> Mapping[str, Fact]:
    return {name: _fact(value, where) for name, value in fields.items()}


def _fact(value: JsonValue, where: str) -> Fact:
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case str() if len(value) <= LONGEST_TEXT:
            return value
        case list() if len(value) <= MOST_PARTS and all(isinstance(one, str) and len(one) <= LONGEST_TEXT for one in value):
            return tuple(str(one) for one in value)
    raise UnreadableTold(where)


def _wrapped(value: JsonValue) -> object:
    """Becomes a Secret before anything else sees it."""
    match value:
        case None:
            return None
        case str() if len(value) <= LONGEST_PART:
            return Secret(value)
        case list() if len(value) <= MOST_PARTS and all(isinstance(one, str) and len(one) <= LONGEST_PART for one in value):
            return [Secret(str(one)) for one in value]
    raise UnreadableTold("secret")


def _notes(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    notes = value if isinstance(value, list) else [value]
    if len(notes) > MOST_NOTES or not all(isinstance(note, str) for note in notes):
        raise UnreadableTold("notes")
    return tuple(str(note)[:LONGEST_TEXT] for note in notes)
