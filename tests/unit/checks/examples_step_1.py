"""One example for every variant of the checks of step 1, the local configuration store."""

from datetime import timedelta
from typing import Any

from oauthcert.model.evidence import NotSeen
from oauthcert.model.server_evidence import EventSeen, TransportSeen
from tests.builders.evidence import (
    ASSIGNED,
    NOW,
    UNNAMED,
    Deployment,
    assignment,
    certificate,
    deployment,
    event,
    fields,
    fqdn,
    services,
    topology,
)
from tests.unit.checks.examples_reach import NO_PRODUCT, Made, fe02, healthy, unreached

OLD = -400.0, 60.0, 3
"""Begins, ends (in days from NOW) and key of the certificate before the present one."""


def just_assigned(minutes: float = 2) -> Deployment:
    """A new certificate was assigned on the CMS server minutes ago, and nothing of it has reached fe02 yet."""
    old, new = certificate(*OLD), certificate()
    at = NOW - timedelta(minutes=minutes)
    return (
        deployment()
        .assigned(old, ASSIGNED - timedelta(days=300))
        .but("fe01", oauth=(assignment(new, at),))
        .assigned(new, at, "fe03")
        .row("fe02", up_to_date=False)
    )


def nothing_assigned() -> Deployment:
    return deployment().but("fe01", "fe02", "fe03", oauth=())


def row(**changes: Any) -> Made:
    return lambda: (deployment().row("fe02", **changes), "fe02")


def failed(number: int, message: str, at: timedelta = timedelta(minutes=1)) -> EventSeen:
    return event(number, NOW - at, message)


def sender(*events: EventSeen, server: str = "fe02") -> Made:
    """These are in the log of the CMS server."""
    return lambda: (deployment().but("fe01", events=lambda seen: (*events, *seen)), server)


def cms(**changes: Any) -> Made:
    """The CMS server's table says something else of the deployment."""
    return lambda: (deployment().but("fe01", replication=fields(**changes)), None)


def port_closed(seen: tuple[TransportSeen, ...]) -> tuple[TransportSeen, ...]:
    return tuple(TransportSeen(t.replica, t.port, False, "timed out", 3000) if t.replica == fqdn("fe02") else t for t in seen)


def not_replicated() -> Deployment:
    """sql01 is looked at, which the topology gives no replica."""
    return deployment().with_server("sql01")


EXAMPLES: dict[str, Made] = {
    "local-store-present.pass": healthy(),
    "local-store-present.database-stopped": fe02(services=services("MSSQL$RTCLOCAL", state="Stopped")),
    "local-store-present.test-failed": fe02(replica=fields(passed=False, problems=("The local replica is not installed.",))),
    "local-store-present.not-in-topology": fe02(topology=topology("fe03", "fe04")),
    "local-store-present.could-not-look": unreached(),
    "local-store-present.not-applicable": fe02(**NO_PRODUCT),
    "local-store-current.pass": healthy(),
    "local-store-current.missing": fe02(oauth=()),
    "local-store-current.older": fe02(oauth=(assignment(certificate(*OLD), ASSIGNED - timedelta(days=300)),)),
    "local-store-current.different": fe02(
        oauth=(assignment(certificate(-20, 700, 4), update_time=None, not_before=None),),
    ),
    "local-store-current.still-arriving": lambda: (just_assigned(), "fe02"),
    "local-store-current.newer": fe02(oauth=(assignment(certificate(-10, 700, 4), ASSIGNED + timedelta(days=10)),)),
    "local-store-current.nothing-assigned": lambda: (nothing_assigned(), "fe02"),
    "local-store-current.could-not-look": fe02(oauth=(UNNAMED,)),
    "local-store-current.not-applicable": healthy("edge01"),
    "replica-service.pass": healthy(),
    "replica-service.missing": fe02(services=services("REPLICA", state=None)),
    "replica-service.disabled": fe02(services=services("REPLICA", state="Stopped", start_mode="Disabled")),
    "replica-service.stopped": fe02(services=services("REPLICA", state="Stopped")),
    "replica-service.not-automatic": fe02(services=services("REPLICA", start_mode="Manual")),
    "replica-service.could-not-look": fe02(services=NotSeen("access-denied")),
    "replica-service.not-applicable": fe02(**NO_PRODUCT),
    "replication-up-to-date.pass": healthy(),
    "replication-up-to-date.not-listed": lambda: (
        deployment().but("fe01", replication=lambda seen: fields(replicas=seen.replicas[2:])(seen)),
        "fe02",
    ),
    "replication-up-to-date.never-reported": row(up_to_date=False, last_status_report=None, last_update_creation=None),
    "replication-up-to-date.stale-report": row(last_status_report=ASSIGNED),
    "replication-up-to-date.older-than-assignment": row(up_to_date=False, last_update_creation=ASSIGNED - timedelta(days=1)),
    "replication-up-to-date.not-up-to-date": row(up_to_date=False),
    "replication-up-to-date.still-arriving": lambda: (just_assigned(), "fe02"),
    "replication-up-to-date.could-not-look": lambda: (deployment().without("fe01"), "fe02"),
    "replication-up-to-date.not-applicable": lambda: (not_replicated(), "sql01"),
    "replication-arrived.pass": healthy(),
    "replication-arrived.told-by-status": fe02(events=()),
    "replication-arrived.not-arrived": lambda: (
        deployment().but("fe02", events=()).row("fe02", up_to_date=False, last_update_creation=ASSIGNED - timedelta(days=1)),
        "fe02",
    ),
    "replication-arrived.still-arriving": lambda: (just_assigned(), "fe02"),
    "replication-arrived.nothing-assigned": lambda: (nothing_assigned(), "fe02"),
    "replication-arrived.could-not-look": unreached(),
    "replication-arrived.not-applicable": lambda: (not_replicated(), "sql01"),
    "cms-master.pass": healthy(None),
    "cms-master.no-active-master": cms(active_master=None),
    "cms-master.no-file-transfer-agent": cms(active_file_transfer_agents=()),
    "cms-master.service-stopped": lambda: (deployment().but("fe01", services=services("MASTER", state="Stopped")), None),
    "cms-master.heartbeat-old": cms(last_heartbeat=NOW - timedelta(minutes=16)),
    "cms-master.could-not-look": lambda: (deployment().but("fe01", replication=NotSeen("second-hop")), None),
    "cms-master.not-applicable": lambda: (deployment().but(**NO_PRODUCT), None),
    "replication-transport.pass": healthy(),
    "replication-transport.cms-server-itself": healthy("fe01"),
    "replication-transport.port-closed": lambda: (deployment().but("fe01", transport=port_closed), "fe02"),
    "replication-transport.access-denied": sender(failed(1034, r"Access denied: \\fe02.contoso.lab\xds-replica\from-master\data.zip")),
    "replication-transport.certificate-mismatch": sender(
        failed(1015, "The certificate of edge01.contoso.lab does not match."), server="edge01"
    ),
    "replication-transport.transfer-failed": sender(failed(1017, "File transfer failed for fe02.contoso.lab.")),
    "replication-transport.file-store": sender(failed(2020, r"Cannot watch \\nas01\share\1-CentralMgmt-1"), server="fe01"),
    "replication-transport.could-not-look": lambda: (deployment().but("fe01", transport=NotSeen("probe-deadline")), "fe02"),
    "replication-transport.not-applicable": lambda: (not_replicated(), "sql01"),
}
