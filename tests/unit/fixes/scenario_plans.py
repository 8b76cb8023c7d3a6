"""Which steps come out for each practice scenario, in order. Servers are written short."""

from collections.abc import Mapping, Sequence


def _new(fix: str, last: str) -> Sequence[str]:
    """A certificate by way of a file: practice servers, like real ones, let a session not go on to the authority."""
    return (
        f"{fix}@fe01/1 does make-request New-OAuthSigningRequest",
        f"{fix}@fe01/2 guides carry-request",
        f"{fix}@fe01/3 does complete-request Complete-OAuthSigningRequest",
        f"{fix}@fe01/4 does {last}",
        f"{fix}@fe01/5 waits wait-everywhere",
    )


_REQUEST = _new("request-oauth", "assign-new-oauth Set-OAuthAssignment")

PLANS: Mapping[str, Sequence[str]] = {
    "clock-off-7-minutes": ("sync-time-by-hand@fe03/1 guides sync-time-by-hand",),
    "cms-master-down": (
        "start-cms-services@fe01/1 does start-service Start-StoppedService",
        "start-cms-services@fe01/2 does start-service Start-StoppedService",
        "start-cms-services@fe01/3 waits wait-for-arrival",
    ),
    "edge-never-reported": (
        "open-replication-port@edge01/1 guides open-replication-port",
        "open-replication-port@edge01/2 waits wait-for-arrival",
    ),
    "first-deployment": (
        "start-replica@fe02/1 does start-service Start-StoppedService",
        "start-replica@fe03/1 does start-service Start-StoppedService",
        "start-replica@fe01/1 waits wait-for-arrival",
    ),
    "healthy-lync": (),
    "helpdesk-view-only": (
        "join-groups@fe01/1 guides join-groups",
        "join-groups@fe02/1 guides join-groups",
        "join-groups@fe03/1 guides join-groups",
        "join-groups@edge01/1 guides join-groups",
    ),
    "key-cng": _REQUEST,
    "key-not-exportable": _REQUEST,
    "misplaced-root": ("install-chain@fe02/1 does move-misplaced-root Move-MisplacedRoot",),
    "missing-intermediate": ("install-chain@fe02/1 does install-intermediate Install-IssuerCertificate",),
    "no-private-key": (
        "repair-private-key@fe02/1 does repair-private-key Repair-KeyLink",
        "import-oauth-pfx@fe03/1 does import-oauth-pfx Import-OAuthPfx",
    ),
    "not-winrm": ("enable-winrm@fe02/1 guides enable-winrm",),
    "oauth-expired": _REQUEST,
    "replica-stopped": (
        "start-replica@fe02/1 does start-service Start-StoppedService",
        "start-replica@fe02/2 waits wait-for-arrival",
    ),
    "requested-twice": ("remove-rival-oauth@fe03/1 does remove-rival-oauth Remove-OwnCertificate",),
    "second-hop-denied": ("allow-second-hop@fe01/1 guides allow-second-hop",),
    "server-unreachable": ("enable-winrm@fe03/1 guides enable-winrm",),
    "tls-untrusted": ("trust-server-tls@fe02/1 guides trust-server-tls",),
    "cms-master-down-and-port-blocked": (
        "start-cms-services@fe01/1 does start-service Start-StoppedService",
        "start-cms-services@fe01/2 does start-service Start-StoppedService",
        "open-replication-port@fe03/1 guides open-replication-port",
        "start-cms-services@fe01/3 waits wait-for-arrival",
    ),
    "components-missing": (
        "install-dotnet@fe02/1 guides install-dotnet",
        "run-step-2@fe03/1 guides run-step-2",
    ),
    "default-reused": _new("stage-oauth", "stage-new-oauth Add-StagedOAuth"),
    "expired-not-exportable": _REQUEST,
    "first-deployment-nothing-yet": (
        "start-cms-services@fe01/1 does start-service Start-StoppedService",
        "start-cms-services@fe01/2 does start-service Start-StoppedService",
        "start-replica@fe01/1 does start-service Start-StoppedService",
        "start-replica@fe02/1 does start-service Start-StoppedService",
        "start-replica@fe03/1 does start-service Start-StoppedService",
        "request-oauth@fe01/1 does make-request New-OAuthSigningRequest",
        "request-oauth@fe01/2 guides carry-request",
        "request-oauth@fe01/3 does complete-request Complete-OAuthSigningRequest",
        "request-oauth@fe01/4 does assign-new-oauth Set-OAuthAssignment",
        "start-cms-services@fe01/3 waits wait-for-arrival",
        "request-oauth@fe01/5 waits wait-everywhere",
        "start-services@fe01/1 does start-service Start-StoppedService",
        "start-services@fe02/1 does start-service Start-StoppedService",
        "start-services@fe03/1 does start-service Start-StoppedService",
    ),
    "key-permission-denied": ("grant-key-access@fe03/1 does grant-key-access Grant-KeyAccess",),
    "partner-realm-mismatch": ("configure-partner-on-exchange@fe01/1 guides configure-partner-on-exchange",),
    "replica-stopped-and-clock-off": (
        "sync-time-by-hand@fe03/1 guides sync-time-by-hand",
        "start-replica@fe02/1 does start-service Start-StoppedService",
        "start-replica@fe02/2 waits wait-for-arrival",
    ),
    "rollover-staged": (),
    "services-stopped": (
        "start-services@fe02/1 does start-service Start-StoppedService",
        "start-services@fe03/1 does start-service Start-StoppedService",
    ),
    "stale-node-2008": ("recycle-web-app@fe03/1 guides recycle-web-app",),
    "weak-certificate": _REQUEST,
    "partner-healthy": (),
    "large-200": (
        "enable-winrm@fe060/1 guides enable-winrm",
        "enable-winrm@fe061/1 guides enable-winrm",
        "join-groups@fe080/1 guides join-groups",
        "sync-time@fe070/1 does sync-time Sync-ServerTime",
        *(f"start-replica@fe{number:03}/1 does start-service Start-StoppedService" for number in range(13, 19)),
        "open-replication-port@fe090/1 guides open-replication-port",
        "open-replication-port@edge03/1 guides open-replication-port",
        "open-replication-port@edge04/1 guides open-replication-port",
        "open-replication-port@edge05/1 guides open-replication-port",
        "install-chain@fe031/1 does install-intermediate Install-IssuerCertificate",
        "install-chain@fe032/1 does install-intermediate Install-IssuerCertificate",
        "install-chain@fe040/1 does move-misplaced-root Move-MisplacedRoot",
        "repair-private-key@fe050/1 does repair-private-key Repair-KeyLink",
        "repair-private-key@dir03/1 does repair-private-key Repair-KeyLink",
        "start-replica@fe01/1 waits wait-for-arrival",
        "open-replication-port@fe01/1 waits wait-for-arrival",
    ),
}
