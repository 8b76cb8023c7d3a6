"""Somebody else is at the servers between plan and repair: every function sees it in the same call that would change, and leaves it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.remote.winrm_gateway import WinrmGateway
from tests.lab.mending import ANSWERS, MENDINGS, Mending, asker, assigned, authority, case_of, issuer, pfx, requested, requesting

BY_NAME = {mending.function: mending for mending in MENDINGS}
FE01, FE02 = "fe01.contoso.lab", "fe02.contoso.lab"


def calls(server: str, function: str, arguments: Callable[[PracticeLab], dict[str, object]]) -> Callable[[PracticeLab], None]:
    """A function in the hands of somebody else."""

    def done(lab: PracticeLab) -> None:
        with lab.deployment.lock:
            asker(lab).all(server, function, None, **arguments(lab))

    return done


def disabled(lab: PracticeLab) -> None:
    lab.meanwhile(lambda deployment, now: deployment.machines[FE02].services["REPLICA"].start_mode.set(now, "Disabled"))


def happens(fault: str, server: str, **options: str) -> Callable[[PracticeLab], None]:
    return lambda lab: lab.happens(fault, server, **options)


def renewed(lab: PracticeLab) -> None:
    """By somebody else, and it has come to this server's own store, which is where a function looks."""
    before = assigned(asker(lab))
    lab.happens("oauth-renewed", FE01)
    end = time.monotonic() + 20
    while assigned(asker(lab)) == before:
        assert time.monotonic() < end
        time.sleep(0.05)


def moved_master(lab: PracticeLab) -> None:
    lab.meanwhile(lambda deployment, _now: setattr(deployment, "master", FE02))


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else does, and how the repair then ends."""

    function: str
    does: Callable[[PracticeLab], None]
    outcome: Outcome = Outcome.REFUSED
    reason: str = "changed-meanwhile"

    def __str__(self) -> str:
        return f"{self.function}-{self.outcome.value}-{self.reason}"


def assigning(lab: PracticeLab) -> dict[str, object]:
    return {"Thumbprint": requested(asker(lab)), "ExpectedThumbprint": assigned(asker(lab))}


CHANGES = [
    Meanwhile("Start-StoppedService", disabled),
    Meanwhile("Start-StoppedService", happens("service-started", FE02, service="REPLICA"), Outcome.ALREADY, ""),
    Meanwhile("Stop-StartedService", happens("service-stopped", FE02, service="REPLICA"), Outcome.ALREADY, ""),
    Meanwhile("Enable-LocalReplica", calls("fe02", "Enable-LocalReplica", lambda _lab: {}), Outcome.ALREADY, ""),
    Meanwhile("Invoke-ConfigurationReplication", moved_master, Outcome.REFUSED, "not-active-master"),
    Meanwhile("Set-OAuthAssignment", renewed),
    Meanwhile("Set-OAuthAssignment", calls("fe01", "Set-OAuthAssignment", assigning), Outcome.ALREADY, ""),
    Meanwhile("Add-StagedOAuth", renewed),
    Meanwhile("Remove-PreviousOAuth", renewed),
    Meanwhile("Request-OAuthCertificate", renewed),
    Meanwhile("Request-OAuthCertificate", happens("oauth-requested", FE01), Outcome.REFUSED, "requested-meanwhile"),
    Meanwhile("New-OAuthSigningRequest", renewed),
    Meanwhile("New-OAuthSigningRequest", happens("oauth-requested", FE01), Outcome.REFUSED, "requested-meanwhile"),
    Meanwhile(
        "Complete-OAuthSigningRequest",
        calls("fe01", "Remove-PendingRequest", lambda lab: {"Thumbprint": ANSWERS[id(lab.deployment)][1]}),
        Outcome.REFUSED,
        "no-pending-request",
    ),
    Meanwhile(
        "Remove-PendingRequest",
        calls("fe01", "Complete-OAuthSigningRequest", lambda lab: {"Answer": ANSWERS[id(lab.deployment)][0]}),
        Outcome.ALREADY,
        "",
    ),
    Meanwhile("Import-OAuthPfx", calls("fe02", "Import-OAuthPfx", lambda lab: dict(pfx(asker(lab)))), Outcome.ALREADY, ""),
    Meanwhile("Remove-OwnCertificate", calls("fe01", "Set-OAuthAssignment", assigning), Outcome.REFUSED, "assigned"),
    Meanwhile(
        "Install-IssuerCertificate", calls("fe02", "Install-IssuerCertificate", lambda lab: dict(issuer(asker(lab)))), Outcome.ALREADY, ""
    ),
    Meanwhile(
        "Remove-IssuerCertificate",
        calls("fe02", "Remove-IssuerCertificate", lambda lab: {"Thumbprint": authority(asker(lab)).issuing.thumbprint, "Store": "CA"}),
        Outcome.ALREADY,
        "",
    ),
    Meanwhile(
        "Move-MisplacedRoot",
        calls("fe02", "Move-MisplacedRoot", lambda lab: {"Thumbprint": authority(asker(lab)).issuing.thumbprint, "Back": False}),
        Outcome.ALREADY,
        "",
    ),
    Meanwhile(
        "Sync-ServerTime",
        calls("fe02", "Restore-TimeSource", lambda _lab: {"Type": "NTP", "NtpServer": "time.example,0x9"}),
    ),
]


def mended(mending: Mending, change: Meanwhile, folder: Path) -> tuple[StepResult, int]:
    """The one step, planned before and run after the change; and how many changes it made itself."""
    token = CancelToken()

    def only_the_step(event: object) -> None:
        if type(event).__name__ == "StepEnded":
            token.cancel()

    with mending.open() as lab:
        plan = mending.plan(lab)
        change.does(lab)
        before = len(lab.deeds)
        parts = RepairParts(WinrmGateway(), lambda _target: lab.credential, folder, lambda: datetime.now(UTC), Nobody(), look_pauses=(0.1,))
        done = repair(case_of(lab), plan, parts, consent=Consent.IRREVERSIBLE, token=token, tell=only_the_step)
        (result,) = done.results
        return result, len(lab.deeds) - before


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_that_what_somebody_else_did_meanwhile_is_seen_and_left(change: Meanwhile, tmp_path: Path) -> None:
    result, made = mended(BY_NAME[change.function], change, tmp_path)
    assert (result.outcome, result.reason) == (change.outcome, change.reason), result
    assert made == 0
    if change.reason == "changed-meanwhile":
        assert result.before, "what is there now is told"


def test_that_a_request_is_kept_from_being_made_beside_another(tmp_path: Path) -> None:
    """What is assigned or requested since is named, so that the operator can go on with it."""
    change = Meanwhile("Request-OAuthCertificate", happens("oauth-requested", FE01))
    with BY_NAME["Request-OAuthCertificate"].open() as lab:
        known = requesting(asker(lab))["CandidatesKnown"]
    assert isinstance(known, list)
    result, made = mended(BY_NAME[change.function], change, tmp_path)
    assert made == 0
    assert result.facts["thumbprint"] not in (None, "", *known)
