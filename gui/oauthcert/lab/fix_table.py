"""The fix functions a simulated server knows, with the parameters they take: the table beside that of the probes in `answers`."""

from collections.abc import Mapping

from oauthcert.lab.fix_assignment import add_staged_oauth, remove_previous_oauth, set_oauth_assignment
from oauthcert.lab.fix_chain import install_issuer_certificate, move_misplaced_root, remove_issuer_certificate
from oauthcert.lab.fix_keys import grant_key_access, repair_key_link, restore_key_access
from oauthcert.lab.fix_pfx import import_oauth_pfx, remove_own_certificate
from oauthcert.lab.fix_replication import (
    enable_local_replica,
    export_master_configuration,
    import_local_configuration,
    invoke_configuration_replication,
)
from oauthcert.lab.fix_request import (
    complete_oauth_signing_request,
    new_oauth_signing_request,
    remove_pending_request,
    request_oauth_certificate,
)
from oauthcert.lab.fix_services import start_stopped_service, stop_started_service
from oauthcert.lab.fix_time import restore_time_source, sync_server_time
from oauthcert.lab.fixing import FixFunction
from oauthcert.model.secret import Secret

_PREVIEW = {"Preview": bool}
_REQUEST = {"ExpectedThumbprint": str, "CandidatesKnown": list, **_PREVIEW}

FIX_FUNCTIONS: Mapping[str, FixFunction] = {
    "Start-StoppedService": FixFunction(
        start_stopped_service,
        {"Name": str, "ExpectedState": str, "ExpectedStartMode": str, "StartMode": str, "Seconds": int, **_PREVIEW},
    ),
    "Stop-StartedService": FixFunction(stop_started_service, {"Name": str, "StartMode": str, **_PREVIEW}),
    "Enable-LocalReplica": FixFunction(enable_local_replica, _PREVIEW),
    "Invoke-ConfigurationReplication": FixFunction(invoke_configuration_replication, {"Replicas": list, **_PREVIEW}),
    "Export-MasterConfiguration": FixFunction(export_master_configuration, {}),
    "Import-LocalConfiguration": FixFunction(import_local_configuration, {"Parts": list, "Sha256": str, **_PREVIEW}),
    "Set-OAuthAssignment": FixFunction(set_oauth_assignment, {"Thumbprint": str, "ExpectedThumbprint": str, **_PREVIEW}),
    "Add-StagedOAuth": FixFunction(add_staged_oauth, {"Thumbprint": str, "EffectiveDate": str, "ExpectedThumbprint": str, **_PREVIEW}),
    "Remove-PreviousOAuth": FixFunction(remove_previous_oauth, {"ExpectedPrevious": str, **_PREVIEW}),
    "Request-OAuthCertificate": FixFunction(
        request_oauth_certificate,
        {"Authority": str, "FriendlyName": str, "KeySize": int, "Template": str, **_REQUEST},
    ),
    "New-OAuthSigningRequest": FixFunction(new_oauth_signing_request, {"FriendlyName": str, "KeySize": int, **_REQUEST}),
    "Complete-OAuthSigningRequest": FixFunction(complete_oauth_signing_request, {"Answer": str, **_PREVIEW}),
    "Remove-PendingRequest": FixFunction(remove_pending_request, {"Thumbprint": str, **_PREVIEW}),
    "Import-OAuthPfx": FixFunction(import_oauth_pfx, {"Parts": list, "Password": Secret, "Thumbprint": str, **_PREVIEW}),
    "Remove-OwnCertificate": FixFunction(remove_own_certificate, {"Thumbprint": str, **_PREVIEW}),
    "Repair-KeyLink": FixFunction(repair_key_link, {"Thumbprint": str, **_PREVIEW}),
    "Grant-KeyAccess": FixFunction(grant_key_access, {"Thumbprint": str, "Accounts": list, **_PREVIEW}),
    "Restore-KeyAccess": FixFunction(restore_key_access, {"Thumbprint": str, "Sddl": str, **_PREVIEW}),
    "Install-IssuerCertificate": FixFunction(install_issuer_certificate, {"Der": str, "Thumbprint": str, "Store": str, **_PREVIEW}),
    "Remove-IssuerCertificate": FixFunction(remove_issuer_certificate, {"Thumbprint": str, "Store": str, **_PREVIEW}),
    "Move-MisplacedRoot": FixFunction(move_misplaced_root, {"Thumbprint": str, "Back": bool, **_PREVIEW}),
    "Sync-ServerTime": FixFunction(sync_server_time, {"Configure": bool, "ExpectedType": str, **_PREVIEW}),
    "Restore-TimeSource": FixFunction(restore_time_source, {"Type": str, "NtpServer": str, **_PREVIEW}),
}
