"""What each probe function prints on a simulated server: the same flat objects as the scripts in resources/powershell/probes."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from oauthcert.lab.cmdlets import CmdletObject, Cmdlets
from oauthcert.lab.errors import CmdletError, ErrorRecord
from oauthcert.lab.event_log import LOG
from oauthcert.lab.machines import Certificate, Key, Machine, Placed, StoreName
from oauthcert.lab.products import Role
from oauthcert.lab.replication import reachable
from oauthcert.lab.topology import clusters, services

Answers = list[Mapping[str, object]]
Function = Callable[[Cmdlets, Mapping[str, object]], Answers]

NO_PERMISSION = -2146893808  # 0x80090010, NTE_PERM
BAD_KEYSET = -2146893802  # 0x80090016, NTE_BAD_KEYSET
_EVENT_IDS = {3038, 1015, 1017, 1034, 1046, 2020}
_EVENTS_KEPT = 60
_EVENTS_SINCE = timedelta(days=14)
_MESSAGE_KEPT = 2000


def utc(moment: datetime | None) -> str | None:
    """As .NET writes it with the format 'o': seven digits and Z. None stays None."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def session(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    machine, account = at.machine, at.machine.account
    administrator = account.administrator
    domain = machine.domain if administrator else account.name.split("\\")[0]
    if machine.domain is None:
        domain = None
    return [
        {
            "powershell": machine.product.powershell,
            "process64": True,
            "os64": True,
            "computer": machine.short,
            "fqdn": machine.name,
            "domainJoined": machine.domain is not None,
            "domain": domain,
            "osVersion": machine.product.os_version,
            "osName": machine.product.os_name if administrator else "",
            "account": account.name,
            "authentication": "NTLM" if not at.deployment.hop_allowed else "CredSSP",
            "impersonation": "Impersonation" if not at.deployment.hop_allowed else "Delegation",
            "elevated": administrator,
            "groups": list(account.groups),
        }
    ]


def product(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    version = at.machine.product
    has = at.machine.role is not Role.SQL
    return [
        {
            "products": [{"name": p.name, "version": p.version, "publisher": p.publisher} for p in version.installed] if has else [],
            "modules": [{"name": version.module, "version": version.module_version, "path": version.module_path}] if has else [],
            "dotNetRelease": version.dot_net_release,
            "exchangeInstalled": False,
        }
    ]


def module(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    version = at.machine.product
    if at.machine.role is Role.SQL:
        return [{"name": None, "version": None, "path": None, "by": None}]
    return [{"name": version.module, "version": version.module_version, "path": version.module_path, "by": "name"}]


def service_facts(at: Cmdlets, arguments: Mapping[str, object]) -> Answers:
    wanted = arguments.get("Names")
    names = {str(name).casefold() for name in wanted} if isinstance(wanted, list) else set()
    found = [service for service in at.get_service_instances() if str(service["Name"]).casefold() in names]
    return [{"name": s["Name"], "displayName": s["DisplayName"], "state": s["State"], "startMode": s["StartMode"]} for s in found]


def topology(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    at.may_read_topology()
    parts = clusters(at.deployment)
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
                for part in parts
            ],
            "services": [
                {"role": part.role, "cluster": part.cluster.fqdn, "active": part.active, "director": part.director}
                for part in services(at.deployment)
            ],
            "defaultSipDomain": at.deployment.sip_domain,
            "sipDomains": [at.deployment.sip_domain],
        }
    ]


def replica(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    problems = at.test_cs_replica()
    return [{"passed": not problems, "problems": problems}]


def oauth(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    try:
        found = at.get_cs_certificate()
    except CmdletError as error:
        if "not found or untrusted" not in error.record.message:
            raise
        return [_assignment({}, error.record.message)]
    return [_assignment(one, None) for one in found]


def _assignment(one: CmdletObject, message: str | None) -> Mapping[str, object]:
    def time(name: str) -> str | None:
        value = one.get(name)
        return utc(value) if isinstance(value, datetime) else None

    return {
        "thumbprint": one.get("Thumbprint"),
        "subject": one.get("Subject"),
        "issuer": one.get("Issuer"),
        "serial": one.get("SerialNumber"),
        "notBefore": time("NotBefore"),
        "notAfter": time("NotAfter"),
        "use": one.get("Use"),
        "sourceScope": one.get("SourceScope"),
        "effectiveDate": time("EffectiveDate"),
        "previousThumbprint": one.get("PreviousThumbprint"),
        "updateTime": time("UpdateTime"),
        "notFoundOrUntrusted": message is not None,
        "message": message,
    }


def store(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    def held(name: StoreName) -> tuple[Placed, ...]:
        return at.deployment.certificates(at.machine, name, at.moment)

    mine, intermediate, root = _ordered(held(StoreName.MY)), held(StoreName.INTERMEDIATE), held(StoreName.ROOT)
    issuers = _possible_issuers(mine[:200], intermediate + root)

    def issuing(placed: tuple[Placed, ...]) -> list[Mapping[str, object]]:
        return [_der(one.certificate) for one in placed if one.certificate.thumbprint in issuers]

    return [
        {
            "my": [{**_der(p.certificate), "hasPrivateKey": p.key is not None, "friendlyName": p.friendly_name} for p in mine[:200]],
            "intermediate": issuing(intermediate),
            "root": issuing(root),
            "disallowed": [placed.certificate.thumbprint for placed in held(StoreName.DISALLOWED)],
            "misplacedRoots": [
                {"thumbprint": p.certificate.thumbprint, "subject": p.certificate.subject, "issuer": p.certificate.issuer}
                for p in root
                if p.certificate.issued_by is not None
            ],
            "counts": {"my": len(mine), "intermediate": len(intermediate), "root": len(root)},
            "left": {"my": max(len(mine) - 200, 0)},
        }
    ]


def _ordered(placed: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """Those with a private key first, newest first: a bound then cuts off what matters least."""
    return tuple(sorted(placed, key=lambda one: (one.key is not None, one.certificate.not_before), reverse=True))


def _der(certificate: Certificate) -> dict[str, object]:
    return {"thumbprint": certificate.thumbprint, "der": b64encode(certificate.der).decode("ascii")}


def _possible_issuers(mine: tuple[Placed, ...], authorities: tuple[Placed, ...]) -> set[str]:
    """Thumbprints of those present that by their names may have issued one of these, and their issuers in turn."""
    chosen: dict[str, Certificate] = {}
    waiting = [placed.certificate for placed in mine]
    while waiting:
        wanted = waiting.pop().issuer
        for one in (placed.certificate for placed in authorities):
            if one.subject == wanted and one.thumbprint not in chosen:
                chosen[one.thumbprint] = one
                waiting.append(one)
    return set(chosen)


def keys(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    mine = _ordered(at.deployment.certificates(at.machine, StoreName.MY, at.moment))
    claimed = [(placed.certificate.thumbprint, placed.key) for placed in mine if placed.key is not None][:100]
    return [_key(at.machine, thumbprint, key) for thumbprint, key in claimed]


def _key(machine: Machine, thumbprint: str, key: Key) -> Mapping[str, object]:
    fact: dict[str, object] = {
        "thumbprint": thumbprint,
        "opens": False,
        "kind": None,
        "provider": None,
        "providerType": None,
        "keySpec": None,
        "exportable": None,
        "container": None,
        "problem": None,
        "hresult": None,
        "message": None,
    }
    if not machine.account.administrator:
        return fact | {"problem": "access-denied", "hresult": NO_PERMISSION, "message": "Access denied.\r\n"}
    if not key.file_present:
        return fact | {"problem": "missing-key-file", "hresult": BAD_KEYSET, "message": "Keyset does not exist\r\n"}
    return fact | {
        "opens": True,
        "kind": key.kind,
        "provider": key.provider,
        "providerType": key.provider_type,
        "keySpec": key.key_spec,
        "exportable": key.exportable,
        "container": sha256(f"{machine.name} {thumbprint}".encode()).hexdigest()[:32] + "_lab",
    }


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
    recent = [event for event in logged if _time(event) >= since][:_EVENTS_KEPT]
    newest = next((event for event in logged if event["Id"] == 3038), None)
    if newest is not None and newest not in recent:
        recent.append(newest)
    return [
        {
            "provider": event["ProviderName"],
            "id": event["Id"],
            "level": event["Level"],
            "time": utc(_time(event)),
            "message": str(event["Message"])[:_MESSAGE_KEPT],
            "log": event["LogName"],
        }
        for event in recent
    ]


def _time(event: CmdletObject) -> datetime:
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
    return found


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


def hop(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    at.get_computer_system()
    if at.machine.domain is None:
        return [{"directory": "not-domain", "directoryMessage": None}]
    if at.deployment.hop_allowed:
        return [{"directory": "ok", "directoryMessage": None}]
    return [{"directory": "denied", "directoryMessage": "0x80072020 An operations error occurred.\r\n"}]


def time_facts(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    machine, clock = at.machine, at.machine.clock
    system = at.get_computer_system()
    service = next(one for one in at.get_service_instances() if one["Name"] == "W32Time")
    running = service["State"] == "Running"
    joined = system["PartOfDomain"] is True
    # w32tm asks the service, which has to run; the strip chart asks the other clock itself.
    source = clock.source if running else None
    name = (source or "").split(",")[0] if clock.type == "NT5DS" and source and " " not in source else str(system["Domain"])
    jitter = sha256(machine.name.encode()).digest()[0] / 12800
    return [
        {
            "utc": utc(machine.local_time(at.moment)),
            "zone": "W. Europe Standard Time",
            "serviceState": service["State"],
            "serviceStartMode": service["StartMode"],
            "type": clock.type,
            "ntpServer": clock.ntp_server,
            "source": source,
            "leap": clock.leap if running else None,
            "stratum": clock.stratum if running else None,
            "lastSync": utc(machine.local_time(at.moment) - clock.synchronised) if running else None,
            "vmicEnabled": machine.vmic,
            "virtualMachine": machine.virtual,
            "dcName": name if joined else None,
            "dcOffsetSeconds": round(jitter - clock.offset.total_seconds(), 7) if joined else None,
            "dcOffsetError": 0.0171 if joined else None,
            "domainJoined": joined,
        }
    ]


FUNCTIONS: Mapping[str, Function] = {
    "Get-SessionFacts": session,
    "Get-ProductFacts": product,
    "Import-ProductModule": module,
    "Get-TimeFacts": time_facts,
    "Get-ServiceFacts": service_facts,
    "Get-TopologyFacts": topology,
    "Get-ReplicaFacts": replica,
    "Get-OAuthAssignment": oauth,
    "Get-StoreFacts": store,
    "Get-KeyFacts": keys,
    "Get-ReplicationFacts": replication,
    "Get-ReplicationEvents": events,
    "Test-ReplicaTransport": transport,
    "Get-SecondHopFacts": hop,
}


def answer(at: Cmdlets, function: str, arguments: Mapping[str, object]) -> Answers | ErrorRecord | None:
    """What this function prints, or the error that ends it; None when there is no such function."""
    found = FUNCTIONS.get(function)
    if found is None:
        return None
    try:
        return found(at, arguments)
    except CmdletError as error:
        return error.record
