"""Which TLS certificates are believed, and what is told of one that is not."""

import hashlib
import ssl
import sys
from pathlib import Path
from threading import Lock

from oauthcert.certs.certificate import CertificateUnreadable, read_certificate
from oauthcert.model.errors import RemoteError
from oauthcert.model.evidence import TlsSeen
from oauthcert.model.secret import Credential, SignInMethod
from oauthcert.remote.failures import CertificateFile, TlsNameMismatch, TlsNotTrusted
from oauthcert.remote.patience import PatientContext

# X509_V_ERR_… of OpenSSL's x509_vfy.h
_WHY = {
    9: "not-yet-valid",
    10: "expired",
    18: "self-signed",
    19: "untrusted",
    2: "untrusted",
    20: "untrusted",
    21: "untrusted",
    23: "revoked",
}
_NAME_MISMATCH = {62, 64}  # host name, IP address


class TlsContexts:
    """Makes each SSL context once and shares it between all servers: loading the system's store costs 16 ms each time.

    `ca_file` is a PEM file to believe in place of the system's store. The environment's variables for certificate
    authorities are not looked at. May be used by several threads.
    """

    def __init__(self, ca_file: str | None = None) -> None:
        self._ca_file = ca_file
        self._lock = Lock()
        self._made: dict[tuple[bool, str | None, str | None], PatientContext] = {}

    def context(self, credential: Credential | None, verified: bool) -> PatientContext:
        """The context to sign in with; `verified` False is for a certificate that is judged by its fingerprint instead.

        Raises CertificateFile when the client certificate of the credential cannot be used.
        """
        by_certificate = credential is not None and credential.method is SignInMethod.CERTIFICATE
        certificate_file = credential.certificate_file if credential and by_certificate else None
        key_file = credential.key_file if credential and by_certificate else None
        key = (verified, certificate_file, key_file)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(verified, certificate_file, key_file)
            return self._made[key]

    def _make(self, verified: bool, certificate_file: str | None, key_file: str | None) -> PatientContext:
        context = PatientContext()
        if not verified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif self._ca_file is not None:
            context.load_verify_locations(self._ca_file)
        else:
            load_system_store(context)
        if certificate_file is not None:
            # Windows asks for the client certificate after the handshake, which TLS 1.3 has no renegotiation for.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            try:
                context.load_cert_chain(certificate_file, key_file, password="")
            except (OSError, ValueError) as error:
                raise CertificateFile(_why_unreadable(error), file=certificate_file) from error
        return context


def _why_unreadable(error: OSError | ValueError) -> str:
    """Short and without paths: `BAD_DECRYPT` for a key with a password, `No such file or directory`, …"""
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__)


def load_system_store(context: ssl.SSLContext) -> None:
    """Believes what the operating system believes: its certificate store on Windows, OpenSSL's compiled-in places elsewhere."""
    if sys.platform == "win32":
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        return
    places = ssl.get_default_verify_paths()
    file, folder = Path(places.openssl_cafile), Path(places.openssl_capath)
    context.load_verify_locations(
        cafile=str(file) if file.is_file() else None,
        capath=str(folder) if folder.is_dir() or not file.is_file() else None,
    )


def tls_seen(der: bytes) -> TlsSeen | None:
    """What a server's certificate says; None when it is no readable certificate."""
    try:
        certificate = read_certificate(der)
    except CertificateUnreadable:
        return None
    return TlsSeen(certificate.sha256, certificate.subject, certificate.issuer, certificate.not_before, certificate.not_after)


def fingerprint_of(der: bytes) -> str:
    """SHA-256 of the whole certificate, 64 lower-case hex digits."""
    return hashlib.sha256(der).hexdigest()


def channel_binding(der: bytes) -> bytes:
    """The `tls-server-end-point` data of RFC 5929: hashed as the certificate was signed, but never weaker than SHA-256."""
    try:
        name = read_certificate(der).signature_hash
    except CertificateUnreadable:
        name = ""
    return b"tls-server-end-point:" + hashlib.new(name if name in {"sha384", "sha512"} else "sha256", der).digest()


def not_trusted(error: ssl.SSLCertVerificationError, name: str, der: bytes | None) -> RemoteError:
    """The failure for a certificate that did not pass; `der` is the one shown, if it could be had."""
    facts = certificate_facts(der)
    if error.verify_code in _NAME_MISMATCH:
        return TlsNameMismatch(name=name, why="name", **facts)
    return TlsNotTrusted(why=_WHY.get(error.verify_code, "other"), message=error.verify_message or "", **facts)


def other_fingerprint(expected: str, der: bytes) -> RemoteError:
    """The failure for a server that was trusted by fingerprint and shows another certificate."""
    return TlsNotTrusted(why="fingerprint", expected=expected.lower(), **certificate_facts(der))


def certificate_facts(der: bytes | None) -> dict[str, str]:
    """What the texts about a certificate need; all empty when there is none."""
    if der is None:
        return dict.fromkeys(("sha256", "subject", "issuer", "not_before", "not_after"), "")
    seen = tls_seen(der)
    if seen is None:
        return {"sha256": fingerprint_of(der), "subject": "", "issuer": "", "not_before": "", "not_after": ""}
    return {
        "sha256": seen.sha256,
        "subject": seen.subject,
        "issuer": seen.issuer,
        "not_before": seen.not_before.isoformat(),
        "not_after": seen.not_after.isoformat(),
    }
