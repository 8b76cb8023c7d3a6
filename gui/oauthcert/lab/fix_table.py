"""The fix functions a simulated server knows, with the parameters they take: the table beside that of the probes in `answers`."""

from collections.abc import Mapping

from oauthcert.lab.fix_assignment import add_staged_oauth, remove_previous_oauth, set_oauth_assignment
from oauthcert.lab.fix_replication import (
    enable_local_replica,
    export_master_configuration,
    import_local_configuration,
    invoke_configuration_replication,
)
from oauthcert.lab.fix_services import start_stopped_service, stop_started_service
from oauthcert.lab.fix_time import restore_time_source, sync_server_time
from oauthcert.lab.fixing import FixFunction

_PREVIEW = {"Preview": bool}

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
    "Sync-ServerTime": FixFunction(sync_server_time, {"Configure": bool, "ExpectedType": str, **_PREVIEW}),
    "Restore-TimeSource": FixFunction(restore_time_source, {"Type": str, "NtpServer": str, **_PREVIEW}),
}
