"""One small deployment for every repair function: what is wrong there, and what the function is given to mend it."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from oauthcert.fixes.functions import call
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.machines import Key
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.stamps import utc
from oauthcert.model.case import Case
from oauthcert.model.evidence import NotSeen, Observation
from oauthcert.model.plan import Action, Consent, FromStep, Manner, Plan, Step
from oauthcert.model.secret import Secret
from tests.unit.lab.conftest import Asker, scenario

CA = r"ca01.contoso.lab\Contoso Issuing CA 1"
PFX_PASSWORD = "CANARY-pfx-31d7-ü'\"$(x)"
NOBODY = "D:PAI(A;;FA;;;SY)(A;;FA;;;BA)"
Arguments = Callable[[Asker], Mapping[str, object]]


def fault(kind: str, server: str = "fe02", at: str = "5h ago", more: str = "") -> str:
    return f'[[faults]]\nfault = "{kind}"\nservers = ["{server}.contoso.lab"]\nat = "{at}"\n{more}\n'


REQUESTED = fault("oauth-requested", "fe01", "2h ago")


@dataclass(frozen=True)
class Mending:
    """`leaves_trace` is False where nothing shows afterwards whether it was done, `own` where what it made may be another's.

    `undo` is the way back as plans have it: a function and its arguments, see `_way_back`.
    """

    function: str
    server: str
    arguments: Arguments
    faults: str = ""
    undo: tuple[str, Mapping[str, object]] | None = None
    before: Callable[[PracticeLab], None] = lambda _lab: None
    leaves_trace: bool = True
    own: bool = True
    consent: Consent = Consent.CHANGE

    def open(self) -> PracticeLab:
        lab = PracticeLab(scenario(self.faults), pace=400)
        self.before(lab)
        return lab

    def action(self, lab: PracticeLab) -> Action:
        return call(self.function, **self.arguments(asker(lab)))

    def plan(self, lab: PracticeLab) -> Plan:
        server = f"{self.server}.contoso.lab"
        name, action = f"mending@{server}/1", self.action(lab)
        undo = None
        if self.undo is not None:
            function, arguments = self.undo
            undo = call(function, **{key: _way_back(value, name, action) for key, value in arguments.items()})
        step = Step(name, "mending", server, Manner.DOES, "start-service", self.consent, action=action, undo=undo)
        return Plan(datetime.now(UTC), (step,))


def _way_back(value: object, step: str, action: Action) -> object:
    """`=text` is that text, `@Name` what the change was given, other texts a field of the step; what is no text stands for itself."""
    if not isinstance(value, str):
        return value
    if value.startswith("@"):
        return action.arguments[value[1:]]
    return value[1:] if value.startswith("=") else FromStep(step, value)


def asker(lab: PracticeLab) -> Asker:
    return Asker(lab.deployment, lab.now())


def case_of(lab: PracticeLab) -> Case:
    """The servers of the lab, nothing seen of them yet."""
    why, now = NotSeen("not-asked"), datetime.now(UTC)
    observations = tuple(Observation(target.name, why, why, why, lost=why) for target in lab.targets)
    return Case(now, now, "live", lab.targets, observations)


def assigned(lab: Asker, server: str = "fe01") -> str:
    found = lab.all(server, "Get-OAuthAssignment")
    return str(found[0]["thumbprint"]) if found else ""


def requested(lab: Asker, server: str = "fe01") -> str:
    """The newest certificate there that is assigned to nothing and is not the server's own."""
    own = lab.deployment.authority.server(f"{server}.contoso.lab").thumbprint
    mine = lab.one(server, "Get-StoreFacts")["my"]
    return str(next(one["thumbprint"] for one in mine if one["thumbprint"] not in (assigned(lab, server), own)))


def authority(lab: Asker) -> LabAuthority:
    made = lab.deployment.authority
    assert isinstance(made, LabAuthority)
    return made


def pfx(lab: Asker) -> Mapping[str, object]:
    new = requested(lab)
    text = base64.b64encode(authority(lab).pfx(new, Secret(PFX_PASSWORD))).decode()
    return {
        "Parts": [Secret(text[at : at + 2000]) for at in range(0, len(text), 2000)],
        "Password": Secret(PFX_PASSWORD),
        "Thumbprint": new,
    }


def exported(lab: Asker) -> Mapping[str, object]:
    after: Any = lab.all("fe01", "Export-MasterConfiguration")[0]["after"]
    return {"Parts": [Secret(part) for part in after["parts"]], "Sha256": after["sha256"]}


def requesting(lab: Asker) -> dict[str, object]:
    mine = [one["thumbprint"] for one in lab.one("fe01", "Get-StoreFacts")["my"]]
    return {"FriendlyName": "OAuth 2026", "KeySize": 2048, "ExpectedThumbprint": assigned(lab), "CandidatesKnown": mine}


def lock_key(lab: PracticeLab) -> None:
    ask = asker(lab)
    lab.deployment.set_key(ask.at("fe02").machine, assigned(ask, "fe02"), lab.now() - timedelta(hours=1), Key(sddl=NOBODY))


def install_issuer(lab: PracticeLab) -> None:
    asker(lab).all("fe02", "Install-IssuerCertificate", None, **issuer(asker(lab)))
    lab.deployment.deeds.clear()


def issuer(lab: Asker) -> Mapping[str, object]:
    own = authority(lab).issuing
    return {"Der": base64.b64encode(own.der).decode(), "Thumbprint": own.thumbprint, "Store": "CA"}


def answered(lab: PracticeLab) -> None:
    """A request lies on fe01; what the authority answers to it is kept beside the lab."""
    ask = asker(lab)
    request: Any = ask.all("fe01", "New-OAuthSigningRequest", None, **requesting(ask))[0]["after"]
    answer = authority(ask).answer(request["request"].encode(), lab.now(), lab.now() + timedelta(days=700), chain=False)
    ANSWERS[id(lab.deployment)] = (base64.b64encode(answer).decode(), str(request["pendingThumbprint"]))
    lab.deployment.deeds.clear()


ANSWERS: dict[int, tuple[str, str]] = {}


def _service(_lab: Asker) -> Mapping[str, object]:
    return {"Name": "REPLICA", "ExpectedState": "Stopped", "ExpectedStartMode": "Auto", "StartMode": "", "Seconds": 60}


MENDINGS = (
    Mending(
        "Start-StoppedService",
        "fe02",
        _service,
        fault("service-stopped", more='service = "REPLICA"'),
        ("Stop-StartedService", {"Name": "=REPLICA", "StartMode": "before.startMode"}),
    ),
    Mending("Stop-StartedService", "fe02", lambda _lab: {"Name": "REPLICA", "StartMode": "Auto"}),
    Mending("Enable-LocalReplica", "fe02", lambda _lab: {}, fault("replica-disabled")),
    Mending("Invoke-ConfigurationReplication", "fe01", lambda _lab: {"Replicas": ["fe02.contoso.lab"]}, leaves_trace=False),
    Mending("Export-MasterConfiguration", "fe01", lambda _lab: {}, consent=Consent.LOOK),
    Mending(
        "Import-LocalConfiguration",
        "fe02",
        exported,
        fault("service-stopped", more='service = "REPLICA"') + fault("oauth-renewed", "fe01", "2h ago"),
        leaves_trace=False,
    ),
    Mending("Set-OAuthAssignment", "fe01", lambda lab: {"Thumbprint": requested(lab), "ExpectedThumbprint": assigned(lab)}, REQUESTED),
    Mending(
        "Add-StagedOAuth",
        "fe01",
        lambda lab: {
            "Thumbprint": requested(lab),
            "EffectiveDate": utc(lab.moment + timedelta(days=3)),
            "ExpectedThumbprint": assigned(lab),
        },
        REQUESTED,
    ),
    Mending(
        "Remove-PreviousOAuth",
        "fe01",
        lambda lab: {"ExpectedPrevious": lab.one("fe01", "Get-OAuthAssignment")["previousThumbprint"]},
        fault("oauth-renewed", "fe01", "20h ago"),
    ),
    Mending(
        "Request-OAuthCertificate",
        "fe01",
        lambda lab: {**requesting(lab), "Authority": CA, "Template": ""},
        undo=("Remove-OwnCertificate", {"Thumbprint": "after.thumbprint"}),
        own=False,
    ),
    Mending(
        "New-OAuthSigningRequest",
        "fe01",
        requesting,
        undo=("Remove-PendingRequest", {"Thumbprint": "after.pendingThumbprint"}),
        leaves_trace=False,
        own=False,
    ),
    Mending(
        "Complete-OAuthSigningRequest",
        "fe01",
        lambda lab: {"Answer": ANSWERS[id(lab.deployment)][0]},
        undo=("Remove-OwnCertificate", {"Thumbprint": "after.thumbprint"}),
        before=answered,
    ),
    Mending("Remove-PendingRequest", "fe01", lambda lab: {"Thumbprint": ANSWERS[id(lab.deployment)][1]}, before=answered),
    Mending("Import-OAuthPfx", "fe02", pfx, REQUESTED, ("Remove-OwnCertificate", {"Thumbprint": "@Thumbprint"})),
    Mending("Remove-OwnCertificate", "fe01", lambda lab: {"Thumbprint": requested(lab)}, REQUESTED),
    Mending("Repair-KeyLink", "fe02", lambda lab: {"Thumbprint": assigned(lab)}, fault("oauth-key-lost")),
    Mending(
        "Grant-KeyAccess",
        "fe02",
        lambda lab: {"Thumbprint": assigned(lab, "fe02"), "Accounts": ["S-1-5-20"]},
        undo=("Restore-KeyAccess", {"Thumbprint": "@Thumbprint", "Sddl": "before.sddl"}),
        before=lock_key,
    ),
    Mending("Restore-KeyAccess", "fe02", lambda lab: {"Thumbprint": assigned(lab, "fe02"), "Sddl": NOBODY}),
    Mending(
        "Install-IssuerCertificate",
        "fe02",
        issuer,
        fault("intermediate-removed", at="2d ago"),
        ("Remove-IssuerCertificate", {"Thumbprint": "@Thumbprint", "Store": "@Store"}),
    ),
    Mending(
        "Remove-IssuerCertificate",
        "fe02",
        lambda lab: {"Thumbprint": authority(lab).issuing.thumbprint, "Store": "CA"},
        fault("intermediate-removed", at="2d ago"),
        before=install_issuer,
    ),
    Mending(
        "Move-MisplacedRoot",
        "fe02",
        lambda lab: {"Thumbprint": authority(lab).issuing.thumbprint, "Back": False},
        fault("root-misplaced", at="30d ago"),
        ("Move-MisplacedRoot", {"Thumbprint": "@Thumbprint", "Back": True}),
    ),
    Mending(
        "Sync-ServerTime",
        "fe02",
        lambda _lab: {"Configure": False, "ExpectedType": "NT5DS"},
        '[[faults]]\nfault = "clock-off"\nservers = ["fe02.contoso.lab"]\nseconds = 420\n',
        leaves_trace=False,
    ),
    Mending("Restore-TimeSource", "fe02", lambda _lab: {"Type": "NTP", "NtpServer": "time.example,0x9"}),
)
