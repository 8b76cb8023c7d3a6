"""Judges whether changes reach a server: what the Central Management Server's table says of it, and what arrived on it."""

from datetime import datetime

from oauthcert.checks.gates import outside_lync, without_reference
from oauthcert.checks.hosts import is_address
from oauthcert.checks.local_store import is_arriving
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView, corrected
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import ReplicaState

ARRIVED_EVENT = 3038
"""Replica Replicator Agent: replication finished on this server (seed article 001; the provider's name differs by version)."""


def outside_replication(check: str, server: ServerView, deployment: DeploymentView) -> Finding | None:
    """For checks judged from the CMS server's answers: where it knows the server, that server itself need not have answered."""
    if server.position in deployment.cms.rows:
        return None
    if finding := outside_lync(check, server):
        return finding
    if server.cluster is not None and not server.cluster.requires_replication:
        return say_not_needed(check, server.name, "not-replicated")
    return None


def row_or_reason(server: ServerView, deployment: DeploymentView) -> ReplicaState | NotSeen | None:
    """The server's row in the table; why there is no table; None when the table has no such row."""
    status = deployment.cms.status
    if isinstance(status, NotSeen):
        return status
    row = deployment.cms.rows.get(server.position)
    if row is None and all(is_address(name) for name in server.names):
        return NotSeen("name-not-matched")
    return row


def replication_up_to_date(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    check = "replication-up-to-date"
    if finding := outside_replication(check, server, deployment):
        return finding
    row = row_or_reason(server, deployment)
    if isinstance(row, NotSeen):
        return say_unseen(check, server.name, row, "replication", deployment.cms.asked)
    cms_server = deployment.cms_server_name
    if row is None:
        return say(check, "not-listed", server.name, cms_server=cms_server)
    if row.last_status_report is None:
        return say(check, "never-reported", server.name, cms_server=cms_server)
    report, creation = iso(row.last_status_report), iso(row.last_update_creation)
    times: dict[str, Fact] = {"last_status_report": report, "last_update_creation": creation, "cms_server": cms_server}
    if finding := _arriving(check, server, row, deployment, look):
        return finding
    newest = deployment.cms.newest_change
    if newest is not None:
        age_hours = seconds_between(row.last_status_report, newest) / 3600
        if age_hours > look.thresholds.report_age_hours:
            return say(
                check,
                "stale-report",
                server.name,
                **times,
                newest_change=iso(newest),
                age_hours=tenth(age_hours),
                allowed_hours=look.thresholds.report_age_hours,
            )
    if is_older_than_assignment(row, deployment):
        return say(check, "older-than-assignment", server.name, **times, assigned_at=iso(deployment.assigned_at()))
    return say(check, "pass" if row.up_to_date else "not-up-to-date", server.name, **times)


def _arriving(check: str, server: ServerView, row: ReplicaState | None, deployment: DeploymentView, look: Look) -> Finding | None:
    """A row that is not (or not with the assignment) up to date within minutes of the assignment."""
    age = deployment.assigned_seconds_ago()
    behind = row is None or not row.up_to_date or is_older_than_assignment(row, deployment)
    if age is None or not behind or not is_arriving(age, look):
        return None
    return say(
        check,
        "still-arriving",
        server.name,
        assigned_at=iso(deployment.assigned_at()),
        age_seconds=tenth(age),
        allowed_seconds=look.thresholds.arriving_seconds,
        cms_server=deployment.cms_server_name,
    )


def _teller(deployment: DeploymentView) -> ServerView | None:
    return None if deployment.cms.told_by is None else deployment.servers[deployment.cms.told_by]


def is_older_than_assignment(row: ReplicaState, deployment: DeploymentView) -> bool:
    """Whether the snapshot this replica has was made before the reference certificate was assigned."""
    assigned = deployment.assigned_at()
    if assigned is None or row.last_update_creation is None:
        return False
    return corrected(row.last_update_creation, _teller(deployment)) < assigned


def replication_arrived(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """An arrival event after the assignment on the server itself, else the table's word; each alone is enough."""
    check = "replication-arrived"
    if finding := outside_lync(check, server) or outside_replication(check, server, deployment):
        return finding
    if finding := without_reference(check, server, deployment):
        return finding
    assigned = deployment.assigned_at()
    if assigned is None:
        return say_unseen(check, server.name, NotSeen("not-told"), "oauth", (deployment.reference_server,))
    row = row_or_reason(server, deployment)
    arrival = newest_arrival(server)
    if arrival is not None and corrected(arrival, server) >= assigned:
        return say(check, "pass", server.name, arrived_at=iso(arrival), assigned_at=iso(assigned))
    if isinstance(row, ReplicaState) and row.up_to_date and row.last_update_creation and not is_older_than_assignment(row, deployment):
        return say(
            check,
            "told-by-status",
            server.name,
            last_update_creation=iso(row.last_update_creation),
            assigned_at=iso(assigned),
            cms_server=deployment.cms_server_name,
        )
    return _not_arrived(server, row, arrival, deployment, look)


def _not_arrived(
    server: ServerView, row: ReplicaState | NotSeen | None, arrival: datetime | None, deployment: DeploymentView, look: Look
) -> Finding:
    """Neither word for it; that is a failure only when both could be heard."""
    check = "replication-arrived"
    if isinstance(server.evidence.events, NotSeen):
        return say_unseen(check, server.name, server.evidence.events, "events", (server.name,))
    if isinstance(row, NotSeen):
        return say_unseen(check, server.name, row, "replication", deployment.cms.asked)
    if finding := _arriving(check, server, row, deployment, look):
        return finding
    return say(
        check,
        "not-arrived",
        server.name,
        assigned_at=iso(deployment.assigned_at()),
        newest_arrival=iso(arrival),
        up_to_date=row is not None and row.up_to_date,
        last_update_creation=iso(row.last_update_creation if row else None),
    )


def newest_arrival(server: ServerView) -> datetime | None:
    """The latest arrival event in the server's log, by its own clock."""
    if not isinstance(server.evidence.events, Seen):
        return None
    return max((event.time for event in server.evidence.events.value if event.id == ARRIVED_EVENT), default=None)
