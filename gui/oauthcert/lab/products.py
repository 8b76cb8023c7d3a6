"""What is installed with each product version: names, builds, module, services, the Windows underneath."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    STANDARD_EDITION = "standard-edition"
    FRONT_END = "front-end"
    DIRECTOR = "director"
    MEDIATION = "mediation"
    EDGE = "edge"
    SQL = "sql"

    @property
    def needs_oauth(self) -> bool:
        return self in (Role.STANDARD_EDITION, Role.FRONT_END, Role.DIRECTOR)


@dataclass(frozen=True, slots=True)
class InstalledProduct:
    """A key under Uninstall."""

    name: str
    version: str
    publisher: str = "Microsoft Corporation"


@dataclass(frozen=True, slots=True)
class ProductVersion:
    """One version. `build` is what the core components and the replica report; `prefix` begins the display names of its services."""

    id: str
    title: str
    prefix: str
    build: str
    module: str
    module_folder: str
    service_version: int
    os_version: str
    os_name: str
    powershell: str
    dot_net_release: int
    components: tuple[str, ...] = ("Core Components", "Bootstrapper Prerequisites Installer Package")

    @property
    def installed(self) -> tuple[InstalledProduct, ...]:
        return tuple(InstalledProduct(f"{self.title}, {component}", self.build) for component in self.components)

    @property
    def module_version(self) -> str:
        return f"{self.build.split('.')[0]}.0.0.0"

    @property
    def module_path(self) -> str:
        return rf"C:\Program Files\Common Files\{self.module_folder}\Modules\{self.module}\{self.module}.psd1"


PRODUCTS = {
    version.id: version
    for version in (
        ProductVersion(
            id="lync-2013",
            title="Microsoft Lync Server 2013",
            prefix="Lync Server",
            build="5.0.8308.1198",
            module="Lync",
            module_folder="Microsoft Lync Server 2013",
            service_version=6,
            os_version="6.3.9600",
            os_name="Microsoft Windows Server 2012 R2 Standard",
            powershell="4.0",
            dot_net_release=394271,
        ),
        ProductVersion(
            id="sfb-2015",
            title="Skype for Business Server 2015",
            prefix="Skype for Business Server",
            build="6.0.9319.886",
            module="SkypeForBusiness",
            module_folder="Skype for Business Server 2015",
            service_version=7,
            os_version="6.3.9600",
            os_name="Microsoft Windows Server 2012 R2 Standard",
            powershell="5.1.14409.1005",
            dot_net_release=528049,
        ),
        ProductVersion(
            id="sfb-2019",
            title="Skype for Business Server 2019",
            prefix="Skype for Business Server",
            build="7.0.2046.583",
            module="SkypeForBusiness",
            module_folder="Skype for Business Server 2019",
            service_version=8,
            os_version="10.0.17763",
            os_name="Microsoft Windows Server 2019 Standard",
            powershell="5.1.17763.6414",
            dot_net_release=528049,
        ),
        ProductVersion(
            id="sfb-se",
            title="Skype for Business Server Subscription Edition",
            prefix="Skype for Business Server",
            build="7.0.2046.889",
            module="SkypeForBusiness",
            module_folder="Skype for Business Server Subscription Edition",
            service_version=8,
            os_version="10.0.20348",
            os_name="Microsoft Windows Server 2022 Standard",
            powershell="5.1.20348.2849",
            dot_net_release=528449,
        ),
    )
}
"""Builds: the newest ones known for each version (lync.md B8)."""

_SUFFIXES = {
    "REPLICA": "Replica Replicator Agent",
    "MASTER": "Master Replicator Agent",
    "FTA": "File Transfer Agent",
    "RTCCLSAGT": "Centralized Logging Service Agent",
    "RTCSRV": "Front-End",
    "RTCASMCU": "Application Sharing",
    "RTCAVMCU": "Audio/Video Conferencing",
    "RTCDATAMCU": "Web Conferencing",
    "RTCIMMCU": "IM Conferencing",
    "RTCATS": "Audio Test Service",
    "RTCCAA": "Conferencing Attendant",
    "RTCCAS": "Conferencing Announcement",
    "RTCRGS": "Response Group",
    "RTCMEDSRV": "Mediation",
}
_PLAIN = {
    "W3SVC": "World Wide Web Publishing Service",
    "FabricHostSvc": "Windows Fabric Host Service",
    "MSSQL$RTCLOCAL": "SQL Server (RTCLOCAL)",
    "MSSQL$LYNCLOCAL": "SQL Server (LYNCLOCAL)",
    "MSSQL$RTC": "SQL Server (RTC)",
    "MSSQLSERVER": "SQL Server (MSSQLSERVER)",
    "W32Time": "Windows Time",
}
_EVERYWHERE = ("REPLICA", "RTCCLSAGT", "MSSQL$RTCLOCAL", "W32Time")
_HOME = ("RTCSRV", "RTCASMCU", "RTCAVMCU", "RTCDATAMCU", "RTCIMMCU", "RTCATS", "RTCCAA", "RTCCAS", "RTCRGS", "W3SVC", "FabricHostSvc")
_BY_ROLE = {
    Role.STANDARD_EDITION: (*_EVERYWHERE, *_HOME, "MSSQL$LYNCLOCAL", "MSSQL$RTC"),
    Role.FRONT_END: (*_EVERYWHERE, *_HOME, "MSSQL$LYNCLOCAL"),
    Role.DIRECTOR: (*_EVERYWHERE, "RTCSRV", "W3SVC", "FabricHostSvc", "MSSQL$LYNCLOCAL"),
    Role.MEDIATION: (*_EVERYWHERE, "RTCMEDSRV"),
    Role.EDGE: (*_EVERYWHERE, "RTCSRV"),
    Role.SQL: ("MSSQLSERVER", "W32Time"),
}


_SERVER_USES = ("Default", "WebServicesInternal", "WebServicesExternal")
_USES = {
    Role.STANDARD_EDITION: _SERVER_USES,
    Role.FRONT_END: _SERVER_USES,
    Role.DIRECTOR: _SERVER_USES,
    Role.MEDIATION: ("Default",),
    Role.EDGE: ("Internal", "AccessEdgeExternal", "DataEdgeExternal", "AudioVideoAuthentication"),
    Role.SQL: (),
}


def uses(role: Role) -> tuple[str, ...]:
    """What a machine of this role needs certificates for, besides OAuth: the rows of Step 3 (lync.md B2, B6)."""
    return _USES[role]


def service_names(role: Role, *, central_management: bool) -> tuple[str, ...]:
    """The short names of the services a machine of this role has (lync.md B5)."""
    return (*_BY_ROLE[role], *(("MASTER", "FTA") if central_management else ()))


def display_name(service: str, role: Role, product: ProductVersion) -> str:
    """As services.msc shows it on an English Windows."""
    if service in _PLAIN:
        return _PLAIN[service]
    suffix = "Access Edge" if service == "RTCSRV" and role is Role.EDGE else _SUFFIXES[service]
    return f"{product.prefix} {suffix}"
