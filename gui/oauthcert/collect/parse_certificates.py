"""What the probes of the certificate stores printed. Certificates stay unparsed bytes here."""

import hashlib

from oauthcert.collect.fields import Fields, UnreadableError
from oauthcert.model.server_evidence import KeySeen, MisplacedRoot, StoreCertificate, StoreSeen


def store(answer: Fields) -> StoreSeen:
    counts = answer.inner("counts")
    return StoreSeen(
        my=answer.objects("my", _own),
        intermediate=answer.objects("intermediate", _issuer),
        root=answer.objects("root", _issuer),
        disallowed=answer.thumbprints("disallowed"),
        misplaced_roots=answer.objects("misplacedRoots", _misplaced),
        my_count=counts.count("my"),
        intermediate_count=counts.count("intermediate"),
        root_count=counts.count("root"),
        my_left_out=answer.inner("left").count("my"),
    )


def _own(item: Fields) -> StoreCertificate:
    thumbprint, der = _identified(item)
    return StoreCertificate(thumbprint, der, item.flag("hasPrivateKey"), item.text("friendlyName"))


def _issuer(item: Fields) -> StoreCertificate:
    return StoreCertificate(*_identified(item))


def _identified(item: Fields) -> tuple[str, bytes]:
    """Thumbprint and content. Windows computes the one as SHA-1 of the other, so two that do not match are not from a store."""
    thumbprint, der = item.thumbprint("thumbprint"), item.der("der")
    if hashlib.sha1(der, usedforsecurity=False).hexdigest().upper() != thumbprint:
        raise UnreadableError("thumbprint", "does not belong to its certificate")
    return thumbprint, der


def _misplaced(item: Fields) -> MisplacedRoot:
    return MisplacedRoot(item.thumbprint("thumbprint"), item.text("subject"), item.text("issuer"))


def key(item: Fields) -> KeySeen:
    return KeySeen(
        thumbprint=item.thumbprint("thumbprint"),
        opens=item.flag("opens"),
        kind=item.maybe_text("kind"),
        provider=item.maybe_text("provider"),
        provider_type=item.maybe_whole("providerType"),
        key_spec=item.maybe_whole("keySpec"),
        exportable=item.maybe_flag("exportable"),
        container=item.maybe_text("container"),
        problem=item.maybe_text("problem"),
        hresult=item.maybe_whole("hresult"),
        message=item.maybe_text("message"),
    )
