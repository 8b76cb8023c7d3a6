"""The repair functions of resources/powershell/fixes: the script files each needs, and how long it may take on a server.

A test holds the files complete: every function that a script calls stands in one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from oauthcert.model.plan import Action

_STORES = ("probes/common.ps1", "probes/certificates.ps1", "fixes/common.ps1", "fixes/stores.ps1")
_ASSIGNED = ("probes/module.ps1", "probes/oauth.ps1", "fixes/assigned.ps1")
_SERVICES = ("probes/common.ps1", "probes/services.ps1", "fixes/common.ps1", "fixes/services.ps1")
_REPLICA = ("probes/module.ps1", "probes/refusal.ps1", "probes/replica.ps1", "fixes/common.ps1", "fixes/report.ps1", "fixes/replica.ps1")
_REPLICATION = (
    "probes/common.ps1",
    "probes/module.ps1",
    "probes/topology.ps1",
    "probes/replication.ps1",
    "fixes/common.ps1",
    "fixes/replication.ps1",
)
_CONFIGURATION = (
    "probes/common.ps1",
    "probes/certificates.ps1",
    *_ASSIGNED,
    "fixes/common.ps1",
    "fixes/secrets.ps1",
    "fixes/configuration.ps1",
)
_REQUEST = (*_STORES, *_ASSIGNED, "probes/topology.ps1", "fixes/report.ps1", "fixes/request.ps1")
_PFX = (*_STORES, *_ASSIGNED, "probes/keys.ps1", "fixes/secrets.ps1", "fixes/pfx.ps1")
_ASSIGNMENT = (*_STORES, *_ASSIGNED, "probes/keys.ps1", "fixes/report.ps1", "fixes/assignment.ps1")
_KEYS = (*_STORES, "probes/keys.ps1", "probes/access.ps1", "fixes/keys.ps1")
_CHAIN = (*_STORES, "fixes/chain.ps1")
_ANSWER = (*_STORES, "fixes/answer.ps1")
_TIME = ("probes/common.ps1", "probes/machine.ps1", "probes/time.ps1", "fixes/common.ps1", "fixes/time.ps1")


@dataclass(frozen=True, slots=True)
class Function:
    """`seconds` is its deadline on the server."""

    scripts: tuple[str, ...]
    seconds: float = 120.0


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "Start-StoppedService": Function(_SERVICES, 150.0),
        "Stop-StartedService": Function(_SERVICES, 150.0),
        "Enable-LocalReplica": Function(_REPLICA, 300.0),
        "Invoke-ConfigurationReplication": Function(_REPLICATION),
        "Export-MasterConfiguration": Function(_CONFIGURATION, 300.0),
        "Import-LocalConfiguration": Function(_CONFIGURATION, 300.0),
        "Request-OAuthCertificate": Function(_REQUEST, 180.0),
        "New-OAuthSigningRequest": Function(_REQUEST, 120.0),
        "Complete-OAuthSigningRequest": Function(_ANSWER, 120.0),
        "Remove-PendingRequest": Function(_REQUEST),
        "Import-OAuthPfx": Function(_PFX),
        "Remove-OwnCertificate": Function(_PFX),
        "Set-OAuthAssignment": Function(_ASSIGNMENT, 240.0),
        "Add-StagedOAuth": Function(_ASSIGNMENT, 240.0),
        "Remove-PreviousOAuth": Function(_ASSIGNMENT, 180.0),
        "Repair-KeyLink": Function(_KEYS),
        "Grant-KeyAccess": Function(_KEYS),
        "Restore-KeyAccess": Function(_KEYS),
        "Install-IssuerCertificate": Function(_CHAIN),
        "Remove-IssuerCertificate": Function(_CHAIN),
        "Move-MisplacedRoot": Function(_CHAIN),
        "Sync-ServerTime": Function(_TIME),
        "Restore-TimeSource": Function(_TIME),
    }
)


def call(name: str, **arguments: object) -> Action:
    """An action of this function. Raises KeyError for one that does not exist."""
    function = FUNCTIONS[name]
    return Action(name, function.scripts, arguments, function.seconds)
