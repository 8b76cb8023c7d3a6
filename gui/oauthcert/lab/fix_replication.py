"""The simulated fixes of replication: enable the replica, send everything again, carry the configuration over by hand."""

import base64
import binascii
from hashlib import sha256

from oauthcert.lab.configuration import NotThisConfiguration, exported, moment_of
from oauthcert.lab.errors import CmdletError, ErrorRecord, access_denied, missing_method
from oauthcert.lab.fix_assignment import assigned_thumbprint
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Load

LARGEST = 20_000_000
PART = 60_000
NET_4_5_2 = 379893
_ENABLE = "Microsoft.Rtc.Management.Deployment.EnableReplicaCmdlet"
_INVOKE = "Microsoft.Rtc.Management.Xds.InvokeReplicationCmdlet"
_EXPORT = "Microsoft.Rtc.Management.Xds.ExportConfigurationCmdlet"
_IMPORT = "Microsoft.Rtc.Management.Xds.ImportConfigurationCmdlet"


def enable_local_replica(doing: Doing) -> Result:
    """Enable-LocalReplica. Too old a .NET makes Enable-CsReplica fail as it does in life (lync.md D-41)."""
    before = _replica(doing)
    if before["passed"] is True:
        return already(before)
    if doing.preview:
        return preview(before)
    if doing.machine.product.dot_net_release < NET_4_5_2:
        raise missing_method(_ENABLE)
    doing.machine.replica_enabled.set(doing.moment, True)
    doing.did("replica enabled")
    return changed(before, _replica(doing), ("Enable-CsReplica: completed",))


def invoke_configuration_replication(doing: Doing) -> Result:
    """Invoke-ConfigurationReplication: a full copy to each replica named, to all when none is."""
    doing.at.may_use_central_store("Invoke-CsManagementStoreReplication", _INVOKE)
    if doing.machine.name != doing.deployment.master:
        return refused("not-active-master", {})
    known = [machine.name for machine in doing.deployment.replicas()]
    asked = [name.lower() for name in doing.texts("Replicas")] or known
    if doing.preview:
        return preview({})
    for name in asked:
        if name not in known:
            raise CmdletError(
                ErrorRecord("ObjectNotFound", f"ReplicaNotFound,{_INVOKE}", "System.ArgumentException", f'No replica "{name}" was found.')
            )
    doing.deployment.change(doing.moment, "replication", replicas=frozenset(asked))
    doing.did(" ".join(asked))
    return changed({}, {"asked": asked})


def export_master_configuration(doing: Doing) -> Result:
    """Export-MasterConfiguration: changes nothing, and brings key material."""
    doing.at.may_use_central_store("Export-CsConfiguration", _EXPORT)
    data = exported(doing.deployment, doing.moment)
    if len(data) > LARGEST:
        return refused("too-large", {}, {"length": len(data)})
    text = base64.b64encode(data).decode("ascii")
    parts = [text[start : start + PART] for start in range(0, len(text), PART)]
    return changed({}, {"parts": parts, "sha256": sha256(data).hexdigest(), "length": len(data)})


def import_local_configuration(doing: Doing) -> Result:
    """Import-LocalConfiguration: into this server's local store only."""
    before: Facts = {"thumbprint": assigned_thumbprint(doing)}
    try:
        data = base64.b64decode("".join(part.reveal() for part in doing.secrets("Parts")), validate=True)
    except binascii.Error:
        return refused("damaged", before)
    if sha256(data).hexdigest() != doing.text("Sha256").lower():
        return refused("damaged", before)
    if doing.preview:
        return preview(before)
    if not doing.at.server_administrator:
        raise access_denied(_IMPORT)
    try:
        content = moment_of(data)
    except NotThisConfiguration as problem:
        raise CmdletError(
            ErrorRecord(
                "InvalidData", f"ImportFailed,{_IMPORT}", "System.IO.InvalidDataException", f"The package cannot be read: {problem}"
            )
        ) from problem
    doing.machine.loads.append(Load(doing.moment, content))
    doing.did("local store")
    return changed(before, {"thumbprint": assigned_thumbprint(doing)})


def _replica(doing: Doing) -> Facts:
    problems = doing.at.test_cs_replica()
    return {"passed": not problems, "problems": problems}
