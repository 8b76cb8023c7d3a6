"""Judges Step 2: do the services exist that the topology gives this machine, and is the .NET Framework new enough for them?"""

from oauthcert.checks.expected_services import essential, usual
from oauthcert.checks.gates import not_told, outside_lync, unseen
from oauthcert.checks.look import Look
from oauthcert.checks.moments import tenth
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding

DOT_NET_RELEASE = 379893
"""4.5.2. Below it Enable-CsReplica ends with MissingMethodException, and https remoting fails (OfficeDocs-Support: KB3061064)."""


def components_installed(server: ServerView, look: Look) -> Finding:
    check, evidence = "components-installed", server.evidence
    if finding := outside_lync(check, server):
        return finding
    if isinstance(evidence.product, Seen):
        release = evidence.product.value.dot_net_release
        if release is None or release < DOT_NET_RELEASE:
            return say(check, "dot-net-old", server.name, dot_net_release=release or 0, required_release=DOT_NET_RELEASE)
    if finding := unseen(check, server, evidence.services, "services"):
        return finding
    if server.cluster is None:
        if isinstance(evidence.topology, NotSeen):
            return say_unseen(check, server.name, evidence.topology, "topology", (server.name,))
        return say_unseen(check, server.name, NotSeen("machine-not-listed"), "topology", (server.name,))
    return _compared(server, look)


def missing_services(server: ServerView, names: tuple[str, ...]) -> tuple[str, ...]:
    """Of these services, those that do not exist on the server; none when its services were not seen."""
    services = server.evidence.services
    if isinstance(services, NotSeen):
        return ()
    there = {service.name.lower() for service in services.value}
    return tuple(name for name in names if name.lower() not in there)


def _compared(server: ServerView, look: Look) -> Finding:
    check, evidence, roles = "components-installed", server.evidence, server.roles
    if isinstance(evidence.services, NotSeen):
        return not_told(check, server, "services")
    leaving = tuple(service.name for service in evidence.services.value if service.deleting)
    if leaving:
        return say(check, "marked-for-deletion", server.name, services=leaving)
    told = {"roles": tuple(sorted(roles))}
    if missing := missing_services(server, essential(roles)):
        room = evidence.platform.value.free_megabytes if isinstance(evidence.platform, Seen) else None
        if room is not None and room / 1024 < look.thresholds.setup_gigabytes:
            free = tenth(room / 1024)
            wanted = look.thresholds.setup_gigabytes
            return say(check, "no-room", server.name, **told, missing_services=missing, free_gigabytes=free, required_gigabytes=wanted)
        return say(check, "services-missing", server.name, **told, missing_services=missing)
    if missing := missing_services(server, usual(roles)):
        return say(check, "parts-missing", server.name, **told, missing_services=missing)
    return say(check, "pass", server.name, **told, services_wanted=essential(roles))
