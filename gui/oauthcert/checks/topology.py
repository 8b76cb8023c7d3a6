"""The published topology as one server's local store holds it, indexed by machine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from oauthcert.checks.hosts import plain, short
from oauthcert.model.server_evidence import Cluster, TopologySeen

# The roles whose servers sign or check tokens: required certificate rows of the deployment guides (Front End, Standard Edition,
# Director); none of the tables for Edge, stand-alone Mediation or Persistent Chat lists one.
OAUTH_ROLES = frozenset({"registrar", "userservices", "webservices", "director"})
EDGE_ROLES = frozenset({"edgeserver", "edge"})
CMS_ROLE = "centralmgmt"


@dataclass(frozen=True, slots=True)
class Topology:
    """`machines` maps a machine's plain full name to its cluster, `roles` a cluster's plain name to its roles in lower case."""

    machines: Mapping[str, Cluster]
    roles: Mapping[str, frozenset[str]]
    cms_machines: tuple[str, ...]

    @classmethod
    def of(cls, seen: TopologySeen) -> "Topology":
        machines: dict[str, Cluster] = {}
        by_cluster: dict[str, Cluster] = {}
        for cluster in seen.clusters:
            by_cluster.setdefault(plain(cluster.fqdn), cluster)
            # A single-server cluster may list no machine: then the cluster is the machine.
            for machine in cluster.machines or (cluster.fqdn,):
                machines.setdefault(plain(machine), cluster)
        roles: dict[str, set[str]] = {}
        masters: list[tuple[bool, str]] = []
        for service in seen.services:
            role = service.role.lower()
            held = roles.setdefault(plain(service.cluster), set())
            held.add(role)
            if service.director:
                held.add("director")
            if role == CMS_ROLE:
                masters.append((service.active is True, plain(service.cluster)))
        active = [name for is_active, name in masters if is_active] or [name for _, name in masters]
        cms = [plain(m) for name in active if name in by_cluster for m in by_cluster[name].machines or (name,)]
        return cls(
            MappingProxyType(machines),
            MappingProxyType({name: frozenset(held) for name, held in roles.items()}),
            tuple(dict.fromkeys(cms)),
        )

    def cluster_of(self, names: Iterable[str]) -> Cluster | None:
        """The cluster of the machine that goes by one of these names."""
        for name in names:
            if (cluster := self.machines.get(plain(name))) is not None:
                return cluster
        return None

    def roles_of(self, cluster: Cluster) -> frozenset[str]:
        return self.roles.get(plain(cluster.fqdn), frozenset())

    def is_edge(self, cluster: Cluster) -> bool:
        return cluster.on_edge or bool(self.roles_of(cluster) & EDGE_ROLES)

    def needs_oauth(self, cluster: Cluster) -> bool:
        return not self.is_edge(cluster) and bool(self.roles_of(cluster) & OAUTH_ROLES)


def names_machine(seen: TopologySeen, names: tuple[str, ...]) -> bool:
    """Whether this topology lists a machine (or single-server cluster) by one of these names."""
    exact = set(names)
    if any(not exact.isdisjoint(cluster.machines) for cluster in seen.clusters):
        return True
    wanted = {plain(name) for name in names if name}
    labels = {name for name in wanted if "." not in name}
    for cluster in seen.clusters:
        for machine in cluster.machines or (cluster.fqdn,):
            if plain(machine) in wanted or short(machine) in labels:
                return True
    return False
