"""Makes real certificates, good ones and ones that are wrong on purpose, for the practice lab, its https listener and the tests."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from oauthcert.certs import der
from oauthcert.certs.algorithms import RSA_PSS, SIGNATURES
from oauthcert.certs.certificate import Certificate, read_certificate
from oauthcert.certs.key_pool import KeyPool, SigningKey
from oauthcert.certs.plans import CA_KEY_USAGE, CertificatePlan, Subject, draft, plan_leaf, subject_of
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Secret

__all__ = [
    "CertificatePlan",
    "IssuedCertificate",
    "KeyPool",
    "SigningNotPossible",
    "issue",
    "make_intermediate",
    "make_root",
    "plan_leaf",
    "reissue",
]

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - practice certificates that must be found wanting
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}


class SigningNotPossible(OauthcertError):
    """This build of OpenSSL does not sign with the wanted hash. Facts: hash."""

    words = "signing-not-possible"


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A made certificate and its private key; the key never shows in text."""

    der: bytes = field(repr=False)
    key: SigningKey = field(repr=False, compare=False)
    parsed: Certificate = field(compare=False)

    def certificate_pem(self) -> bytes:
        return self._loaded().public_bytes(Encoding.PEM)

    def key_pem(self, password: Secret | None = None) -> bytes:
        """PKCS#8, unencrypted when there is no password (what a loopback listener loads)."""
        encryption: KeySerializationEncryption = NoEncryption() if password is None else BestAvailableEncryption(password.reveal().encode())
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)

    def pfx(self, password: Secret, *, name: str = "", chain: Sequence["IssuedCertificate"] = (), legacy: bool = False) -> bytes:
        """PKCS#12 with key and certificates; `legacy` uses the 3DES encryption of Windows Server 2012 R2 and older."""
        text = password.reveal().encode()
        encryption: KeySerializationEncryption = NoEncryption() if not text else BestAvailableEncryption(text)
        if text and legacy:
            encryption = (
                PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(2000)
                .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
                .hmac_hash(hashes.SHA1())  # noqa: S303
                .build(text)
            )
        return pkcs12.serialize_key_and_certificates(
            name.encode() or None, self.key, self._loaded(), [link._loaded() for link in chain] or None, encryption
        )

    def _loaded(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)


def make_root(subject: Subject, key: SigningKey, not_before: datetime, not_after: datetime) -> IssuedCertificate:
    """A self-signed authority without a limit on the path below it."""
    return issue(CertificatePlan(subject, not_before, not_after, is_ca=True, key_usage=CA_KEY_USAGE, with_authority_key_id=False), key)


def make_intermediate(
    subject: Subject,
    issuer: IssuedCertificate,
    key: SigningKey,
    not_before: datetime,
    not_after: datetime,
    *,
    path_length: int | None = None,
) -> IssuedCertificate:
    """An authority below `issuer`."""
    plan = CertificatePlan(subject, not_before, not_after, is_ca=True, path_length=path_length, key_usage=CA_KEY_USAGE)
    return issue(plan, key, issuer)


def issue(
    plan: CertificatePlan, key: SigningKey, issuer: IssuedCertificate | None = None, *, signing_key: SigningKey | None = None
) -> IssuedCertificate:
    """A certificate for `key` as planned, signed by `issuer` or, without one, by itself.

    `signing_key` signs in place of the issuer's key, which gives a signature that does not hold. Raises SigningNotPossible when this
    build of OpenSSL does not sign with the planned hash.
    """
    signer = signing_key or (issuer.key if issuer else key)
    unsigned = draft(plan, key, issuer.parsed if issuer else None, issuer.key if issuer else key)
    fields = der.read_one(unsigned)[0].parts()[0].parts()
    _version, _serial, _unsigned_mark, own_name, validity, subject, public_key, *extensions = (part.raw for part in fields)
    version = b"" if plan.version_1 else der.write(0xA0, der.write_integer(2))
    serial = secrets.randbits(127) | 1 << 126 if plan.serial is None else plan.serial
    algorithm = _algorithm(plan, signer)
    issuer_name = issuer.parsed.subject_der if issuer else own_name
    rest = (subject, public_key) if plan.version_1 else (subject, public_key, *extensions)
    body = der.write(der.SEQUENCE, version, der.write_integer(serial), algorithm, issuer_name, validity, *rest)
    whole = der.write(der.SEQUENCE, body, algorithm, der.write(der.BIT_STRING, b"\0", _sign(plan, signer, body)))
    return IssuedCertificate(whole, key, read_certificate(whole))


def reissue(like: IssuedCertificate, plan: CertificatePlan, issuer: IssuedCertificate | None = None) -> IssuedCertificate:
    """A certificate for the same subject and key as `like`, otherwise as planned: a renewal, a cross-certificate, an expired twin."""
    return issue(replace(plan, subject=subject_of(like.parsed)), like.key, issuer)


def _algorithm(plan: CertificatePlan, signer: SigningKey) -> bytes:
    if plan.hash not in _HASHES:
        raise SigningNotPossible(f"{plan.hash} is not a hash that certificates can be signed with here", hash=plan.hash)
    if plan.pss:
        if plan.hash not in _HASH_OIDS or not isinstance(signer, rsa.RSAPrivateKey):
            raise SigningNotPossible("RSASSA-PSS is made with RSA keys and SHA-2 only", hash=plan.hash)
        digest = der.write(der.SEQUENCE, der.write_oid(_HASH_OIDS[plan.hash]), der.write(der.NULL))
        mask = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.1.8"), digest)
        salt = der.write_integer(_HASHES[plan.hash].digest_size)
        parameters = der.write(der.SEQUENCE, der.write(0xA0, digest), der.write(0xA1, mask), der.write(0xA2, salt))
        return der.write(der.SEQUENCE, der.write_oid(RSA_PSS), parameters)
    kind = "RSA" if isinstance(signer, rsa.RSAPrivateKey) else "EC"
    oid = next((oid for oid, known in SIGNATURES.items() if known == (plan.hash, kind)), None)
    if oid is None:
        raise SigningNotPossible(f"{kind} keys do not sign with {plan.hash}", hash=plan.hash)
    return der.write(der.SEQUENCE, der.write_oid(oid), der.write(der.NULL) if kind == "RSA" else b"")


def _sign(plan: CertificatePlan, signer: SigningKey, body: bytes) -> bytes:
    digest = _HASHES[plan.hash]
    try:
        if isinstance(signer, ec.EllipticCurvePrivateKey):
            return signer.sign(body, ec.ECDSA(digest))
        scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if plan.pss else padding.PKCS1v15()
        return signer.sign(body, scheme, digest)
    except (UnsupportedAlgorithm, ValueError) as error:
        raise SigningNotPossible(f"this build of OpenSSL does not sign with {plan.hash}", hash=plan.hash) from error
