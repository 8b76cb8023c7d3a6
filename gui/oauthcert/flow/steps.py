"""The steps of the wizard, what an operator may set out to do, and which steps that takes."""

from enum import StrEnum


class Step(StrEnum):
    """In the order of the rail. FIX and VERIFY keep their place in it; a path leads through them once there are repairs to offer."""

    START = "start"
    SERVERS = "servers"
    SIGN_IN = "sign-in"
    CHECK = "check"
    FINDINGS = "findings"
    FIX = "fix"
    VERIFY = "verify"
    REPORT = "report"


class Goal(StrEnum):
    """What the operator chose on the first page."""

    TROUBLESHOOT = "troubleshoot"
    FIRST_DEPLOYMENT = "first-deployment"
    RENEW = "renew"
    OPEN = "open"
    PRACTICE = "practice"


_LOOK = (Step.START, Step.SERVERS, Step.SIGN_IN, Step.CHECK, Step.FINDINGS, Step.REPORT)

PATHS: dict[Goal, tuple[Step, ...]] = {
    Goal.TROUBLESHOOT: _LOOK,
    Goal.FIRST_DEPLOYMENT: _LOOK,
    Goal.RENEW: _LOOK,
    Goal.PRACTICE: _LOOK,
    # A saved case was looked at already: no server is needed, and none is asked.
    Goal.OPEN: (Step.START, Step.FINDINGS, Step.REPORT),
}
