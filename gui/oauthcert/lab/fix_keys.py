"""The simulated fixes of private keys: join one with its certificate again, let the services read it."""

from dataclasses import replace

from oauthcert.lab.access_list import NAMES, entries
from oauthcert.lab.answer_certificates import key_container
from oauthcert.lab.errors import CmdletError, unknown_account
from oauthcert.lab.fix_assignment import in_store
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Key

KEYSET_MISSING = "Cannot find the certificate and private key for decryption. 0x80090016 (-2146893802 NTE_BAD_KEYSET)"

REPAIRED = "CertUtil: -repairstore command completed successfully."


def repair_key_link(doing: Doing) -> Result:
    """Repair-KeyLink: joins only when the key is still on this machine (`Machine.loose_keys`)."""
    thumbprint = doing.thumbprint()
    placed = in_store(doing, thumbprint)
    if placed is None:
        return refused("not-in-store")
    before = _link(placed.key)
    if before["opens"]:
        return already(before)
    if doing.preview:
        return preview(before)
    doing.needs_administrator()
    loose = doing.machine.loose_keys.get(thumbprint)
    if loose is None:
        return refused("key-not-here", before, before, ("certutil ended with 0x80090016", KEYSET_MISSING))
    doing.deployment.set_key(doing.machine, thumbprint, doing.moment, loose)
    doing.did(thumbprint)
    now = in_store(doing, thumbprint)
    return changed(before, _link(now.key if now else None), ("certutil ended with 0x00000000", REPAIRED))


def grant_key_access(doing: Doing) -> Result:
    """Grant-KeyAccess: each account may read the key's file; nobody loses anything."""
    found = _with_file(doing)
    if isinstance(found, Result):
        return found
    thumbprint, key, before = found
    readers = {entry.sid for entry in entries(key.sddl) if entry.allow and entry.read}
    missing = [sid for sid in (_sid(account) for account in doing.texts("Accounts")) if sid not in readers]
    if not missing:
        return already(before)
    if doing.preview:
        return preview(before)
    sddl = key.sddl + "".join(f"(A;;FR;;;{sid})" for sid in dict.fromkeys(missing))
    doing.deployment.set_key(doing.machine, thumbprint, doing.moment, replace(key, sddl=sddl))
    doing.did(f"{thumbprint} {' '.join(missing)}")
    return changed(before, {**before, "sddl": sddl})


def restore_key_access(doing: Doing) -> Result:
    """Restore-KeyAccess, the way back. A key that is not there any more has changed meanwhile."""
    found = _with_file(doing)
    if isinstance(found, Result):
        return refused("changed-meanwhile", {"sddl": None})
    thumbprint, key, _ = found
    before: Facts = {"sddl": key.sddl}
    wanted = doing.text("Sddl")
    if key.sddl == wanted:
        return already(before)
    if doing.preview:
        return preview(before)
    doing.deployment.set_key(doing.machine, thumbprint, doing.moment, replace(key, sddl=wanted))
    doing.did(f"{thumbprint} {wanted}")
    return changed(before, {"sddl": wanted})


def _with_file(doing: Doing) -> Result | tuple[str, Key, Facts]:
    thumbprint = doing.thumbprint()
    placed = in_store(doing, thumbprint)
    if placed is None:
        return refused("not-in-store")
    if placed.key is None or not placed.key.file_present:
        return refused("no-key-file", {"sddl": None, "container": None})
    doing.needs_administrator()
    return thumbprint, placed.key, {"sddl": placed.key.sddl, "container": key_container(doing.machine, thumbprint)}


def _link(key: Key | None) -> Facts:
    return {"hasPrivateKey": key is not None, "opens": key is not None and key.file_present}


def _sid(account: str) -> str:
    """Raises as the translation of an unknown name does."""
    if account.upper().startswith("S-1-"):
        return account.upper()
    wanted = account.casefold()
    for sid, name in NAMES.items():
        if wanted in (name.casefold(), name.split("\\")[-1].casefold()):
            return sid
    raise CmdletError(unknown_account(account))
