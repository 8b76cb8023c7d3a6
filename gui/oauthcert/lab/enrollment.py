"""The online authority of a practice deployment, as a server sees it that asks for a certificate: where it is and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from oauthcert.lab.errors import CmdletError, request_failed
from oauthcert.lab.machines import CNG_KEY, Key

VALID = timedelta(days=730)
BACKDATED = timedelta(minutes=10)
UNREACHABLE = 0x800706BA
UNKNOWN_TEMPLATE = 0x80094800
NOT_ALLOWED = 0x80094012
_TEMPLATES: Mapping[str, Key] = {"WebServer": Key(), "WebServerNextGeneration": CNG_KEY}
_DEFAULT = "WebServer"


@dataclass(slots=True)
class Enrollment:
    """`holds`: somebody has to approve each request. `enroll`: the account may use the templates. Settable while the lab runs."""

    host: str
    name: str
    reachable: bool = True
    enroll: bool = True
    holds: bool = False
    templates: Mapping[str, Key] = field(default_factory=lambda: _TEMPLATES)
    requests: int = 4711

    @property
    def address(self) -> str:
        """As Request-CsCertificate -CA takes it."""
        return f"{self.host}\\{self.name}"

    def key_for(self, authority: str, template: str) -> Key:
        """What kind of key a template brings. Raises CmdletError as the request would fail."""
        if not self.reachable or authority.casefold() not in (
            self.address.casefold(),
            f"{self.host.split('.')[0]}\\{self.name}".casefold(),
        ):
            raise CmdletError(request_failed(UNREACHABLE, "The RPC server is unavailable."))
        known = {name.casefold(): key for name, key in self.templates.items()}
        key = known.get((template or _DEFAULT).casefold())
        if key is None:
            raise CmdletError(request_failed(UNKNOWN_TEMPLATE, "The requested certificate template is not supported by this CA."))
        if not self.enroll:
            text = "The permissions on the certificate template do not allow the current user to enroll for this type of certificate."
            raise CmdletError(request_failed(NOT_ALLOWED, text))
        return key

    def number(self) -> str:
        """The id of one more request."""
        self.requests += 1
        return str(self.requests)


def authority_of(sip_domain: str) -> Enrollment:
    """The authority that issues the certificates of a deployment."""
    return Enrollment(f"ca01.{sip_domain}", f"{sip_domain.split('.', 1)[0].capitalize()} Issuing CA 1")
