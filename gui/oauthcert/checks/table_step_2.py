"""The check of the product's step 2: its components."""

from oauthcert.checks.check import NOT_APPLICABLE, UNSEEN, Check, Group, Scope, fails, passes, warns

STEP_2_CHECKS: tuple[Check, ...] = (
    Check(
        "components-installed",
        Group.STEP_2,
        Scope.SERVER,
        (
            passes("roles", "services_wanted"),
            fails("dot-net-old", "dot_net_release", "required_release", fixes=("install-dotnet",)),
            fails("marked-for-deletion", "services", fixes=("reboot-server",)),
            fails("no-room", "roles", "missing_services", "free_gigabytes", "required_gigabytes", fixes=("free-disk-space", "run-step-2")),
            fails("services-missing", "roles", "missing_services", fixes=("run-step-2",)),
            warns("parts-missing", "roles", "missing_services", fixes=("run-step-2",)),
            UNSEEN,
            NOT_APPLICABLE,
        ),
    ),
)
