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
from cryptography.x509.oid import NameOID

from oauthcert.certs import der
from oauthcert.certs.algorithms import RSA_PSS, SIGNATURES
from oauthcert.certs.certificate import Certificate, read_certificate
from oauthcert.certs.key_pool import KeyPool, SigningKey
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Secret

__all__ = ["CertificatePlan", "IssuedCertificate", "KeyPool", "SigningNotPossible", "issue", "make_intermediate", "make_root"]

SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"
CA_KEY_USAGE = ("key-cert-sign", "crl-sign")
LEAF_KEY_USAGE = ("digital-signature", "key-encipherment")

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - practice certificates that must be found wanting
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
_NAME_KEYS = {
    "CN": NameOID.COMMON_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "L": NameOID.LOCALITY_NAME,
    "S": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
    "DC": NameOID.DOMAIN_COMPONENT,
    "E": NameOID.EMAIL_ADDRESS,
}


class SigningNotPossible(OauthcertError):
    """This build of OpenSSL does not sign with the wanted hash. Facts: hash."""

    words = "signing-not-possible"


@dataclass(frozen=True, slots=True)
class CertificatePlan:
    """What to put into a certificate. Absent (None) leaves the extension out.

    `subject` is a common name, or pairs such as (("DC", "lab"), ("DC", "contoso"), ("CN", "contoso-CA")) in the order of encoding,
    widest first. `hash` is sha256, sha384, sha512, sha1 or md5; `pss` signs with RSASSA-PSS. `serial` may be zero or negative.
    `authority_key_id` overrides the issuer's key id with any bytes. `extra_extension` is (OID, value, critical).
    """

    subject: str | tuple[tuple[str, str], ...]
    not_before: datetime
    not_after: datetime
    dns_names: tuple[str, ...] = ()
    hash: str = "sha256"
    pss: bool = False
    serial: int | None = None
    is_ca: bool | None = None
    path_length: int | None = None
    key_usage: tuple[str, ...] | None = None
    extended_key_usage: tuple[str, ...] | None = None
    with_subject_key_id: bool = True
    with_authority_key_id: bool = True
    authority_key_id: bytes | None = None
    authority_serial: int | None = None
    crl_urls: tuple[str, ...] = ()
    issuer_urls: tuple[str, ...] = ()
    permitted_dns: tuple[str, ...] = ()
    excluded_dns: tuple[str, ...] = ()
    extra_extension: tuple[str, bytes, bool] | None = None
    version_1: bool = False


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


def make_root(subject: str | tuple[tuple[str, str], ...], key: SigningKey, not_before: datetime, not_after: datetime) -> IssuedCertificate:
    """A self-signed authority without a limit on the path below it."""
    return issue(CertificatePlan(subject, not_before, not_after, is_ca=True, key_usage=CA_KEY_USAGE, with_authority_key_id=False), key)


def make_intermediate(
    subject: str | tuple[tuple[str, str], ...],
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


def plan_leaf(subject: str | tuple[tuple[str, str], ...], not_before: datetime, not_after: datetime, *dns_names: str) -> CertificatePlan:
    """What a Windows authority puts into a web-server certificate; the OAuth certificate is one, with the SIP domain as its name."""
    return CertificatePlan(
        subject,
        not_before,
        not_after,
        dns_names=dns_names,
        key_usage=LEAF_KEY_USAGE,
        extended_key_usage=(SERVER_AUTHENTICATION,),
    )


def issue(
    plan: CertificatePlan, key: SigningKey, issuer: IssuedCertificate | None = None, *, signing_key: SigningKey | None = None
) -> IssuedCertificate:
    """A certificate for `key` as planned, signed by `issuer` or, without one, by itself.

    `signing_key` signs in place of the issuer's key, which gives a signature that does not hold. Raises SigningNotPossible when this
    build of OpenSSL does not sign with the planned hash.
    """
    signer = signing_key or (issuer.key if issuer else key)
    draft = _draft(plan, key, issuer)
    signed = der.read_one(draft)[0].parts()[0]
    algorithm = _algorithm(plan, signer)
    fields = signed.parts()
    fields = fields[1:]  # the version, written again below
    serial = secrets.randbits(127) | 1 << 126 if plan.serial is None else plan.serial
    issuer_name = der.read_one(issuer.parsed.subject_der)[0].raw if issuer else fields[4].raw
    rest = [fields[4].raw, fields[5].raw] if plan.version_1 else [part.raw for part in fields[4:]]
    version = b"" if plan.version_1 else der.write(0xA0, der.write_integer(2))
    body = der.write(der.SEQUENCE, version, der.write_integer(serial), algorithm, issuer_name, fields[3].raw, *rest)
    whole = der.write(der.SEQUENCE, body, algorithm, der.write(der.BIT_STRING, b"\0", _sign(plan, signer, body)))
    return IssuedCertificate(whole, key, read_certificate(whole))


def reissue(like: IssuedCertificate, plan: CertificatePlan, issuer: IssuedCertificate | None = None) -> IssuedCertificate:
    """A certificate for the same subject and key as `like`, otherwise as planned: a renewal, a cross-certificate, an expired twin."""
    subject = tuple((_key_of(a.key), a.value) for part in like.parsed.subject_name.parts for a in part)
    return issue(replace(plan, subject=subject), like.key, issuer)


def _draft(plan: CertificatePlan, key: SigningKey, issuer: IssuedCertificate | None) -> bytes:
    """An unsigned certificate by the library, which encodes names, dates, key and extensions; the rest is written by `issue`."""
    name = _name(plan.subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(plan.not_before)
        .not_valid_after(plan.not_after)
    )
    for extension, critical in _extensions(plan, key, issuer):
        builder = builder.add_extension(extension, critical)
    return builder.create_unsigned().public_bytes(Encoding.DER)


def _extensions(plan: CertificatePlan, key: SigningKey, issuer: IssuedCertificate | None) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if plan.is_ca is not None:
        found.append((x509.BasicConstraints(plan.is_ca, plan.path_length if plan.is_ca else None), True))
    if plan.key_usage is not None:
        found.append((_key_usage(plan.key_usage), True))
    if plan.extended_key_usage is not None:
        found.append((x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in plan.extended_key_usage]), False))
    if plan.dns_names:
        found.append((x509.SubjectAlternativeName([x509.DNSName(name) for name in plan.dns_names]), False))
    if plan.with_subject_key_id:
        found.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if plan.with_authority_key_id:
        found.append((_authority_key_id(plan, key, issuer), False))
    if plan.crl_urls:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(url) for url in plan.crl_urls], None, None, None)
        found.append((x509.CRLDistributionPoints([point]), False))
    if plan.issuer_urls:
        urls = [x509.UniformResourceIdentifier(url) for url in plan.issuer_urls]
        method = x509.oid.AuthorityInformationAccessOID.CA_ISSUERS
        found.append((x509.AuthorityInformationAccess([x509.AccessDescription(method, url) for url in urls]), False))
    if plan.permitted_dns or plan.excluded_dns:
        permitted, excluded = ([x509.DNSName(name) for name in names] or None for names in (plan.permitted_dns, plan.excluded_dns))
        found.append((x509.NameConstraints(permitted, excluded), True))
    if plan.extra_extension is not None:
        oid, value, critical = plan.extra_extension
        found.append((x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical))
    return found


def _authority_key_id(plan: CertificatePlan, key: SigningKey, issuer: IssuedCertificate | None) -> x509.AuthorityKeyIdentifier:
    digest = plan.authority_key_id
    if digest is None:
        named = issuer.parsed.subject_key_id if issuer else ""
        signer = issuer.key if issuer else key
        digest = bytes.fromhex(named) or x509.SubjectKeyIdentifier.from_public_key(signer.public_key()).digest
    if plan.authority_serial is None:
        return x509.AuthorityKeyIdentifier(digest, None, None)
    issuer_name = _name((("CN", issuer.parsed.issuer_common_name if issuer else "unknown"),))
    return x509.AuthorityKeyIdentifier(digest, [x509.DirectoryName(issuer_name)], plan.authority_serial)


def _key_usage(wanted: Sequence[str]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature="digital-signature" in wanted,
        content_commitment="content-commitment" in wanted,
        key_encipherment="key-encipherment" in wanted,
        data_encipherment="data-encipherment" in wanted,
        key_agreement="key-agreement" in wanted,
        key_cert_sign="key-cert-sign" in wanted,
        crl_sign="crl-sign" in wanted,
        encipher_only=False,
        decipher_only=False,
    )


def _name(subject: str | tuple[tuple[str, str], ...]) -> x509.Name:
    pairs = (("CN", subject),) if isinstance(subject, str) else subject
    return x509.Name([x509.NameAttribute(_NAME_KEYS[key], value) for key, value in pairs])


def _key_of(oid: str) -> str:
    return next(key for key, known in _NAME_KEYS.items() if known.dotted_string == oid)


def _algorithm(plan: CertificatePlan, signer: SigningKey) -> bytes:
    if plan.hash not in _HASHES:
        raise SigningNotPossible(f"{plan.hash} is not a hash that certificates can be signed with here", hash=plan.hash)
    if plan.pss:
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
