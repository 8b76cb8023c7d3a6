"""What the probes of platform, service events, published metadata and partners print."""

from collections.abc import Mapping

from oauthcert.model.evidence import JsonValue

_WHEN = "2026-11-20T08:30:00.1234567Z"

PRINTED: Mapping[str, list[JsonValue]] = {
    "platform": [
        {
            "bootTime": _WHEN,
            "freeMegabytes": 40960,
            "replicaShare": True,
            "clientAuthTrustMode": 2,
            "sendTrustedIssuerList": None,
            "enableSessionTicket": None,
        }
    ],
    "incidents": [
        {
            "provider": "LS Protocol Stack",
            "id": 14397,
            "level": 2,
            "time": _WHEN,
            "message": "Das Zertifikat kann nicht verwendet werden.",
            "log": "Lync Server",
        }
    ],
    "metadata": [
        {
            "asked": True,
            "why": None,
            "url": "https://fe01.contoso.lab/metadata/json/1",
            "status": 200,
            "tls": "Tls12",
            "problem": None,
            "message": None,
            "readable": True,
            "realm": "contoso.lab",
            "issuer": "00000004-0000-0ff1-ce00-000000000000@contoso.lab",
            "thumbprints": ["A" * 40],
        }
    ],
    "partners": [
        {
            "partners": [
                {
                    "identity": "Exchange",
                    "applicationIdentifier": "00000002-0000-0ff1-ce00-000000000000",
                    "realm": "contoso.lab",
                    "trustLevel": "Full",
                    "enabled": True,
                    "metadataUrl": "https://autodiscover.contoso.lab/autodiscover/metadata/json/1",
                    "usesOAuthServer": False,
                }
            ],
            "oauthServers": [{"identity": "microsoft.sts", "issuerIdentifier": None, "realm": "*", "metadataUrl": "https://sts.lab/1"}],
            "realm": None,
            "serviceName": "00000004-0000-0ff1-ce00-000000000000",
            "exchangeAutodiscoverUrl": "https://autodiscover.contoso.lab/autodiscover/autodiscover.svc",
            "challenge": {
                "url": "https://autodiscover.contoso.lab/autodiscover/autodiscover.svc",
                "status": 401,
                "tls": "Tls12",
                "trust": "None",
                "problem": None,
                "message": None,
                "authenticate": 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="a@b"',
                "diagnostics": None,
            },
        }
    ],
}
