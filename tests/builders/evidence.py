"""Typed evidence of a small healthy deployment, and one change at a time to make it ill.

fe01 holds the Central Management Store, fe02 and fe03 are a pool, edge01 is an Edge server outside the domain. Servers may be named
by their first label. Everything is seen on a Saturday noon, 20 days after the certificate was assigned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from oauthcert.certs.certificate import CertificateReader
from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, KeyPool, issue, make_intermediate, make_root, plan_leaf
from oauthcert.checks import Judgement, Look, Thresholds, judge
from oauthcert.model.certificate_evidence import AccessRule, AccessSeen, CertificateUse, KeyAccess, ServiceAccount
from oauthcert.model.evidence import ON_THE_SPOT, ClockSeen, NotSeen, ReachSeen, Seen, SignInSeen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import (
    Assignment,
    Cluster,
    EventSeen,
    HelloSeen,
    HopSeen,
    KeySeen,
    ModuleSeen,
    ReplicaSeen,
    ReplicaState,
    ReplicationSeen,
    ServerEvidence,
    ServiceSeen,
    StoreCertificate,
    StoreSeen,
    TopologySeen,
    TopologyService,
    TransportSeen,
)
from oauthcert.model.target import Product
from tests.builders import machine
from tests.builders.product import NO_PARTNER, NO_WEB_SERVER, metadata, platform, started_services

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASSIGNED = NOW - timedelta(days=20)
DOMAIN = "contoso.lab"
PARTS = (
    "hello",
    "session",
    "product",
    "module",
    "time",
    "services",
    "topology",
    "replica",
    "oauth",
    "store",
    "keys",
    "access",
    "uses",
    "replication",
    "events",
    "transport",
    "hop",
    "platform",
    "metadata",
    "partners",
    "incidents",
)
"""Every part of the evidence that a round brings."""
CSP = "Microsoft RSA SChannel Cryptographic Provider"
READER = CertificateReader()
"""One for all tests: the same few certificates lie on all servers of all of them."""


def fqdn(name: str) -> str:
    return name if "." in name else f"{name}.{DOMAIN}"


# --- certificates -------------------------------------------------------------------------------------------------------------


@cache
def keys() -> KeyPool:
    return KeyPool()


@cache
def root() -> IssuedCertificate:
    return make_root("Contoso Root", keys().rsa(0), NOW - timedelta(days=2000), NOW + timedelta(days=4000))


@cache
def issuing() -> IssuedCertificate:
    return make_intermediate("Contoso Issuing", root(), keys().rsa(1), NOW - timedelta(days=1000), NOW + timedelta(days=2000))


@cache
def certificate(begins_in_days: float = -20, ends_in_days: float = 700, key: int = 2, subject: str = DOMAIN) -> IssuedCertificate:
    """An OAuth certificate with these dates, counted from NOW (to the second: certificates hold no smaller parts)."""
    return issue(plan_leaf(subject, NOW + timedelta(days=begins_in_days), NOW + timedelta(days=ends_in_days)), keys().rsa(key), issuing())


@cache
def self_made(plan: CertificatePlan, key: int, below: IssuedCertificate | None = None) -> IssuedCertificate:
    return issue(plan, keys().rsa(key), below)


def stored(made: IssuedCertificate, *, has_private_key: bool = True, friendly_name: str = "") -> StoreCertificate:
    return StoreCertificate(made.parsed.thumbprint, made.der, has_private_key, friendly_name or f"OAuth {made.parsed.thumbprint[:4]}")


def assignment(made: IssuedCertificate, at: datetime = ASSIGNED, **changes: Any) -> Assignment:
    parsed = made.parsed
    fields: dict[str, Any] = {
        "thumbprint": parsed.thumbprint,
        "subject": parsed.subject,
        "issuer": parsed.issuer,
        "serial": parsed.serial,
        "not_before": parsed.not_before,
        "not_after": parsed.not_after,
        "use": "OAuthTokenIssuer",
        "source_scope": "Global",
        "effective_date": None,
        "previous_thumbprint": None,
        "update_time": at,
        "not_found_or_untrusted": False,
        "message": None,
    }
    return Assignment(**{**fields, **changes})


UNNAMED = Assignment(*(None,) * 11, not_found_or_untrusted=True, message="Assigned certificate not found or untrusted")
"""All that Get-CsCertificate says when the assigned certificate is missing or its chain is broken."""


def key_of(made: IssuedCertificate, **changes: Any) -> KeySeen:
    key = KeySeen(made.parsed.thumbprint, True, "csp", CSP, 12, 1, True, "le-OAuth-1", None, None, None)
    return replace(key, **changes)


NETWORK_SERVICE = ServiceAccount("NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20", ("RTCSRV",))
ADMINISTRATORS_READ = AccessRule("S-1-5-32-544", "BUILTIN\\Administrators", allow=True, read=True)
SERVICE_READS = AccessRule("S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE", allow=True, read=True)


def key_access(made: IssuedCertificate, *rules: AccessRule, **changes: Any) -> KeyAccess:
    """Who may read the key of this certificate: administrators and the services, if nobody is named."""
    found = KeyAccess(made.parsed.thumbprint, "le-OAuth-1", rules or (ADMINISTRATORS_READ, SERVICE_READS), None, None)
    return replace(found, **changes)


def access(*made: IssuedCertificate) -> AccessSeen:
    return AccessSeen((NETWORK_SERVICE,), tuple(key_access(one) for one in made))


EDGE_USES = ("Internal", "AccessEdgeExternal", "DataEdgeExternal", "AudioVideoAuthentication")
SERVER_USES = ("Default", "WebServicesInternal", "WebServicesExternal")


@cache
def server_certificate(name: str = "fe02", begins_in_days: float = -100, ends_in_days: float = 400) -> IssuedCertificate:
    """What a server uses for itself and its web services."""
    dates = NOW + timedelta(days=begins_in_days), NOW + timedelta(days=ends_in_days)
    return issue(plan_leaf(fqdn(name), *dates, fqdn(name)), keys().rsa(7), issuing())


def used(made: IssuedCertificate, use: str, **changes: Any) -> CertificateUse:
    parsed = made.parsed
    said = CertificateUse(
        use, parsed.thumbprint, parsed.subject, parsed.not_before, parsed.not_after, not_found_or_untrusted=False, message=None
    )
    return replace(said, **changes)


def uses(name: str, *wanted: str) -> tuple[CertificateUse, ...]:
    """One certificate for all of these."""
    return tuple(used(server_certificate(name), use) for use in wanted)


def store(*my: StoreCertificate, **changes: Any) -> StoreSeen:
    seen = StoreSeen(
        my=my,
        intermediate=(stored(issuing(), has_private_key=False),),
        root=(stored(root(), has_private_key=False),),
        disallowed=(),
        misplaced_roots=(),
        my_count=len(my),
        intermediate_count=12,
        root_count=40,
        my_left_out=0,
    )
    return replace(seen, **changes)


# --- servers ------------------------------------------------------------------------------------------------------------------


def topology(*front_ends: str) -> TopologySeen:
    """fe01 alone as the Standard Edition server with the Central Management Store, a pool of the others, an Edge server, a trunk."""
    pool = tuple(fqdn(name) for name in front_ends)
    return TopologySeen(
        clusters=(
            Cluster(fqdn("fe01"), "Zürich", "1", True, True, False, (fqdn("fe01"),)),
            Cluster(fqdn("pool02"), "Zürich", "2", True, True, False, pool),
            Cluster(fqdn("edge01"), "Zürich", "3", True, True, True, (fqdn("edge01"),)),
            Cluster(fqdn("med01"), "Zürich", "4", True, True, False, (fqdn("med01"),)),
            Cluster(fqdn("sql01"), "Zürich", "5", False, False, False, (fqdn("sql01"),)),
        ),
        services=(
            TopologyService("CentralMgmt", fqdn("fe01"), True, None),
            TopologyService("Registrar", fqdn("fe01"), None, False),
            TopologyService("UserServices", fqdn("fe01"), None, None),
            TopologyService("WebServices", fqdn("fe01"), None, None),
            TopologyService("Registrar", fqdn("pool02"), None, False),
            TopologyService("WebServices", fqdn("pool02"), None, None),
            TopologyService("EdgeServer", fqdn("edge01"), None, None),
            TopologyService("MediationServer", fqdn("med01"), None, None),
        ),
        default_sip_domain=DOMAIN,
        sip_domains=(DOMAIN,),
    )


def service(name: str, state: str = "Running", start_mode: str = "Auto") -> ServiceSeen:
    return ServiceSeen(name, name, state, start_mode)


def replica_row(name: str, **changes: Any) -> ReplicaState:
    row = ReplicaState(fqdn(name), True, NOW - timedelta(minutes=3), ASSIGNED + timedelta(days=2), "7.0.2046.889")
    return replace(row, **changes)


def event(number: int, at: datetime, message: str = "", provider: str = "LS File Transfer Agent Service") -> EventSeen:
    return EventSeen(provider, number, 4 if number == 3038 else 2, at, message, "Lync Server")


def healthy_server(name: str, *, cms: bool = False, edge: bool = False, names: tuple[str, ...] = ("fe02", "fe03")) -> ServerEvidence:
    """One server of the healthy deployment; `names` are the members of the pool, for the topology it holds."""
    made = certificate()
    services = [service("REPLICA"), service("MSSQL$RTCLOCAL"), service("W32Time"), *started_services(edge=edge)]
    if cms:
        services += [service("MASTER"), service("FTA")]
    full = fqdn(name)
    replicas = tuple(replica_row(member) for member in ("fe01", *names, "edge01"))
    return ServerEvidence(
        server=full,
        product_wanted=Product.AUTO,
        reach=Seen(ReachSeen("192.0.2.7", 5985, "http")),
        sign_in=Seen(SignInSeen("CONTOSO\\admin", "ntlm")),
        clock=Seen(ClockSeen(0.2, 0.6, 5)),
        started=NOW,
        finished=NOW + timedelta(seconds=4),
        hello=Seen(HelloSeen("5.1.20348.2849", True, name.upper(), NOW)),
        session=Seen(machine.session(full, None if edge else DOMAIN)),
        product=Seen(machine.product()),
        module=Seen(ModuleSeen("SkypeForBusiness", "8.0.0.0", "C:\\m", "name")),
        time=Seen(machine.clock(NOW, edge=edge)),
        services=Seen(tuple(services)),
        topology=Seen(topology(*names)),
        replica=Seen(ReplicaSeen(True, ())),
        oauth=Seen(() if edge else (assignment(made),)),
        store=Seen(store() if edge else store(stored(made))),
        keys=Seen(() if edge else (key_of(made),)),
        replication=Seen(
            ReplicationSeen(True, None, replicas, fqdn("fe01"), (fqdn("fe01"),), NOW - timedelta(minutes=1))
            if cms
            else ReplicationSeen(False, "no-master-service", (), None, (), None)
        ),
        events=Seen((event(3038, ASSIGNED + timedelta(minutes=4), provider="LS Replica Replicator Agent Service"),)),
        transport=Seen(
            tuple(TransportSeen(fqdn(member), 4443 if member == "edge01" else 445, True, None, 4) for member in (*names, "edge01"))
            if cms
            else ()
        ),
        access=Seen(access() if edge else access(made)),
        uses=Seen(uses(full, *EDGE_USES) if edge else uses(full, *SERVER_USES)),
        hop=Seen(HopSeen("not-domain" if edge else "denied", None)),
        platform=Seen(platform(NOW - timedelta(days=12), replica_share=not edge)),
        metadata=Seen(NO_WEB_SERVER if edge else metadata(full, made.parsed.thumbprint)),
        partners=Seen(NO_PARTNER),
        incidents=Seen(()),
    )


# --- the deployment -----------------------------------------------------------------------------------------------------------

Change = Any
"""What a part becomes: a NotSeen, a value, or a function from the value that was seen to the one that is."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Immutable; every method gives a changed copy."""

    servers: Mapping[str, ServerEvidence]
    now: datetime = NOW

    def with_server(self, name: str, evidence: ServerEvidence | None = None, **changes: Change) -> "Deployment":
        """A further server (a healthy member of the pool if nothing else is given), or another one in the place of `name`."""
        full = fqdn(name)
        return replace(self, servers={**self.servers, full: evidence or healthy_server(name)}).but(full, **changes)

    def without(self, *names: str) -> "Deployment":
        gone = {fqdn(name) for name in names}
        return replace(self, servers={name: server for name, server in self.servers.items() if name not in gone})

    def but(self, *names: str, **changes: Change) -> "Deployment":
        """The same, but these parts of these servers (of all, if none is named) are different."""
        changed = dict(self.servers)
        for name in map(fqdn, names) if names else tuple(changed):
            parts: dict[str, Any] = {part: _changed(getattr(changed[name], part), change) for part, change in changes.items()}
            changed[name] = replace(changed[name], **parts)
        return replace(self, servers=changed)

    def unreached(self, name: str, reason: str = "timed-out", *, clock: ClockSeen | None = None) -> "Deployment":
        why = NotSeen(reason)
        seen_clock = Seen(clock) if clock else why
        return self.but(name, reach=why, sign_in=why, clock=seen_clock, **dict.fromkeys(PARTS, why))

    def refused(self, name: str, reason: str = "sign-in-refused", **facts: str) -> "Deployment":
        """Reached, its clock seen, but not signed in."""
        why = NotSeen(reason, facts)
        return self.but(name, sign_in=why, **dict.fromkeys(PARTS, why))

    def on_the_spot(self) -> "Deployment":
        """Everything collected on the servers themselves, one file each: nobody connected, and no other clock watched."""
        reach, sign_in = Seen(ReachSeen("fe.json", 0, ON_THE_SPOT)), Seen(SignInSeen("CONTOSO\\admin", ON_THE_SPOT))
        return self.but(reach=reach, sign_in=sign_in, clock=NotSeen(ON_THE_SPOT))

    def row(self, name: str, **changes: Any) -> "Deployment":
        """The CMS server's table says something else of this server."""

        def altered(seen: ReplicationSeen) -> ReplicationSeen:
            rows = tuple(replace(row, **changes) if row.fqdn == fqdn(name) else row for row in seen.replicas)
            return replace(seen, replicas=rows)

        return self.but("fe01", replication=altered)

    def assigned(self, made: IssuedCertificate, at: datetime = ASSIGNED, *names: str, **changes: Any) -> "Deployment":
        """This certificate is assigned and installed, on every server that needs one or on those named."""
        homes = names or tuple(name for name in self.servers if not name.startswith("edge"))
        said = (assignment(made, at, **changes),)
        published = fields(thumbprints=(made.parsed.thumbprint,))
        return self.but(*homes, oauth=said, store=store(stored(made)), keys=(key_of(made),), access=access(made), metadata=published)

    def seen_at(self, now: datetime) -> "Deployment":
        return replace(self, now=now)

    def judged(self, **thresholds: Any) -> Judgement:
        return judge(tuple(self.servers.values()), Look(self.now, READER, Thresholds(**thresholds)))

    def finding(self, check: str, server: str | None = None, **thresholds: Any) -> Finding:
        """The finding of this check about this server, or about the deployment."""
        return found(self.judged(**thresholds), check, server)


def found(judgement: Judgement, check: str, server: str | None = None) -> Finding:
    wanted = f"{check}@{fqdn(server) if server else 'deployment'}"
    return next(finding for finding in judgement.findings if finding.id == wanted)


def deployment() -> Deployment:
    """The healthy four."""
    servers = (healthy_server("fe01", cms=True), healthy_server("fe02"), healthy_server("fe03"), healthy_server("edge01", edge=True))
    return Deployment({server.server: server for server in servers})


def fields(**changes: Any) -> Callable[[Any], Any]:
    """A change of single fields of what was seen."""
    return lambda value: replace(value, **changes)


def services(name: str, **changes: Any) -> Callable[[tuple[ServiceSeen, ...]], tuple[ServiceSeen, ...]]:
    """A change of one service; None for `state` takes it away."""
    if changes.get("state", "") is None:
        return lambda seen: tuple(one for one in seen if one.name != name)
    return lambda seen: tuple(replace(one, **changes) if one.name == name else one for one in seen)


def _changed(part: object, change: Change) -> object:
    if isinstance(change, NotSeen | Seen | Product):
        return change
    if callable(change):
        if not isinstance(part, Seen):
            raise TypeError("nothing was seen that could be changed")
        change = change(part.value)
    return Seen(change)
