"""What the web sites of a practice deployment answer: the metadata of every front end, and Exchange to an empty token."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oauthcert.lab.deployment import Deployment
from oauthcert.lab.exchange import LYNC, Exchange, challenge_head
from oauthcert.lab.machines import Certificate, Machine, StoreName

_FOUND = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8"
_NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html"
_FIRST_COMPONENT = "RTCSRV"


@dataclass(frozen=True, slots=True)
class HttpsAnswer:
    """As Get-HttpsAnswer gives it back."""

    status: int | None = None
    tls: str | None = None
    trust: str | None = None
    problem: str | None = None
    message: str | None = None
    head: str = ""
    body: str = ""

    def as_json(self) -> Mapping[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def published(deployment: Deployment, machine: Machine, moment: datetime) -> tuple[Certificate, ...]:
    """The newest certificate this server's web site has read of and found in the store; with a staged one the one before it as well."""
    frozen = machine.ground.web_since.at(moment)
    when = moment if frozen is None else min(moment, frozen)
    held = {placed.certificate.thumbprint for placed in deployment.certificates(machine, StoreName.MY, when)}
    known = deployment.known_until(machine, when)
    found: list[Certificate] = []
    for change in reversed([change for change in deployment.changes if change.oauth and change.when <= known]):
        if change.oauth is None or change.oauth.certificate.thumbprint not in held:
            continue
        found.append(change.oauth.certificate)
        if change.oauth.effective is None or change.oauth.effective <= when:
            break
    return tuple(found)


def metadata_answer(deployment: Deployment, machine: Machine, moment: datetime) -> HttpsAnswer:
    """https://<server>/metadata/json/1, asked on the server itself."""
    if not machine.running("W3SVC", moment):
        return HttpsAnswer(
            problem="ConnectionRefused", message="No connection could be made because the target machine actively refused it"
        )
    if _FIRST_COMPONENT not in machine.services:
        return HttpsAnswer(404, "Tls12", "None", head=_NOT_FOUND, body="<html><body>404 - File or directory not found.</body></html>")
    keys = [_key(certificate) for certificate in published(deployment, machine, moment)]
    issuer = f"{LYNC}@{deployment.sip_domain}"
    document = {"version": "1.0", "realm": deployment.sip_domain, "issuer": issuer, "allowedAudiences": [issuer], "keys": keys}
    return HttpsAnswer(200, "Tls12", "None", head=_FOUND, body=json.dumps(document))


def _key(certificate: Certificate) -> Mapping[str, object]:
    hashed = urlsafe_b64encode(bytes.fromhex(certificate.thumbprint)).decode().rstrip("=")
    value = {"type": "x509Certificate", "value": b64encode(certificate.der).decode()}
    return {"usage": "signing", "keyinfo": {"x5t": hashed}, "keyvalue": value}


def exchange_answer(exchange: Exchange) -> HttpsAnswer:
    if exchange.problem:
        return HttpsAnswer(problem=exchange.problem, message="A connection attempt failed because the connected party did not respond")
    return HttpsAnswer(401, "Tls12", exchange.tls_trust, head=challenge_head(exchange))
