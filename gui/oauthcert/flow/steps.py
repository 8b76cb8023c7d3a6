"""The steps of the wizard, what an operator may set out to do, and which steps that takes."""

from enum import StrEnum


class Step(StrEnum):
    """In the order of the rail. DEPLOY is the guided first deployment; FIX and VERIFY are passed over where there is nothing to repair."""

    START = "start"
    SERVERS = "servers"
    SIGN_IN = "sign-in"
    CHECK = "check"
    FINDINGS = "findings"
    DEPLOY = "deploy"
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


_REPAIR = (Step.START, Step.SERVERS, Step.SIGN_IN, Step.CHECK, Step.FINDINGS, Step.FIX, Step.VERIFY, Step.REPORT)

PATHS: dict[Goal, tuple[Step, ...]] = {
    Goal.TROUBLESHOOT: _REPAIR,
    # One page leads through Steps 1 to 4 of all servers: it plans, changes and looks again by itself.
    Goal.FIRST_DEPLOYMENT: (Step.START, Step.SERVERS, Step.SIGN_IN, Step.CHECK, Step.DEPLOY, Step.REPORT),
    Goal.RENEW: _REPAIR,
    Goal.PRACTICE: _REPAIR,
    # A saved case was looked at already: no server is needed, and none is asked.
    Goal.OPEN: (Step.START, Step.FINDINGS, Step.REPORT),
}
