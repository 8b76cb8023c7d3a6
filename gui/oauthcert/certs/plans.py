"""What to put into a made certificate, and its encoding up to the signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from oauthcert.certs.certificate import Certificate
from oauthcert.certs.key_pool import SigningKey

Subject = str | tuple[tuple[str, str], ...]

SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"
CA_KEY_USAGE = ("key-cert-sign", "crl-sign")
LEAF_KEY_USAGE = ("digital-signature", "key-encipherment")

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


@dataclass(frozen=True, slots=True)
class CertificatePlan:
    """What to put into a certificate. Absent (None) leaves the extension out.

    `subject` is a common name, or pairs such as (("DC", "lab"), ("DC", "contoso"), ("CN", "contoso-CA")) in the order of encoding,
    widest first. `hash` is sha256, sha384, sha512, sha1 or md5; `pss` signs with RSASSA-PSS. `serial` may be zero or negative.
    `authority_key_id` overrides the issuer's key id with any bytes. `extra_extension` is (OID, value, critical).
    """

    subject: Subject
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


def plan_leaf(subject: Subject, not_before: datetime, not_after: datetime, *dns_names: str) -> CertificatePlan:
    """What a Windows authority puts into a web-server certificate; the OAuth certificate is one, with the SIP domain as its name."""
    return CertificatePlan(
        subject,
        not_before,
        not_after,
        dns_names=dns_names,
        key_usage=LEAF_KEY_USAGE,
        extended_key_usage=(SERVER_AUTHENTICATION,),
    )


def subject_of(certificate: Certificate) -> Subject:
    """The subject as a plan takes it; raises KeyError for a part that plans do not know."""
    keys = {oid.dotted_string: key for key, oid in _NAME_KEYS.items()}
    return tuple((keys[a.key], a.value) for part in certificate.subject_name.parts for a in part)


def draft(plan: CertificatePlan, key: SigningKey, issuer: Certificate | None, issuer_key: SigningKey) -> bytes:
    """An unsigned certificate by the library, which encodes names, dates, key and extensions; the rest is written by `issue`."""
    name = name_of(plan.subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(plan.not_before)
        .not_valid_after(plan.not_after)
    )
    for extension, critical in _extensions(plan, key, issuer, issuer_key):
        builder = builder.add_extension(extension, critical)
    return builder.create_unsigned().public_bytes(Encoding.DER)


def _extensions(
    plan: CertificatePlan, key: SigningKey, issuer: Certificate | None, issuer_key: SigningKey
) -> list[tuple[x509.ExtensionType, bool]]:
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
        found.append((_authority_key_id(plan, issuer, issuer_key), False))
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


def _authority_key_id(plan: CertificatePlan, issuer: Certificate | None, issuer_key: SigningKey) -> x509.AuthorityKeyIdentifier:
    digest = plan.authority_key_id
    if digest is None:
        named = issuer.subject_key_id if issuer else ""
        digest = bytes.fromhex(named) or x509.SubjectKeyIdentifier.from_public_key(issuer_key.public_key()).digest
    if plan.authority_serial is None:
        return x509.AuthorityKeyIdentifier(digest, None, None)
    issuer_name = name_of(subject_of(issuer) if issuer else plan.subject)
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


def name_of(subject: Subject) -> x509.Name:
    """The subject as the library takes it."""
    pairs = (("CN", subject),) if isinstance(subject, str) else subject
    return x509.Name([x509.NameAttribute(_NAME_KEYS[key], value) for key, value in pairs])
