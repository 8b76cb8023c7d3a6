"""A certificate as a plain value, read from bytes that nobody has vouched for, and a reader that reads each only once."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock

from oauthcert.certs import der
from oauthcert.certs.algorithms import SignatureAlgorithm, read_key, read_signature_algorithm
from oauthcert.certs.extensions import DNS_NAME, Extensions, GeneralName, NameConstraints, read_extensions
from oauthcert.certs.names import Name, read_name, shown
from oauthcert.certs.signatures import SignatureAnswer, check_signature, sha1_hex, sha256_hex
from oauthcert.model.errors import OauthcertError

MAXIMUM_BYTES = 100_000
"""The largest certificates in use (hundreds of alternative names) have some 30 KB."""


class CertificateUnreadable(OauthcertError):
    """These bytes are no certificate. `reason` is one of empty, too-large, not-der, damaged; `detail` says where it broke."""

    words = "certificate-unreadable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail, reason=reason, why=detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. Times are in UTC. Two are equal when their bytes are.

    `subject` and `issuer` are written as Windows shows them. `serial` and `thumbprint` are upper-case hex digits (the serial with
    its leading zero byte, as .NET prints it), all other hex digits are lower case. `key_usage`, `extended_key_usage` and `is_ca`
    are None where the extension is absent. `key_bits` is 0 and `signature_hash` empty where they are not known to this program.
    `self_issued` compares the names only; `self_signed` also checked the signature (a signature that cannot be computed here, such
    as MD2, counts when the key ids do not contradict). `damaged` names extensions that are there but could not be read.
    """

    der: bytes = field(repr=False)
    thumbprint: str = field(compare=False)
    sha256: str = field(compare=False, repr=False)
    subject: str = field(compare=False)
    issuer: str = field(compare=False)
    subject_common_name: str = field(compare=False, repr=False)
    issuer_common_name: str = field(compare=False, repr=False)
    serial: str = field(compare=False, repr=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    version: int = field(compare=False, repr=False)
    signature_hash: str = field(compare=False, repr=False)
    signature_pss: bool = field(compare=False, repr=False)
    key_algorithm: str = field(compare=False, repr=False)
    key_bits: int = field(compare=False, repr=False)
    public_key_sha256: str = field(compare=False, repr=False)
    dns_names: tuple[str, ...] = field(compare=False, repr=False)
    extended_key_usage: tuple[str, ...] | None = field(compare=False, repr=False)
    key_usage: frozenset[str] | None = field(compare=False, repr=False)
    is_ca: bool | None = field(compare=False, repr=False)
    path_length: int | None = field(compare=False, repr=False)
    subject_key_id: str = field(compare=False, repr=False)
    authority_key_id: str = field(compare=False, repr=False)
    authority_serial: str = field(compare=False, repr=False)
    crl_urls: tuple[str, ...] = field(compare=False, repr=False)
    issuer_urls: tuple[str, ...] = field(compare=False, repr=False)
    critical_unknown: tuple[str, ...] = field(compare=False, repr=False)
    damaged: tuple[str, ...] = field(compare=False, repr=False)
    self_issued: bool = field(compare=False, repr=False)
    self_signed: bool = field(compare=False, repr=False)
    subject_name: Name = field(compare=False, repr=False)
    issuer_name: Name = field(compare=False, repr=False)
    subject_der: bytes = field(compare=False, repr=False)
    issuer_der: bytes = field(compare=False, repr=False)
    names: tuple[GeneralName, ...] = field(compare=False, repr=False)
    name_constraints: NameConstraints | None = field(compare=False, repr=False)
    public_key: bytes = field(compare=False, repr=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    algorithm: SignatureAlgorithm = field(compare=False, repr=False)

    def valid_at(self, at: datetime) -> bool:
        return self.not_before <= at <= self.not_after

    def signed_by(self, issuer: "Certificate") -> SignatureAnswer:
        """Whether the issuer's key made this certificate's signature; says nothing about names or dates."""
        return check_signature(issuer.public_key, self.algorithm, self.signature, self.signed)


def read_certificate(data: bytes) -> Certificate:
    """The certificate in these DER bytes; raises CertificateUnreadable and nothing else, whatever the bytes are."""
    if not data:
        raise CertificateUnreadable("empty", "there are no bytes")
    if len(data) > MAXIMUM_BYTES:
        raise CertificateUnreadable("too-large", f"{len(data)} bytes, at most {MAXIMUM_BYTES} are read")
    try:
        outer = der.read_only(data, der.SEQUENCE)
    except der.DerError as error:
        raise CertificateUnreadable("not-der", str(error)) from error
    try:
        return _read(outer)
    except (der.DerError, ValueError, IndexError, OverflowError) as error:
        raise CertificateUnreadable("damaged", str(error)) from error


def _read(outer: der.Element) -> Certificate:
    signed, algorithm_part, signature_part = outer.parts()
    fields = der.expect(signed, der.SEQUENCE).parts()
    version = 1
    if fields[0].tag == 0xA0:
        version = der.integer(der.read_one(fields.pop(0).content)[0]) + 1
    serial, inner_algorithm, issuer, validity, subject, public_key, *others = fields
    if inner_algorithm.raw != algorithm_part.raw:
        raise der.DerError("the two notes of its signature algorithm differ")
    der.integer(serial)
    not_before, not_after = (_read_time(part) for part in der.expect(validity, der.SEQUENCE).parts())
    algorithm, signature = read_signature_algorithm(algorithm_part), der.bits(signature_part)
    key_algorithm, key_bits = read_key(public_key)
    issuer_name, subject_name = read_name(issuer), read_name(subject)
    found = next((read_extensions(der.read_one(part.content)[0]) for part in others if part.tag == 0xA3), Extensions())
    self_issued = issuer.raw == subject.raw or issuer_name.folded == subject_name.folded
    return Certificate(
        der=outer.raw,
        thumbprint=sha1_hex(outer.raw),
        sha256=sha256_hex(outer.raw),
        subject=subject_name.text,
        issuer=issuer_name.text,
        subject_common_name=subject_name.common_name,
        issuer_common_name=issuer_name.common_name,
        serial=serial.content.hex().upper(),
        not_before=not_before,
        not_after=not_after,
        version=version,
        signature_hash=algorithm.hash,
        signature_pss=algorithm.pss,
        key_algorithm=key_algorithm,
        key_bits=key_bits,
        public_key_sha256=sha256_hex(public_key.raw),
        dns_names=tuple(shown(name.content.decode("utf-8", "replace")) for name in found.names if name.kind == DNS_NAME),
        extended_key_usage=found.extended_key_usage,
        key_usage=found.key_usage,
        is_ca=found.is_ca,
        path_length=found.path_length,
        subject_key_id=found.subject_key_id,
        authority_key_id=found.authority_key_id,
        authority_serial=found.authority_serial,
        crl_urls=found.crl_urls,
        issuer_urls=found.issuer_urls,
        critical_unknown=found.critical_unknown,
        damaged=found.damaged,
        self_issued=self_issued,
        self_signed=self_issued and _signed_itself(public_key.raw, algorithm, signature, signed.raw, found),
        subject_name=subject_name,
        issuer_name=issuer_name,
        subject_der=subject.raw,
        issuer_der=issuer.raw,
        names=found.names,
        name_constraints=found.name_constraints,
        public_key=public_key.raw,
        signed=signed.raw,
        signature=signature,
        algorithm=algorithm,
    )


def _signed_itself(public_key: bytes, algorithm: SignatureAlgorithm, signature: bytes, signed: bytes, found: Extensions) -> bool:
    answer = check_signature(public_key, algorithm, signature, signed)
    if answer is SignatureAnswer.UNCHECKED:
        return found.authority_key_id in ("", found.subject_key_id)
    return answer is SignatureAnswer.GOOD


def _read_time(element: der.Element) -> datetime:
    """UTCTime (years 1950 to 2049) or GeneralizedTime, with or without seconds, in UTC; raises DerError or ValueError."""
    text = element.content.decode("ascii")
    if element.tag == der.UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif element.tag != der.GENERALIZED_TIME:
        raise der.DerError("a time of unknown type")
    digits = text.removesuffix("Z").partition(".")[0]
    if not text.endswith("Z") or not digits.isdigit() or len(digits) not in (12, 14):
        raise der.DerError("a time that is not in UTC")
    return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class CertificateReader:
    """Reads certificates and remembers the last `capacity` ones, so that one that lies on 200 servers is read once.

    Safe to use from many threads. Bytes that are no certificate are remembered as well and raise anew each time.
    """

    def __init__(self, capacity: int = 5000) -> None:
        self._capacity = capacity
        self._lock = Lock()
        self._known: OrderedDict[bytes, Certificate | tuple[str, str]] = OrderedDict()

    def read(self, data: bytes) -> Certificate:
        """As `read_certificate`; raises CertificateUnreadable."""
        key = sha256(data).digest()
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
        if known is None:
            known = _read_or_reason(data)
            with self._lock:
                self._known[key] = known
                while len(self._known) > self._capacity:
                    self._known.popitem(last=False)
        if isinstance(known, Certificate):
            return known
        raise CertificateUnreadable(*known)

    def __len__(self) -> int:
        return len(self._known)


def _read_or_reason(data: bytes) -> Certificate | tuple[str, str]:
    try:
        return read_certificate(data)
    except CertificateUnreadable as unreadable:
        return unreadable.reason, unreadable.detail
