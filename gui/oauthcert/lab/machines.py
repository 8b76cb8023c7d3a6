"""One simulated server: what it is, what runs on it, what lies in its certificate stores, and how its WinRM service behaves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from oauthcert.lab.ground import Ground
from oauthcert.lab.products import ProductVersion, Role, display_name, service_names
from oauthcert.lab.timed import BEGINNING, Timed

ADMINISTRATORS = r"BUILTIN\Administrators"
REMOTE_USERS = r"BUILTIN\Remote Management Users"
EVENT_READERS = r"BUILTIN\Event Log Readers"
SERVER_ADMINS = r"CONTOSO\RTCUniversalServerAdmins"
READ_ONLY_ADMINS = r"CONTOSO\RTCUniversalReadOnlyAdmins"
USER_ADMINS = r"CONTOSO\RTCUniversalUserAdmins"
COMMON_GROUPS = ("Everyone", r"NT AUTHORITY\NETWORK", r"NT AUTHORITY\Authenticated Users", r"BUILTIN\Users")


class StoreName(StrEnum):
    """The LocalMachine stores that matter, by their system names."""

    MY = "My"
    INTERMEDIATE = "CA"
    ROOT = "Root"
    DISALLOWED = "Disallowed"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A real X.509 certificate and the one that signed it (None: itself). `thumbprint` is 40 upper-case hex digits."""

    der: bytes
    thumbprint: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    issued_by: "Certificate | None" = None


KEY_SDDL = "D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;NS)"
"""Who may read the file of a private key: the system, administrators, and the account under which the product's services run."""


@dataclass(frozen=True, slots=True)
class Key:
    """How Windows holds a private key. `file_present` False: the certificate claims a key whose container is gone.

    `sddl` is the access list of the key's file.
    """

    kind: str = "csp"
    provider: str = "Microsoft RSA SChannel Cryptographic Provider"
    provider_type: int = 12
    key_spec: int = 1
    exportable: bool = True
    file_present: bool = True
    sddl: str = KEY_SDDL

    @property
    def travels(self) -> bool:
        """Whether the Central Management Store can take it in and hand it on."""
        return self.exportable and self.kind == "csp" and self.file_present


CNG_KEY = Key(kind="cng", provider="Microsoft Software Key Storage Provider", provider_type=0, key_spec=0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A certificate in a store from `since` on; `key` None: without a private key."""

    certificate: Certificate
    since: datetime = BEGINNING
    key: Key | None = None
    friendly_name: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that went out: `stand_in` holds its public key, signed by itself, as Windows keeps it in the store REQUEST."""

    stand_in: Certificate
    friendly_name: str


@dataclass(slots=True)
class Service:
    """A Windows service; state and start mode in the words of Win32_Service."""

    name: str
    display_name: str
    state: Timed[str] = field(default_factory=lambda: Timed("Running"))
    start_mode: Timed[str] = field(default_factory=lambda: Timed("Auto"))


@dataclass(frozen=True, slots=True)
class Clock:
    """`offset` is this machine's clock minus true time. `type`, `source` and so on are what w32tm says.

    `synchronised` is how long ago it was last set right, at the most; `set_right` when somebody had that done.
    """

    offset: timedelta = timedelta()
    type: str = "NT5DS"
    ntp_server: str | None = None
    source: str | None = "dc01.contoso.lab"
    stratum: int = 4
    leap: int = 0
    synchronised: timedelta = timedelta(minutes=17)
    set_right: datetime | None = None

    def last_sync(self, moment: datetime) -> datetime:
        """In true time."""
        usual = moment - self.synchronised
        return usual if self.set_right is None else max(usual, self.set_right)


@dataclass(frozen=True, slots=True)
class Account:
    """The operator as this machine sees him."""

    name: str
    groups: tuple[str, ...]

    @property
    def administrator(self) -> bool:
        return ADMINISTRATORS in self.groups

    @property
    def server_administrator(self) -> bool:
        """May read certificates' assignment and the replication status."""
        return any(group.endswith("\\RTCUniversalServerAdmins") for group in self.groups)

    @property
    def user_administrator(self) -> bool:
        return any(group.endswith("\\RTCUniversalUserAdmins") for group in self.groups)


@dataclass(frozen=True, slots=True)
class Load:
    """Somebody loaded the configuration into the local store at `when`; it was that of `content`."""

    when: datetime
    content: datetime


class Front(StrEnum):
    """What answers at the port of WinRM."""

    WINRM = "winrm"
    REFUSED = "refused"
    WEB_SERVER = "web-server"
    SILENT = "silent"


@dataclass(slots=True)
class Winrm:
    """`accepts` False: the account is refused with 401; `authorised` False: signed in, but may not open a shell."""

    front: Front = Front.WINRM
    scheme: str = "http"
    accepts: bool = True
    authorised: bool = True
    language_mode: str = "FullLanguage"


@dataclass(slots=True)
class ProbeQuirk:
    """Something that goes wrong with one function: it throws, it hangs, it takes a while, its process ends, the connection breaks.

    `after`: what it does is done first, and only its answer is lost. `times`: how often it still goes wrong, None for ever. A mere
    preview of a change goes well unless `on_preview`.
    """

    throws: str | None = None
    hangs: bool = False
    seconds: float = 0.0
    dies: bool = False
    cuts: bool = False
    after: bool = False
    times: int | None = None
    on_preview: bool = False

    def strikes(self, *, preview: bool) -> bool:
        """Whether it goes wrong this time, which counts as one."""
        if preview and not self.on_preview:
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass(slots=True, eq=False)
class Machine:
    """`name` is the FQDN, `cluster` the pool's (the machine's own when it stands alone); domain None = workgroup."""

    name: str
    role: Role
    cluster: str
    site: str
    product: ProductVersion
    account: Account
    domain: str | None = "contoso.lab"
    description: str = ""
    central_management: bool = False
    step_one: datetime | None = None
    """When Step 1 copied the configuration; None = with the deployment's installation."""
    replica_enabled: Timed[bool] = field(default_factory=lambda: Timed(True))
    loads: list["Load"] = field(default_factory=list)
    clock: Timed[Clock] = field(default_factory=lambda: Timed(Clock()))
    winrm: Winrm = field(default_factory=Winrm)
    services: dict[str, Service] = field(default_factory=dict)
    placed: dict[StoreName, list[Placed]] = field(default_factory=dict)
    removed: dict[tuple[StoreName, str], datetime] = field(default_factory=dict)
    """When an administrator took a certificate out of a store, by thumbprint; what comes later stays."""
    keys: dict[str, Timed[Key | None]] = field(default_factory=dict)
    """What became of the private key of a certificate in My, by thumbprint, where it is not what it came with."""
    loose_keys: dict[str, Key] = field(default_factory=dict)
    """Keys that still lie on this machine though the certificate with this thumbprint no longer has its own."""
    pending: dict[str, "Pending"] = field(default_factory=dict)
    """Requests that were not answered yet, by the thumbprint of their stand-in."""
    stubborn: set[str] = field(default_factory=set)
    """Services that do not start when they are told to."""
    uses: dict[str, Certificate | None] = field(default_factory=dict)
    """What is assigned for a use where it is not the server's usual certificate; None = nothing."""
    bound: set[str] = field(default_factory=set)
    """Thumbprints that a web site shows which is not the product's."""
    ports: dict[int, Timed[bool]] = field(default_factory=dict)
    quirks: dict[str, ProbeQuirk] = field(default_factory=dict)
    noise: bool = False
    script_broken: str | None = None
    ends_after: int | None = None
    """The process ends after this many probes."""
    virtual: bool = False
    vmic: bool = False
    ground: Ground = field(default_factory=Ground)

    def __post_init__(self) -> None:
        self.install(service_names(self.role, central_management=self.central_management))
        self.ports.setdefault(self.replica_port, Timed(True))

    def install(self, services: Iterable[str]) -> None:
        """Those that are not there yet come, and run."""
        for name in services:
            self.services.setdefault(name, Service(name, display_name(name, self.role, self.product)))

    @property
    def short(self) -> str:
        return self.name.split(".", 1)[0].upper()

    @property
    def on_edge(self) -> bool:
        return self.role is Role.EDGE

    @property
    def replica_port(self) -> int:
        """Edge servers take the snapshot over HTTPS, all others over SMB."""
        return 4443 if self.on_edge else 445

    def running(self, service: str, moment: datetime) -> bool:
        return service in self.services and self.services[service].state.at(moment) == "Running"

    def local_time(self, moment: datetime) -> datetime:
        """What this machine's clock shows at a true moment."""
        return moment + self.clock.at(moment).offset
