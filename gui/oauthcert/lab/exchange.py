"""An Exchange organisation beside the deployment: how Lync trusts it, and what it answers to a token."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
LYNC = "00000004-0000-0ff1-ce00-000000000000"
ACCESS_CONTROL = "00000001-0000-0000-c000-000000000000"


@dataclass(frozen=True, slots=True)
class Exchange:
    """`{domain}` in texts stands for the SIP domain.

    `trusts` is the realm of the Lync deployment that it trusts, None when it trusts none; `problem` keeps it from being reached at all.
    """

    enabled: bool = True
    trust_level: str = "Full"
    autodiscover: str | None = "https://autodiscover.{domain}/autodiscover/autodiscover.svc"
    trusts: str | None = "{domain}"
    problem: str | None = None
    tls_trust: str = "None"
    category: str = "invalid_token"

    def at(self, domain: str) -> "Exchange":
        """With the SIP domain in its place."""
        trusts = self.trusts.replace("{domain}", domain) if self.trusts else None
        return replace(self, autodiscover=self.autodiscover.replace("{domain}", domain) if self.autodiscover else None, trusts=trusts)


EXCHANGES: Mapping[str, Exchange | None] = {
    "none": None,
    "healthy": Exchange(),
    "realm-mismatch": Exchange(trusts="old.{domain}"),
    "no-partner": Exchange(trusts=None),
    "disabled": Exchange(enabled=False),
    "wrong-url": Exchange(autodiscover="https://autodiscover.{domain}/autodiscover/autodiscover.xml"),
    "no-url": Exchange(autodiscover=None),
    "unreachable": Exchange(problem="TimedOut"),
    "untrusted": Exchange(tls_trust="RemoteCertificateChainErrors"),
    "wildcard-domain": Exchange(category="invalid_tenant"),
}
"""What a scenario may say of its Exchange."""


def applications(exchange: Exchange | None, domain: str) -> list[Mapping[str, object]]:
    """Get-CsPartnerApplication -LocalStore."""
    if exchange is None:
        return []
    return [
        {
            "Identity": "Exchange",
            "AuthToken": f"Value=https://autodiscover.{domain}/autodiscover/metadata/json/1",
            "Name": "Exchange",
            "ApplicationIdentifier": EXCHANGE,
            "Realm": domain,
            "ApplicationTrustLevel": exchange.trust_level,
            "AcceptSecurityIdentifierInformation": False,
            "Enabled": exchange.enabled,
        }
    ]


def configuration(exchange: Exchange | None) -> Mapping[str, object]:
    """Get-CsOAuthConfiguration -LocalStore. Without a realm of its own the default SIP domain is the realm."""
    return {
        "Identity": "Global",
        "PartnerApplications": ["Exchange"] if exchange else [],
        "OAuthServers": [],
        "Realm": "",
        "ServiceName": LYNC,
        "ClientAuthorizationOAuthServerIdentity": None,
        "ExchangeAutodiscoverUrl": exchange.autodiscover if exchange else None,
        "ExchangeAutodiscoverAllowedDomains": None,
    }


def challenge_head(exchange: Exchange) -> str:
    """The head of its 401 to an empty token."""
    issuers = [f"{ACCESS_CONTROL}@*"] + ([f"{LYNC}@{exchange.trusts}"] if exchange.trusts else [])
    return "\r\n".join(
        (
            "HTTP/1.1 401 Unauthorized",
            "Server: Microsoft-IIS/10.0",
            f'WWW-Authenticate: Bearer client_id="{EXCHANGE}", trusted_issuers="{",".join(issuers)}", '
            'token_types="app_asserted_user_v1 service_asserted_app_v1", error="invalid_token"',
            "WWW-Authenticate: Negotiate",
            f'x-ms-diagnostics: 2000004;reason="The token is not acceptable.";error_category="{exchange.category}"',
            "Content-Length: 0",
        )
    )
