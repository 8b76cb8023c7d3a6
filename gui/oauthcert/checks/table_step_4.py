"""The check of the product's step 4: its services."""

from oauthcert.checks.check import NOT_APPLICABLE, UNSEEN, Check, Group, Scope, Variant, fails, passes, warns
from oauthcert.model.finding import Severity, Verdict

_EVENT = ("stopped_services", "event_id", "event_time", "event_message")
_SERIALS = ("serial_printed", "serial_turned_round", "certificate", "certificate_thumbprint")

STEP_4_CHECKS: tuple[Check, ...] = (
    Check(
        "services-started",
        Group.STEP_4,
        Scope.SERVER,
        (
            passes("running_services", "resting_services"),
            fails("certificate-refused", *_EVENT, *_SERIALS, fixes=("start-services",), severity=Severity.CRITICAL),
            fails("misplaced-certificates", *_EVENT, fixes=("clean-root-store", "start-services"), severity=Severity.CRITICAL),
            fails("fabric-broken", *_EVENT, fixes=("replace-4k-disk",), severity=Severity.CRITICAL),
            fails("waiting-for-pool", *_EVENT, "schannel_errors", fixes=("start-services", "recover-quorum"), severity=Severity.CRITICAL),
            fails("worker-failed", *_EVENT, fixes=("start-services",), severity=Severity.CRITICAL),
            fails("disabled", "disabled_services", fixes=("start-services",), severity=Severity.CRITICAL),
            fails("stopped", "stopped_services", "states", fixes=("start-services",), severity=Severity.CRITICAL),
            warns("still-starting", "waiting_services", "running_minutes", "allowed_minutes", fixes=("wait-for-start",)),
            warns("others-stopped", "stopped_services", fixes=("start-services",)),
            warns("not-automatic", "manual_services", fixes=("start-services",)),
            Variant("not-installed", Verdict.NOT_APPLICABLE, Severity.INFO, ("missing_services",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
