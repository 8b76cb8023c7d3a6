"""The one table of probes: which function answers, which script file holds it, how long it may take, and where it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oauthcert.model.target import Product, Target
from oauthcert.remote.wire import Question

SERVICES = (
    "REPLICA", "MASTER", "FTA", "LYNCBACKUP", "RTCSRV", "RTCCLSAGT", "RTCHA", "RTCASMCU", "RTCAVMCU", "RTCDATAMCU", "RTCIMMCU",
    "RTCATS", "RTCCAA", "RTCCAS", "RTCCPS", "RTCRGS", "RTCMEDSRV", "RTCXMPPTGW", "W3SVC", "FabricHostSvc", "MSSQL$RTCLOCAL",
    "MSSQL$LYNCLOCAL", "MSSQL$RTC", "W32Time", "MSExchangeServiceHost",
)  # fmt: skip
"""Short names are the same in all versions and languages; a name that a server does not have is not answered."""


class Where(StrEnum):
    """EVERYWHERE, or only on servers that are not said to be Exchange (AUTO counts as "may be Lync": the server itself then tells)."""

    EVERYWHERE = "everywhere"
    LYNC = "lync"


@dataclass(frozen=True, slots=True)
class Probe:
    """One question. `seconds` is its deadline on the server; `scripts` are the files of resources/powershell/probes it needs.

    `lists` = it may answer any number of objects; all others answer exactly one.
    """

    id: str
    function: str
    scripts: tuple[str, ...]
    seconds: float
    where: Where = Where.EVERYWHERE
    arguments: Mapping[str, object] = field(default_factory=dict)
    lists: bool = False

    @property
    def question(self) -> Question:
        return Question(id=self.id, function=self.function, seconds=self.seconds, arguments=dict(self.arguments))


PROBES: tuple[Probe, ...] = (
    Probe("session", "Get-SessionFacts", ("common.ps1", "machine.ps1", "session.ps1"), 30),
    Probe("product", "Get-ProductFacts", ("common.ps1", "module.ps1", "product.ps1"), 30),
    Probe("module", "Import-ProductModule", ("common.ps1", "module.ps1"), 90, Where.LYNC),
    Probe("time", "Get-TimeFacts", ("common.ps1", "machine.ps1", "time.ps1"), 30),
    Probe("services", "Get-ServiceFacts", ("common.ps1", "services.ps1"), 30, arguments={"Names": list(SERVICES)}, lists=True),
    Probe(
        "topology",
        "Get-TopologyFacts",
        ("common.ps1", "module.ps1", "topology.ps1"),
        60,
        Where.LYNC,
        arguments={"Everything": False},
    ),
    Probe("replica", "Get-ReplicaFacts", ("module.ps1", "refusal.ps1", "replica.ps1"), 60, Where.LYNC),
    Probe("oauth", "Get-OAuthAssignment", ("common.ps1", "certificates.ps1", "module.ps1", "oauth.ps1"), 60, Where.LYNC, lists=True),
    Probe(
        "uses", "Get-CertificateUses", ("common.ps1", "certificates.ps1", "module.ps1", "oauth.ps1", "uses.ps1"), 60, Where.LYNC, lists=True
    ),
    Probe("store", "Get-StoreFacts", ("certificates.ps1", "store.ps1"), 60),
    Probe("keys", "Get-KeyFacts", ("common.ps1", "certificates.ps1", "keys.ps1"), 60, lists=True),
    Probe("access", "Get-KeyAccessFacts", ("common.ps1", "certificates.ps1", "keys.ps1", "access.ps1"), 60),
    Probe("replication", "Get-ReplicationFacts", ("common.ps1", "module.ps1", "replication.ps1"), 60, Where.LYNC),
    Probe("events", "Get-ReplicationEvents", ("common.ps1", "events.ps1"), 60, Where.LYNC, lists=True),
    Probe("transport", "Test-ReplicaTransport", ("common.ps1", "module.ps1", "topology.ps1", "transport.ps1"), 60, Where.LYNC, lists=True),
    Probe("hop", "Get-SecondHopFacts", ("common.ps1", "machine.ps1", "hop.ps1"), 30),
    Probe("platform", "Get-PlatformFacts", ("common.ps1", "platform.ps1"), 30),
    Probe("incidents", "Get-ServiceEvents", ("common.ps1", "events.ps1", "incidents.ps1"), 60, Where.LYNC, lists=True),
    Probe("metadata", "Get-MetadataFacts", ("common.ps1", "transport.ps1", "https.ps1", "metadata.ps1"), 45, Where.LYNC),
    Probe("partners", "Get-PartnerFacts", ("common.ps1", "module.ps1", "transport.ps1", "https.ps1", "partners.ps1"), 60, Where.LYNC),
)
"""In the order they are asked. `module` comes before everything that needs the product's cmdlets, so that loading has its own deadline."""


def probes_of(target: Target) -> tuple[Probe, ...]:
    """The probes asked on this server, in order."""
    return tuple(probe for probe in PROBES if probe.where is Where.EVERYWHERE or target.product is not Product.EXCHANGE)


def round_questions(target: Target) -> tuple[Question, ...]:
    """What one look asks this server."""
    return tuple(probe.question for probe in probes_of(target))
