"""What the command needs of the rest of the program. `compose` fills it with the real parts, tests with their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from oauthcert.casework.folders import Folders
    from oauthcert.casework.practice import Exercise, Practice
    from oauthcert.remote.port import Gateway
    from oauthcert.vault.store import SecretStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Each is called only when a command needs it, and imports what it is made of only then."""

    now: Callable[[], datetime]
    folders: "Callable[[], Folders]"
    gateway: "Callable[[], Gateway]"
    vault: "Callable[[], SecretStore]"
    practice: "Callable[[str, int, int | None], AbstractContextManager[Practice]]"
    """Scenario, latency in milliseconds, least number of servers -> a lab that runs while the context is open."""
    scenarios: "Callable[[str], Sequence[Exercise]]"
    """Language -> what can be practised."""
