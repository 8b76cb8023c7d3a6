"""Which servers to look at, and how to reach them."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Product(StrEnum):
    """What the operator says a server is; AUTO leaves it to the server's own answer."""

    AUTO = "auto"
    LYNC = "lync"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Target:
    """One server. `name` is what the operator typed, lower case; it identifies the server everywhere.

    `address` is where to connect when that is not the name (the practice lab); `port` is filled in from the scheme.
    `fingerprint` is the SHA-256 of a TLS certificate the operator decided to trust for this server, 64 hex digits.
    """

    name: str
    scheme: str = "http"
    port: int = 5985
    address: str | None = None
    product: Product = Product.AUTO
    fingerprint: str | None = None

    @property
    def endpoint(self) -> str:
        """The WS-Management URL, with IPv6 addresses in brackets."""
        host = self.address or self.name
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/wsman"


def by_name_only(target: Target) -> Target:
    """The server as its name alone says: what comes from a file is not believed about where it is, nor which certificate is its own."""
    return replace(target, address=None, fingerprint=None)
