"""Typed evidence of components, services, published metadata and partners of a healthy server."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from oauthcert.model.product_evidence import Challenge, MetadataSeen, PartnerApplication, PartnersSeen, PlatformSeen
from oauthcert.model.server_evidence import ServiceSeen

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
LYNC = "00000004-0000-0ff1-ce00-000000000000"
AUTODISCOVER = "https://autodiscover.contoso.lab/autodiscover/autodiscover.svc"
_INSIDE = ("RTCSRV", "W3SVC", "FabricHostSvc", "MSSQL$LYNCLOCAL", "RTCIMMCU", "RTCCLSAGT")
_EDGE = ("RTCSRV", "RTCCLSAGT")


def started_services(*, edge: bool) -> list[ServiceSeen]:
    return [ServiceSeen(name, name, "Running", "Auto") for name in (_EDGE if edge else _INSIDE)]


def platform(booted: datetime, **changes: Any) -> PlatformSeen:
    return replace(PlatformSeen(booted, 40960, True, None, None, None), **changes)


def metadata(server: str, *thumbprints: str, **changes: Any) -> MetadataSeen:
    url = f"https://{server}/metadata/json/1"
    seen = MetadataSeen(True, None, url, 200, "Tls12", None, None, True, "contoso.lab", f"{LYNC}@contoso.lab", thumbprints)
    return replace(seen, **changes)


NO_WEB_SERVER = MetadataSeen(False, "no-web-server", "", None, None, None, None, False, None, None, ())
NO_PARTNER = PartnersSeen((), (), None, LYNC, None, None)


def challenge(*issuers: str, **changes: Any) -> Challenge:
    """Exchange's answer to an empty token, naming these issuers."""
    names = ",".join(issuers or (f"{LYNC}@contoso.lab",))
    said = f'Bearer client_id="{EXCHANGE}", trusted_issuers="{names}", token_types="app_asserted_user_v1", error="invalid_token"'
    return replace(Challenge(AUTODISCOVER, 401, "Tls12", "None", None, None, said, None), **changes)


def partner(**changes: Any) -> PartnerApplication:
    url = "https://autodiscover.contoso.lab/autodiscover/metadata/json/1"
    return replace(PartnerApplication("Exchange", EXCHANGE, "contoso.lab", "Full", True, url, False), **changes)


def partners(**changes: Any) -> PartnersSeen:
    """A healthy partnership with Exchange on premises."""
    return replace(PartnersSeen((partner(),), (), None, LYNC, AUTODISCOVER, challenge()), **changes)
