"""Reads what Exchange answers to an empty token: WWW-Authenticate: Bearer client_id="…", trusted_issuers="id@realm,id@realm", …"""

import re

LYNC = "00000004-0000-0ff1-ce00-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
_PART = re.compile(r'([a-z_]+)\s*=\s*"([^"]*)"', re.IGNORECASE)
_CATEGORY = re.compile(r'error_category\s*=\s*"([^"]*)"', re.IGNORECASE)


def trusted_issuers(authenticate: str) -> tuple[str, ...]:
    """As they are named, in lower case, each `application id@realm`."""
    found: list[str] = []
    for name, value in _PART.findall(authenticate):
        if name.lower() == "trusted_issuers":
            found += [part.strip().lower() for part in value.split(",") if part.strip()]
    return tuple(dict.fromkeys(found))


def error_category(*texts: str | None) -> str:
    """The category in x-ms-diagnostics or in an event that quotes it; empty when there is none."""
    for text in texts:
        if text and (match := _CATEGORY.search(text)):
            return match[1].lower()
    return ""


def realms_of_lync(issuers: tuple[str, ...]) -> tuple[str, ...]:
    """The realms of Lync or Skype for Business deployments among the issuers."""
    return tuple(realm for issuer in issuers for application, _, realm in (issuer.partition("@"),) if application == LYNC)
