"""Why a probe failed, as a reason with words. Decided by what is the same in every language of Windows; texts come last."""

import re

from oauthcert.model.evidence import Fault, NotSeen

ACCESS_DENIED = -2147024891  # 0x80070005, E_ACCESSDENIED
WMI_ACCESS_DENIED = -2147217405  # 0x80041003, WBEM_E_ACCESS_DENIED
DIRECTORY_OPERATIONS_ERROR = -2147016672  # 0x80072020: what a directory answers to somebody who could not prove who they are

LEAVES_THE_SERVER = frozenset({"replication"})
"""Probes that ask the Central Management Store: for them, a failing connection to SQL Server is a lost second hop."""

_FACT_LIMIT = 500
_REFUSING_CATEGORIES = frozenset({"PermissionDenied", "SecurityError", "AuthenticationError"})
_REFUSING_TYPES = ("UnauthorizedAccessException", "SecurityException")
_SQL_TYPES = ("SqlException", "SqlConnectionException")
_ANONYMOUS = re.compile(r"ANONYMOUS[ -](LOGON|ANMELDUNG)", re.IGNORECASE)
"""English and German name of S-1-5-7, as SQL Server prints it with error 18456."""
_CLOSED_STORE = re.compile(r"(Cannot open database|Datenbank) [\"'„]?xds\b", re.IGNORECASE)
"""SQL Server error 4060. The database's own name is the same everywhere (lync.md D-80)."""


def not_seen(fault: Fault | None, probe: str, function: str, account: str | None = None) -> NotSeen:
    """The reason this probe has no answer. `account` is who the server says we are, as far as it did."""
    if fault is None:
        return NotSeen("probe-failed", {"probe": probe})
    facts = {
        "probe": probe,
        "category": fault.category[:_FACT_LIMIT],
        "id": fault.id[:_FACT_LIMIT],
        "type": fault.type[:_FACT_LIMIT],
        "message": fault.message[:_FACT_LIMIT].strip(),
    }
    reason = _reason(fault, probe, function, account)
    if reason == "cmdlet-missing":
        facts["cmdlet"] = fault.target[:_FACT_LIMIT]
    return NotSeen(reason, facts)


def _reason(fault: Fault, probe: str, function: str, account: str | None) -> str:
    if _id(fault) == "ProbeDeadline":
        return "probe-deadline"
    if _id(fault) == "CommandNotFoundException" or fault.type.endswith("CommandNotFoundException"):
        # The probe's own function missing is our fault, not the server's.
        return "probe-failed" if fault.target == function else "cmdlet-missing"
    if _lost_second_hop(fault, probe, account):
        return "second-hop"
    if _refused(fault, account):
        return "access-denied"
    return "probe-failed"


def _id(fault: Fault) -> str:
    """Without the name of the command that PowerShell puts behind it."""
    return fault.id.partition(",")[0]


def _types(fault: Fault) -> list[str]:
    return [fault.type, *(inner.partition(":")[0] for inner in fault.inner)]


def _texts(fault: Fault) -> list[str]:
    return [fault.message, *fault.inner]


def _lost_second_hop(fault: Fault, probe: str, account: str | None) -> bool:
    if any(_ANONYMOUS.search(text) for text in _texts(fault)) or fault.hresult == DIRECTORY_OPERATIONS_ERROR:
        return True
    if _met_as(account, fault):
        return False
    if probe not in LEAVES_THE_SERVER:
        return False
    return any(name.endswith(_SQL_TYPES) for name in _types(fault)) or any(_CLOSED_STORE.search(text) for text in _texts(fault))


def _refused(fault: Fault, account: str | None) -> bool:
    return (
        fault.category in _REFUSING_CATEGORIES
        or fault.hresult in (ACCESS_DENIED, WMI_ACCESS_DENIED)
        or _id(fault) in ("HRESULT 0x80070005", "HRESULT 0x80041003")
        or any(name.endswith(_REFUSING_TYPES) for name in _types(fault))
        or (any(name.endswith(_SQL_TYPES) for name in _types(fault)) and _met_as(account, fault))
    )


def _met_as(account: str | None, fault: Fault) -> bool:
    """The far side names our own account: it knew who asked, so this is a question of rights and not of the hop."""
    return bool(account) and any(f"'{account}'".casefold() in text.casefold() for text in _texts(fault))
