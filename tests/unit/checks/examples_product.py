"""One example for every variant of the checks of components, services, published metadata and partners."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from oauthcert.model.evidence import NotSeen
from oauthcert.model.server_evidence import EventSeen, ServiceSeen, TopologySeen, TopologyService
from tests.builders.evidence import ASSIGNED, NOW, assignment, certificate, deployment, fields, fqdn, services
from tests.builders.product import (
    EXCHANGE,
    LYNC,
    NO_WEB_SERVER,
    challenge,
    metadata,
    partner,
    partners,
    platform,
)
from tests.unit.checks.examples_reach import NO_PRODUCT, Made, fe02, healthy, unreached
from tests.unit.checks.examples_step_1 import just_assigned, nothing_assigned

OLD_PRINT = "A" * 40
LEAVING = ServiceSeen("RTCATS", "Audio Test Service", "Stopped", "Auto", delayed=False, deleting=True)
SERIAL = "61 0B 3C 00 00 00 00 01 0A"


def gone(*names: str) -> Any:
    return lambda seen: tuple(one for one in seen if one.name not in names)


def stopped(*names: str, **changes: Any) -> Any:
    def change(seen: tuple[ServiceSeen, ...]) -> tuple[ServiceSeen, ...]:
        made = []
        for one in seen:
            about = {"state": "Stopped", "start_mode": one.start_mode, **changes} if one.name in names else {}
            made.append(ServiceSeen(one.name, one.display_name, **{"state": one.state, "start_mode": one.start_mode, **about}))
        return tuple(made)

    return change


def incident(number: int, message: str = "", log: str = "Lync Server", provider: str = "LS User Services") -> EventSeen:
    return EventSeen(provider, number, 2, NOW - timedelta(hours=2), message, log)


def idle(number: int, message: str = "", log: str = "Lync Server") -> Made:
    """The front end of fe02 does not run, and this event says why."""
    return fe02(services=stopped("RTCSRV"), incidents=(incident(number, message, log),))


def published(*thumbprints: str, **changes: Any) -> Made:
    return fe02(metadata=metadata(fqdn("fe02"), *(thumbprints or (certificate().parsed.thumbprint,)), **changes))


def exchange(**changes: Any) -> Made:
    return lambda: (deployment().but("fe01", "fe02", "fe03", partners=partners(**changes)), None)


def with_conferences(seen: TopologySeen) -> TopologySeen:
    return replace(seen, services=(*seen.services, TopologyService("ConfServices", fqdn("pool02"), None, None)))


def renewed() -> Any:
    """fe02 still publishes the certificate before the present one, which has been assigned for weeks."""
    ill = deployment().but("fe01", "fe02", "fe03", oauth=(assignment(certificate(), previous_thumbprint=OLD_PRINT),))
    return ill.but("fe02", metadata=metadata(fqdn("fe02"), OLD_PRINT))


EXAMPLES: dict[str, Made] = {
    "components-installed.pass": healthy(),
    "components-installed.dot-net-old": fe02(product=fields(dot_net_release=378758)),
    "components-installed.marked-for-deletion": fe02(services=lambda seen: (*seen, LEAVING)),
    "components-installed.no-room": fe02(services=gone("RTCSRV"), platform=platform(ASSIGNED, free_megabytes=9000)),
    "components-installed.services-missing": fe02(services=gone("RTCSRV", "FabricHostSvc")),
    "components-installed.parts-missing": lambda: (deployment().but(topology=with_conferences), "fe02"),
    "components-installed.could-not-look": unreached(),
    "components-installed.not-applicable": fe02(**NO_PRODUCT),
    "services-started.pass": healthy(),
    "services-started.certificate-refused": idle(14397, f"The certificate {SERIAL} cannot be used."),
    "services-started.misplaced-certificates": idle(32178),
    "services-started.fabric-broken": idle(53760, log="Microsoft-Windows-WindowsFabric/Admin"),
    "services-started.waiting-for-pool": idle(32174),
    "services-started.worker-failed": idle(12330),
    "services-started.disabled": fe02(services=stopped("RTCSRV", start_mode="Disabled")),
    "services-started.stopped": fe02(services=stopped("RTCSRV", "W3SVC")),
    "services-started.still-starting": fe02(services=stopped("RTCSRV"), platform=platform(NOW - timedelta(minutes=4))),
    "services-started.others-stopped": fe02(services=stopped("RTCCLSAGT")),
    "services-started.not-automatic": fe02(services=services("RTCSRV", start_mode="Manual")),
    "services-started.not-installed": fe02(services=gone("RTCSRV")),
    "services-started.could-not-look": fe02(services=NotSeen("access-denied")),
    "services-started.not-applicable": fe02(**NO_PRODUCT),
    "metadata-published.pass": healthy(),
    "metadata-published.old-certificate": lambda: (renewed(), "fe02"),
    "metadata-published.other-certificate": published(OLD_PRINT),
    "metadata-published.nothing": fe02(metadata=metadata(fqdn("fe02"))),
    "metadata-published.not-yet": lambda: (just_assigned(), "fe02"),
    "metadata-published.no-answer": published(problem="ConnectionRefused", readable=False, status=None),
    "metadata-published.tls-failed": published(problem="TlsFailed", readable=False, status=None),
    "metadata-published.old-tls": published(tls="Tls"),
    "metadata-published.http-error": published(status=503, readable=False),
    "metadata-published.not-metadata": published(readable=False),
    "metadata-published.no-web-server": fe02(metadata=NO_WEB_SERVER),
    "metadata-published.nothing-assigned": lambda: (nothing_assigned(), "fe02"),
    "metadata-published.could-not-look": fe02(metadata=NotSeen("not-asked")),
    "metadata-published.not-applicable": healthy("edge01"),
    "partner-exchange.pass": exchange(),
    "partner-exchange.online": exchange(partners=(partner(metadata_url=None, uses_oauth_server=True),)),
    "partner-exchange.disabled": exchange(partners=(partner(enabled=False),)),
    "partner-exchange.no-address": exchange(exchange_autodiscover_url=None, challenge=None),
    "partner-exchange.wrong-address": exchange(exchange_autodiscover_url="https://autodiscover.contoso.lab/autodiscover/autodiscover.xml"),
    "partner-exchange.trust-level": exchange(partners=(partner(trust_level="Partial"),)),
    "partner-exchange.unreachable": exchange(challenge=challenge(problem="HostNotFound", authenticate=None, status=None)),
    "partner-exchange.tls-not-trusted": exchange(challenge=challenge(trust="RemoteCertificateChainErrors")),
    "partner-exchange.no-challenge": exchange(challenge=challenge(status=200, authenticate=None)),
    "partner-exchange.not-trusted": exchange(challenge=challenge(f"{EXCHANGE}@contoso.lab")),
    "partner-exchange.realm-mismatch": exchange(challenge=challenge(f"{LYNC}@old.contoso.lab")),
    "partner-exchange.wildcard-domain": exchange(
        challenge=challenge(diagnostics='2000004;reason="no such tenant";error_category="invalid_tenant"')
    ),
    "partner-exchange.refused-lately": lambda: (
        deployment().but("fe01", partners=partners()).but("fe02", incidents=(incident(32054, "401", provider="LS Storage Service"),)),
        None,
    ),
    "partner-exchange.could-not-look": lambda: (deployment().but(partners=NotSeen("not-asked")), None),
    "partner-exchange.not-applicable": healthy(None),
    "replication-transport.share-missing": fe02(platform=fields(replica_share=False)),
    "replication-transport.schannel": lambda: (
        deployment().row("edge01", up_to_date=False, last_status_report=None, last_update_creation=None),
        "edge01",
    ),
}
