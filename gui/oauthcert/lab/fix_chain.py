"""The simulated fixes of issuers' certificates: put one in, take it out, move one that lies in the wrong store."""

import base64
import binascii

from oauthcert.certs.certificate import CertificateUnreadable, read_certificate
from oauthcert.lab.errors import CmdletError, wrong_argument
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Placed, StoreName


def install_issuer_certificate(doing: Doing) -> Result:
    """Install-IssuerCertificate: only what is signed by itself goes among the trusted roots."""
    store, thumbprint = _store(doing), doing.thumbprint()
    before: Facts = {"present": _held(doing, store, thumbprint) is not None}
    if before["present"]:
        return already(before)
    try:
        certificate = read_certificate(base64.b64decode(doing.text("Der"), validate=True))
    except (CertificateUnreadable, binascii.Error):
        return refused("wrong-certificate", before)
    if certificate.thumbprint != thumbprint or certificate.is_ca is False:
        return refused("wrong-certificate", before)
    if store is StoreName.ROOT and not certificate.self_issued:
        return refused("not-self-signed", before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    _place(doing, store, Placed(doing.deployment.authority.recognised(certificate.der), doing.moment))
    doing.did(f"{store} {thumbprint}")
    return changed(before, {"present": _held(doing, store, thumbprint) is not None})


def remove_issuer_certificate(doing: Doing) -> Result:
    """Remove-IssuerCertificate, the way back."""
    store, thumbprint = _store(doing), doing.thumbprint()
    before: Facts = {"present": _held(doing, store, thumbprint) is not None}
    if not before["present"]:
        return already(before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    doing.machine.removed[store, thumbprint] = doing.moment
    doing.did(f"{store} {thumbprint}")
    return changed(before, {"present": _held(doing, store, thumbprint) is not None})


def move_misplaced_root(doing: Doing) -> Result:
    """Move-MisplacedRoot: from the trusted roots to the intermediate ones; with Back the other way."""
    thumbprint, back = doing.thumbprint(), doing.flag("Back")
    source, target = (StoreName.INTERMEDIATE, StoreName.ROOT) if back else (StoreName.ROOT, StoreName.INTERMEDIATE)
    before = _places(doing, thumbprint)
    there, here = _held(doing, target, thumbprint), _held(doing, source, thumbprint)
    if here is None:
        return already(before) if there is not None else refused("not-in-store", before)
    if here.certificate.issued_by is None:
        return refused("self-signed", before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    if there is None:
        _place(doing, target, Placed(here.certificate, doing.moment))
    doing.machine.removed[source, thumbprint] = doing.moment
    doing.did(f"{source} to {target} {thumbprint}")
    return changed(before, _places(doing, thumbprint))


def _store(doing: Doing) -> StoreName:
    """Raises CmdletError for any other store."""
    known = {store.value: store for store in (StoreName.INTERMEDIATE, StoreName.ROOT)}
    name = doing.text("Store")
    if name not in known:
        raise CmdletError(wrong_argument(f"no store of authorities: {name}"))
    return known[name]


def _held(doing: Doing, store: StoreName, thumbprint: str) -> Placed | None:
    held = doing.deployment.certificates(doing.machine, store, doing.moment)
    return next((placed for placed in held if placed.certificate.thumbprint == thumbprint), None)


def _place(doing: Doing, store: StoreName, placed: Placed) -> None:
    """What was taken out of the store before and comes again at the very same moment is there."""
    if doing.machine.removed.get((store, placed.certificate.thumbprint)) == placed.since:
        del doing.machine.removed[store, placed.certificate.thumbprint]
    doing.machine.placed.setdefault(store, []).append(placed)


def _places(doing: Doing, thumbprint: str) -> Facts:
    return {
        "inRoot": _held(doing, StoreName.ROOT, thumbprint) is not None,
        "inIntermediate": _held(doing, StoreName.INTERMEDIATE, thumbprint) is not None,
    }
