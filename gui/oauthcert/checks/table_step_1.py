"""The checks of the product's step 1: the local configuration store and its replication."""

from oauthcert.checks.check import NOT_APPLICABLE, NOTHING_ASSIGNED, UNSEEN, UNSEEN_GRAVE, Check, Group, Scope, fails, passes, warns
from oauthcert.model.finding import Severity

_PATIENCE = ("wait-for-replication",)
_WAY = ("open-replication-port",)
_CMS = ("start-cms-services", "restore-cms-failover")

STEP_1_CHECKS: tuple[Check, ...] = (
    Check(
        "local-store-present",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes(),
            fails("database-stopped", "service", "state", fixes=("start-services",)),
            fails("test-failed", "problems", fixes=("enable-replica",)),
            fails("not-in-topology", "fqdn", fixes=("refresh-local-store", "enable-replica")),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "local-store-current",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes("thumbprint", "reference_server"),
            fails("missing", "reference_thumbprint", "reference_server", "assigned_at", fixes=("force-replication", "refresh-local-store")),
            fails(
                "older",
                "thumbprint",
                "reference_thumbprint",
                "reference_server",
                "assigned_at",
                fixes=("force-replication", "refresh-local-store"),
            ),
            fails(
                "different",
                "thumbprint",
                "reference_thumbprint",
                "reference_server",
                fixes=("force-replication", "refresh-local-store"),
            ),
            warns(
                "still-arriving",
                "reference_thumbprint",
                "reference_server",
                "assigned_at",
                "age_seconds",
                "allowed_seconds",
                fixes=_PATIENCE,
            ),
            warns("newer", "thumbprint", "reference_thumbprint", "reference_server", fixes=("assign-oauth",)),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "replica-service",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes("state", "start_mode"),
            fails("missing", fixes=("enable-replica",)),
            fails("disabled", "state", "start_mode", fixes=("start-replica",)),
            fails("stopped", "state", "start_mode", fixes=("start-replica",)),
            warns("not-automatic", "state", "start_mode", fixes=("start-replica",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "replication-up-to-date",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes("last_status_report", "last_update_creation", "cms_server"),
            fails("not-listed", "cms_server", fixes=("enable-replica",)),
            fails("never-reported", "cms_server", fixes=("force-replication",)),
            fails(
                "stale-report",
                "last_status_report",
                "newest_change",
                "age_hours",
                "allowed_hours",
                "cms_server",
                fixes=("force-replication",),
            ),
            fails(
                "older-than-assignment",
                "last_status_report",
                "last_update_creation",
                "assigned_at",
                "cms_server",
                fixes=("force-replication",),
            ),
            fails("not-up-to-date", "last_status_report", "last_update_creation", "cms_server", fixes=("force-replication",)),
            warns("still-arriving", "assigned_at", "age_seconds", "allowed_seconds", "cms_server", fixes=_PATIENCE),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "replication-arrived",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes("arrived_at", "assigned_at"),
            passes("last_update_creation", "assigned_at", "cms_server", named="told-by-status"),
            fails("not-arrived", "assigned_at", "newest_arrival", "up_to_date", "last_update_creation", fixes=("force-replication",)),
            warns("still-arriving", "assigned_at", "age_seconds", "allowed_seconds", fixes=_PATIENCE),
            NOTHING_ASSIGNED,
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "cms-master",
        Group.STEP_1,
        Scope.DEPLOYMENT,
        (
            passes("active_master", "file_transfer_agents", "cms_server"),
            fails("no-active-master", "cms_server", fixes=_CMS, severity=Severity.CRITICAL),
            fails("no-file-transfer-agent", "active_master", "cms_server", fixes=_CMS, severity=Severity.CRITICAL),
            fails("service-stopped", "stopped_services", "cms_server", fixes=("start-cms-services",), severity=Severity.CRITICAL),
            fails("heartbeat-old", "last_heartbeat", "age_minutes", "allowed_minutes", "cms_server", fixes=("start-cms-services",)),
            UNSEEN_GRAVE,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "replication-transport",
        Group.STEP_1,
        Scope.SERVER,
        (
            passes("cms_server", "port"),
            passes(named="cms-server-itself"),
            fails("share-missing", "cms_server", "share", fixes=("enable-replica",)),
            warns("schannel", "cms_server", "client_auth_trust_mode", "send_trusted_issuer_list", fixes=("set-schannel-trust",)),
            fails("port-closed", "cms_server", "port", "error", fixes=_WAY),
            fails("access-denied", "cms_server", "event_id", "event_time", "event_message", fixes=("join-replicator-group",)),
            fails("certificate-mismatch", "cms_server", "event_id", "event_time", "event_message", fixes=("renew-server-certificate",)),
            fails("transfer-failed", "cms_server", "event_id", "event_time", "event_message", fixes=_WAY),
            fails("file-store", "cms_server", "event_id", "event_time", "event_message", fixes=("move-file-store",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
