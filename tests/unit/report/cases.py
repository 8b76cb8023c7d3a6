"""Cases for the report tests: made of the table's own variants, so that they stay what the checks really say."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from oauthcert.checks.table import CHECKS
from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, ClockSeen, NotSeen, Observation, ReachSeen, Seen, SignInSeen
from oauthcert.model.finding import Cause, Fact, Finding
from oauthcert.model.target import Target

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
THUMBPRINT = "6D4A1C0E93B27F5588AA01C4D2E6F70912345678"
OLD = "0F1E2D3C4B5A69788796A5B4C3D2E1F001234567"


def at(**back: float) -> str:
    return (NOW - timedelta(**back)).isoformat().replace("+00:00", "Z")


FACTS: Mapping[str, Fact] = {
    "address": "10.0.0.11",
    "port": 5985,
    "scheme": "http",
    "username": "CONTOSO\\admin",
    "method": "ntlm",
    "powershell": "5.1.17763.1",
    "module": "SkypeForBusiness",
    "module_version": "7.0",
    "account": "CONTOSO\\admin",
    "sufficient_group": "RTCUniversalServerAdmins",
    "authentication": "NTLM",
    "offset_seconds": 0.4,
    "error_seconds": 0.5,
    "reference": "domain-controllers",
    "reference_voices": 3,
    "source": "dc01.contoso.lab",
    "last_sync": at(hours=1),
    "product": "Skype for Business Server 2019",
    "version": "7.0.2046.583",
    "thumbprint": THUMBPRINT,
    "reference_thumbprint": THUMBPRINT,
    "reference_server": "fe01.contoso.lab",
    "reference_is_cms": True,
    "state": "Stopped",
    "start_mode": "Auto",
    "last_status_report": at(minutes=1),
    "last_update_creation": at(hours=2),
    "newest_change": at(hours=1),
    "newest_arrival": "",
    "up_to_date": False,
    "assigned_at": at(hours=3),
    "arrived_at": at(hours=2),
    "cms_server": "fe01.contoso.lab",
    "active_master": "fe01.contoso.lab",
    "file_transfer_agents": ("fe01.contoso.lab",),
    "subject": "CN=contoso.lab",
    "servers_read": ("fe01.contoso.lab", "fe02.contoso.lab"),
    "servers_needing": ("fe01.contoso.lab", "fe02.contoso.lab"),
    "certificates_seen": 4,
    "provider": "Microsoft RSA SChannel Cryptographic Provider",
    "links": 2,
    "root": "CN=Contoso Root CA",
    "not_before": at(days=200),
    "not_after": at(days=-400),
    "days_left": 400,
    "age_hours": 23.2,
    "allowed_hours": 24,
    "allowed_seconds": 120,
    "reason": "name-not-found",
    "look": "reach",
    "why": "edge-server",
}


def a_finding(check: str, variant: str, server: str | None, because: tuple[str, ...] = (), **facts: Fact) -> Finding:
    about = next(entry for entry in CHECKS if entry.id == check).variant(variant)
    told = {name: FACTS.get(name, "x") for name in about.facts}
    return Finding(check, server, about.verdict, about.severity, f"{check}.{variant}", {**told, **facts}, because, about.fixes)


def passing(server: str | None, instead: Mapping[str, Finding]) -> list[Finding]:
    """One finding per check that concerns this server (or the deployment), passes unless given otherwise."""
    findings = []
    for check in CHECKS:
        if (check.scope.value == "deployment") == (server is None):
            findings.append(instead.get(check.id) or a_finding(check.id, check.variants[0].id, server))
    return findings


def replica_stopped() -> Case:
    """fe02 lacks the certificate because its replica service is stopped, edge01 is unlooked at, fe03's clock drifts."""
    two = "fe02.contoso.lab"
    chain: dict[str, Finding] = {}
    above: tuple[str, ...] = ()
    for check, variant in (
        ("replica-service", "stopped"),
        ("replication-up-to-date", "stale-report"),
        ("replication-arrived", "not-arrived"),
        ("local-store-current", "missing"),
        ("oauth-in-store", "missing"),
    ):
        facts: dict[str, Fact] = {"last_status_report": at(hours=23)} if check == "replication-up-to-date" else {}
        chain[check] = a_finding(check, variant, two, above, **facts)
        above = (f"{check}@{two}",)
    for check in ("oauth-private-key", "oauth-key-exportable", "oauth-key-provider", "oauth-chain", "oauth-validity"):
        chain[check] = a_finding(check, "no-certificate", two, (f"oauth-in-store@{two}",))
    drifting = a_finding("time-skew", "drifting", "fe03.contoso.lab", offset_seconds=131.0, error_seconds=0.6)
    findings = passing("fe01.contoso.lab", {}) + passing(two, chain) + passing("fe03.contoso.lab", {"time-skew": drifting})
    gone = "old-server-with-a-rather-long-name.branch.contoso.lab"
    lost = {
        check.id: a_finding(check.id, "could-not-look", gone, () if check.id == "server-reachable" else (f"server-reachable@{gone}",))
        for check in CHECKS
        if check.scope.value == "server"
    }
    findings += passing(gone, lost) + passing(None, {})
    explained = tuple(f.id for check, f in chain.items() if check != "replica-service" and f.verdict.value == "fail")
    causes = (
        Cause(f"replica-service@{two}", explained),
        Cause("time-skew@fe03.contoso.lab"),
        Cause(f"server-reachable@{gone}", tuple(f.id for check, f in lost.items() if check != "server-reachable")),
    )
    return a_case(findings, causes)


def a_case(findings: list[Finding], causes: tuple[Cause, ...] = (), source: str = "practice:replica-stopped") -> Case:
    names = list(dict.fromkeys(finding.server for finding in findings if finding.server))
    targets = tuple(Target(name) for name in names)
    return Case(
        NOW - timedelta(seconds=9), NOW, source, targets, tuple(map(_observation, names)), tuple(findings), causes, tool_version="0.1.0"
    )


def _observation(server: str) -> Observation:
    if server.startswith("old"):
        why = NotSeen("name-not-found")
        return Observation(server, why, why, why, started=NOW, finished=NOW)
    certificate = {"thumbprint": THUMBPRINT, "subject": "CN=contoso.lab", "notBefore": at(days=200), "notAfter": at(days=-400)}
    previous = {"thumbprint": OLD, "subject": "CN=contoso.lab", "notBefore": at(days=900), "notAfter": at(days=-20)}
    return Observation(
        server,
        Seen(ReachSeen("10.0.0.11", 5985, "http")),
        Seen(SignInSeen("CONTOSO\\admin", "ntlm")),
        Seen(ClockSeen(0.4, 0.5, 9)),
        {
            "oauth": Answer("oauth", True, ({**certificate}, {**previous}), milliseconds=12),
            "store": Answer("store", True, ({"my": [{"der": "MII" + "A" * 120, "friendlyName": server}]},), milliseconds=30),
        },
        started=NOW,
        finished=NOW,
    )


def large(count: int = 200) -> Case:
    """Every third server has a stopped replica service, every seventh cannot be reached, clocks lie all over the place."""
    findings: list[Finding] = []
    causes: list[Cause] = []
    for number in range(1, count + 1):
        server = f"fe{number:03}.contoso.lab"
        instead: dict[str, Finding] = {"time-skew": a_finding("time-skew", "pass", server, offset_seconds=(number % 40) - 20.0)}
        if number % 7 == 0:
            for check in CHECKS:
                if check.scope.value == "server":
                    above = () if check.id == "server-reachable" else (f"server-reachable@{server}",)
                    instead[check.id] = a_finding(check.id, "could-not-look", server, above)
            ids = tuple(finding.id for finding in instead.values())[1:]
            causes.append(Cause(f"server-reachable@{server}", tuple(id_ for id_ in ids if not id_.startswith("server-reachable"))))
        elif number % 3 == 0:
            instead["replica-service"] = a_finding("replica-service", "stopped", server)
            instead["replication-up-to-date"] = a_finding(
                "replication-up-to-date", "stale-report", server, (f"replica-service@{server}",), last_status_report=at(hours=40)
            )
            causes.append(Cause(f"replica-service@{server}", (f"replication-up-to-date@{server}",)))
        findings += passing(server, instead)
    return a_case(findings + passing(None, {}), tuple(causes))
