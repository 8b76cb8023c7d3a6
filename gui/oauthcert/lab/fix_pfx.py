"""The simulated fixes that bring a certificate with its key out of a PFX, and take one away again."""

import base64
import binascii

from oauthcert.certs.pfx import PfxUnreadable, inspect_pfx
from oauthcert.lab.errors import CmdletError, no_base64, pfx_refused
from oauthcert.lab.fix_assignment import UNREADABLE, assignment_state, in_store
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Key, Placed, StoreName


def import_oauth_pfx(doing: Doing) -> Result:
    """Import-OAuthPfx: the file is really opened with its password."""
    thumbprint = doing.thumbprint()
    before = _possession(doing, thumbprint)
    if before["hasPrivateKey"]:
        return already(before)
    try:
        data = b"".join(base64.b64decode(part.reveal(), validate=True) for part in doing.secrets("Parts"))
    except binascii.Error:
        raise CmdletError(no_base64()) from None
    try:
        contents = inspect_pfx(data, doing.secret("Password"))
    except PfxUnreadable as problem:
        if problem.reason == "wrong-password":
            return refused("wrong-password", before)
        raise CmdletError(pfx_refused(problem.reason)) from None
    if contents.leaf is None or contents.leaf.thumbprint != thumbprint:
        return refused("wrong-certificate", before)
    if not contents.key_matches:
        return refused("no-private-key", before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    certificate = doing.deployment.authority.recognised(contents.leaf.der)
    doing.machine.placed.setdefault(StoreName.MY, []).append(Placed(certificate, doing.moment, Key(), contents.friendly_name))
    doing.deployment.set_key(doing.machine, thumbprint, doing.moment, Key())
    doing.did(thumbprint)
    return changed(before, _possession(doing, thumbprint))


def remove_own_certificate(doing: Doing) -> Result:
    """Remove-OwnCertificate: never one that is assigned to anything, or that a web site shows."""
    thumbprint = doing.thumbprint()
    placed = in_store(doing, thumbprint)
    before: Facts = {"present": placed is not None}
    if placed is None:
        return already(before)
    if _assigned(doing, thumbprint):
        return refused("assigned", before)
    if thumbprint in doing.machine.bound:
        return refused("bound", before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    doing.machine.removed[StoreName.MY, thumbprint] = doing.moment
    doing.did(thumbprint)
    return changed(before, {"present": in_store(doing, thumbprint) is not None})


def _possession(doing: Doing, thumbprint: str) -> Facts:
    """`hasPrivateKey`: the key opens, which a certificate's own word for it does not promise."""
    placed = in_store(doing, thumbprint)
    return {"present": placed is not None, "hasPrivateKey": placed is not None and placed.key is not None and placed.key.file_present}


def _assigned(doing: Doing, thumbprint: str) -> bool:
    state = assignment_state(doing)
    if state.named == UNREADABLE:
        return True
    names = (state.named, state.thumbprint, state.staged, state.previous, doing.deployment.authority.server(doing.machine.name).thumbprint)
    return thumbprint in names
