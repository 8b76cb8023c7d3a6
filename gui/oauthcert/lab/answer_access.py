"""The answer about access to private keys: who has to read them, and who may."""

from collections.abc import Mapping

from oauthcert.lab.access_list import NAMES, NETWORK_SERVICE, entries
from oauthcert.lab.answer_certificates import keys
from oauthcert.lab.cmdlets import Cmdlets
from oauthcert.lab.machines import StoreName
from oauthcert.lab.stamps import Answers


def access(at: Cmdlets, arguments: Mapping[str, object]) -> Answers:
    # the service manager is asked first, and refuses who is no administrator
    services = [str(one["Name"]) for one in at.get_service_instances() if one["Name"] == "RTCSRV"]
    held = {p.certificate.thumbprint: p.key for p in at.deployment.certificates(at.machine, StoreName.MY, at.moment)}
    found = []
    for fact in keys(at, arguments):
        key = held[str(fact["thumbprint"])]
        rules = entries(key.sddl) if key is not None and fact["container"] is not None else ()
        found.append(
            {
                "thumbprint": fact["thumbprint"],
                "container": fact["container"],
                "rules": [{"sid": r.sid, "account": NAMES.get(r.sid), "allow": r.allow, "read": r.read} for r in rules],
                "problem": fact["problem"],
                "message": fact["message"],
            }
        )
    return [{"accounts": [{"account": NAMES[NETWORK_SERVICE], "sid": NETWORK_SERVICE, "services": services}], "keys": found}]
