"""A running practice lab, as those see it who look at its servers."""

from dataclasses import dataclass

from oauthcert.model.secret import Credential
from oauthcert.model.target import Target


@dataclass(frozen=True, slots=True)
class Practice:
    """The servers of one scenario, each on a port of the loopback interface, and the account they accept."""

    scenario: str
    targets: tuple[Target, ...]
    credential: Credential


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something that can be practised; the texts are in the operator's language."""

    id: str
    title: str
    description: str
