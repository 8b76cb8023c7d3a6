"""What exactly a step runs: the text of its function as it is sent to the server, and the values it is given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oauthcert import assets
from oauthcert.model.secret import Secret

if TYPE_CHECKING:
    from oauthcert.model.plan import Action

HIDDEN = "•••"
LATER = "…"
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class StepScript:
    """`text` is the function with its comments; `parameters` are names and values, secrets as dots, what comes later as an ellipsis."""

    text: str
    parameters: tuple[tuple[str, str], ...]


def script_of(action: "Action") -> StepScript:
    """Raises KeyError when none of the action's scripts holds its function (a test goes through all of them)."""
    for name in action.scripts:
        text = _function(assets.text(f"powershell/{name}"), action.function)
        if text:
            return StepScript(text, parameters_of(action.arguments))
    raise KeyError(action.function)


def parameters_of(arguments: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """As a person reads them; `Preview` is left out, since a repair always runs without it."""
    return tuple((name, _shown(value)) for name, value in arguments.items() if name != "Preview")


def _function(script: str, name: str) -> str:
    """The function from its first line to the brace that closes it at the beginning of a line."""
    found = re.search(rf"^function {re.escape(name)} \{{$.*?^\}}$", script, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _shown(value: object) -> str:
    from oauthcert.model.plan import FromAsk, FromStep

    match value:
        case Secret():
            return HIDDEN
        case FromStep():
            return HIDDEN if value.secret else LATER
        case FromAsk():
            return LATER
        case bool():
            return "$true" if value else "$false"
        case str():
            text = value or "''"
        case list() | tuple():
            text = ", ".join(_shown(one) for one in value) or "@()"
        case None:
            return "$null"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + LATER
