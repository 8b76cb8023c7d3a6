"""What one server knows of the others: values, apart from the asking."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oauthcert.model.target import Target

if TYPE_CHECKING:
    from oauthcert.model.evidence import NotSeen


@dataclass(frozen=True, slots=True)
class FoundServer:
    """`roles` are ids of words (front-end, standard-edition, director, edge, mediation, persistent-chat, central-management); `product`
    is what is installed, known only of the server that was asked."""

    target: Target
    roles: tuple[str, ...] = ()
    product: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The servers of the deployment, the asked one among them if it is; or why it could not be asked."""

    servers: tuple[FoundServer, ...] = ()
    not_seen: "NotSeen | None" = None
