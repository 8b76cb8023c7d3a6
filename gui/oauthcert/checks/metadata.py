"""Judges what a server publishes to partners under /metadata/json/1: is it the assigned certificate?"""

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import not_told, outside_oauth, unseen, without_reference
from oauthcert.checks.hosts import plain
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, tenth
from oauthcert.checks.say import say, say_not_needed
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.product_evidence import MetadataSeen

NEW_TLS = ("Tls12", "Tls13")


class Publications:
    """Which servers publish the assigned certificate, by pool. Worked out once, so that judging a server costs a look-up."""

    def __init__(self, deployment: DeploymentView) -> None:
        wanted = deployment.reference.thumbprint
        found: dict[str, list[str]] = {}
        for server in deployment.servers:
            metadata = server.evidence.metadata
            if server.cluster is None or not isinstance(metadata, Seen):
                continue
            if wanted in map(plain_thumbprint, metadata.value.thumbprints):
                found.setdefault(plain(server.cluster.fqdn), []).append(server.name)
        self._right = {cluster: tuple(names) for cluster, names in found.items()}

    def right_beside(self, server: ServerView) -> tuple[str, ...]:
        """The servers of the same pool that publish it: a partner behind the load balancer then sees now this one, now that one."""
        return () if server.cluster is None else self._right.get(plain(server.cluster.fqdn), ())


def metadata_published(server: ServerView, deployment: DeploymentView, publications: Publications, look: Look) -> Finding:
    check, evidence = "metadata-published", server.evidence
    if finding := outside_oauth(check, server):
        return finding
    if server.cluster is not None and "webservices" not in server.roles:
        return say_not_needed(check, server.name, "no-web-services")
    if finding := without_reference(check, server, deployment) or unseen(check, server, evidence.metadata, "metadata"):
        return finding
    if isinstance(evidence.metadata, NotSeen):
        return not_told(check, server, "metadata")
    seen = evidence.metadata.value
    if not seen.asked:
        return say(check, "no-web-server", server.name)
    return _unanswered(server, seen) or _compared(server, seen, deployment, publications, look)


def _unanswered(server: ServerView, seen: MetadataSeen) -> Finding | None:
    """No document came back, for one of four reasons."""
    check = "metadata-published"
    told: dict[str, Fact] = {"url": seen.url, "error": seen.problem or "", "message": seen.message or ""}
    if seen.problem == "TlsFailed":
        return say(check, "tls-failed", server.name, **told)
    if seen.problem is not None:
        return say(check, "no-answer", server.name, **told)
    if seen.status != 200:
        return say(check, "http-error", server.name, url=seen.url, status=seen.status or 0)
    if not seen.readable:
        return say(check, "not-metadata", server.name, url=seen.url)
    return None


def _compared(server: ServerView, seen: MetadataSeen, deployment: DeploymentView, publications: Publications, look: Look) -> Finding:
    check, wanted = "metadata-published", deployment.reference.thumbprint
    published = tuple(plain_thumbprint(one) for one in seen.thumbprints)
    told: dict[str, Fact] = {"url": seen.url, "published": published, "thumbprint": wanted}
    if wanted in published:
        if seen.tls is not None and seen.tls not in NEW_TLS:
            return say(check, "old-tls", server.name, **told, tls=seen.tls)
        return say(check, "pass", server.name, **told)
    age = deployment.assigned_seconds_ago()
    told["assigned_at"] = iso(deployment.assigned_at())
    told["servers_right"] = publications.right_beside(server)
    if published and age is not None and abs(age) < look.thresholds.publish_minutes * 60:
        allowed = look.thresholds.publish_minutes
        return say(check, "not-yet", server.name, **told, age_minutes=tenth(age / 60), allowed_minutes=allowed)
    if not published:
        return say(check, "nothing", server.name, **told)
    previous = deployment.reference.assignment.previous_thumbprint if deployment.reference.assignment else None
    return say(check, "old-certificate" if plain_thumbprint(previous) in published else "other-certificate", server.name, **told)
