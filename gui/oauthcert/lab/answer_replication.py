"""The answers about replication: topology, replica, status, events, ports."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oauthcert.lab.cmdlets import CmdletObject, Cmdlets
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.event_log import LOG
from oauthcert.lab.machines import Machine
from oauthcert.lab.products import Role
from oauthcert.lab.replication import reachable
from oauthcert.lab.stamps import Answers, utc
from oauthcert.lab.topology import clusters, services

_EVENT_IDS = {3038, 1015, 1017, 1034, 1046, 2020}
_EVENTS_KEPT = 60
_EVENTS_SINCE = timedelta(days=14)
_MESSAGE_KEPT = 2000
_MOST_PORTS = 300


def topology(at: Cmdlets, arguments: Mapping[str, object]) -> Answers:
    at.may_read_topology()
    # The same document lies on every server, and it does not change while the lab runs.
    everything = at.deployment.once("topology", lambda: _topology(at.deployment))
    return everything if arguments.get("Everything") is True else _near(everything[0], at.machine.name)


def _near(whole: Mapping[str, Any], machine: str) -> Answers:
    """As Select-NearCluster does it: all of it only from a Central Management Server."""
    central = {service["cluster"] for service in whole["services"] if service["role"] == "CentralMgmt"}
    own = {cluster["fqdn"] for cluster in whole["clusters"] if machine in (cluster["fqdn"], *cluster["machines"])}
    if own & central:
        return [whole]
    near = own | central
    return [
        {
            **whole,
            "clusters": [cluster for cluster in whole["clusters"] if cluster["fqdn"] in near],
            "services": [service for service in whole["services"] if service["cluster"] in near],
            "complete": False,
        }
    ]


def _topology(deployment: Deployment) -> Answers:
    return [
        {
            "clusters": [
                {
                    "fqdn": part.fqdn,
                    "site": str(part.site),
                    "number": str(part.number),
                    "requiresReplication": part.requires_setup,
                    "requiresSetup": part.requires_setup,
                    "onEdge": part.role is Role.EDGE,
                    "machines": [machine.name for machine in part.machines],
                }
                for part in clusters(deployment)
            ],
            "services": [
                {"role": part.role, "cluster": part.cluster.fqdn, "active": part.active, "director": part.director}
                for part in services(deployment)
            ],
            "complete": True,
            "defaultSipDomain": deployment.sip_domain,
            "sipDomains": [deployment.sip_domain],
        }
    ]


def replica(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    problems = at.test_cs_replica()
    return [{"passed": not problems, "problems": problems}]


def replication(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    if not _has_master(at):
        return [_status(None, [])]
    rows = at.get_cs_management_store_replication_status()
    return [_status(at.get_central_management_store_status(), rows)]


def _status(status: CmdletObject | None, rows: list[CmdletObject]) -> Mapping[str, object]:
    def time(value: object) -> str | None:
        return utc(value) if isinstance(value, datetime) else None

    beats = [value for name, value in (status or {}).items() if "Heartbeat" in name and isinstance(value, datetime)]
    agents = (status or {}).get("ActiveFileTransferAgents")
    return {
        "asked": status is not None,
        "why": None if status is not None else "no-master-service",
        "replicas": [
            {
                "fqdn": row["ReplicaFqdn"],
                "upToDate": row["UpToDate"],
                "lastStatusReport": time(row["LastStatusReport"]),
                "lastUpdateCreation": time(row["LastUpdateCreation"]),
                "productVersion": row["ProductVersion"],
            }
            for row in rows
        ],
        "activeMaster": (status or {}).get("ActiveMasterFqdn"),
        "activeFileTransferAgents": list(agents) if isinstance(agents, list) else [],
        "lastHeartbeat": time(max(beats, default=None)),
    }


def _has_master(at: Cmdlets) -> bool:
    return any(service["Name"] == "MASTER" for service in at.get_service_instances())


def events(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    since = at.machine.local_time(at.moment) - _EVENTS_SINCE
    logged = [event for event in at.get_win_event() if event["Id"] in _EVENT_IDS and event["LogName"] == LOG]
    recent = [event for event in logged if event_time(event) >= since][:_EVENTS_KEPT]
    newest = next((event for event in logged if event["Id"] == 3038), None)
    if newest is not None and newest not in recent:
        recent.append(newest)
    return [event_fact(event) for event in recent]


def event_fact(event: CmdletObject) -> Mapping[str, object]:
    return {
        "provider": event["ProviderName"],
        "id": event["Id"],
        "level": event["Level"],
        "time": utc(event_time(event)),
        "message": str(event["Message"])[:_MESSAGE_KEPT],
        "log": event["LogName"],
    }


def event_time(event: CmdletObject) -> datetime:
    time = event["TimeCreated"]
    if not isinstance(time, datetime):
        raise TypeError("TimeCreated")
    return time


def transport(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    if not _has_master(at):
        return []
    found: Answers = []
    for part in clusters(at.deployment):
        for machine in part.machines if part.requires_setup else ():
            if machine.name != at.machine.name:
                found.append(_port(machine, at.moment))
    return found[:_MOST_PORTS]


def _port(machine: Machine, moment: datetime) -> Mapping[str, object]:
    is_open = reachable(machine, moment)
    # A firewall swallows the packets; where only the service does not run, the system itself says no.
    error = None if is_open else "ConnectionRefused" if machine.ports[machine.replica_port].at(moment) else "TimedOut"
    return {
        "replica": machine.name,
        "port": machine.replica_port,
        "open": is_open,
        "error": error,
        "milliseconds": 3004 if error == "TimedOut" else 21,
    }
