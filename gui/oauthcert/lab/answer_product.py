"""The answers about platform, service events, published metadata and partners. Mirrors of the scripts of these names."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha1

from oauthcert.lab.answer_replication import event_fact, event_time
from oauthcert.lab.cmdlets import CmdletObject, Cmdlets
from oauthcert.lab.event_log import LOG
from oauthcert.lab.exchange import EXCHANGE, applications, configuration
from oauthcert.lab.stamps import Answers, utc
from oauthcert.lab.web import HttpsAnswer, exchange_answer, metadata_answer

_RUNNING_FOR = timedelta(days=12)
_KINDS: Sequence[tuple[str, frozenset[int], str | None]] = (
    (LOG, frozenset({32174, 32178, 12303, 12330}), None),
    (LOG, frozenset({14397, 14694}), None),
    (LOG, frozenset({32053, 32054}), None),
    ("Microsoft-Windows-WindowsFabric/Admin", frozenset({53760, 53761}), None),
    ("System", frozenset({36874, 36888}), "Schannel"),
)
_EVENTS_SINCE = timedelta(days=7)
_EVENTS_KEPT = 15


def operating_system(at: Cmdlets) -> CmdletObject:
    """Get-CimInstance Win32_OperatingSystem, as far as this probe asks."""
    at.get_computer_system()
    return {"LastBootUpTime": at.machine.local_time(max(at.moment - _RUNNING_FOR, at.deployment.installed))}


def disks(at: Cmdlets) -> list[CmdletObject]:
    """Get-CimInstance Win32_LogicalDisk of fixed disks."""
    return [{"DeviceID": "C:", "FreeSpace": at.machine.ground.free_megabytes * 1024 * 1024}]


def shares(at: Cmdlets) -> list[CmdletObject]:
    """Get-CimInstance Win32_Share, only the replica's."""
    return [{"Name": "xds-replica"}] if "REPLICA" in at.machine.services and not at.machine.on_edge else []


def platform(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    system = operating_system(at)
    schannel = at.machine.ground.schannel
    booted = system["LastBootUpTime"]
    return [
        {
            "bootTime": utc(booted) if isinstance(booted, datetime) else None,
            "freeMegabytes": at.machine.ground.free_megabytes,
            "replicaShare": bool(shares(at)),
            "clientAuthTrustMode": schannel.get("ClientAuthTrustMode"),
            "sendTrustedIssuerList": schannel.get("SendTrustedIssuerList"),
            "enableSessionTicket": schannel.get("EnableSessionTicket"),
        }
    ]


def incidents(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    since = at.machine.local_time(at.moment) - _EVENTS_SINCE
    logged = at.get_win_event()
    found: Answers = []
    for log, ids, provider in _KINDS:
        kind = [one for one in logged if one["LogName"] == log and one["Id"] in ids and provider in (None, one["ProviderName"])]
        recent = [one for one in kind if event_time(one) >= since]
        found += [event_fact(one) for one in recent[:_EVENTS_KEPT]]
    return found


def metadata_web(at: Cmdlets) -> HttpsAnswer:
    """What this server's own web site answers; probes and the tests of the scripts share it."""
    return metadata_answer(at.deployment, at.machine, at.moment)


def metadata(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    url = f"https://{at.machine.name}/metadata/json/1"
    asked = any(service["Name"] == "W3SVC" for service in at.get_service_instances())
    answer = metadata_web(at) if asked else HttpsAnswer()
    document = json.loads(answer.body) if answer.body.startswith("{") else None
    keys = document["keys"] if document else []
    return [
        {
            "asked": asked,
            "why": None if asked else "no-web-server",
            "url": url,
            "status": answer.status,
            "tls": answer.tls,
            "problem": answer.problem,
            "message": answer.message,
            "readable": document is not None,
            "realm": document["realm"] if document else None,
            "issuer": document["issuer"] if document else None,
            "thumbprints": [_thumbprint(key["keyvalue"]["value"]) for key in keys],
        }
    ]


def _thumbprint(der: str) -> str:
    return sha1(b64decode(der), usedforsecurity=False).hexdigest().upper()


def partner_applications(at: Cmdlets) -> list[CmdletObject]:
    at.may_read_topology()
    return list(applications(at.deployment.exchange, at.deployment.sip_domain))


def oauth_servers(at: Cmdlets) -> list[CmdletObject]:
    """Get-CsOAuthServer -LocalStore: only a hybrid deployment has any, and this is none."""
    at.may_read_topology()
    return []


def oauth_configuration(at: Cmdlets) -> list[CmdletObject]:
    at.may_read_topology()
    return [configuration(at.deployment.exchange)]


def exchange_web(at: Cmdlets) -> HttpsAnswer:
    return exchange_answer(at.deployment.exchange) if at.deployment.exchange else HttpsAnswer()


def partners(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    found = [_application(one) for one in partner_applications(at)]
    settings = oauth_configuration(at)[0]
    address = settings["ExchangeAutodiscoverUrl"]
    wanted = any(one["enabled"] and one["applicationIdentifier"] == EXCHANGE and not one["usesOAuthServer"] for one in found)
    return [
        {
            "partners": found,
            "oauthServers": list(oauth_servers(at)),
            "realm": settings["Realm"] or None,
            "serviceName": settings["ServiceName"],
            "exchangeAutodiscoverUrl": address,
            "challenge": _challenge(str(address), exchange_web(at)) if wanted and address else None,
        }
    ]


def _application(one: CmdletObject) -> Mapping[str, object]:
    token = str(one["AuthToken"])
    return {
        "identity": one["Identity"],
        "applicationIdentifier": one["ApplicationIdentifier"],
        "realm": one["Realm"],
        "trustLevel": one["ApplicationTrustLevel"],
        "enabled": one["Enabled"],
        "metadataUrl": token.removeprefix("Value=") if token.startswith("Value=") else None,
        "usesOAuthServer": token.startswith("UseOAuthServer"),
    }


def _challenge(url: str, answer: HttpsAnswer) -> Mapping[str, object]:
    return {
        "url": url,
        "status": answer.status,
        "tls": answer.tls,
        "trust": answer.trust,
        "problem": answer.problem,
        "message": answer.message,
        "authenticate": _header(answer.head, "WWW-Authenticate", "Bearer"),
        "diagnostics": _header(answer.head, "x-ms-diagnostics", ""),
    }


def _header(head: str, name: str, beginning: str) -> str | None:
    found = re.findall(rf"(?im)^{name}:[ \t]*({beginning}[^\r\n]*)", head)
    return "\n".join(found) or None
