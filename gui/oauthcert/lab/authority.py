"""The certification authorities of a practice deployment and what they issue: real X.509, each certificate made when first asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from urllib.parse import quote

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, KeyPool, issue, make_intermediate, make_root, plan_leaf
from oauthcert.certs.key_pool import SigningKey
from oauthcert.certs.signing_request import read_signing_request, write_chain
from oauthcert.lab.deployment import Weakness
from oauthcert.lab.enrollment import authority_of
from oauthcert.lab.machines import Certificate
from oauthcert.model.secret import Secret

_YEAR = timedelta(days=365)
_ROOT, _ISSUING, _SERVERS, _OAUTH, _LISTENER = range(5)
_OAUTH_KEYS = 3
_FRESH = 1000
"""Keys of certificates that are requested while the lab runs are counted from here."""
_CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2"


class LabAuthority:
    """A root and an issuing authority. Keys come from a pool: servers share one, OAuth certificates take turns with three."""

    def __init__(self, sip_domain: str, now: datetime, keys: KeyPool | None = None) -> None:
        self._sip_domain = sip_domain
        self._keys = keys or KeyPool()
        self._lock = RLock()
        self._issued: dict[tuple[str, str], Certificate] = {}
        self._made: dict[str, IssuedCertificate] = {}
        self._waiting: dict[bytes, SigningKey] = {}
        self._fresh = 0
        self._start = now.replace(microsecond=0)
        directory = tuple(("DC", part) for part in reversed(sip_domain.split(".")))
        name = sip_domain.split(".", 1)[0].capitalize()
        self._root = make_root(
            (*directory, ("CN", f"{name} Root CA")), self._keys.rsa(_ROOT), self._start - 6 * _YEAR, self._start + 14 * _YEAR
        )
        self._issuing = make_intermediate(
            (*directory, ("CN", authority_of(sip_domain).name)),
            self._root,
            self._keys.rsa(_ISSUING),
            self._start - 5 * _YEAR,
            self._start + 5 * _YEAR,
            path_length=0,
        )
        authority = authority_of(sip_domain)
        folder = f"http://pki.{sip_domain}/CertEnroll/"
        self._published = folder + quote(f"{authority.host}_{authority.name}.crt")
        self._revoked = folder + quote(f"{authority.name}.crl")
        self.root = _certificate(self._root, None)
        self.issuing = _certificate(self._issuing, self.root)

    def server(self, name: str) -> Certificate:
        """The Default certificate of a server, under its own name."""
        return self._once("server", name, lambda: self._leaf(name, _SERVERS, self._start - _YEAR / 2, self._start + 1.5 * _YEAR))

    def oauth(self, label: str, not_before: datetime, not_after: datetime) -> Certificate:
        """An OAuthTokenIssuer certificate: its subject is the SIP domain."""
        turn = sum(kind == "oauth" for kind, _ in self._issued) % _OAUTH_KEYS
        first, last = not_before.replace(microsecond=0), not_after.replace(microsecond=0)
        return self._once("oauth", label, lambda: self._leaf(self._sip_domain, _OAUTH + turn + 1, first, last))

    def weak(self, label: str, not_before: datetime, not_after: datetime, weakness: Weakness) -> Certificate:
        """An OAuthTokenIssuer certificate as nobody should make one."""
        first, last = not_before.replace(microsecond=0), not_after.replace(microsecond=0)
        plan = replace(self._plan(self._sip_domain, first, last), hash=weakness.hash, pss=weakness.pss)
        if not weakness.for_servers:
            plan = replace(plan, extended_key_usage=(_CLIENT_AUTHENTICATION,))
        return self._once("weak", label, lambda: issue(plan, self._keys.rsa(_OAUTH, weakness.bits), self._issuing))

    def fresh_key(self, bits: int) -> SigningKey:
        """A key nobody else has."""
        with self._lock:
            self._fresh += 1
            return self._keys.rsa(_FRESH + self._fresh, bits)

    def enroll(self, key: SigningKey, not_before: datetime, not_after: datetime) -> Certificate:
        """An OAuthTokenIssuer certificate for this key."""
        first, last = not_before.replace(microsecond=0), not_after.replace(microsecond=0)
        issued = issue(self._plan(self._sip_domain, first, last), key, self._issuing)
        return self._keep(issued)

    def stand_in(self, key: SigningKey, moment: datetime) -> Certificate:
        """What Windows keeps of a request: its public key, signed by itself."""
        begins = moment.replace(microsecond=0)
        issued = issue(plan_leaf(self._sip_domain, begins, begins + _YEAR), key)
        with self._lock:
            self._waiting[issued.parsed.public_key] = key
        return _certificate(issued, None)

    def answer(self, request: bytes, not_before: datetime, not_after: datetime, *, chain: bool = False) -> bytes:
        """The answer to a request that one of this lab's servers made: a .cer, or with `chain` a .p7b with the issuers.

        Raises ValueError for the request of anybody else, SigningRequestUnreadable for what is none.
        """
        asked = read_signing_request(request)
        key = self._waiting.get(asked.public_key)
        if key is None:
            raise ValueError("no server of this lab made this request")
        certificate = self.enroll(key, not_before, not_after)
        made = self._made[certificate.thumbprint]
        return write_chain((made, self._issuing, self._root)) if chain else made.der

    def pfx(self, thumbprint: str, password: Secret) -> bytes:
        """Certificate, key and issuers as an administrator exports them. Raises KeyError for a certificate nobody asked for here."""
        return self._made[thumbprint].pfx(password, name="OAuth", chain=(self._issuing, self._root))

    def recognised(self, der: bytes) -> Certificate:
        """This certificate with its issuer; one of another authority has an issuer that nobody knows."""
        read = read_certificate(der)
        own = next((one for one in (self.root, self.issuing) if one.thumbprint == read.thumbprint), None)
        if own is not None:
            return own
        issued_by = next((one for one in (self.issuing, self.root) if one.subject == read.issuer), None)
        if issued_by is None and not read.self_signed:
            issued_by = Certificate(b"", "", read.issuer, read.issuer, "", read.not_before, read.not_after)
        dates = (read.not_before, read.not_after)
        return Certificate(read.der, read.thumbprint, read.subject, read.issuer, read.serial, *dates, issued_by)

    def listener(self, name: str) -> tuple[bytes, bytes]:
        """Certificate (with the one that issued it) and key as PEM for an https listener, from an authority nobody trusts."""
        begin, end = self._start - _YEAR, self._start + _YEAR
        private = make_root("Practice Lab TLS CA", self._keys.rsa(_LISTENER), begin, end)
        leaf = issue(plan_leaf(name, begin, end, name, "localhost"), self._keys.rsa(_SERVERS), private)
        return leaf.certificate_pem() + private.certificate_pem(), leaf.key_pem()

    def _leaf(self, name: str, key: int, not_before: datetime, not_after: datetime) -> IssuedCertificate:
        return issue(self._plan(name, not_before, not_after), self._keys.rsa(key), self._issuing)

    def _plan(self, name: str, not_before: datetime, not_after: datetime) -> CertificatePlan:
        """With the addresses that Certificate Services write into what they issue: they tell where the authority is."""
        return replace(plan_leaf(name, not_before, not_after, name), issuer_urls=(self._published,), crl_urls=(self._revoked,))

    def _once(self, kind: str, label: str, make: Callable[[], IssuedCertificate]) -> Certificate:
        with self._lock:
            if (kind, label) not in self._issued:
                self._issued[kind, label] = self._keep(make())
            return self._issued[kind, label]

    def _keep(self, issued: IssuedCertificate) -> Certificate:
        with self._lock:
            self._made[issued.parsed.thumbprint] = issued
        return _certificate(issued, self.issuing)


def _certificate(issued: IssuedCertificate, issued_by: Certificate | None) -> Certificate:
    read = issued.parsed
    return Certificate(issued.der, read.thumbprint, read.subject, read.issuer, read.serial, read.not_before, read.not_after, issued_by)
