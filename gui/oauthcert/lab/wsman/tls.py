"""The TLS side of a practice server: its certificate, client certificates, channel binding, and versions long out of use."""

import hashlib
import ssl
import tempfile
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spnego.channel_bindings import GssChannelBindings

# Signature algorithm identifiers in DER whose digest is the one of the binding too; all others bind with SHA-256 (RFC 5929, 4.1).
_SHA384 = (bytes.fromhex("06092a864886f70d01010c"), bytes.fromhex("06082a8648ce3d040303"))
_SHA512 = (bytes.fromhex("06092a864886f70d01010d"), bytes.fromhex("06082a8648ce3d040304"))
_PROTOCOL_VERSION_ALERT = bytes.fromhex("15030100020246")


class ChannelBinding(StrEnum):
    """What the server does with the channel binding of an NTLM sign-in over TLS (CbtHardeningLevel of WinRM)."""

    NONE = "none"
    RELAXED = "relaxed"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """`certificate` (leaf first, then intermediates) and `key` are PEM. `client_authority` is the PEM of who may issue client certificates.

    `only_old_versions` offers nothing above TLS 1.1, as a server that nobody has touched since 2012 does.
    """

    certificate: bytes
    key: bytes
    client_authority: bytes | None = None
    channel_binding: ChannelBinding = ChannelBinding.RELAXED
    only_old_versions: bool = False

    def context(self) -> ssl.SSLContext:
        """A server context. The key is on disk for the moment of loading, in a folder only this user can enter."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.only_old_versions:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
        with tempfile.TemporaryDirectory(prefix="practice-lab-") as folder:
            certificate, key = Path(folder, "certificate.pem"), Path(folder, "key.pem")
            certificate.write_bytes(self.certificate)
            key.touch(0o600)
            key.write_bytes(self.key)
            context.load_cert_chain(certificate, key)
        if self.client_authority is not None:
            context.load_verify_locations(cadata=self.client_authority.decode("ascii"))
            context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def parting(self) -> bytes:
        """What a client gets whose handshake failed: the alert "protocol version", where old versions are the point."""
        return _PROTOCOL_VERSION_ALERT if self.only_old_versions else b""

    def binding(self) -> GssChannelBindings:
        """The `tls-server-end-point` binding of the certificate."""
        text = self.certificate.decode("ascii")
        end = "-----END CERTIFICATE-----"
        der = ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE-----") : text.index(end) + len(end)])
        # The same identifier stands inside the signed part and after it; the last one is the signature's own.
        at = {digest: max(der.rfind(oid) for oid in oids) for digest, oids in (("sha384", _SHA384), ("sha512", _SHA512))}
        found = [digest for digest, position in at.items() if position > len(der) // 2]
        return GssChannelBindings(application_data=b"tls-server-end-point:" + hashlib.new(found[0] if found else "sha256", der).digest())


def common_name(certificate: object) -> str | None:
    """The subject's common name out of what `SSLSocket.getpeercert` gives; None without a certificate."""
    subject = certificate.get("subject", ()) if isinstance(certificate, dict) else ()
    return next((str(value) for part in subject for name, value in part if name == "commonName"), None)
