"""Steps in which the tool changes nothing itself: it waits for something to arrive, or for a person, and looks."""

import time
from collections.abc import Callable
from datetime import timedelta

from oauthcert.casework.events import StepWaiting
from oauthcert.casework.looking_again import Sight
from oauthcert.casework.repair_parts import RepairParts
from oauthcert.casework.telling import Telling
from oauthcert.model.cancel import CancelToken
from oauthcert.model.finding import Fact
from oauthcert.model.plan import Step
from oauthcert.model.repair import Outcome, StepResult

MOST_TRIES = 100  # a person who keeps saying that it is done while it is not


def waited(step: Step, sight: Sight, parts: RepairParts, tell: Telling, token: CancelToken) -> StepResult:
    """Looks at the servers concerned until what is waited for passes, at most `longest_seconds`. A cancel ends it at once."""
    since = parts.now()
    until = since + timedelta(seconds=step.longest_seconds)
    end = time.monotonic() + step.longest_seconds
    servers = sight.concerned(step.settles)
    while not token.cancelled:
        sight.again(servers, token, tell, short_for=step.settles)
        tell(StepWaiting(step.id, since, until, sight.findings(step.settles)))
        if sight.settled(step.settles):
            return StepResult(step.id, Outcome.ARRIVED, since, parts.now())
        left = end - time.monotonic()
        if left <= 0:
            return StepResult(step.id, Outcome.STILL_ON_ITS_WAY, since, parts.now(), "still-on-its-way", _open(step, sight))
        token.wait(min(parts.poll_seconds, left))
    return StepResult(step.id, Outcome.STILL_ON_ITS_WAY, since, parts.now(), "stopped-waiting", _open(step, sight))


def by_person(
    step: Step, sight: Sight, parts: RepairParts, tell: Telling, token: CancelToken, done: Callable[[], object] = lambda: None
) -> StepResult | None:
    """Asks until the servers show that it is done, or the person leaves it. None when it was stopped before anybody had done anything.

    `done` is called each time they say it is, before the servers are looked at.
    """
    since = parts.now()
    servers = sight.concerned(step.settles)
    for tries in range(MOST_TRIES):
        if not parts.person.has_done(step, token):
            if token.cancelled and not tries:
                return None
            break
        done()
        if not step.settles:
            return StepResult(step.id, Outcome.BY_HAND, since, parts.now())
        sight.again(servers, token, tell, short_for=step.settles)
        tell(StepWaiting(step.id, since, parts.now(), sight.findings(step.settles)))
        if sight.settled(step.settles):
            return StepResult(step.id, Outcome.BY_HAND, since, parts.now())
        if token.cancelled:
            break
    return StepResult(step.id, Outcome.SKIPPED, since, parts.now(), "left-to-the-person", _open(step, sight))


def _open(step: Step, sight: Sight) -> dict[str, Fact]:
    """The findings that do not pass yet."""
    return {"findings": tuple(one for one in step.settles if not sight.settled((one,)))}
