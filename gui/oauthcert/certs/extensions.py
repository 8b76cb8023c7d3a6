"""The extensions of a certificate that decide about chains, each read on its own: a damaged one is named and does not hide the others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from oauthcert.certs import der
from oauthcert.certs.names import shown

BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
SUBJECT_KEY_ID, AUTHORITY_KEY_ID, ALTERNATIVE_NAMES = "2.5.29.14", "2.5.29.35", "2.5.29.17"
CRL_POINTS, NAME_CONSTRAINTS, INFORMATION_ACCESS = "2.5.29.31", "2.5.29.30", "1.3.6.1.5.5.7.1.1"

# Extensions that Windows' chain engine understands: critical ones outside this list make it refuse the chain
# (CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT). The 311 ones are Microsoft's: template, CA version, application policies.
UNDERSTOOD = frozenset(
    {
        BASIC_CONSTRAINTS,
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        SUBJECT_KEY_ID,
        AUTHORITY_KEY_ID,
        ALTERNATIVE_NAMES,
        CRL_POINTS,
        NAME_CONSTRAINTS,
        INFORMATION_ACCESS,
        "2.5.29.18",  # issuer alternative names
        "2.5.29.32",  # policies
        "2.5.29.33",  # policy mappings
        "2.5.29.36",  # policy constraints
        "2.5.29.54",  # inhibit any policy
        "1.3.6.1.4.1.311.20.2",
        "1.3.6.1.4.1.311.21.1",
        "1.3.6.1.4.1.311.21.7",
        "1.3.6.1.4.1.311.21.10",
        "1.3.6.1.4.1.311.21.11",
        "1.3.6.1.4.1.311.21.12",
    }
)
KEY_USAGE_BITS = (
    "digital-signature",
    "content-commitment",
    "key-encipherment",
    "data-encipherment",
    "key-agreement",
    "key-cert-sign",
    "crl-sign",
    "encipher-only",
    "decipher-only",
)
DNS_NAME, DIRECTORY_NAME, URI, IP_ADDRESS, MAIL = 2, 4, 6, 7, 1
CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
_MAXIMUM_URLS = 20
_MAXIMUM_URL = 2000


class GeneralName(NamedTuple):
    """One alternative name: `kind` is its number in RFC 5280 (2 = DNS name, 4 = directory name, …), `content` unparsed."""

    kind: int
    content: bytes


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """Subtrees below which, or outside which, all names under a CA must lie."""

    permitted: tuple[GeneralName, ...] = ()
    excluded: tuple[GeneralName, ...] = ()


@dataclass(slots=True)
class Extensions:
    """What was found; filled while reading, None where the extension is absent. Key ids are lower-case hex digits."""

    is_ca: bool | None = None
    path_length: int | None = None
    key_usage: frozenset[str] | None = None
    extended_key_usage: tuple[str, ...] | None = None
    subject_key_id: str = ""
    authority_key_id: str = ""
    authority_serial: str = ""
    names: tuple[GeneralName, ...] = ()
    crl_urls: tuple[str, ...] = ()
    issuer_urls: tuple[str, ...] = ()
    name_constraints: NameConstraints | None = None
    critical_unknown: tuple[str, ...] = ()
    damaged: tuple[str, ...] = field(default=())


def read_extensions(element: der.Element) -> Extensions:
    """The SEQUENCE of extensions; raises DerError only when the list itself cannot be walked."""
    found = Extensions()
    met: set[str] = set()
    for entry in der.expect(element, der.SEQUENCE).parts():
        fields = der.expect(entry, der.SEQUENCE).parts()
        if not 2 <= len(fields) <= 3:
            raise der.DerError("an extension that is not a pair")
        identifier = der.oid(fields[0])
        critical = len(fields) == 3 and der.boolean(fields[1])
        value = der.expect(fields[-1], der.OCTET_STRING).content
        if identifier in met:
            found.damaged += (identifier,)
            continue
        met.add(identifier)
        if critical and identifier not in UNDERSTOOD:
            found.critical_unknown += (identifier,)
        reader = _READERS.get(identifier)
        if reader is not None:
            try:
                reader(found, value)
            except der.DerError:
                found.damaged += (identifier,)
    return found


def _basic_constraints(found: Extensions, value: bytes) -> None:
    parts = der.read_only(value, der.SEQUENCE).parts()
    is_ca = bool(parts) and parts[0].tag == der.BOOLEAN and der.boolean(parts[0])
    rest = parts[1:] if parts and parts[0].tag == der.BOOLEAN else parts
    length = der.integer(rest[0]) if rest else None
    if length is not None and length < 0:
        raise der.DerError("a negative path length")
    found.is_ca, found.path_length = is_ca, length


def _key_usage(found: Extensions, value: bytes) -> None:
    octets = der.bits(der.read_only(value, der.BIT_STRING))
    found.key_usage = frozenset(
        name for place, name in enumerate(KEY_USAGE_BITS) if place // 8 < len(octets) and octets[place // 8] & 0x80 >> place % 8
    )


def _extended_key_usage(found: Extensions, value: bytes) -> None:
    found.extended_key_usage = tuple(der.oid(part) for part in der.read_only(value, der.SEQUENCE).parts())


def _subject_key_id(found: Extensions, value: bytes) -> None:
    found.subject_key_id = der.read_only(value, der.OCTET_STRING).content.hex()


def _authority_key_id(found: Extensions, value: bytes) -> None:
    for part in der.read_only(value, der.SEQUENCE).parts():
        if part.tag == 0x80:
            found.authority_key_id = part.content.hex()
        elif part.tag == 0x82:
            found.authority_serial = part.content.hex().upper()


def _alternative_names(found: Extensions, value: bytes) -> None:
    found.names = tuple(_general_name(part) for part in der.read_only(value, der.SEQUENCE).parts())


def _crl_points(found: Extensions, value: bytes) -> None:
    urls: list[str] = []
    for point in der.read_only(value, der.SEQUENCE).parts():
        for part in der.expect(point, der.SEQUENCE).parts():
            if part.tag == 0xA0:
                for choice in part.parts():
                    urls += [_url(name) for name in choice.parts() if name.tag == 0x86]
    found.crl_urls = tuple(urls[:_MAXIMUM_URLS])


def _information_access(found: Extensions, value: bytes) -> None:
    urls: list[str] = []
    for entry in der.read_only(value, der.SEQUENCE).parts():
        fields = der.expect(entry, der.SEQUENCE).parts()
        if len(fields) == 2 and der.oid(fields[0]) == CA_ISSUERS and fields[1].tag == 0x86:
            urls.append(_url(fields[1]))
    found.issuer_urls = tuple(urls[:_MAXIMUM_URLS])


def _name_constraints(found: Extensions, value: bytes) -> None:
    trees: dict[int, tuple[GeneralName, ...]] = {}
    for part in der.read_only(value, der.SEQUENCE).parts():
        names: list[GeneralName] = []
        for subtree in part.parts():
            base = der.expect(subtree, der.SEQUENCE).parts()
            if not base:
                raise der.DerError("an empty subtree")
            names.append(_general_name(base[0]))
        trees[part.tag] = tuple(names)
    found.name_constraints = NameConstraints(trees.get(0xA0, ()), trees.get(0xA1, ()))


def _general_name(element: der.Element) -> GeneralName:
    if element.tag & 0xC0 != 0x80:
        raise der.DerError("not a general name")
    return GeneralName(element.tag & 0x1F, element.content)


def _url(element: der.Element) -> str:
    return shown(element.content[:_MAXIMUM_URL].decode("ascii", "replace"))


_READERS: dict[str, Callable[[Extensions, bytes], None]] = {
    BASIC_CONSTRAINTS: _basic_constraints,
    KEY_USAGE: _key_usage,
    EXTENDED_KEY_USAGE: _extended_key_usage,
    SUBJECT_KEY_ID: _subject_key_id,
    AUTHORITY_KEY_ID: _authority_key_id,
    ALTERNATIVE_NAMES: _alternative_names,
    CRL_POINTS: _crl_points,
    INFORMATION_ACCESS: _information_access,
    NAME_CONSTRAINTS: _name_constraints,
}
