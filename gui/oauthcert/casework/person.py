"""The person beside a repair: what they may be asked, and how they want to go on with one that was interrupted."""

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from oauthcert.model.cancel import CancelToken
from oauthcert.model.secret import Secret

if TYPE_CHECKING:
    from oauthcert.model.plan import Ask, Step

Given = str | Secret | bytes


class Person(Protocol):
    """Whoever sits in front of the repair. Called in the thread of the repair, which waits; both give up soon when `token` is cancelled."""

    def has_done(self, step: "Step", token: CancelToken) -> bool:
        """Whether the step that a person does has been done; asked again while the servers do not show it. False leaves the step out."""

    def answer(self, ask: "Ask", token: CancelToken) -> Given | None:
        """The answer to a question that was still open when the plan was begun; None leaves out the steps that need it."""


class Nobody:
    """Nobody is there: what a person would have to do or to say is left out."""

    def has_done(self, step: "Step", token: CancelToken) -> bool:
        del step, token
        return False

    def answer(self, ask: "Ask", token: CancelToken) -> Given | None:
        del ask, token
        return None


class How(StrEnum):
    LOOK = "look"
    UNDO = "undo"
    KEEP = "keep"
