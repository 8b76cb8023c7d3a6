"""Judges whether the Central Management Server can deliver to a server: its port test, and what its event log says of that server."""

import re

from oauthcert.checks.hosts import is_address
from oauthcert.checks.moments import iso
from oauthcert.checks.replication import outside_replication
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView, corrected
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding
from oauthcert.model.server_evidence import EventSeen, TransportSeen

EVENTS = {
    1034: "access-denied",  # no access to the replica's share (OfficeDocs-Support: central-management-store-replication-failures)
    1015: "certificate-mismatch",  # the certificate of the Edge server does not fit its name (same page)
    1017: "transfer-failed",  # some replicas could not be served (same page)
    2020: "file-store",  # the from-replica folder cannot be watched: unsupported file store (issue-file-store-share-unsupported)
}
"""Event ids of the file transfer and master agents, and what each says. 1046 has been seen, but nobody knows its meaning."""
_EXCLUSIVE_CA_TRUST = 2  # Schannel's ClientAuthTrustMode; with it the list of trusted issuers does not decide
_OWN_EVENTS = frozenset({2020})  # about the file store, whatever host that is on
_FULL_NAME = re.compile(r"(?<![\w.-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)+")
_HOST_IN_PATH = re.compile(r"(?:\\\\|://)([A-Za-z0-9][\w.-]*)")


class Deliveries:
    """The CMS server's word on every server: port tests by server, failed deliveries by server, those that name nobody.

    Worked out once, so that judging a server costs a look-up.
    """

    def __init__(self, deployment: DeploymentView) -> None:
        cms = deployment.cms_server
        self.server = cms
        self.ports: dict[int, TransportSeen] = {}
        self.failures: dict[int, EventSeen] = {}
        if cms is None:
            return
        if isinstance(cms.evidence.transport, Seen):
            for test in cms.evidence.transport.value:
                found = deployment.hosts.find(test.replica)
                if found is not None and (found not in self.ports or not test.open):
                    self.ports[found] = test
        if isinstance(cms.evidence.events, Seen):
            events = sorted((e for e in cms.evidence.events.value if e.id in EVENTS), key=lambda e: e.time)
            for event in events:  # the latest stays
                for position in _receivers(event, cms.position, deployment):
                    self.failures[position] = event


def _receivers(event: EventSeen, cms: int, deployment: DeploymentView) -> frozenset[int]:
    """Whom the failed delivery was for: every server it names, by full name or as the host of a share or address; else the sender."""
    if event.id in _OWN_EVENTS:
        return frozenset({cms})
    hosts = {*_FULL_NAME.findall(event.message), *_HOST_IN_PATH.findall(event.message)}
    named = frozenset(found for host in hosts if (found := deployment.hosts.find(host)) is not None) - {cms}
    elsewhere = deployment.topology is not None and deployment.topology.cluster_of(hosts) is not None
    return named if named or elsewhere else frozenset({cms})


def replication_transport(server: ServerView, deployment: DeploymentView, deliveries: Deliveries) -> Finding:
    """Reported for the receiving server. What failed before its last good report is over."""
    check, cms = "replication-transport", deliveries.server
    if server is cms:
        return _cms_itself(server, deployment, deliveries)
    if server.position not in deliveries.ports and (finding := outside_replication(check, server, deployment)):
        return finding
    if cms is None:
        why = deployment.cms.status if isinstance(deployment.cms.status, NotSeen) else NotSeen("cms-not-looked-at")
        return say_unseen(check, server.name, why, "transport", deployment.cms.asked)
    return _delivery(server, cms, deployment, deliveries)


def _cms_itself(server: ServerView, deployment: DeploymentView, deliveries: Deliveries) -> Finding:
    """Nothing is sent over the network to itself; failures that name nobody are its own."""
    check, evidence = "replication-transport", server.evidence
    if finding := outside_replication(check, server, deployment):
        return finding
    if isinstance(evidence.events, NotSeen):
        why = server.unanswered or evidence.events
        return say_unseen(check, server.name, why, "events", (server.name,))
    failure = _lasting_failure(server, deployment, deliveries)
    return _failed(server, failure, server.name) if failure else say(check, "cms-server-itself", server.name)


def _delivery(server: ServerView, cms: ServerView, deployment: DeploymentView, deliveries: Deliveries) -> Finding:
    check, transport, events = "replication-transport", cms.evidence.transport, cms.evidence.events
    test = deliveries.ports.get(server.position)
    if test is not None and not test.open:
        return say(check, "port-closed", server.name, cms_server=cms.name, port=test.port, error=test.error or "")
    if _share_is_missing(server):
        return say(check, "share-missing", server.name, cms_server=cms.name, share=f"\\\\{server.name}\\xds-replica")
    if failure := _lasting_failure(server, deployment, deliveries):
        return _failed(server, failure, cms.name)
    if finding := _issuers_cut(server, cms, deployment):
        return finding
    if cms.unanswered is not None:
        return say_unseen(check, server.name, cms.unanswered, "transport", (cms.name,))
    for look, part in (("transport", transport), ("events", events)):
        if isinstance(part, NotSeen):
            return say_unseen(check, server.name, part, look, (cms.name,))
    if test is None:
        reason = "name-not-matched" if all(is_address(name) for name in server.names) else "not-tested"
        return say_unseen(check, server.name, NotSeen(reason), "transport", (cms.name,))
    return say(check, "pass", server.name, cms_server=cms.name, port=test.port)


def _share_is_missing(server: ServerView) -> bool:
    """Inside, the snapshot is laid into a share of the receiving server; an Edge server takes it over https."""
    platform = server.evidence.platform
    return server.cluster is not None and not server.edge and isinstance(platform, Seen) and not platform.value.replica_share


def _issuers_cut(server: ServerView, cms: ServerView, deployment: DeploymentView) -> Finding | None:
    """An Edge server that never reported though its port is open: the client certificate may fail to fit a cut list (lync.md D-36)."""
    platform, row = server.evidence.platform, deployment.cms.rows.get(server.position)
    if not server.edge or row is None or row.last_status_report is not None or isinstance(platform, NotSeen):
        return None
    mode, list_sent = platform.value.client_auth_trust_mode, platform.value.send_trusted_issuer_list
    if mode == _EXCLUSIVE_CA_TRUST and list_sent == 0:
        return None
    return say(
        "replication-transport",
        "schannel",
        server.name,
        cms_server=cms.name,
        client_auth_trust_mode="" if mode is None else str(mode),
        send_trusted_issuer_list="" if list_sent is None else str(list_sent),
    )


def _lasting_failure(server: ServerView, deployment: DeploymentView, deliveries: Deliveries) -> EventSeen | None:
    failure = deliveries.failures.get(server.position)
    if failure is None:
        return None
    row = deployment.cms.rows.get(server.position)
    if row is not None and row.up_to_date and row.last_status_report is not None:
        told_by = None if deployment.cms.told_by is None else deployment.servers[deployment.cms.told_by]
        if corrected(row.last_status_report, told_by) >= corrected(failure.time, deliveries.server):
            return None
    return failure


def _failed(server: ServerView, event: EventSeen, cms_server: str) -> Finding:
    return say(
        "replication-transport",
        EVENTS[event.id],
        server.name,
        cms_server=cms_server,
        event_id=event.id,
        event_time=iso(event.time),
        event_message=event.message,
    )
