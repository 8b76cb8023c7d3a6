"""What each function prints on a simulated server: the same flat objects as the scripts in resources/powershell."""

from collections.abc import Callable, Mapping

from oauthcert.lab.answer_access import access
from oauthcert.lab.answer_certificates import keys, oauth, store, uses
from oauthcert.lab.answer_product import incidents, metadata, partners, platform
from oauthcert.lab.answer_replication import events, replica, replication, topology, transport
from oauthcert.lab.answer_server import hop, module, product, service_facts, session, time_facts
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.errors import CmdletError, ErrorRecord
from oauthcert.lab.fix_table import FIX_FUNCTIONS
from oauthcert.lab.stamps import Answers

Function = Callable[[Cmdlets, Mapping[str, object]], Answers]

FUNCTIONS: Mapping[str, Function] = {
    "Get-SessionFacts": session,
    "Get-ProductFacts": product,
    "Import-ProductModule": module,
    "Get-TimeFacts": time_facts,
    "Get-ServiceFacts": service_facts,
    "Get-TopologyFacts": topology,
    "Get-ReplicaFacts": replica,
    "Get-OAuthAssignment": oauth,
    "Get-CertificateUses": uses,
    "Get-StoreFacts": store,
    "Get-KeyFacts": keys,
    "Get-KeyAccessFacts": access,
    "Get-ReplicationFacts": replication,
    "Get-ReplicationEvents": events,
    "Test-ReplicaTransport": transport,
    "Get-SecondHopFacts": hop,
    "Get-PlatformFacts": platform,
    "Get-ServiceEvents": incidents,
    "Get-MetadataFacts": metadata,
    "Get-PartnerFacts": partners,
}


def answer(at: Cmdlets, function: str, arguments: Mapping[str, object]) -> Answers | ErrorRecord | None:
    """What this function prints, or the error that ends it; None when there is no such function."""
    fix = FIX_FUNCTIONS.get(function)
    if fix is not None:
        return fix.call(at, function, arguments)
    found = FUNCTIONS.get(function)
    if found is None:
        return None
    try:
        return found(at, arguments)
    except CmdletError as error:
        return error.record
