"""A running practice lab, as those see it who look at its servers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target


def _nobody(fix: str, server: str) -> None:
    del fix, server


def _no_answer(request: str) -> bytes | None:
    del request
    return None


def _no_file(thumbprint: str, password: Secret) -> bytes | None:
    del thumbprint, password
    return None


@dataclass(frozen=True, slots=True)
class Practice:
    """The servers of one scenario, each on a port of the loopback interface, and the account they accept.

    `description` is what other programs are told: the same as plain values, the password included. `by_hand` does on a server, by its
    name, what a person does for a guided fix, by its id; raises KeyError for unknown ones. `answer_request` is what the authority answers
    to a request; `pfx` is the certificate with this thumbprint, or a new one when it is empty, with its key in a file. None: there is none.
    """

    scenario: str
    targets: tuple[Target, ...]
    credential: Credential
    description: Mapping[str, object]
    by_hand: Callable[[str, str], None] = _nobody
    answer_request: Callable[[str], bytes | None] = _no_answer
    pfx: Callable[[str, Secret], bytes | None] = _no_file


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something that can be practised; the texts are in the operator's language."""

    id: str
    title: str
    story: str
    servers: int
