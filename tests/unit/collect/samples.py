"""One answer of every probe as a server prints it, and the observation they make together."""

import copy
import hashlib
from base64 import b64encode
from collections.abc import Mapping

from tests.unit.collect import product_samples

from oauthcert.model.evidence import Answer, ClockSeen, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen

DER = b"0\x03\x02\x01\x05"
THUMBPRINT = hashlib.sha1(DER, usedforsecurity=False).hexdigest().upper()
ISSUER_DER = b"0\x03\x02\x01\x06"
ISSUER = hashlib.sha1(ISSUER_DER, usedforsecurity=False).hexdigest().upper()
WHEN = "2026-11-20T08:30:00.1234567Z"

_CERTIFICATE: dict[str, JsonValue] = {"thumbprint": THUMBPRINT, "der": b64encode(DER).decode()}
_ISSUER: dict[str, JsonValue] = {"thumbprint": ISSUER, "der": b64encode(ISSUER_DER).decode()}

PRINTED: Mapping[str, list[JsonValue]] = {
    "hello": [{"protocol": 1, "edition": "5.1.17763.6530", "process64": True, "utc": WHEN, "computer": "FE01"}],
    "session": [
        {
            "powershell": "5.1.17763.6530",
            "process64": True,
            "os64": True,
            "computer": "FE01",
            "fqdn": "fe01.contoso.lab",
            "domainJoined": True,
            "domain": "contoso.lab",
            "osVersion": "10.0.17763",
            "osName": "Microsoft Windows Server 2019 Standard",
            "account": "CONTOSO\\admin",
            "authentication": "NTLM",
            "impersonation": "None",
            "elevated": True,
            "groups": ["CONTOSO\\RTCUniversalServerAdmins", "VORDEFINIERT\\Administratoren", "S-1-5-21-1-2-3-1104"],
        }
    ],
    "product": [
        {
            "products": [{"name": "Skype for Business Server 2019, Core Components", "version": "7.0.2046.530", "publisher": "Microsoft"}],
            "modules": [{"name": "SkypeForBusiness", "version": "7.0.0.0", "path": "C:\\x\\SkypeForBusiness.psd1"}],
            "dotNetRelease": 528049,
            "exchangeInstalled": False,
        }
    ],
    "module": [{"name": "SkypeForBusiness", "version": "7.0.0.0", "path": "C:\\x\\SkypeForBusiness.psd1", "by": "name"}],
    "time": [
        {
            "utc": WHEN,
            "zone": "W. Europe Standard Time",
            "serviceState": "Running",
            "serviceStartMode": "Auto",
            "type": "NT5DS",
            "ntpServer": None,
            "source": "dc01.contoso.lab",
            "leap": 0,
            "stratum": 4,
            "lastSync": "2026-11-20T08:13:00.0000000Z",
            "vmicEnabled": False,
            "virtualMachine": True,
            "dcName": "dc01.contoso.lab",
            "dcOffsetSeconds": -0.0020312,
            "dcOffsetError": 0.0164889,
            "domainJoined": True,
        }
    ],
    "services": [
        {
            "name": "REPLICA",
            "displayName": "Skype for Business Server Replica Replicator Agent",
            "state": "Running",
            "startMode": "Auto",
        },
        {"name": "MASTER", "displayName": "Skype for Business Server Master Replicator Agent", "state": "Stopped", "startMode": "Disabled"},
    ],
    "topology": [
        {
            "clusters": [
                {
                    "fqdn": "fe01.contoso.lab",
                    "site": "1",
                    "number": "1",
                    "requiresReplication": True,
                    "requiresSetup": True,
                    "onEdge": False,
                    "machines": ["fe01.contoso.lab"],
                }
            ],
            "services": [
                {"role": "CentralMgmt", "cluster": "fe01.contoso.lab", "active": True, "director": None},
                {"role": "Registrar", "cluster": "fe01.contoso.lab", "active": None, "director": False},
            ],
            "complete": True,
            "defaultSipDomain": "contoso.lab",
            "sipDomains": ["contoso.lab"],
        }
    ],
    "replica": [{"passed": False, "problems": ['Der Dienst "REPLICA" wird nicht ausgeführt.']}],
    "oauth": [
        {
            "thumbprint": THUMBPRINT,
            "subject": "CN=contoso.lab",
            "issuer": "CN=Contoso Issuing CA 1, DC=contoso, DC=lab",
            "serial": "1A2B",
            "notBefore": "2026-01-01T00:00:00.0000000Z",
            "notAfter": "2028-01-01T00:00:00.0000000Z",
            "use": "OAuthTokenIssuer",
            "sourceScope": "Global",
            "effectiveDate": WHEN,
            "previousThumbprint": None,
            "updateTime": WHEN,
            "notFoundOrUntrusted": False,
            "message": None,
        }
    ],
    "store": [
        {
            "my": [{**_CERTIFICATE, "hasPrivateKey": True, "friendlyName": "OAuth Ж"}],
            "intermediate": [_ISSUER],
            "root": [],
            "disallowed": [ISSUER],
            "misplacedRoots": [{"thumbprint": ISSUER, "subject": "CN=a", "issuer": "CN=b"}],
            "counts": {"my": 3, "intermediate": 20, "root": 41},
            "left": {"my": 2},
        }
    ],
    "keys": [
        {
            "thumbprint": THUMBPRINT,
            "opens": True,
            "kind": "csp",
            "provider": "Microsoft RSA SChannel Cryptographic Provider",
            "providerType": 12,
            "keySpec": 1,
            "exportable": True,
            "container": "0a1b_lab",
            "problem": None,
            "hresult": None,
            "message": None,
        }
    ],
    "access": [
        {
            "accounts": [{"account": "NT-AUTORITÄT\\NETZWERKDIENST", "sid": "S-1-5-20", "services": ["RTCSRV"]}],
            "keys": [
                {
                    "thumbprint": THUMBPRINT,
                    "container": "0a1b_lab",
                    "rules": [
                        {"sid": "S-1-5-32-544", "account": "VORDEFINIERT\\Administratoren", "allow": True, "read": True},
                        {"sid": "S-1-5-21-1-2-3-1190", "account": None, "allow": False, "read": True},
                    ],
                    "problem": None,
                    "message": None,
                }
            ],
        }
    ],
    "uses": [
        {
            "use": "WebServicesInternal",
            "thumbprint": ISSUER,
            "subject": "CN=fe01.contoso.lab",
            "notBefore": "2026-01-01T00:00:00.0000000Z",
            "notAfter": "2028-01-01T00:00:00.0000000Z",
            "notFoundOrUntrusted": False,
            "message": None,
        },
        {
            "use": None,
            "thumbprint": None,
            "subject": None,
            "notBefore": None,
            "notAfter": None,
            "notFoundOrUntrusted": True,
            "message": "Assigned certificate not found or untrusted.",
        },
    ],
    "replication": [
        {
            "asked": True,
            "why": None,
            "replicas": [
                {
                    "fqdn": "fe01.contoso.lab",
                    "upToDate": True,
                    "lastStatusReport": WHEN,
                    "lastUpdateCreation": WHEN,
                    "productVersion": "7.0.2046.530",
                },
                {
                    "fqdn": "edge01.contoso.lab",
                    "upToDate": False,
                    "lastStatusReport": None,
                    "lastUpdateCreation": None,
                    "productVersion": None,
                },
            ],
            "activeMaster": "fe01.contoso.lab",
            "activeFileTransferAgents": ["fe01.contoso.lab"],
            "lastHeartbeat": WHEN,
        }
    ],
    "events": [
        {
            "provider": "LS Replica Replicator Agent Service",
            "id": 3038,
            "level": 4,
            "time": WHEN,
            "message": "Replikation abgeschlossen.",
            "log": "Lync Server",
        }
    ],
    "transport": [{"replica": "edge01.contoso.lab", "port": 4443, "open": False, "error": "TimedOut", "milliseconds": 3000}],
    "hop": [{"directory": "denied", "directoryMessage": "0x80072020 An operations error occurred.\r\n"}],
    **product_samples.PRINTED,
}


def printed() -> dict[str, list[JsonValue]]:
    """A copy to spoil."""
    return copy.deepcopy(dict(PRINTED))


def observation(answers: Mapping[str, Answer] | None = None, *, lost: NotSeen | None = None) -> Observation:
    """A server that was reached and signed in to; by default every probe answered as in PRINTED."""
    complete = {name: Answer(name, ok=True, value=tuple(values)) for name, values in PRINTED.items()}
    return Observation(
        server="fe01.contoso.lab",
        reach=Seen(ReachSeen("192.0.2.11", 5985, "http")),
        sign_in=Seen(SignInSeen("CONTOSO\\admin", "ntlm")),
        clock=Seen(ClockSeen(0.1, 0.5, 9)),
        answers=complete if answers is None else answers,
        lost=lost,
    )


def observed(probe: str, values: list[JsonValue]) -> Observation:
    """Every probe as in PRINTED but this one."""
    complete = {name: Answer(name, ok=True, value=tuple(found)) for name, found in PRINTED.items()}
    return observation({**complete, probe: Answer(probe, ok=True, value=tuple(values))})
