"""Certificate signing requests (PKCS#10) and the answers of an authority: one certificate, or a chain in a .p7b file."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

from oauthcert.certs.certificate import Certificate, CertificateUnreadable, read_certificate
from oauthcert.certs.issuing import IssuedCertificate
from oauthcert.certs.key_pool import SigningKey
from oauthcert.certs.panics import panics_as_errors
from oauthcert.certs.plans import Subject, name_of
from oauthcert.model.errors import OauthcertError

MAXIMUM_BYTES = 500_000
_BEGIN = b"-----BEGIN "


class SigningRequestUnreadable(OauthcertError):
    """These bytes are no signing request, or its signature does not hold. `reason` is not-a-request, too-large or damaged."""

    words = "signing-request-unreadable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail, reason=reason, why=detail)
        self.reason = reason


class AnswerUnreadable(OauthcertError):
    """These bytes hold no certificate. `reason` is empty, too-large, a-request (the question itself) or not-a-certificate."""

    words = "signing-answer-unreadable"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail, reason=reason, why=detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """`public_key` as in a certificate (SubjectPublicKeyInfo, DER). `subject` as RFC 4514 writes it."""

    subject: str
    dns_names: tuple[str, ...]
    public_key: bytes


def make_signing_request(subject: Subject, key: SigningKey, dns_names: Sequence[str] = ()) -> str:
    """A request as certreq writes it, PEM with the words Windows uses."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(name_of(subject))
    if dns_names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in dns_names]), critical=False)
    text = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")
    return text.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST").strip().replace("\n", "\r\n")


def read_signing_request(data: bytes) -> SigningRequest:
    """PEM with either first line, or DER. Raises SigningRequestUnreadable and nothing else."""
    if len(data) > MAXIMUM_BYTES:
        raise SigningRequestUnreadable("too-large", f"{len(data)} bytes, at most {MAXIMUM_BYTES} are read")
    try:
        with panics_as_errors():
            request = x509.load_der_x509_csr(_binary(data))
            names = _dns_names(request)
            key = request.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            holds = request.is_signature_valid
            subject = request.subject.rfc4514_string()
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError) as error:
        raise SigningRequestUnreadable("not-a-request", str(error)[:200]) from None
    if not holds:
        raise SigningRequestUnreadable("damaged", "the signature does not hold")
    return SigningRequest(subject, names, key)


def read_answer(data: bytes) -> tuple[Certificate, ...]:
    """The certificates of a .cer or .p7b file, binary or PEM, at least one. Raises AnswerUnreadable and nothing else."""
    if not data.strip():
        raise AnswerUnreadable("empty", "the file is empty")
    if len(data) > MAXIMUM_BYTES:
        raise AnswerUnreadable("too-large", f"{len(data)} bytes, at most {MAXIMUM_BYTES} are read")
    try:
        blocks = [_block(part) for part in data.split(_BEGIN)[1:]] if _BEGIN in data else [data]
        found = [certificate for block in blocks for certificate in _certificates(block)]
    except (binascii.Error, ValueError) as error:
        found = []
        detail = str(error)[:200]
    else:
        detail = "no certificate in it"
    if found:
        return tuple(found)
    if b"CERTIFICATE REQUEST-----" in data:
        raise AnswerUnreadable("a-request", "this is the request itself")
    raise AnswerUnreadable("not-a-certificate", detail)


def write_chain(certificates: Sequence[IssuedCertificate]) -> bytes:
    """A .p7b file with these, binary, as an authority hands it out."""
    loaded = [x509.load_der_x509_certificate(one.der) for one in certificates]
    return pkcs7.serialize_certificates(loaded, Encoding.DER)


def _binary(data: bytes) -> bytes:
    if _BEGIN not in data:
        return data
    try:
        return _block(data.partition(_BEGIN)[2])
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _block(part: bytes) -> bytes:
    """What stands between the first and the last line of a PEM block, its first word already gone."""
    body = part.partition(b"-----")[2].partition(b"-----END")[0]
    return base64.b64decode(b"".join(body.split()), validate=True)


def _certificates(block: bytes) -> list[Certificate]:
    try:
        return [read_certificate(block)]
    except CertificateUnreadable:
        pass
    try:
        with panics_as_errors():
            loaded = pkcs7.load_der_pkcs7_certificates(block)
            return [read_certificate(one.public_bytes(Encoding.DER)) for one in loaded]
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError, CertificateUnreadable):
        return []


def _dns_names(request: x509.CertificateSigningRequest) -> tuple[str, ...]:
    try:
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(names.get_values_for_type(x509.DNSName))
