"""Name constraints of an authority (RFC 5280, 4.2.1.10): may it issue a certificate with these names?"""

from oauthcert.certs import der
from oauthcert.certs.certificate import Certificate
from oauthcert.certs.extensions import DIRECTORY_NAME, DNS_NAME, IP_ADDRESS, MAIL, URI, GeneralName, NameConstraints
from oauthcert.certs.names import read_name, shown


def forbidden_name(constraints: NameConstraints, certificate: Certificate) -> str:
    """The first name of `certificate` that the constraints do not allow, as text; empty when all are allowed.

    Names of a kind this program cannot compare (other names, X.400) are forbidden as soon as the constraints speak of that kind.
    A common name that looks like a host is no DNS name here: Windows goes by the subject and the alternative names alone.
    """
    names = list(certificate.names)
    if certificate.subject_name.parts:
        names.append(GeneralName(DIRECTORY_NAME, certificate.subject_der))
    for name in names:
        allowed = [tree for tree in constraints.permitted if tree.kind == name.kind]
        if allowed and not any(_lies_below(name, tree, unknown=False) for tree in allowed):
            return _text(name)
        if any(_lies_below(name, tree, unknown=True) for tree in constraints.excluded if tree.kind == name.kind):
            return _text(name)
    return ""


def _lies_below(name: GeneralName, tree: GeneralName, *, unknown: bool) -> bool:
    """`unknown` is the answer for what cannot be compared, so that doubt never allows."""
    if name.kind == DIRECTORY_NAME:
        try:
            wanted = read_name(der.read_one(tree.content)[0]).folded
            given = read_name(der.read_one(name.content)[0]).folded
        except der.DerError:
            return unknown
        return given[: len(wanted)] == wanted
    if name.kind == IP_ADDRESS:
        return _address_below(name.content, tree.content, unknown=unknown)
    if name.kind not in (DNS_NAME, MAIL, URI):
        return unknown
    given_text, wanted_text = (content.decode("utf-8", "replace").lower() for content in (name.content, tree.content))
    if name.kind == MAIL:
        return _mail_below(given_text, wanted_text)
    if name.kind == URI:
        return _uri_below(given_text, wanted_text)
    wanted_text = wanted_text.removeprefix(".")
    return not wanted_text or given_text == wanted_text or given_text.endswith("." + wanted_text)


def _address_below(address: bytes, network: bytes, *, unknown: bool) -> bool:
    if len(network) not in (8, 32) or len(address) not in (4, 16):
        return unknown
    half = len(network) // 2
    return len(address) == half and all(
        a & mask == base & mask for a, base, mask in zip(address, network[:half], network[half:], strict=True)
    )


def _mail_below(address: str, wanted: str) -> bool:
    if "@" in wanted:
        return address == wanted
    host = address.rpartition("@")[2]
    return host.endswith(wanted) if wanted.startswith(".") else host == wanted


def _uri_below(address: str, wanted: str) -> bool:
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    return host.endswith(wanted) if wanted.startswith(".") else host == wanted


def _text(name: GeneralName) -> str:
    if name.kind == DIRECTORY_NAME:
        try:
            return read_name(der.read_one(name.content)[0]).text
        except der.DerError:
            return name.content.hex()
    if name.kind in (DNS_NAME, MAIL, URI):
        return shown(name.content.decode("utf-8", "replace"))
    if name.kind == IP_ADDRESS and len(name.content) == 4:
        return ".".join(str(byte) for byte in name.content)
    return name.content.hex()
