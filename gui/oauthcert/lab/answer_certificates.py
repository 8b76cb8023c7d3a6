"""The answers about certificates: what is assigned, what lies in the stores, which keys open."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from oauthcert.lab.cmdlets import CmdletObject, Cmdlets
from oauthcert.lab.errors import CmdletError
from oauthcert.lab.machines import Certificate, Key, Machine, Placed, StoreName
from oauthcert.lab.stamps import Answers, utc

NO_PERMISSION = -2146893808  # 0x80090010, NTE_PERM
BAD_KEYSET = -2146893802  # 0x80090016, NTE_BAD_KEYSET


def oauth(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    try:
        found = at.get_cs_certificate()
    except CmdletError as error:
        if "not found or untrusted" not in error.record.message:
            raise
        return [_assignment({}, error.record.message)]
    named = {one["Thumbprint"] for one in found}
    current = [fact for one in found if (fact := _in_force(at, one)) and fact["thumbprint"] not in named]
    return [*(_assignment(one, None) for one in found), *current]


def _in_force(at: Cmdlets, staged: CmdletObject) -> Mapping[str, object] | None:
    """As Get-InForceFact does it: the previous one, in use until the staged one is, as it lies in the store."""
    effective, previous = staged["EffectiveDate"], staged["PreviousThumbprint"]
    if not isinstance(effective, datetime) or previous is None or effective <= at.machine.local_time(at.moment):
        return None
    for placed in at.deployment.certificates(at.machine, StoreName.MY, at.moment):
        one = placed.certificate
        if one.thumbprint == previous:
            facts = {"Thumbprint": one.thumbprint, "Subject": one.subject, "Issuer": one.issuer, "SerialNumber": one.serial}
            dates = {"NotBefore": one.not_before, "NotAfter": one.not_after}
            told = {name: staged[name] for name in ("Use", "SourceScope", "UpdateTime")}
            return _assignment({**facts, **dates, **told}, None)
    return None


def uses(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    """As Get-CertificateUses does it: a complaint names no certificate, so it stands alone, and once."""
    told = at.get_cs_certificates()
    complaints = [one.record.message for one in told if isinstance(one, CmdletError)]
    found = [_assignment(one, None) for one in told if not isinstance(one, CmdletError)]
    found += [_assignment({}, message) for message in complaints[:1]]
    kept = ("use", "thumbprint", "subject", "notBefore", "notAfter", "notFoundOrUntrusted", "message")
    return [{name: one[name] for name in kept} for one in found]


def _assignment(one: CmdletObject, message: str | None) -> Mapping[str, object]:
    def time(name: str) -> str | None:
        value = one.get(name)
        return utc(value) if isinstance(value, datetime) else None

    return {
        "thumbprint": one.get("Thumbprint"),
        "subject": one.get("Subject"),
        "issuer": one.get("Issuer"),
        "serial": one.get("SerialNumber"),
        "notBefore": time("NotBefore"),
        "notAfter": time("NotAfter"),
        "use": one.get("Use"),
        "sourceScope": one.get("SourceScope"),
        "effectiveDate": time("EffectiveDate"),
        "previousThumbprint": one.get("PreviousThumbprint"),
        "updateTime": time("UpdateTime"),
        "notFoundOrUntrusted": message is not None,
        "message": message,
    }


def store(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    def held(name: StoreName) -> tuple[Placed, ...]:
        return at.deployment.certificates(at.machine, name, at.moment)

    mine, intermediate, root = _ordered(held(StoreName.MY)), held(StoreName.INTERMEDIATE), held(StoreName.ROOT)
    issuers = _possible_issuers(mine[:200], intermediate + root)

    def issuing(placed: tuple[Placed, ...]) -> list[Mapping[str, object]]:
        return [_der(one.certificate) for one in placed if one.certificate.thumbprint in issuers]

    return [
        {
            "my": [{**_der(p.certificate), "hasPrivateKey": p.key is not None, "friendlyName": p.friendly_name} for p in mine[:200]],
            "intermediate": issuing(intermediate),
            "root": issuing(root),
            "disallowed": [placed.certificate.thumbprint for placed in held(StoreName.DISALLOWED)],
            "misplacedRoots": [
                {"thumbprint": p.certificate.thumbprint, "subject": p.certificate.subject, "issuer": p.certificate.issuer}
                for p in root
                if p.certificate.issued_by is not None
            ],
            "counts": {"my": len(mine), "intermediate": len(intermediate), "root": len(root)},
            "left": {"my": max(len(mine) - 200, 0)},
        }
    ]


def _ordered(placed: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """Those with a private key first, newest first: a bound then cuts off what matters least."""
    return tuple(sorted(placed, key=lambda one: (one.key is not None, one.certificate.not_before), reverse=True))


def _der(certificate: Certificate) -> dict[str, object]:
    return {"thumbprint": certificate.thumbprint, "der": b64encode(certificate.der).decode("ascii")}


def _possible_issuers(mine: tuple[Placed, ...], authorities: tuple[Placed, ...]) -> set[str]:
    """Thumbprints of those present that by their names may have issued one of these, and their issuers in turn."""
    chosen: dict[str, Certificate] = {}
    waiting = [placed.certificate for placed in mine]
    while waiting:
        wanted = waiting.pop().issuer
        for one in (placed.certificate for placed in authorities):
            if one.subject == wanted and one.thumbprint not in chosen:
                chosen[one.thumbprint] = one
                waiting.append(one)
    return set(chosen)


def keys(at: Cmdlets, _: Mapping[str, object]) -> Answers:
    mine = _ordered(at.deployment.certificates(at.machine, StoreName.MY, at.moment))
    claimed = [(placed.certificate.thumbprint, placed.key) for placed in mine if placed.key is not None][:100]
    return [_key(at.machine, thumbprint, key) for thumbprint, key in claimed]


def _key(machine: Machine, thumbprint: str, key: Key) -> Mapping[str, object]:
    fact: dict[str, object] = {
        "thumbprint": thumbprint,
        "opens": False,
        "kind": None,
        "provider": None,
        "providerType": None,
        "keySpec": None,
        "exportable": None,
        "container": None,
        "problem": None,
        "hresult": None,
        "message": None,
    }
    if not machine.account.administrator:
        return fact | {"problem": "access-denied", "hresult": NO_PERMISSION, "message": "Access denied.\r\n"}
    if not key.file_present:
        return fact | {"problem": "missing-key-file", "hresult": BAD_KEYSET, "message": "Keyset does not exist\r\n"}
    return fact | {
        "opens": True,
        "kind": key.kind,
        "provider": key.provider,
        "providerType": key.provider_type,
        "keySpec": key.key_spec,
        "exportable": key.exportable,
        "container": key_container(machine, thumbprint),
    }


def key_container(machine: Machine, thumbprint: str) -> str:
    """The name of the file in which this machine keeps the key."""
    return sha256(f"{machine.name} {thumbprint}".encode()).hexdigest()[:32] + "_lab"
