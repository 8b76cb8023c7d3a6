"""Runs fix functions on a practice lab's servers through the real client, as the repair does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer
from oauthcert.remote.port import Connection
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.remote.wire import Question
from tests.unit.remote.practice import QUICK

PACE = 400.0
QUESTION_SECONDS = 5.0


def full(name: str) -> str:
    return name if "." in name else f"{name}.contoso.lab"


@contextmanager
def connection(lab: PracticeLab, server: str) -> Iterator[Connection]:
    target = next(one for one in lab.targets if one.name == full(server))
    opened = WinrmGateway(QUICK).connect(target, lab.credential)
    try:
        yield opened
    finally:
        opened.close()


def call(lab: PracticeLab, server: str, function: str, seconds: float = QUESTION_SECONDS, /, **arguments: object) -> Answer:
    """What one function answers; asked once and never again."""
    found: dict[str, Answer] = {}
    question = Question("fix", function, seconds, arguments)
    with connection(lab, server) as opened:
        opened.ask(
            [question],
            "",
            deadline_seconds=20,
            token=CancelToken(),
            on_answer=lambda answer: found.update({answer.probe: answer}),
            once=True,
        )
    return found["fix"]


def done(lab: PracticeLab, server: str, function: str, **arguments: object) -> Mapping[str, Any]:
    answer = call(lab, server, function, **arguments)
    assert answer.ok, answer.fault
    (value,) = answer.value
    assert isinstance(value, dict)
    return value


def facts(lab: PracticeLab, server: str, function: str, **arguments: object) -> list[Mapping[str, Any]]:
    answer = call(lab, server, function, **arguments)
    assert answer.ok, answer.fault
    return [value for value in answer.value if isinstance(value, dict)]


def assigned(lab: PracticeLab, server: str) -> str:
    found = facts(lab, server, "Get-OAuthAssignment")
    return str(found[0]["thumbprint"]) if found else ""
