"""The topology document of a deployment, as Get-CsTopology -AsXml prints it: sites, clusters, machines and the services on them."""

from dataclasses import dataclass
from xml.etree import ElementTree

from oauthcert.lab.deployment import Deployment
from oauthcert.lab.machines import Machine
from oauthcert.lab.products import Role

TOPOLOGY = "urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008"
ROLES = "urn:schema:Microsoft.Rtc.Management.Deploy.ServiceRoles.2008"
_TYPES = "Microsoft.Rtc.Management.Deploy.Internal.ServiceRoles."

_HOME = ("UserServices", "Registrar", "FileStore", "WebServices", "ConfServices", "ApplicationServer")
_SERVICES = {
    Role.STANDARD_EDITION: _HOME,
    Role.FRONT_END: _HOME,
    Role.DIRECTOR: ("Registrar", "FileStore", "WebServices"),
    Role.MEDIATION: ("MediationServer",),
    Role.EDGE: ("EdgeServer",),
    Role.SQL: (),
}
_DETAILS = {
    "Registrar": "RegistrarService",
    "FileStore": "FileStoreService",
    "WebServices": "WebService",
    "ConfServices": "ConfService",
    "ApplicationServer": "ApplicationServerService",
    "MediationServer": "MediationService",
    "EdgeServer": "EdgeService",
    "CentralMgmt": "CentralMgmtService",
}


@dataclass(frozen=True, slots=True)
class ClusterPart:
    """A pool, or a server that stands alone. `site` is the site's number, `number` counts the clusters of a site."""

    fqdn: str
    site: int
    number: int
    role: Role
    machines: tuple[Machine, ...]

    @property
    def requires_setup(self) -> bool:
        return self.role is not Role.SQL


@dataclass(frozen=True, slots=True)
class ServicePart:
    """A service role on a cluster; `active` only for CentralMgmt, `director` only for Registrar."""

    role: str
    instance: int
    cluster: ClusterPart
    sql_instance: str | None = None
    active: bool | None = None
    director: bool | None = None


def sites(deployment: Deployment) -> tuple[str, ...]:
    """The names of the central sites; the number of a site is its place here, from 1."""
    return tuple(dict.fromkeys(machine.site for machine in deployment.machines.values()))


def clusters(deployment: Deployment) -> tuple[ClusterPart, ...]:
    """In the order in which their first machines were added."""
    names = sites(deployment)
    members: dict[str, list[Machine]] = {}
    for machine in deployment.machines.values():
        members.setdefault(machine.cluster, []).append(machine)
    counts = dict.fromkeys(names, 0)
    found = []
    for fqdn, machines in members.items():
        site = machines[0].site
        counts[site] += 1
        found.append(ClusterPart(fqdn, names.index(site) + 1, counts[site], machines[0].role, tuple(machines)))
    return tuple(found)


def services(deployment: Deployment) -> tuple[ServicePart, ...]:
    """All service roles; those of databases are installed on an SQL instance of their cluster."""
    found: list[ServicePart] = []
    instances: dict[tuple[int, str], int] = {}

    def add(role: str, cluster: ClusterPart, *, sql: str | None = None, active: bool | None = None, director: bool | None = None) -> None:
        instance = instances[cluster.site, role] = instances.get((cluster.site, role), 0) + 1
        found.append(ServicePart(role, instance, cluster, sql, active, director))

    parts = clusters(deployment)
    for cluster in parts:
        for role in _SERVICES[cluster.role]:
            add(role, cluster, director=cluster.role is Role.DIRECTOR if role == "Registrar" else None)
        if any(machine.central_management for machine in cluster.machines):
            add("CentralMgmt", cluster, active=deployment.active_master.cluster == cluster.fqdn)
        if cluster.role is Role.STANDARD_EDITION:
            add("UserStore", cluster, sql="rtc")
        if any(machine.name == deployment.store for machine in cluster.machines):
            add("CentralMgmtStore", cluster, sql="rtc")
    return tuple(found)


def topology_xml(deployment: Deployment) -> str:
    """The document; its elements and attributes as published topologies show them."""
    top = ElementTree.Element("Topology", {"xmlns": TOPOLOGY, "Signature": "7d3c3ad8-3c8a-4fd0-9f2e-2d0c6d1a0001"})
    domains = ElementTree.SubElement(top, "InternalDomains", {"AllowAllDomains": "false", "DefaultDomain": deployment.sip_domain})
    ElementTree.SubElement(domains, "InternalDomain", {"Name": deployment.sip_domain, "Authoritative": "false", "AllowSubDomains": "false"})
    site_list = ElementTree.SubElement(top, "Sites")
    for number, name in enumerate(sites(deployment), start=1):
        site = ElementTree.SubElement(site_list, "CentralSite", {"SiteId": str(number)})
        ElementTree.SubElement(site, "Name").text = name
        ElementTree.SubElement(site, "Location")
    cluster_list = ElementTree.SubElement(top, "Clusters")
    parts = services(deployment)
    for cluster in clusters(deployment):
        _add_cluster(cluster_list, cluster)
    instances = ElementTree.SubElement(top, "SqlInstances")
    for cluster in dict.fromkeys(part.cluster for part in parts if part.sql_instance):
        _add_sql_instance(ElementTree.SubElement(instances, "SqlInstance"), "rtc", cluster)
    service_list = ElementTree.SubElement(top, "Services")
    for part in parts:
        _add_service(service_list, part, deployment.product.service_version)
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode")


def _add_cluster(parent: ElementTree.Element, cluster: ClusterPart) -> None:
    replicates = "true" if cluster.requires_setup else "false"
    element = ElementTree.SubElement(
        parent, "Cluster", {"RequiresReplication": replicates, "RequiresSetup": replicates, "Fqdn": cluster.fqdn}
    )
    if cluster.role is Role.EDGE:
        element.set("IsOnEdge", "true")
    _add_cluster_id(element, cluster)
    for ordinal, machine in enumerate(cluster.machines, start=1):
        names = {"OrdinalInCluster": str(ordinal), "Fqdn": machine.name, "FaultDomain": machine.name, "UpgradeDomain": machine.name}
        node = ElementTree.SubElement(element, "Machine", names)
        for side in ("Primary", "External"):
            ElementTree.SubElement(node, "NetInterface", {"InterfaceSide": side, "InterfaceNumber": "1", "IPAddress": "0.0.0.0"})  # noqa: S104


def _add_service(parent: ElementTree.Element, part: ServicePart, version: int) -> None:
    element = ElementTree.SubElement(parent, "Service", {"RoleVersion": "1", "ServiceVersion": str(version)})
    detail = _DETAILS.get(part.role)
    if detail:
        element.set("Type", _TYPES + detail)
    ids = {"SiteId": str(part.cluster.site), "RoleName": part.role, "Instance": str(part.instance)}
    ElementTree.SubElement(element, "ServiceId", ids)
    ElementTree.SubElement(element, "DependsOn")
    installed_on = ElementTree.SubElement(element, "InstalledOn")
    if part.sql_instance:
        _add_sql_instance(installed_on, part.sql_instance, part.cluster)
    else:
        _add_cluster_id(installed_on, part.cluster)
    ElementTree.SubElement(element, "Ports", {"xmlns": ROLES})
    if detail:
        settings = {"xmlns": ROLES}
        if part.active is not None:
            settings["IsActive"] = str(part.active).lower()
        if part.director is not None:
            settings["IsDirector"] = str(part.director).lower()
        ElementTree.SubElement(element, detail, settings)


def _add_sql_instance(parent: ElementTree.Element, name: str, cluster: ClusterPart) -> None:
    _add_cluster_id(ElementTree.SubElement(parent, "SqlInstanceId", {"Name": name}), cluster)


def _add_cluster_id(parent: ElementTree.Element, cluster: ClusterPart) -> None:
    ElementTree.SubElement(parent, "ClusterId", {"SiteId": str(cluster.site), "Number": str(cluster.number)})
