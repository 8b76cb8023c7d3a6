"""What no plan may ever do, checked once more right before it would be sent."""

import re
from collections.abc import Sequence

from oauthcert.fixes.functions import FUNCTIONS
from oauthcert.fixes.script_text import library
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Action

ASSIGNING = frozenset({"Set-OAuthAssignment", "Add-StagedOAuth"})
_NEVER = (
    ("whole-import", re.compile(r"\bImport-CsConfiguration\b(?!.*-LocalStore\b)", re.IGNORECASE)),
    ("pool-start", re.compile(r"\bStart-CsPool\b", re.IGNORECASE)),
    ("topology", re.compile(r"\b(Publish|Enable)-CsTopology\b", re.IGNORECASE)),
    ("service-connection-point", re.compile(r"\b(Set|Remove)-CsConfigurationStoreLocation\b", re.IGNORECASE)),
    ("replica-folder", re.compile(r"\bxds-replica\b", re.IGNORECASE)),
)


class RefusedAlways(OauthcertError):
    """Facts: `function`, `why` (second-assignment, unknown-function, foreign-script, or what its text would do)."""

    words = "refused-always"


def refuse(plan_so_far: Sequence[Action], action: Action) -> None:
    """`plan_so_far` is what was sent before in the same run. Raises RefusedAlways.

    Only the functions of the table are sent, each with its own scripts, and none whose text holds what is never done.
    """
    known = FUNCTIONS.get(action.function)
    if known is None:
        raise RefusedAlways(f"{action.function} is no repair function", function=action.function, why="unknown-function")
    if tuple(action.scripts) != known.scripts:
        raise RefusedAlways(f"{action.function} with other scripts", function=action.function, why="foreign-script")
    if action.function in ASSIGNING and any(one.function in ASSIGNING for one in plan_so_far):
        raise RefusedAlways(f"{action.function} after another assignment", function=action.function, why="second-assignment")
    text = library(known.scripts)
    for why, pattern in _NEVER:
        if any(pattern.search(line) for line in text.splitlines()):
            raise RefusedAlways(f"{action.function} holds what is never done", function=action.function, why=why)
