"""Judges the Central Management Server: is one in charge, do its services run, does it show signs of life."""

from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView, service_of
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import ReplicationSeen

SERVICES = ("MASTER", "FTA")


def no_lync_server(deployment: DeploymentView) -> bool:
    """Whether it is known of every server that it has no product this check is about."""
    return all(server.lync is False for server in deployment.servers)


def cms_master(deployment: DeploymentView, look: Look) -> Finding:
    """A stopped master service on any other server is a stand-by, not a fault."""
    check = "cms-master"
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    name, status = deployment.cms_server_name, deployment.cms.status
    if isinstance(status, NotSeen):
        return say_unseen(check, None, status, "replication", deployment.cms.asked or deployment.cms.perhaps)
    if not status.active_master:
        return say(check, "no-active-master", None, cms_server=name)
    if not status.active_file_transfer_agents:
        return say(check, "no-file-transfer-agent", None, active_master=status.active_master, cms_server=name)
    server = deployment.cms_server
    if server is not None and (stopped := _stopped_services(server, status, deployment)):
        return say(check, "service-stopped", None, stopped_services=stopped, cms_server=server.name)
    if finding := _heartbeat(status, deployment, look):
        return finding
    if server is not None and isinstance(services := server.evidence.services, NotSeen):
        return say_unseen(check, None, services, "services", (server.name,))
    return say(
        check,
        "pass",
        None,
        active_master=status.active_master,
        file_transfer_agents=status.active_file_transfer_agents,
        cms_server=name,
    )


def _stopped_services(server: ServerView, status: ReplicationSeen, deployment: DeploymentView) -> tuple[str, ...]:
    """Of the two services, those that exist on the active server and do not run. The file transfer agent may sit on another one."""
    transfers = {deployment.hosts.find(agent) for agent in status.active_file_transfer_agents}
    stopped = []
    for name in SERVICES:
        if name == "FTA" and server.position not in transfers and transfers - {None}:
            continue
        service = service_of(server.evidence, name)
        if service is not None and service.state.lower() != "running":
            stopped.append(name)
    return tuple(stopped)


def _heartbeat(status: ReplicationSeen, deployment: DeploymentView, look: Look) -> Finding | None:
    """The table's heartbeat against the clock of the server that printed it."""
    if status.last_heartbeat is None or deployment.cms.told_by is None:
        return None
    teller = deployment.servers[deployment.cms.told_by]
    age_minutes = seconds_between(status.last_heartbeat, teller.time) / 60
    if age_minutes <= look.thresholds.heartbeat_minutes:
        return None
    return say(
        "cms-master",
        "heartbeat-old",
        None,
        last_heartbeat=iso(status.last_heartbeat),
        age_minutes=tenth(age_minutes),
        allowed_minutes=look.thresholds.heartbeat_minutes,
        cms_server=deployment.cms_server_name,
    )
