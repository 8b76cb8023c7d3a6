"""The answers about the server itself: session, product, module, services, clock, second hop. Mirrors of the scripts of these names."""

from collections.abc import Mapping
from hashlib import sha256

from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.products import Role
from oauthcert.lab.stamps import Answers, utc


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
            "dotNetRelease": at.machine.ground.dot_net_release or version.dot_net_release,
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
    return [
        {
            "name": s["Name"],
            "displayName": s["DisplayName"],
            "state": s["State"],
            "startMode": s["StartMode"],
            "delayed": False,
            "deleting": False,
        }
        for s in found
    ]


def hop(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    at.get_computer_system()
    if at.machine.domain is None:
        return [{"directory": "not-domain", "directoryMessage": None}]
    if at.deployment.hop_allowed:
        return [{"directory": "ok", "directoryMessage": None}]
    return [{"directory": "denied", "directoryMessage": "0x80072020 An operations error occurred.\r\n"}]


def time_facts(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    machine, clock = at.machine, at.machine.clock.at(at.moment)
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
            "lastSync": utc(clock.last_sync(at.moment) + clock.offset) if running else None,
            "vmicEnabled": machine.vmic,
            "virtualMachine": machine.virtual,
            "dcName": name if joined else None,
            "dcOffsetSeconds": round(jitter - clock.offset.total_seconds(), 7) if joined else None,
            "dcOffsetError": 0.0171 if joined else None,
            "domainJoined": joined,
        }
    ]
