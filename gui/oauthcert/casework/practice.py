"""A running practice lab, as those see it who look at its servers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oauthcert.model.secret import Credential
from oauthcert.model.target import Target


def _nobody(fix: str, server: str) -> None:
    del fix, server


@dataclass(frozen=True, slots=True)
class Practice:
    """The servers of one scenario, each on a port of the loopback interface, and the account they accept.

    `description` is what other programs are told: the same as plain values, the password included. `by_hand` does on a server, by its
    name, what a person does for a guided fix, by its id; raises KeyError for unknown ones.
    """

    scenario: str
    targets: tuple[Target, ...]
    credential: Credential
    description: Mapping[str, object]
    by_hand: Callable[[str, str], None] = _nobody


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something that can be practised; the texts are in the operator's language."""

    id: str
    title: str
    story: str
    servers: int
