"""Judges whether a server can be reached, lets us in, and runs our questions."""

from oauthcert.checks.builds import parse_version
from oauthcert.checks.gates import unanswered, unseen
from oauthcert.checks.installed import lync_products
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.skew import on_the_spot
from oauthcert.checks.view import ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import ModuleSeen
from oauthcert.model.target import Product

SIGN_IN_REFUSALS = frozenset(
    {
        "sign-in-refused",
        "account-locked",
        "account-expired",
        "account-disabled",
        "password-expired",
        "clock-skew",
        "kerberos-name",
        "kerberos-no-ticket",
        "not-authorized",
        "needs-tls",
    }
)
"""Reasons that are an answer about this account; any other means that nobody got as far as being asked."""

OLDEST_POWERSHELL = (3, 0)
# A fault of the loading itself; every other reason means that nobody saw whether it loads.
_LOADING_FAILED = frozenset({"probe-failed", "cmdlet-missing"})


def server_reachable(server: ServerView) -> Finding:
    reach = server.evidence.reach
    if isinstance(reach, NotSeen):
        variant = "evidence-refused" if reach.reason.startswith("evidence-") else "could-not-look"
        return say_unseen("server-reachable", server.name, reach, "reach", (server.name,), variant)
    if on_the_spot(server.evidence):
        return say_not_needed("server-reachable", server.name, "not-asked-from-here")
    seen = reach.value
    return say("server-reachable", "pass", server.name, address=seen.address, port=seen.port, scheme=seen.scheme)


def sign_in_accepted(server: ServerView) -> Finding:
    check, evidence = "sign-in-accepted", server.evidence
    if isinstance(evidence.reach, NotSeen):
        return say_unseen(check, server.name, evidence.reach, "reach", (server.name,))
    sign_in = evidence.sign_in
    if on_the_spot(evidence):
        return say_not_needed(check, server.name, "not-asked-from-here")
    if not isinstance(sign_in, NotSeen):
        return say(check, "pass", server.name, username=sign_in.value.username, method=sign_in.value.method)
    if sign_in.reason == "method-not-offered":
        return say(check, sign_in.reason, server.name, **{"offered": "", **sign_in.facts})
    if sign_in.reason in SIGN_IN_REFUSALS:
        return say(check, sign_in.reason, server.name, **sign_in.facts)
    return say_unseen(check, server.name, sign_in, "sign-in", (server.name,))


def powershell_usable(server: ServerView) -> Finding:
    """Version, language mode, bitness and, where the product is or should be, its module."""
    check = "powershell-usable"
    return unanswered(check, server) or _engine(server) or _module(server)


def _engine(server: ServerView) -> Finding | None:
    check, evidence = "powershell-usable", server.evidence
    if isinstance(evidence.session, NotSeen):
        why = evidence.session
        if why.reason == "powershell-missing":
            return say(check, "missing", server.name)
        if why.reason == "language-constrained":
            return say(check, "constrained-language", server.name, **{"mode": "", **why.facts})
        return say_unseen(check, server.name, why, "session", (server.name,))
    session = evidence.session.value
    version = parse_version(session.powershell)
    if version is not None and version[:2] < OLDEST_POWERSHELL:
        oldest = ".".join(str(number) for number in OLDEST_POWERSHELL)
        return say(check, "too-old", server.name, powershell=session.powershell, required=oldest)
    if session.os64 and not session.process64:
        return say(check, "process-32-bit", server.name, powershell=session.powershell)
    return None


def _module(server: ServerView) -> Finding:
    check, evidence = "powershell-usable", server.evidence
    powershell = "" if isinstance(evidence.session, NotSeen) else evidence.session.value.powershell
    module = evidence.module
    if not isinstance(module, NotSeen):
        if module.value.name:
            return _loaded(server, powershell, module.value)
        if evidence.product_wanted is not Product.LYNC:
            if missing := unseen(check, server, evidence.product, "product"):
                return missing
            if not lync_products(evidence):
                return say(check, "no-module-needed", server.name, powershell=powershell)
        installed = tuple(product.name for product in lync_products(evidence))
        return say(check, "module-missing", server.name, powershell=powershell, installed_products=installed)
    if server.lync is False and evidence.product_wanted is not Product.LYNC:
        return say(check, "no-module-needed", server.name, powershell=powershell)
    if module.reason in _LOADING_FAILED:
        return say(check, "module-broken", server.name, **{"message": "", **module.facts, "powershell": powershell})
    return say_unseen(check, server.name, module, "module", (server.name,))


def _loaded(server: ServerView, powershell: str, module: ModuleSeen) -> Finding:
    return say(
        "powershell-usable", "pass", server.name, powershell=powershell, module=module.name or "", module_version=module.version or ""
    )
