"""One server's answers in typed form: one class per probe, fields named as the scripts print them (snake_case here).

Times are aware datetimes in UTC; None means the server did not say. A field that could be read and is empty is an empty
text or tuple. `collect/` builds these from raw answers, `checks/` reads them.
"""

from dataclasses import dataclass
from datetime import datetime

from oauthcert.model.certificate_evidence import AccessSeen, CertificateUse
from oauthcert.model.evidence import ClockSeen, NotSeen, ReachSeen, Seen, SignInSeen
from oauthcert.model.product_evidence import MetadataSeen, PartnersSeen, PlatformSeen
from oauthcert.model.target import Product


@dataclass(frozen=True, slots=True)
class HelloSeen:
    """The first frame of a round: `edition` is the PowerShell version, `utc` the server's clock when it wrote the frame."""

    edition: str
    process64: bool
    computer: str
    utc: datetime | None


@dataclass(frozen=True, slots=True)
class SessionSeen:
    powershell: str
    process64: bool
    os64: bool
    computer: str
    fqdn: str
    domain_joined: bool
    domain: str | None
    os_version: str
    os_name: str
    account: str
    authentication: str
    impersonation: str
    elevated: bool
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstalledProduct:
    name: str
    version: str
    publisher: str


@dataclass(frozen=True, slots=True)
class AvailableModule:
    name: str
    version: str
    path: str


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """`dot_net_release` is the registry's Release number (379893 = .NET 4.5.2)."""

    products: tuple[InstalledProduct, ...]
    modules: tuple[AvailableModule, ...]
    dot_net_release: int | None
    exchange_installed: bool


@dataclass(frozen=True, slots=True)
class ModuleSeen:
    """The product module that was loaded; all None when the server has none. `by` is `name` or `path`."""

    name: str | None
    version: str | None
    path: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class TimeSeen:
    """`dc_offset_seconds` is the domain controller's clock minus this server's, ± `dc_offset_error` seconds."""

    utc: datetime | None
    zone: str
    service_state: str | None
    service_start_mode: str | None
    type: str | None
    ntp_server: str | None
    source: str | None
    leap: int | None
    stratum: int | None
    last_sync: datetime | None
    vmic_enabled: bool | None
    virtual_machine: bool | None
    dc_name: str | None
    dc_offset_seconds: float | None
    dc_offset_error: float | None
    domain_joined: bool


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """`state` is Running, Stopped, …; `start_mode` is Auto, Manual or Disabled (the words of Win32_Service).

    `delayed` qualifies Auto; `deleting`: the service was removed, and Windows waits for its next start to do so.
    """

    name: str
    display_name: str
    state: str
    start_mode: str
    delayed: bool = False
    deleting: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    fqdn: str
    site: str
    number: str
    requires_replication: bool
    requires_setup: bool
    on_edge: bool
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopologyService:
    """`role` as the topology names it (CentralMgmt, Registrar, UserServices, WebServices, EdgeServer, …)."""

    role: str
    cluster: str
    active: bool | None
    director: bool | None


@dataclass(frozen=True, slots=True)
class TopologySeen:
    """The topology in this server's local store (not the Central Management Store's own).

    Unless `complete`, only the clusters this server belongs to and those of the Central Management Store, with their services.
    """

    clusters: tuple[Cluster, ...]
    services: tuple[TopologyService, ...]
    default_sip_domain: str | None
    sip_domains: tuple[str, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ReplicaSeen:
    passed: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What Get-CsCertificate says of OAuthTokenIssuer. Only `not_found_or_untrusted` and `message` are set when it said just that."""

    thumbprint: str | None
    subject: str | None
    issuer: str | None
    serial: str | None
    not_before: datetime | None
    not_after: datetime | None
    use: str | None
    source_scope: str | None
    effective_date: datetime | None
    previous_thumbprint: str | None
    update_time: datetime | None
    not_found_or_untrusted: bool
    message: str | None


@dataclass(frozen=True, slots=True)
class StoreCertificate:
    """A certificate as it lies in a store; `thumbprint` is 40 upper-case hex digits, `der` unparsed and hostile until parsed."""

    thumbprint: str
    der: bytes
    has_private_key: bool = False
    friendly_name: str = ""


@dataclass(frozen=True, slots=True)
class MisplacedRoot:
    """A certificate in Trusted Root whose issuer is not its subject."""

    thumbprint: str
    subject: str
    issuer: str


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """LocalMachine stores. `intermediate` and `root` hold only what may issue something in `my`; the counts are of the whole stores."""

    my: tuple[StoreCertificate, ...]
    intermediate: tuple[StoreCertificate, ...]
    root: tuple[StoreCertificate, ...]
    disallowed: tuple[str, ...]
    misplaced_roots: tuple[MisplacedRoot, ...]
    my_count: int
    intermediate_count: int
    root_count: int
    my_left_out: int


@dataclass(frozen=True, slots=True)
class KeySeen:
    """`kind` is csp or cng; `key_spec` 1 = AT_KEYEXCHANGE, 2 = AT_SIGNATURE, 0 = CNG. `exportable` None = could not be told.

    `problem` is None, missing-key-file, access-denied, provider or other.
    """

    thumbprint: str
    opens: bool
    kind: str | None
    provider: str | None
    provider_type: int | None
    key_spec: int | None
    exportable: bool | None
    container: str | None
    problem: str | None
    hresult: int | None
    message: str | None


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """One row of Get-CsManagementStoreReplicationStatus; both times empty = it never reported."""

    fqdn: str
    up_to_date: bool
    last_status_report: datetime | None
    last_update_creation: datetime | None
    product_version: str | None


@dataclass(frozen=True, slots=True)
class ReplicationSeen:
    """`asked` is False where this server is not one that could know (no MASTER service); then the rest is empty."""

    asked: bool
    why: str | None
    replicas: tuple[ReplicaState, ...]
    active_master: str | None
    active_file_transfer_agents: tuple[str, ...]
    last_heartbeat: datetime | None


@dataclass(frozen=True, slots=True)
class EventSeen:
    """`level` 1 critical, 2 error, 3 warning, 4 information. `message` is at most 2000 characters."""

    provider: str
    id: int
    level: int
    time: datetime
    message: str
    log: str


@dataclass(frozen=True, slots=True)
class TransportSeen:
    """Whether this server (the CMS server) could open TCP `port` of `replica`."""

    replica: str
    port: int
    open: bool
    error: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class HopSeen:
    """`directory` is ok, denied, unavailable or not-domain: what came of a read of Active Directory as the operator."""

    directory: str
    message: str | None


NOT_ASKED = NotSeen("not-asked")
"""What a case of an earlier version says of parts that it did not know."""


@dataclass(frozen=True, slots=True)
class ServerEvidence:
    """Everything known of one server, each part seen or not seen for its own reason."""

    server: str
    product_wanted: Product
    reach: Seen[ReachSeen] | NotSeen
    sign_in: Seen[SignInSeen] | NotSeen
    clock: Seen[ClockSeen] | NotSeen
    started: datetime | None
    finished: datetime | None
    hello: Seen[HelloSeen] | NotSeen
    session: Seen[SessionSeen] | NotSeen
    product: Seen[ProductSeen] | NotSeen
    module: Seen[ModuleSeen] | NotSeen
    time: Seen[TimeSeen] | NotSeen
    services: Seen[tuple[ServiceSeen, ...]] | NotSeen
    topology: Seen[TopologySeen] | NotSeen
    replica: Seen[ReplicaSeen] | NotSeen
    oauth: Seen[tuple[Assignment, ...]] | NotSeen
    store: Seen[StoreSeen] | NotSeen
    keys: Seen[tuple[KeySeen, ...]] | NotSeen
    replication: Seen[ReplicationSeen] | NotSeen
    events: Seen[tuple[EventSeen, ...]] | NotSeen
    transport: Seen[tuple[TransportSeen, ...]] | NotSeen
    hop: Seen[HopSeen] | NotSeen
    platform: Seen[PlatformSeen] | NotSeen = NOT_ASKED
    metadata: Seen[MetadataSeen] | NotSeen = NOT_ASKED
    partners: Seen[PartnersSeen] | NotSeen = NOT_ASKED
    incidents: Seen[tuple[EventSeen, ...]] | NotSeen = NOT_ASKED
    access: Seen[AccessSeen] | NotSeen = NOT_ASKED
    uses: Seen[tuple[CertificateUse, ...]] | NotSeen = NOT_ASKED
