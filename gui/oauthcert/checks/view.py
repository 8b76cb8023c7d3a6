"""What follows from the evidence of all servers together, worked out once: roles, clocks, the CMS server, the reference certificate.

Linear in the number of servers. Judges read it; it decides no verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from oauthcert.checks.assignment import LocalAssignment, Reference, find_reference, local_assignment
from oauthcert.checks.hosts import Hosts, plain
from oauthcert.checks.installed import has_lync
from oauthcert.checks.look import Look
from oauthcert.checks.moments import shifted
from oauthcert.checks.skew import ReferenceClock, Skew, clock_of, on_the_spot, reference_clock, skew_of
from oauthcert.checks.topology import Topology
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.server_evidence import Cluster, ReplicaState, ReplicationSeen, ServerEvidence, ServiceSeen


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server as the judges see it.

    `names` are all full names it is known by, plain. `lync` and `needs_oauth` are None where nothing tells. `time` is the server's
    own clock at the look (the workstation's where its clock is not known). `local` is None when its local store was not read.
    `roles` are those of its cluster in lower case, empty where no topology names the machine.
    `unanswered` is why nothing more can be asked of it (not reached, or not signed in); None when it could be asked.
    """

    position: int
    evidence: ServerEvidence
    names: tuple[str, ...]
    lync: bool | None
    cluster: Cluster | None
    edge: bool
    needs_oauth: bool | None
    time: datetime
    skew: Skew | None
    local: LocalAssignment | None
    unanswered: NotSeen | None
    roles: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.evidence.server


@dataclass(frozen=True, slots=True)
class CmsView:
    """The Central Management Server: `name` as far as any topology tells, `server` its position if it was looked at.

    `status` is its replication table, or why there is none, `rows` the lines of it by server; `asked` is the one server that told or
    should have told (empty when it was not looked at), `perhaps` those that could not be asked who they are, when nobody knows the name.
    `newest_change` is the latest time, by the teller's clock, at which a snapshot was made for any replica of the table.
    """

    name: str
    server: int | None
    status: ReplicationSeen | NotSeen
    told_by: int | None
    asked: tuple[str, ...]
    perhaps: tuple[str, ...]
    rows: Mapping[int, ReplicaState]
    newest_change: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeploymentView:
    servers: tuple[ServerView, ...]
    hosts: Hosts
    topology: Topology | None
    clock: ReferenceClock | None
    cms: CmsView
    reference: Reference
    now: datetime
    """The reference clock's time at the look; the workstation's when there is no reference."""

    @property
    def cms_server(self) -> ServerView | None:
        return None if self.cms.server is None else self.servers[self.cms.server]

    @property
    def cms_server_name(self) -> str:
        """For people: the name of the server that told about replication, else as the topology has it; may be empty."""
        position = self.cms.told_by if self.cms.told_by is not None else self.cms.server
        return self.cms.name if position is None else self.servers[position].name

    @property
    def reference_server(self) -> str:
        return "" if self.reference.server is None else self.servers[self.reference.server].name

    def assigned_seconds_ago(self) -> float | None:
        """Age of the reference assignment by the reference clock; negative when it claims to be of the future. None when not told."""
        assigned = self.assigned_at()
        return None if assigned is None else (self.now - assigned).total_seconds()

    def assigned_at(self) -> datetime | None:
        """When the reference certificate was assigned, by the reference clock; the CMS server's clock is taken to have written it."""
        assignment = self.reference.assignment
        if assignment is None or assignment.update_time is None:
            return None
        return corrected(assignment.update_time, self.cms_server)


def corrected(moment: datetime, server: ServerView | None) -> datetime:
    """A time some server's clock gave, by the reference clock. Skews within their own error correct nothing."""
    skew = None if server is None else server.skew
    if skew is None or not skew.surely_beyond(0):
        return moment
    return shifted(moment, -skew.offset_seconds)


def deployment_view(evidence: Sequence[ServerEvidence], look: Look) -> DeploymentView:
    servers = tuple(evidence)
    names = tuple(_names_of(server) for server in servers)
    hosts = Hosts.of(names)
    reference_time = reference_clock(servers)
    topology, cms_machines = _topology(servers, names)
    cms_position = _cms_position(servers, hosts, cms_machines)
    times = tuple(_time_of(e, look) for e in servers)
    local = tuple(
        local_assignment(e.oauth.value, time) if isinstance(e.oauth, Seen) else None for e, time in zip(servers, times, strict=True)
    )
    cms_name = cms_machines[0] if cms_machines else ""
    views = tuple(
        _server_view(position, e, names[position], times[position], local[position], skew_of(e, reference_time), topology)
        for position, e in enumerate(servers)
    )
    cms = _cms_view(views, hosts, cms_position, cms_name)
    return DeploymentView(
        servers=views,
        hosts=hosts,
        topology=topology,
        clock=reference_time,
        cms=cms,
        reference=find_reference(servers, local, cms_position, cms_name),
        now=_now(views, cms, reference_time, look),
    )


def _time_of(evidence: ServerEvidence, look: Look) -> datetime:
    """The server's own clock at the look; evidence files may be hours apart, and each brings its own moment."""
    if on_the_spot(evidence):
        return evidence.finished or evidence.started or look.now
    clock = clock_of(evidence)
    return shifted(look.now, clock.offset_seconds) if clock else look.now


def _now(servers: Sequence[ServerView], cms: CmsView, clock: ReferenceClock | None, look: Look) -> datetime:
    """The reference clock at the look. What the CMS server's evidence file tells is as old as that file."""
    if clock is not None:
        return shifted(look.now, clock.offset_seconds)
    teller = cms.told_by if cms.told_by is not None else cms.server
    if teller is not None and on_the_spot(servers[teller].evidence):
        return corrected(servers[teller].time, servers[teller])
    return look.now


def _names_of(evidence: ServerEvidence) -> tuple[str, ...]:
    names = [evidence.server]
    if isinstance(evidence.session, Seen):
        session = evidence.session.value
        names += [session.fqdn, f"{session.computer}.{session.domain}" if session.computer and session.domain else session.computer]
    elif isinstance(evidence.hello, Seen):
        names.append(evidence.hello.value.computer)
    return tuple(dict.fromkeys(plain(name) for name in names if name and name.strip()))


def _topology(servers: Sequence[ServerEvidence], names: Sequence[tuple[str, ...]]) -> tuple[Topology | None, tuple[str, ...]]:
    """One topology for all: that of a CMS server if it was read, else the first that says anything. And the CMS server's names."""
    first: Topology | None = None
    for position, evidence in enumerate(servers):
        if not isinstance(evidence.topology, Seen) or not evidence.topology.value.clusters:
            continue
        if first is not None and not _asked_for_status(evidence):
            continue
        topology = Topology.of(evidence.topology.value)
        if not set(topology.cms_machines).isdisjoint(names[position]):
            return topology, topology.cms_machines
        first = first or topology
    return first, first.cms_machines if first else ()


def _asked_for_status(evidence: ServerEvidence) -> bool:
    """Whether this server runs, or seems to run, the master service, so that it was asked for the replication table."""
    if isinstance(evidence.replication, Seen):
        return evidence.replication.value.asked
    return service_of(evidence, "MASTER") is not None


def service_of(evidence: ServerEvidence, name: str) -> ServiceSeen | None:
    if not isinstance(evidence.services, Seen):
        return None
    return next((service for service in evidence.services.value if service.name.lower() == name.lower()), None)


def _cms_position(servers: Sequence[ServerEvidence], hosts: Hosts, cms_machines: Sequence[str]) -> int | None:
    """The active CMS server among those looked at: as the table itself says, else the topology, else who runs the master service."""
    asked = [position for position, evidence in enumerate(servers) if _asked_for_status(evidence)]
    for teller in asked:
        replication = servers[teller].replication
        if isinstance(replication, Seen) and replication.value.active_master:
            active = hosts.find(replication.value.active_master)
            if active is not None:
                return active
    listed = [position for name in cms_machines if (position := hosts.find(name)) is not None]
    running = [p for p in asked if (master := service_of(servers[p], "MASTER")) and master.state.lower() == "running"]
    for choice in ([p for p in listed if p in running], [p for p in listed if p in asked], listed):
        if choice:
            return choice[0]
    if cms_machines:  # the topology names others: a master service here is a stand-by
        return None
    told = [p for p in asked if isinstance(replication := servers[p].replication, Seen) and replication.value.replicas]
    return next(iter(told or running or asked), None)


def _cms_view(servers: Sequence[ServerView], hosts: Hosts, position: int | None, name: str) -> CmsView:
    tellers = [s for s in servers if isinstance(s.evidence.replication, Seen) and s.evidence.replication.value.asked]
    tellers.sort(key=lambda s: s.position != position)
    if tellers:
        replication = tellers[0].evidence.replication
        if isinstance(replication, Seen):
            rows: dict[int, ReplicaState] = {}
            for row in replication.value.replicas:
                if (found := hosts.find(row.fqdn)) is not None:
                    rows.setdefault(found, row)
            changes = (row.last_update_creation for row in replication.value.replicas)
            newest = max((change for change in changes if change is not None), default=None)
            teller = tellers[0]
            return CmsView(name, position, replication.value, teller.position, (teller.name,), (), MappingProxyType(rows), newest)
    why = NotSeen("cms-not-looked-at", {"cms_server": name})
    if position is not None:
        server = servers[position]
        answer = server.evidence.replication
        seen_why = server.unanswered or (answer if isinstance(answer, NotSeen) else why)
        return CmsView(name or server.name, position, seen_why, None, (server.name,), (), MappingProxyType({}))
    perhaps = () if name else tuple(s.name for s in servers if s.unanswered is not None and s.lync is not False)
    return CmsView(name, None, why, None, (), perhaps, MappingProxyType({}))


def _server_view(
    position: int,
    evidence: ServerEvidence,
    names: tuple[str, ...],
    time: datetime,
    local: LocalAssignment | None,
    skew: Skew | None,
    shared: Topology | None,
) -> ServerView:
    topology, cluster = shared, shared.cluster_of(names) if shared else None
    if cluster is None and isinstance(evidence.topology, Seen) and evidence.topology.value.clusters:
        own = Topology.of(evidence.topology.value)  # its store may know a machine the CMS server's does not
        if (listed := own.cluster_of(names)) is not None:
            topology, cluster = own, listed
    edge = topology is not None and cluster is not None and topology.is_edge(cluster)
    if isinstance(evidence.reach, NotSeen):
        unanswered: NotSeen | None = evidence.reach
    else:
        unanswered = evidence.sign_in if isinstance(evidence.sign_in, NotSeen) else None
    named_itself = local is not None and (local.current is not None or local.unnamed is not None)
    needs: bool | None = None
    if edge:
        needs = False
    elif named_itself or (topology is not None and cluster is not None and topology.needs_oauth(cluster)):
        needs = True
    elif cluster is not None and local is not None:
        needs = False
    roles = frozenset[str]() if topology is None or cluster is None else topology.roles_of(cluster)
    return ServerView(position, evidence, names, has_lync(evidence), cluster, edge, needs, time, skew, local, unanswered, roles)
