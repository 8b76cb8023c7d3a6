"""The checks before everything else: can each server be reached, asked and believed in its time."""

from oauthcert.checks.check import NOT_APPLICABLE, UNSEEN, UNSEEN_GRAVE, Check, Group, Scope, Variant, fails, passes, warns
from oauthcert.model.finding import Severity, Verdict

# The file that should hold this server's answers was not judged; `reason` says why, and names the file.
EVIDENCE_REFUSED = Variant("evidence-refused", UNSEEN_GRAVE.verdict, UNSEEN_GRAVE.severity, UNSEEN_GRAVE.facts)

_ACCOUNT = ("correct-account",)
_GROUPS = ("join-groups",)
_TOOLS = ("install-admin-tools",)
_CLOCK = ("sync-time", "sync-time-by-hand")

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
            fails("sign-in-refused", fixes=_ACCOUNT),
            fails("account-locked", fixes=_ACCOUNT),
            fails("account-expired", fixes=_ACCOUNT),
            fails("account-disabled", fixes=_ACCOUNT),
            fails("password-expired", fixes=_ACCOUNT),
            fails("clock-skew", fixes=_CLOCK),
            fails("kerberos-name", fixes=_ACCOUNT),
            fails("kerberos-no-ticket", fixes=_ACCOUNT),
            fails("not-authorized", fixes=_GROUPS),
            fails("method-not-offered", "offered", fixes=_ACCOUNT),
            fails("needs-tls", fixes=_ACCOUNT),
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
            fails("missing", fixes=("repair-powershell",)),
            fails("constrained-language", "mode", fixes=("allow-full-language",)),
            fails("too-old", "powershell", "required", fixes=("repair-powershell",)),
            fails("process-32-bit", "powershell", fixes=("repair-powershell",)),
            fails("module-missing", "powershell", "installed_products", fixes=_TOOLS),
            fails("module-broken", "powershell", "message", fixes=_TOOLS),
            UNSEEN_GRAVE,
        ),
    ),
    Check(
        "rights-sufficient",
        Group.REACH,
        Scope.SERVER,
        (
            passes("account", "sufficient_group"),
            warns("not-elevated", "account", "missing_groups", "needed_for", "denied_looks", fixes=_GROUPS),
            warns("group-missing", "account", "missing_groups", "needed_for", "denied_looks", "unresolved_groups", fixes=_GROUPS),
            warns("denied-all-the-same", "account", "denied_looks", fixes=_GROUPS),
            UNSEEN,
        ),
    ),
    Check(
        "second-hop",
        Group.REACH,
        Scope.SERVER,
        (
            passes("authentication"),
            warns("refused", "refused_looks", "authentication", "directory", "ways", fixes=("allow-second-hop",)),
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
            warns("drifting", "offset_seconds", "error_seconds", "reference", "reference_voices", "allowed_seconds", fixes=_CLOCK),
            warns("jumped", "offset_seconds", "error_seconds", "reference", "reference_voices", "jumped_seconds", fixes=_CLOCK),
            fails("too-large", "offset_seconds", "error_seconds", "reference", "reference_voices", "allowed_seconds", fixes=_CLOCK),
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
            warns("service-stopped", "service_state", "service_start_mode", fixes=_CLOCK),
            warns("no-sync", "type", fixes=_CLOCK),
            warns("local-clock", "source", "domain_joined", fixes=_CLOCK),
            warns("virtual-machine-host", "source", fixes=("stop-hypervisor-clock", *_CLOCK)),
            warns("unsynchronised", "source", fixes=_CLOCK),
            warns("stale", "source", "last_sync", "age_hours", "allowed_hours", fixes=_CLOCK),
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
            warns("update-missing", "product", "version", "required_version", "required_since", fixes=("install-update",)),
            Variant("unknown-build", Verdict.UNKNOWN, Severity.LOW, ("product", "version")),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
