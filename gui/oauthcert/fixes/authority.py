"""Which authority to suggest for a new certificate: the one that issued the present one, as far as that says where it is."""

import re
from urllib.parse import unquote, urlsplit

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.fixes.situation import Situation, own_certificates

_FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?\\[^\\/:*?\"<>|\r\n]{1,64}")
# Certificate Services publish their own certificate as <host>_<name>.crt, with (1) behind it after a renewal of the key.
_PUBLISHED = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]*)_(.+?)(?:\(\d+\))?\.crt", re.IGNORECASE)
_DIRECTORY = re.compile(r"CN=([^,]+),CN=([^,]+),CN=CDP,", re.IGNORECASE)


def is_authority(text: str) -> bool:
    """Whether this has the form `host\\name of the authority`."""
    return bool(_FORM.fullmatch(text))


def present_certificate(situation: Situation) -> Certificate | None:
    """The deployment's certificate, from whichever store holds it."""
    wanted = situation.deployment.reference.thumbprint
    for server in situation.deployment.servers:
        for one in own_certificates(server):
            if wanted and plain_thumbprint(one.thumbprint) == wanted:
                try:
                    return situation.look.certificates.read(one.der)
                except CertificateUnreadable:
                    return None
    return None


def suggested_authority(certificate: Certificate | None) -> str:
    """`host\\name` when the certificate tells both; else empty."""
    if certificate is None or certificate.self_issued:
        return ""
    name = certificate.issuer_common_name
    for url in certificate.issuer_urls:
        found = _PUBLISHED.fullmatch(unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
        if found and found[2].casefold() == name.casefold() and is_authority(f"{found[1]}\\{name}"):
            return f"{found[1]}\\{name}"
    for url in certificate.crl_urls:
        told = _DIRECTORY.search(unquote(url))
        if told and re.sub(r"\(\d+\)$", "", told[1]).casefold() == name.casefold() and is_authority(f"{told[2]}\\{name}"):
            return f"{told[2]}\\{name}"
    return ""
