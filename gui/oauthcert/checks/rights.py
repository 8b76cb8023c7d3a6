"""Judges what the session may see on the server, and beyond it."""

from collections.abc import Iterator

from oauthcert.checks.gates import unanswered
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import SessionSeen

ADMINISTRATORS = "Administrators"
FULL_GROUP = "RTCUniversalServerAdmins"
VIEW_GROUPS = ("RTCUniversalReadOnlyAdmins", "RTCUniversalUserAdmins")
"""Enough to read the configuration (who may run what: office-docs-powershell, 2017), so no warning while nothing was denied."""

_PROBES = (
    "session",
    "product",
    "module",
    "time",
    "services",
    "topology",
    "replica",
    "oauth",
    "store",
    "keys",
    "access",
    "uses",
    "replication",
    "events",
    "transport",
    "hop",
    "platform",
    "incidents",
    "metadata",
    "partners",
)
_NEEDS_ELEVATION = frozenset({"session", "product", "time", "services", "store", "keys", "access", "events", "platform", "metadata"})


def _refused(server: ServerView, reason: str) -> Iterator[str]:
    """The looks at this server that failed for this reason."""
    for probe in _PROBES:
        part = getattr(server.evidence, probe)
        if isinstance(part, NotSeen) and part.reason == reason:
            yield probe


def denied_looks(server: ServerView) -> tuple[str, ...]:
    """Looks that were not permitted, `keys` also when only single keys were."""
    denied = list(_refused(server, "access-denied"))
    keys = server.evidence.keys
    if isinstance(keys, Seen) and any(key.problem == "access-denied" for key in keys.value):
        denied.append("keys")
    return tuple(denied)


def rights_sufficient(server: ServerView) -> Finding:
    """Groups as the session's token holds them; names the missing group and the looks that need it."""
    check, evidence = "rights-sufficient", server.evidence
    if finding := unanswered(check, server):
        return finding
    if isinstance(evidence.session, NotSeen):
        return say_unseen(check, server.name, evidence.session, "session", (server.name,))
    session, denied = evidence.session.value, denied_looks(server)
    held = {group.rsplit("\\", 1)[-1].lower() for group in session.groups}
    unresolved = sum(1 for group in session.groups if group.upper().startswith("S-1-"))
    sufficient = _sufficient_group(server, session, held, denied)
    missing = (() if session.elevated else (ADMINISTRATORS,)) + (() if sufficient is not None else (FULL_GROUP,))
    if not session.elevated:
        needed_for = tuple(look for look in denied if look in _NEEDS_ELEVATION) or ("keys",)
        return say(
            check,
            "not-elevated",
            server.name,
            account=session.account,
            missing_groups=missing,
            needed_for=needed_for,
            denied_looks=denied,
        )
    if sufficient is None and (denied or not unresolved):
        needed_for = tuple(look for look in denied if look not in _NEEDS_ELEVATION) or ("oauth", "topology", "replication")
        return say(
            check,
            "group-missing",
            server.name,
            account=session.account,
            missing_groups=missing,
            needed_for=needed_for,
            denied_looks=denied,
            unresolved_groups=unresolved,
        )
    if denied:
        return say(check, "denied-all-the-same", server.name, account=session.account, denied_looks=denied)
    return say(check, "pass", server.name, account=session.account, sufficient_group=sufficient or "")


def _sufficient_group(server: ServerView, session: SessionSeen, held: set[str], denied: tuple[str, ...]) -> str | None:
    """The group that allows the product's looks; None when it is missing. Outside the product or the domain elevation is enough."""
    if FULL_GROUP.lower() in held:
        return FULL_GROUP
    if not server.lync or server.edge or not session.domain_joined:
        return ADMINISTRATORS
    if denied:
        return None
    return next((group for group in VIEW_GROUPS if group.lower() in held), None)


def second_hop(server: ServerView) -> Finding:
    """Whether looks that leave the server (the Central Management Store's database, the directory) were let through."""
    check, evidence = "second-hop", server.evidence
    if finding := unanswered(check, server):
        return finding
    session = evidence.session.value if isinstance(evidence.session, Seen) else None
    authentication = session.authentication if session else ""
    if refused := tuple(_refused(server, "second-hop")):
        directory = evidence.hop.value.directory if isinstance(evidence.hop, Seen) else ""
        return say(
            check,
            "refused",
            server.name,
            refused_looks=refused,
            authentication=authentication,
            directory=directory,
            ways=_ways(session),
        )
    if server.lync is False:
        return say_not_needed(check, server.name, "nothing-needed-it")
    if isinstance(evidence.replication, NotSeen):
        return say_unseen(check, server.name, evidence.replication, "replication", (server.name,))
    if not evidence.replication.value.asked:
        return say_not_needed(check, server.name, "nothing-needed-it")
    return say(check, "pass", server.name, authentication=authentication)


def _ways(session: SessionSeen | None) -> tuple[str, ...]:
    """The ways round that apply, best first. Never TrustedHosts=*: that opens the workstation and hops nowhere."""
    ways = ["product-endpoint", "run-on-the-server"]
    if session is None or "credssp" not in session.authentication.lower():
        ways.insert(0, "credssp")
    if session is not None and session.domain_joined and session.authentication.lower() == "kerberos":
        ways.append("kerberos-delegation")
    return tuple(ways)
