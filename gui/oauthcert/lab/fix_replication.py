"""The simulated fixes of replication: enable the replica, send everything again, carry the configuration over by hand."""

import base64
import binascii
from hashlib import sha256

from oauthcert.lab.configuration import NotThisConfiguration, exported, moment_of
from oauthcert.lab.errors import CmdletError, ErrorRecord, missing_method
from oauthcert.lab.fix_assignment import assignment_state
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Load

LARGEST = 18_000_000
PART = 45_000
"""Bytes in one part: 60,000 characters of base64."""
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
    before: Facts = {"activeMaster": doing.deployment.master if "MASTER" in doing.machine.services else None}
    if before["activeMaster"] is not None:
        doing.at.may_use_central_store("Get-CsManagementStoreReplicationStatus", _INVOKE)
    if doing.machine.name != doing.deployment.master:
        return refused("not-active-master", before)
    if doing.preview:
        return preview(before)
    known = [machine.name for machine in doing.deployment.replicas()]
    asked = [name.lower() for name in doing.texts("Replicas")] or known
    for name in asked:
        if name not in known:
            text = f'No replica "{name}" was found.'
            raise CmdletError(ErrorRecord("ObjectNotFound", f"ReplicaNotFound,{_INVOKE}", "System.ArgumentException", text))
    doing.deployment.change(doing.moment, "replication", replicas=frozenset(asked))
    doing.did(" ".join(asked))
    return changed(before, {"asked": asked})


def export_master_configuration(doing: Doing) -> Result:
    """Export-MasterConfiguration: changes nothing, and brings key material."""
    doing.at.may_use_central_store("Export-CsConfiguration", _EXPORT)
    data = exported(doing.deployment, doing.moment)
    if len(data) > LARGEST:
        return refused("too-large", {"length": len(data)})
    parts = [base64.b64encode(data[start : start + PART]).decode("ascii") for start in range(0, len(data), PART)]
    return Result("already", after={"parts": parts, "sha256": sha256(data).hexdigest().upper(), "length": len(data)})


def import_local_configuration(doing: Doing) -> Result:
    """Import-LocalConfiguration: into this server's local store only."""
    before: Facts = {"thumbprint": assignment_state(doing).thumbprint}
    try:
        data = b"".join(base64.b64decode(part.reveal(), validate=True) for part in doing.secrets("Parts"))
    except binascii.Error:
        return refused("damaged", before)
    if sha256(data).hexdigest() != doing.text("Sha256").lower():
        return refused("damaged", before)
    if doing.preview:
        return preview(before)
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
    return changed(before, {"thumbprint": assignment_state(doing).thumbprint})


def _replica(doing: Doing) -> Facts:
    problems = doing.at.test_cs_replica()
    return {"passed": not problems, "problems": problems}
