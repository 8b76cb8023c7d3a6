"""What a TLS server showed, read from its certificate's bytes, for those who may not compute with certificates themselves."""

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.signatures import sha256_hex
from oauthcert.model.evidence import TlsSeen


def fingerprint(certificate_der: bytes) -> str:
    """SHA-256 of the bytes, 64 lower-case hex digits, as `Target.fingerprint` and `--trust` hold it."""
    return sha256_hex(certificate_der)


def tls_seen(certificate_der: bytes) -> TlsSeen:
    """Raises CertificateUnreadable when the bytes are no certificate; `fingerprint` works for any bytes."""
    certificate = read_certificate(certificate_der)
    return TlsSeen(certificate.sha256, certificate.subject, certificate.issuer, certificate.not_before, certificate.not_after)
