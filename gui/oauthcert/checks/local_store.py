"""Judges a server's own copy of the configuration: is it there, does it name the deployment's certificate, is its replica running."""

from oauthcert.checks.assignment import LocalAssignment, Standing, plain_thumbprint
from oauthcert.checks.gates import not_told, outside_lync, outside_oauth, unseen, without_reference
from oauthcert.checks.hosts import is_address
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, tenth
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.topology import names_machine
from oauthcert.checks.view import DeploymentView, ServerView, service_of
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import Assignment

DATABASE_SERVICE = "MSSQL$RTCLOCAL"
_RUNNING = "running"


def local_store_present(server: ServerView) -> Finding:
    """Test-CsReplica's answer; before it the database service, after it whether the topology knows this machine."""
    check, evidence = "local-store-present", server.evidence
    if finding := outside_lync(check, server):
        return finding
    database = service_of(evidence, DATABASE_SERVICE)
    if database is not None and database.state.lower() == "stopped":
        return say(check, "database-stopped", server.name, service=database.name, state=database.state)
    replica = evidence.replica
    if isinstance(replica, NotSeen):
        return say_unseen(check, server.name, replica, "replica", (server.name,))
    if not replica.value.passed:
        return say(check, "test-failed", server.name, problems=replica.value.problems)
    names = tuple(name for name in server.names if not is_address(name))
    if names and isinstance(evidence.topology, Seen):
        topology = evidence.topology.value
        if topology.clusters and not names_machine(topology, names):
            return say(check, "not-in-topology", server.name, fqdn=max(names, key=len))
    return say(check, "pass", server.name)


def replica_service(server: ServerView) -> Finding:
    check, evidence = "replica-service", server.evidence
    if finding := outside_lync(check, server) or unseen(check, server, evidence.services, "services"):
        return finding
    service = service_of(evidence, "REPLICA")
    if service is None:
        return say(check, "missing", server.name)
    running, mode = service.state.lower() == _RUNNING, service.start_mode.lower()
    if mode == "disabled":
        variant = "disabled"
    elif not running:
        variant = "stopped"
    else:
        variant = "not-automatic" if mode == "manual" else "pass"
    return say(check, variant, server.name, state=service.state, start_mode=service.start_mode)


def local_store_current(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """Compares the content of this server's store with the reference, not the replication's status."""
    check, evidence = "local-store-current", server.evidence
    if finding := outside_oauth(check, server):
        return finding
    if deployment.reference.standing is Standing.NOT_SEEN and isinstance(evidence.oauth, NotSeen):
        # Two stores are compared here, and neither was read.
        asked = dict.fromkeys((server.name, deployment.reference_server or server.name))
        return say_unseen(check, server.name, evidence.oauth, "oauth", asked)
    if finding := without_reference(check, server, deployment):
        return finding
    local = server.local
    if local is None:
        return unseen(check, server, evidence.oauth, "oauth") or not_told(check, server, "oauth")
    reference = deployment.reference
    if local.current is None and local.unnamed is not None:
        only = NotSeen("not-found-or-untrusted", {"message": local.unnamed.message or ""})
        return say_unseen(check, server.name, only, "oauth", (server.name,))
    if local.thumbprint == reference.thumbprint:
        return say(check, "pass", server.name, thumbprint=local.thumbprint, reference_server=deployment.reference_server)
    return _behind_or_ahead(server, local, deployment, look)


def _behind_or_ahead(server: ServerView, local: LocalAssignment, deployment: DeploymentView, look: Look) -> Finding:
    check, reference = "local-store-current", deployment.reference
    variant = "missing"
    if local.current is not None and reference.assignment is not None:
        variant = _order(local.current, reference.assignment)
    age = deployment.assigned_seconds_ago()
    told = {"reference_thumbprint": reference.thumbprint, "reference_server": deployment.reference_server}
    if variant != "newer" and is_arriving(age, look) and age is not None:
        return say(
            check,
            "still-arriving",
            server.name,
            **told,
            assigned_at=iso(deployment.assigned_at()),
            age_seconds=tenth(age),
            allowed_seconds=look.thresholds.arriving_seconds,
        )
    return say(check, variant, server.name, **told, thumbprint=local.thumbprint, assigned_at=iso(deployment.assigned_at()))


def is_arriving(age_seconds: float | None, look: Look) -> bool:
    """Whether a change of this age may still be on its way. One that claims to be of the near future counts by its distance."""
    return age_seconds is not None and abs(age_seconds) < look.thresholds.arriving_seconds


def _order(local: Assignment, reference: Assignment) -> str:
    """Whether the local store's certificate was assigned before or after the reference; `different` when nothing tells."""
    if plain_thumbprint(reference.previous_thumbprint) == plain_thumbprint(local.thumbprint):
        return "older"
    if plain_thumbprint(local.previous_thumbprint) == plain_thumbprint(reference.thumbprint):
        return "newer"
    for mine, its in ((local.update_time, reference.update_time), (local.not_before, reference.not_before)):
        if mine is not None and its is not None and mine != its:
            return "newer" if mine > its else "older"
    return "different"
