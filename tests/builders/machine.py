"""Typed evidence of a healthy machine itself: the session on it, what is installed, its clock."""

from datetime import datetime, timedelta

from oauthcert.model.server_evidence import AvailableModule, InstalledProduct, ProductSeen, SessionSeen, TimeSeen


def session(full: str, domain: str | None) -> SessionSeen:
    return SessionSeen(
        powershell="5.1.20348.2849",
        process64=True,
        os64=True,
        computer=full.partition(".")[0].upper(),
        fqdn=full,
        domain_joined=domain is not None,
        domain=domain,
        os_version="10.0.20348",
        os_name="Microsoft Windows Server 2022 Standard",
        account="CONTOSO\\admin",
        authentication="NTLM",
        impersonation="Impersonation",
        elevated=True,
        groups=("CONTOSO\\Domain Users", "CONTOSO\\RTCUniversalServerAdmins", "BUILTIN\\Administrators"),
    )


def product() -> ProductSeen:
    core = InstalledProduct("Skype for Business Server Subscription Edition, Core Components", "7.0.2046.889", "Microsoft")
    return ProductSeen((core,), (AvailableModule("SkypeForBusiness", "8.0.0.0", "C:\\m"),), 528449, exchange_installed=False)


def clock(now: datetime, *, edge: bool) -> TimeSeen:
    """An Edge server outside the domain follows a time server, all others their domain controller."""
    return TimeSeen(
        utc=now,
        zone="W. Europe Standard Time",
        service_state="Running",
        service_start_mode="Auto",
        type="NTP" if edge else "NT5DS",
        ntp_server="time.contoso.lab",
        source="dc01.contoso.lab",
        leap=0,
        stratum=4,
        last_sync=now - timedelta(minutes=17),
        vmic_enabled=False,
        virtual_machine=True,
        dc_name=None if edge else "dc01.contoso.lab",
        dc_offset_seconds=None if edge else -0.1,
        dc_offset_error=None if edge else 0.02,
        domain_joined=not edge,
    )
