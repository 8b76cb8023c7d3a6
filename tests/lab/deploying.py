"""A first deployment in a process of its own that is killed in the middle of its request."""

import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from oauthcert.casework.deployment import Deployments
from oauthcert.casework.diagnose import diagnose
from oauthcert.casework.events import StepSaid, StepStarted
from oauthcert.casework.limits import Limits
from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Given, Nobody, Person, RepairParts, Tell
from oauthcert.fixes.deployment_moves import Move
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.plan import Consent, Manner, Plan
from oauthcert.model.repair import Repair
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway

ONLINE: Mapping[str, Given] = {"request-oauth.way": "online", "request-oauth.authority": r"ca01.contoso.lab\Contoso Issuing CA 1"}
ASK = Move("request-certificate", 3, ("fe01.contoso.lab",), Manner.DOES, ("oauth-assigned@deployment", "request-oauth"))
STARTED, MADE = "started", "made"


def now() -> datetime:
    return datetime.now(UTC)


def look(targets: tuple[Target, ...], credential: Credential) -> Case:
    """As the program looks at real servers: what it learns of a deployment is written down."""
    return diagnose(
        targets,
        lambda _target: credential,
        WinrmGateway(),
        limits=Limits(lanes=8),
        token=CancelToken(),
        tell=lambda _event: None,
        now=now,
        source="live",
    )


def deployments(folder: Path) -> Deployments:
    """As the program has them after a start."""

    def carry(
        case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        parts = RepairParts(WinrmGateway(), lambda _target: credential, folder / "journal", now, person, limits=Limits(lanes=8))
        return repair(case, plan, parts, answers, consent=Consent.IRREVERSIBLE, token=token, tell=tell)

    return Deployments(folder / "deployments.json", now, carry)


def carry_out(here: Deployments, case: Case, move: Move, credential: Credential, tell: Tell = lambda _event: None) -> Repair:
    plan = here.plan(case, move, ONLINE)
    return here.carry_out(case, plan, ONLINE, credential, Nobody(), CancelToken(), tell)


def request_and_die(pipe: Connection, targets: tuple[Target, ...], username: str, password: str, folder: str, when: str) -> None:
    """In a process of its own: looks, requests, and is killed before it is sent, or when it was made and nothing was written down of it."""
    pipe.close()
    credential = Credential(username, Secret(password))
    here = deployments(Path(folder))
    case = look(targets, credential)
    here.guide(case, username, "ntlm")

    def hear(event: object) -> None:
        started = isinstance(event, StepStarted) and event.step.endswith("/1")
        if (when == STARTED and started) or (when == MADE and isinstance(event, StepSaid)):
            os.kill(os.getpid(), signal.SIGKILL)

    carry_out(here, case, replace(ASK), credential, hear)
