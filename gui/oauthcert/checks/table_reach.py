"""The checks before everything else: can each server be reached, asked and believed in its time."""

from oauthcert.checks.check import NOT_APPLICABLE, UNSEEN, UNSEEN_GRAVE, Check, Group, Scope, Variant, fails, passes, warns
from oauthcert.model.finding import Severity, Verdict

# The file that should hold this server's answers was not judged; `reason` says why, and names the file.
EVIDENCE_REFUSED = Variant("evidence-refused", UNSEEN_GRAVE.verdict, UNSEEN_GRAVE.severity, UNSEEN_GRAVE.facts)

REACH_CHECKS: tuple[Check, ...] = (
    Check(
        "server-reachable", Group.REACH, Scope.SERVER, (passes("address", "port", "scheme"), EVIDENCE_REFUSED, UNSEEN_GRAVE, NOT_APPLICABLE)
    ),
    Check(
        "sign-in-accepted",
        Group.REACH,
        Scope.SERVER,
        (
            passes("username", "method"),
            fails("sign-in-refused"),
            fails("account-locked"),
            fails("account-expired"),
            fails("account-disabled"),
            fails("password-expired"),
            fails("clock-skew", fixes=("sync-time",)),
            fails("kerberos-name"),
            fails("kerberos-no-ticket"),
            fails("not-authorized"),
            fails("method-not-offered", "offered"),
            fails("needs-tls"),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "powershell-usable",
        Group.REACH,
        Scope.SERVER,
        (
            passes("powershell", "module", "module_version"),
            passes("powershell", named="no-module-needed"),
            fails("missing"),
            fails("constrained-language", "mode"),
            fails("too-old", "powershell", "required"),
            fails("process-32-bit", "powershell"),
            fails("module-missing", "powershell", "installed_products"),
            fails("module-broken", "powershell", "message"),
            UNSEEN_GRAVE,
        ),
    ),
    Check(
        "rights-sufficient",
        Group.REACH,
        Scope.SERVER,
        (
            passes("account", "sufficient_group"),
            warns("not-elevated", "account", "missing_groups", "needed_for", "denied_looks"),
            warns("group-missing", "account", "missing_groups", "needed_for", "denied_looks", "unresolved_groups"),
            warns("denied-all-the-same", "account", "denied_looks"),
            UNSEEN,
        ),
    ),
    Check(
        "second-hop",
        Group.REACH,
        Scope.SERVER,
        (
            passes("authentication"),
            warns("refused", "refused_looks", "authentication", "directory", "ways"),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "time-skew",
        Group.REACH,
        Scope.SERVER,
        (
            passes("offset_seconds", "error_seconds", "reference", "reference_voices"),
            warns("drifting", "offset_seconds", "error_seconds", "reference", "reference_voices", "allowed_seconds", fixes=("sync-time",)),
            warns("jumped", "offset_seconds", "error_seconds", "reference", "reference_voices", "jumped_seconds", fixes=("sync-time",)),
            fails("too-large", "offset_seconds", "error_seconds", "reference", "reference_voices", "allowed_seconds", fixes=("sync-time",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
    Check(
        "time-source",
        Group.REACH,
        Scope.SERVER,
        (
            passes("source", "last_sync"),
            warns("service-stopped", "service_state", "service_start_mode", fixes=("sync-time",)),
            warns("no-sync", "type", fixes=("sync-time",)),
            warns("local-clock", "source", "domain_joined", fixes=("sync-time",)),
            warns("virtual-machine-host", "source", fixes=("sync-time",)),
            warns("unsynchronised", "source", fixes=("sync-time",)),
            warns("stale", "source", "last_sync", "age_hours", "allowed_hours", fixes=("sync-time",)),
            UNSEEN,
        ),
    ),
    Check(
        "product-build",
        Group.REACH,
        Scope.SERVER,
        (
            passes("product", "version"),
            passes("product", "version", "support_ended", named="serviced-beyond-support"),
            warns("out-of-support", "product", "version", "support_ended"),
            warns("update-missing", "product", "version", "required_version", "required_since"),
            Variant("unknown-build", Verdict.UNKNOWN, Severity.LOW, ("product", "version")),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
