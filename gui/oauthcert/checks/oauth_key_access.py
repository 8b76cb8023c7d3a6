"""Judges who may read the private key: the accounts under which the product's services run have to."""

from collections.abc import Sequence

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import held_certificate, not_told
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.certificate_evidence import AccessRule, AccessSeen, KeyAccess, ServiceAccount
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding

NETWORK_SERVICE = ServiceAccount("NETWORK SERVICE", "S-1-5-20", ())
# Everyone, SERVICE, Authenticated Users, Users: in the token of everything that runs as a service.
_OF_ALL_SERVICES = frozenset({"S-1-1-0", "S-1-5-6", "S-1-5-11", "S-1-5-32-545"})
_SYSTEM, _ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
_WITHOUT_SERVICES = frozenset({_SYSTEM, _ADMINISTRATORS, "S-1-3-0", "S-1-3-4", "S-1-5-32-546", "S-1-5-19", "S-1-5-20"})
"""Single accounts and groups that no service account is in."""
_PRODUCT_GROUPS = "rtc "
"""How the local groups begin that setup makes and puts the services into, in every language of Windows."""


def oauth_key_permissions(server: ServerView, deployment: DeploymentView) -> Finding:
    check = "oauth-key-permissions"
    held = held_certificate(check, server, deployment)
    if isinstance(held, Finding):
        return held
    if not held.certificate.has_private_key:
        return say(check, "no-key", server.name, thumbprint=held.thumbprint)
    seen = server.evidence.access
    if isinstance(seen, NotSeen):
        return say_unseen(check, server.name, seen, "access", (server.name,))
    key = next((key for key in seen.value.keys if plain_thumbprint(key.thumbprint) == held.thumbprint), None)
    if key is not None and key.problem == "missing-key-file":
        return say(check, "no-key", server.name, thumbprint=held.thumbprint)
    if key is not None and key.problem == "access-denied":
        denied = NotSeen("access-denied", {"message": key.message or ""})
        return say_unseen(check, server.name, denied, "access", (server.name,))
    if key is None or key.problem is not None:
        return not_told(check, server, "access")
    return _judge(server, held.thumbprint, key, seen.value)


def _judge(server: ServerView, thumbprint: str, key: KeyAccess, seen: AccessSeen) -> Finding:
    check, accounts = "oauth-key-permissions", seen.accounts or (NETWORK_SERVICE,)
    answers = {account: _may_read(key.rules, account.sid) for account in accounts}
    readers = tuple(dict.fromkeys(rule.account or rule.sid for rule in key.rules if rule.allow and rule.read))
    facts: dict[str, Fact] = {"thumbprint": thumbprint, "container": key.container or "", "readers": readers}
    denied = [(account, rule) for account, rule in answers.items() if isinstance(rule, AccessRule) and not rule.allow]
    if denied:
        account, rule = denied[0]
        return say(check, "denied", server.name, **facts, **_of([account]), denied_by=rule.account or rule.sid)
    without = [account for account, rule in answers.items() if rule is None]
    if without and _groups_unknown(key.rules):
        return not_told(check, server, "access")
    if without:
        return say(check, "cannot-read", server.name, **facts, **_of(without))
    return say(check, "pass", server.name, **facts, **_of(accounts))


def _of(accounts: Sequence[ServiceAccount]) -> dict[str, Fact]:
    return {"accounts": tuple(account.account for account in accounts), "account_sids": tuple(account.sid for account in accounts)}


def _may_read(rules: Sequence[AccessRule], sid: str) -> AccessRule | None:
    """The rule that decides: the first about reading that this account falls under, as Windows reads the list."""
    return next((rule for rule in rules if rule.read and _covers(rule, sid)), None)


def _covers(rule: AccessRule, sid: str) -> bool:
    if rule.sid == sid or rule.sid in _OF_ALL_SERVICES:
        return True
    if sid == _SYSTEM:
        return rule.sid == _ADMINISTRATORS
    return rule.allow and _name(rule).startswith(_PRODUCT_GROUPS)


def _groups_unknown(rules: Sequence[AccessRule]) -> bool:
    """Whether somebody may read of whom it is not known that it is no group with the account in it."""
    return any(rule.allow and rule.read and rule.sid not in _WITHOUT_SERVICES and rule.account is not None for rule in rules)


def _name(rule: AccessRule) -> str:
    return (rule.account or "").rsplit("\\", 1)[-1].lower()
