"""The repairs that a person does. Ids are permanent; their words stand in `steps.toml` and `fixes.toml`."""

from oauthcert.fixes.fix import Fix, Stage
from oauthcert.fixes.plan_guides import guide, wait
from oauthcert.model.plan import Consent, Manner


def _guide(name: str, stage: Stage, *settles: str) -> Fix:
    return Fix(name, Manner.GUIDES, Consent.LOOK, stage, (), settles, guide)


GUIDES: tuple[Fix, ...] = (
    # reaching the server
    _guide("correct-name", Stage.REACH, "server-reachable"),
    _guide("enable-winrm", Stage.REACH, "server-reachable"),
    _guide("open-remote-port", Stage.REACH, "server-reachable"),
    _guide("trust-server-tls", Stage.REACH, "server-reachable"),
    _guide("enable-tls-12", Stage.REACH, "server-reachable", "metadata-published"),
    _guide("correct-account", Stage.REACH, "sign-in-accepted"),
    _guide("join-groups", Stage.REACH, "sign-in-accepted", "rights-sufficient"),
    _guide("repair-powershell", Stage.REACH, "powershell-usable"),
    _guide("allow-full-language", Stage.REACH, "powershell-usable"),
    _guide("install-admin-tools", Stage.REACH, "powershell-usable"),
    _guide("allow-second-hop", Stage.REACH, "second-hop"),
    # time
    _guide("sync-time-by-hand", Stage.TIME, "time-skew", "time-source", "sign-in-accepted"),
    _guide("stop-hypervisor-clock", Stage.TIME, "time-source"),
    # the Central Management Store and replication
    _guide("restore-cms-failover", Stage.SERVICES, "cms-master"),
    _guide("open-replication-port", Stage.REPLICATION, "replication-transport"),
    _guide("join-replicator-group", Stage.REPLICATION, "replication-transport"),
    _guide("set-schannel-trust", Stage.REPLICATION, "replication-transport"),
    _guide("move-file-store", Stage.REPLICATION, "replication-transport"),
    Fix(
        "wait-for-replication",
        Manner.WAITS,
        Consent.LOOK,
        Stage.WAIT,
        (),
        ("replication-up-to-date", "replication-arrived", "local-store-current"),
        wait,
    ),
    # components
    _guide("install-dotnet", Stage.PRODUCT, "components-installed"),
    _guide("reboot-server", Stage.PRODUCT, "components-installed"),
    _guide("free-disk-space", Stage.PRODUCT, "components-installed"),
    _guide("run-step-2", Stage.PRODUCT, "components-installed"),
    _guide("install-update", Stage.PRODUCT, "product-build"),
    # certificates
    _guide("remove-key-denial", Stage.CERTIFICATES, "oauth-key-permissions"),
    _guide("rename-certificate", Stage.CERTIFICATES, "oauth-subject"),
    _guide("reissue-authority", Stage.CERTIFICATES, "oauth-strength", "oauth-chain"),
    _guide("release-certificate", Stage.CERTIFICATES, "oauth-chain"),
    _guide("update-for-sha512", Stage.CERTIFICATES, "oauth-strength"),
    _guide("renew-server-certificate", Stage.CERTIFICATES, "other-certificates", "replication-transport"),
    _guide("clean-root-store", Stage.CERTIFICATES, "oauth-chain", "services-started"),
    # services
    _guide("replace-4k-disk", Stage.PRODUCT, "services-started"),
    _guide("recover-quorum", Stage.PRODUCT, "services-started"),
    _guide("wait-for-start", Stage.PRODUCT, "services-started"),
    # partners
    _guide("recycle-web-app", Stage.PRODUCT, "metadata-published"),
    _guide("configure-partner", Stage.PRODUCT, "partner-exchange"),
    _guide("configure-partner-on-exchange", Stage.PRODUCT, "partner-exchange"),
    _guide("correct-autodiscover-url", Stage.PRODUCT, "partner-exchange"),
    _guide("correct-partner-certificate", Stage.PRODUCT, "partner-exchange"),
    _guide("enable-oauth-on-exchange", Stage.PRODUCT, "partner-exchange"),
    _guide("name-accepted-domains", Stage.PRODUCT, "partner-exchange"),
    _guide("open-partner-way", Stage.PRODUCT, "partner-exchange"),
    _guide("refresh-partner", Stage.PRODUCT, "partner-exchange", "metadata-published"),
)
