"""What the use cases behind the window are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from oauthcert.casework.practice import Exercise
from oauthcert.casework.settings import Problem, Settings
from oauthcert.casework.survey import Identify, over_the_network
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.vault.store import SecretStore
from oauthcert.words.catalogue import Catalogue

if TYPE_CHECKING:
    from oauthcert.remote.port import Gateway


class RunningLab(Protocol):
    """A practice lab that runs until it is closed."""

    targets: tuple[Target, ...]

    @property
    def credential(self) -> Credential: ...

    def by_hand(self, fix: str, server: str) -> None:
        """Does in the lab what a person does for a guided step."""

    def answer_request(self, request: str) -> bytes | None:
        """What the lab's authority answers to a signing request (PEM), as the bytes of a file."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk is made of; `practice` starts a scenario, `exercises` lists them in the operator's language.

    `settings_problems` is what was wrong with the settings file when it was loaded; `recovery_file` is where a case goes when the window
    breaks, `recent_file` the list of those saved or opened lately, `journal_dir` where repairs are written down; `hide` is told every
    password as soon as it is known, so that no log shows it.
    """

    catalogue: Catalogue
    gateway: "Gateway"
    vault: Callable[[], SecretStore]
    practice: Callable[[str], RunningLab]
    exercises: Callable[[], Sequence[Exercise]]
    now: Callable[[], datetime]
    settings: Settings = field(default_factory=Settings)
    settings_file: Path | None = None
    settings_problems: tuple[Problem, ...] = ()
    recovery_file: Path | None = None
    recent_file: Path | None = None
    journal_dir: Path | None = None
    deployments_file: Path | None = None
    hide: Callable[[Secret], None] = lambda _secret: None
    identify: Callable[[], Identify] = over_the_network
