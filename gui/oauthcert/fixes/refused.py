"""What no plan may ever do, checked once more right before it would be sent."""

from collections.abc import Sequence

from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Action

_ASSIGNING = frozenset({"Set-OAuthAssignment"})
_ALLOWED_SCRIPTS = ("fixes/", "probes/")


class RefusedAlways(OauthcertError):
    """Facts: `function`, `why` (second-assignment, foreign-script)."""

    words = "refused-always"


def refuse(plan_so_far: Sequence[Action], action: Action) -> None:
    """`plan_so_far` is what was sent before in the same run. Raises RefusedAlways."""
    if action.function in _ASSIGNING and any(one.function in _ASSIGNING for one in plan_so_far):
        raise RefusedAlways(f"{action.function} a second time", function=action.function, why="second-assignment")
    if not action.scripts or any(".." in name or not name.startswith(_ALLOWED_SCRIPTS) for name in action.scripts):
        raise RefusedAlways(f"{action.function} from elsewhere", function=action.function, why="foreign-script")
