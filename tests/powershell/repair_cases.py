"""Repairs on servers of the practice lab: how each is called, how it ends, and what it has to call for that."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from oauthcert.lab.building import build
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.configuration import exported
from oauthcert.lab.fix_table import FIX_FUNCTIONS
from oauthcert.lab.machines import KEY_SDDL, StoreName
from oauthcert.lab.scenarios import load_scenario
from oauthcert.model.secret import Secret

NOW = datetime.now(UTC).replace(microsecond=0)
"""The scripts ask the engine's own clock."""
NETWORK_SERVICE = "S-1-5-20"
AUTHENTICATED = "S-1-5-11"
Arguments = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """`prepared` may change the lab's server first, and says with what the repair is called."""

    function: str
    scenario: str
    server: str
    prepared: Callable[[Cmdlets], Arguments]
    outcome: str
    reason: str | None = None
    calls: tuple[str, ...] = ()
    """The names of what was called to change something, in order."""


def own(at: Cmdlets) -> str:
    """The thumbprint that is assigned, or "" for none."""
    change = at.deployment.local_assignment(at.machine, at.moment)
    return change.oauth.certificate.thumbprint if change and change.oauth else ""


def known(at: Cmdlets) -> list[str]:
    return [placed.certificate.thumbprint for placed in at.deployment.certificates(at.machine, StoreName.MY, at.moment)]


def call_lab(at: Cmdlets, function: str, **arguments: object) -> Mapping[str, object]:
    """Something that was done before; what the lab says it led to."""
    printed = FIX_FUNCTIONS[function].call(at, function, {"Preview": False, **arguments})
    assert isinstance(printed, list), printed
    after = printed[0]["after"]
    assert isinstance(after, dict)
    return after


def state(scenario: str, server: str) -> Cmdlets:
    """A server of a scenario as it is now."""
    deployment = build(load_scenario(scenario), NOW)
    return Cmdlets(deployment, deployment.machines[server], NOW)


def requested(at: Cmdlets) -> str:
    """A new certificate in the store, not assigned yet."""
    return str(call_lab(at, "Request-OAuthCertificate", **request(at))["thumbprint"])


def request(at: Cmdlets) -> dict[str, object]:
    authority = at.deployment.enrollment.address
    names = {"Authority": authority, "FriendlyName": "OAuth 2026", "KeySize": 2048, "Template": ""}
    return {**names, "ExpectedThumbprint": own(at), "CandidatesKnown": known(at)}


def signing(at: Cmdlets) -> dict[str, object]:
    return {name: value for name, value in request(at).items() if name not in ("Authority", "Template")}


def replica(**changed: object) -> Callable[[Cmdlets], Arguments]:
    usual = {"Name": "REPLICA", "ExpectedState": "Stopped", "ExpectedStartMode": "Auto", "StartMode": "", "Seconds": 6}
    return lambda at: {**usual, **changed}


def stubborn(at: Cmdlets) -> Arguments:
    at.machine.stubborn.add("REPLICA")
    return replica()(at)


def replica_disabled(at: Cmdlets) -> Arguments:
    at.machine.replica_enabled.set(at.moment - timedelta(hours=1), False)
    return {}


def package(at: Cmdlets) -> Arguments:
    data = exported(at.deployment, at.moment)
    parts = [Secret(b64encode(data[start : start + 600]).decode("ascii")) for start in range(0, len(data), 600)]
    return {"Parts": parts, "Sha256": sha256(data).hexdigest()}


def assign(at: Cmdlets) -> Arguments:
    return {"Thumbprint": requested(at), "ExpectedThumbprint": own(at)}


def assign_elsewhere(at: Cmdlets) -> Arguments:
    return {"Thumbprint": requested(at), "ExpectedThumbprint": "AB" * 20}


def stage(hours: float) -> Callable[[Cmdlets], Arguments]:
    moment = (NOW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return lambda at: {**assign(at), "EffectiveDate": moment}


def replaced(at: Cmdlets) -> Arguments:
    """Somebody assigned another certificate before; the old one is left behind."""
    old = own(at)
    call_lab(at, "Set-OAuthAssignment", **assign(at))
    return {"ExpectedPrevious": old}


def granting(*accounts: str) -> Callable[[Cmdlets], Arguments]:
    return lambda at: {"Thumbprint": own(at), "Accounts": list(accounts)}


def misplaced(at: Cmdlets) -> str:
    """The certificate in the trusted roots that is not signed by itself."""
    held = at.deployment.certificates(at.machine, StoreName.ROOT, at.moment)
    return next(placed.certificate.thumbprint for placed in held if placed.certificate.issued_by is not None)


def issuer(at: Cmdlets, store: str) -> Arguments:
    """The issuer of the assigned certificate."""
    change = at.deployment.local_assignment(at.machine, at.moment)
    assert change is not None
    assert change.oauth is not None
    certificate = change.oauth.certificate.issued_by
    assert certificate is not None
    return {"Der": b64encode(certificate.der).decode("ascii"), "Thumbprint": certificate.thumbprint, "Store": store}


def key_gone(at: Cmdlets) -> Arguments:
    at.machine.loose_keys.clear()
    return {"Thumbprint": own(at)}


FE1, FE2 = "fe01.contoso.lab", "fe02.contoso.lab"
CASES = {
    "start": Case("Start-StoppedService", "replica-stopped", FE2, replica(), "changed", None, ("start",)),
    "start, with its mode": Case(
        "Start-StoppedService", "replica-stopped", FE2, replica(StartMode="Manual"), "changed", None, ("Set-Service", "start")
    ),
    "start what runs": Case("Start-StoppedService", "healthy-lync", FE1, replica(), "already"),
    "start what is not there": Case("Start-StoppedService", "healthy-lync", FE1, replica(Name="NoSuch"), "refused", "service-missing"),
    "start what changed": Case(
        "Start-StoppedService", "replica-stopped", FE2, replica(ExpectedStartMode="Disabled"), "refused", "changed-meanwhile"
    ),
    "start what will not": Case("Start-StoppedService", "replica-stopped", FE2, stubborn, "refused", "did-not-start", ("start",)),
    "stop": Case(
        "Stop-StartedService", "healthy-lync", FE1, lambda _: {"Name": "REPLICA", "StartMode": ""}, "changed", None, ("Stop-Service",)
    ),
    "enable": Case("Enable-LocalReplica", "healthy-lync", FE2, replica_disabled, "changed", None, ("Enable-CsReplica",)),
    "enable what is": Case("Enable-LocalReplica", "healthy-lync", FE2, lambda _: {}, "already"),
    "replicate": Case(
        "Invoke-ConfigurationReplication",
        "healthy-lync",
        FE1,
        lambda _: {"Replicas": []},
        "changed",
        None,
        ("Invoke-CsManagementStoreReplication",),
    ),
    "replicate to two": Case(
        "Invoke-ConfigurationReplication",
        "healthy-lync",
        FE1,
        lambda _: {"Replicas": [FE1, FE2]},
        "changed",
        None,
        ("Invoke-CsManagementStoreReplication",) * 2,
    ),
    "replicate from elsewhere": Case(
        "Invoke-ConfigurationReplication", "healthy-lync", FE2, lambda _: {"Replicas": []}, "refused", "not-active-master"
    ),
    "import": Case("Import-LocalConfiguration", "healthy-lync", FE2, package, "changed", None, ("Import-CsConfiguration",)),
    "import what is damaged": Case(
        "Import-LocalConfiguration", "healthy-lync", FE2, lambda at: {**package(at), "Sha256": "00" * 32}, "refused", "damaged"
    ),
    "import what is no base64": Case(
        "Import-LocalConfiguration", "healthy-lync", FE2, lambda at: {**package(at), "Parts": [Secret("*")]}, "refused", "damaged"
    ),
    "assign": Case("Set-OAuthAssignment", "healthy-lync", FE1, assign, "changed", None, ("Set-CsCertificate",)),
    "assign what is": Case(
        "Set-OAuthAssignment", "healthy-lync", FE1, lambda at: {"Thumbprint": own(at), "ExpectedThumbprint": ""}, "already"
    ),
    "assign nothing where nothing is": Case(
        "Set-OAuthAssignment",
        "first-deployment-nothing-yet",
        FE1,
        lambda _: {"Thumbprint": "", "ExpectedThumbprint": ""},
        "refused",
        "not-in-store",
    ),
    "assign after somebody else": Case("Set-OAuthAssignment", "healthy-lync", FE1, assign_elsewhere, "refused", "changed-meanwhile"),
    "assign what is not here": Case(
        "Set-OAuthAssignment",
        "healthy-lync",
        FE1,
        lambda at: {"Thumbprint": "AB" * 20, "ExpectedThumbprint": own(at)},
        "refused",
        "not-in-store",
    ),
    "stage": Case("Add-StagedOAuth", "healthy-lync", FE1, stage(72), "changed", None, ("Set-CsCertificate",)),
    "stage too soon": Case("Add-StagedOAuth", "healthy-lync", FE1, stage(23), "refused", "too-soon"),
    "stage too late": Case("Add-StagedOAuth", "healthy-lync", FE1, stage(24 * 365 * 9), "refused", "after-expiry"),
    "forget": Case("Remove-PreviousOAuth", "healthy-lync", FE1, replaced, "changed", None, ("Remove-CsCertificate",)),
    "forget another": Case(
        "Remove-PreviousOAuth",
        "healthy-lync",
        FE1,
        lambda at: {**replaced(at), "ExpectedPrevious": "AB" * 20},
        "refused",
        "changed-meanwhile",
    ),
    "request": Case("Request-OAuthCertificate", "healthy-lync", FE1, request, "changed", None, ("Request-CsCertificate",)),
    "request a second one": Case(
        "Request-OAuthCertificate",
        "healthy-lync",
        FE1,
        lambda at: {**request(at), "CandidatesKnown": (known(at), requested(at))[0]},
        "refused",
        "requested-meanwhile",
    ),
    "make a signing request": Case("New-OAuthSigningRequest", "healthy-lync", FE1, signing, "changed", None, ("Request-CsCertificate",)),
    "take a request back": Case(
        "Remove-PendingRequest",
        "healthy-lync",
        FE1,
        lambda at: {"Thumbprint": call_lab(at, "New-OAuthSigningRequest", **signing(at))["pendingThumbprint"]},
        "changed",
        None,
        ("remove", "remove key"),
    ),
    "complete nothing": Case(
        "Complete-OAuthSigningRequest", "healthy-lync", FE1, lambda at: {"Answer": issuer(at, "CA")["Der"]}, "refused", "no-pending-request"
    ),
    "complete with rubbish": Case(
        "Complete-OAuthSigningRequest", "healthy-lync", FE1, lambda _: {"Answer": "AAAA"}, "refused", "wrong-certificate"
    ),
    "remove": Case(
        "Remove-OwnCertificate", "healthy-lync", FE1, lambda at: {"Thumbprint": requested(at)}, "changed", None, ("remove", "remove key")
    ),
    "remove what is assigned": Case(
        "Remove-OwnCertificate", "healthy-lync", FE1, lambda at: {"Thumbprint": own(at)}, "refused", "assigned"
    ),
    "join": Case("Repair-KeyLink", "no-private-key", FE2, lambda at: {"Thumbprint": own(at)}, "changed", None, ("certutil.exe",)),
    "join what lies elsewhere": Case("Repair-KeyLink", "no-private-key", FE2, key_gone, "refused", "key-not-here", ("certutil.exe",)),
    "join what is joined": Case("Repair-KeyLink", "healthy-lync", FE1, lambda at: {"Thumbprint": own(at)}, "already"),
    "join what is not here": Case("Repair-KeyLink", "healthy-lync", FE1, lambda _: {"Thumbprint": "AB" * 20}, "refused", "not-in-store"),
    "grant": Case("Grant-KeyAccess", "healthy-lync", FE1, granting(AUTHENTICATED), "changed", None, ("add reader",)),
    "grant what is": Case("Grant-KeyAccess", "healthy-lync", FE1, granting(NETWORK_SERVICE), "already"),
    "take access back": Case(
        "Restore-KeyAccess",
        "healthy-lync",
        FE1,
        lambda at: {"Thumbprint": (own(at), call_lab(at, "Grant-KeyAccess", **granting(AUTHENTICATED)(at)))[0], "Sddl": KEY_SDDL},
        "changed",
        None,
        ("set access",),
    ),
    "install": Case("Install-IssuerCertificate", "missing-intermediate", FE2, lambda at: issuer(at, "CA"), "changed", None, ("add",)),
    "install what is": Case("Install-IssuerCertificate", "healthy-lync", FE1, lambda at: issuer(at, "CA"), "already"),
    "install an intermediate as a root": Case(
        "Install-IssuerCertificate", "missing-intermediate", FE2, lambda at: issuer(at, "Root"), "refused", "not-self-signed"
    ),
    "install another": Case(
        "Install-IssuerCertificate",
        "missing-intermediate",
        FE2,
        lambda at: {**issuer(at, "CA"), "Thumbprint": "AB" * 20},
        "refused",
        "wrong-certificate",
    ),
    "take an issuer out": Case(
        "Remove-IssuerCertificate",
        "healthy-lync",
        FE1,
        lambda at: {name: value for name, value in issuer(at, "CA").items() if name != "Der"},
        "changed",
        None,
        ("remove",),
    ),
    "move": Case(
        "Move-MisplacedRoot",
        "misplaced-root",
        FE2,
        lambda at: {"Thumbprint": misplaced(at), "Back": False},
        "changed",
        None,
        ("add", "remove"),
    ),
    "set the clock": Case(
        "Sync-ServerTime", "healthy-lync", FE1, lambda _: {"Configure": False, "ExpectedType": "NT5DS"}, "changed", None, ("w32tm.exe",)
    ),
    "set the clock by the domain": Case(
        "Sync-ServerTime", "healthy-lync", FE1, lambda _: {"Configure": True, "ExpectedType": "NT5DS"}, "changed", None, ("w32tm.exe",) * 2
    ),
    "set another clock": Case(
        "Sync-ServerTime", "healthy-lync", FE1, lambda _: {"Configure": False, "ExpectedType": "NTP"}, "refused", "changed-meanwhile"
    ),
    "take time from servers": Case(
        "Restore-TimeSource",
        "healthy-lync",
        FE1,
        lambda _: {"Type": "NTP", "NtpServer": "ntp.contoso.lab,0x8"},
        "changed",
        None,
        ("w32tm.exe",),
    ),
}
"""Repairs that change something or are refused after a look. `outcome` is the lab's as well as the script's."""
