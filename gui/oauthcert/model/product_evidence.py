"""What a server says of what the product stands on, of why its services do not start, and of its partners."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlatformSeen:
    """`free_megabytes` is the room on the emptiest fixed disk. The Schannel settings are None where nothing is set.

    `replica_share` tells whether the share xds-replica exists, through which all but Edge servers are fed.
    """

    boot_time: datetime | None
    free_megabytes: int | None
    replica_share: bool
    client_auth_trust_mode: int | None
    send_trusted_issuer_list: int | None
    enable_session_ticket: int | None


@dataclass(frozen=True, slots=True)
class MetadataSeen:
    """What this server's own web site answered under /metadata/json/1. `asked` is False where it has no web server (`why`).

    `problem` is a socket's error code, TlsFailed or CutOff; None when there was an answer. `tls` names the protocol (Tls12, Tls, …).
    `readable` tells whether the answer was a metadata document; then `thumbprints` are those of the published certificates.
    """

    asked: bool
    why: str | None
    url: str
    status: int | None
    tls: str | None
    problem: str | None
    message: str | None
    readable: bool
    realm: str | None
    issuer: str | None
    thumbprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerApplication:
    """`metadata_url` is None where trust comes by an OAuth server instead (`uses_oauth_server`)."""

    identity: str
    application_identifier: str
    realm: str | None
    trust_level: str | None
    enabled: bool
    metadata_url: str | None
    uses_oauth_server: bool


@dataclass(frozen=True, slots=True)
class OAuthServer:
    identity: str
    issuer_identifier: str | None
    realm: str | None
    metadata_url: str | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What Exchange answered to an empty token. `authenticate` is its WWW-Authenticate: Bearer …, `diagnostics` its x-ms-diagnostics.

    `trust` is what Windows thought of the TLS certificate ("None" is good); `problem` as in MetadataSeen.
    """

    url: str
    status: int | None
    tls: str | None
    trust: str | None
    problem: str | None
    message: str | None
    authenticate: str | None
    diagnostics: str | None


@dataclass(frozen=True, slots=True)
class PartnersSeen:
    """From this server's local store; `challenge` is None where no Exchange on premises is a partner, or it has no https address."""

    partners: tuple[PartnerApplication, ...]
    oauth_servers: tuple[OAuthServer, ...]
    realm: str | None
    service_name: str | None
    exchange_autodiscover_url: str | None
    challenge: Challenge | None
