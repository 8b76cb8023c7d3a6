"""What the probes of the product printed: topology, replica, OAuth assignment, replication status, events, transport."""

from oauthcert.collect.fields import Fields
from oauthcert.model.server_evidence import (
    Assignment,
    Cluster,
    EventSeen,
    ReplicaSeen,
    ReplicaState,
    ReplicationSeen,
    TopologySeen,
    TopologyService,
    TransportSeen,
)


def topology(answer: Fields) -> TopologySeen:
    return TopologySeen(
        clusters=answer.objects("clusters", _cluster),
        services=answer.objects("services", _service),
        default_sip_domain=answer.maybe_text("defaultSipDomain"),
        sip_domains=answer.texts("sipDomains"),
        complete=answer.flag("complete"),
    )


def _cluster(item: Fields) -> Cluster:
    return Cluster(
        fqdn=item.text("fqdn"),
        site=item.text("site"),
        number=item.text("number"),
        requires_replication=item.flag("requiresReplication"),
        requires_setup=item.flag("requiresSetup"),
        on_edge=item.flag("onEdge"),
        machines=item.texts("machines"),
    )


def _service(item: Fields) -> TopologyService:
    return TopologyService(item.text("role"), item.text("cluster"), item.maybe_flag("active"), item.maybe_flag("director"))


def replica(answer: Fields) -> ReplicaSeen:
    return ReplicaSeen(answer.flag("passed"), answer.texts("problems"))


def assignment(item: Fields) -> Assignment:
    return Assignment(
        thumbprint=item.maybe_thumbprint("thumbprint"),
        subject=item.maybe_text("subject"),
        issuer=item.maybe_text("issuer"),
        serial=item.maybe_text("serial"),
        not_before=item.maybe_time("notBefore"),
        not_after=item.maybe_time("notAfter"),
        use=item.maybe_text("use"),
        source_scope=item.maybe_text("sourceScope"),
        effective_date=item.maybe_time("effectiveDate"),
        previous_thumbprint=item.maybe_thumbprint("previousThumbprint"),
        update_time=item.maybe_time("updateTime"),
        not_found_or_untrusted=item.flag("notFoundOrUntrusted"),
        message=item.maybe_text("message"),
    )


def replication(answer: Fields) -> ReplicationSeen:
    return ReplicationSeen(
        asked=answer.flag("asked"),
        why=answer.maybe_text("why"),
        replicas=answer.objects("replicas", _replica_state),
        active_master=answer.maybe_text("activeMaster"),
        active_file_transfer_agents=answer.texts("activeFileTransferAgents"),
        last_heartbeat=answer.maybe_time("lastHeartbeat"),
    )


def _replica_state(item: Fields) -> ReplicaState:
    return ReplicaState(
        fqdn=item.text("fqdn"),
        up_to_date=item.flag("upToDate"),
        last_status_report=item.maybe_time("lastStatusReport"),
        last_update_creation=item.maybe_time("lastUpdateCreation"),
        product_version=item.maybe_text("productVersion"),
    )


def event(item: Fields) -> EventSeen:
    return EventSeen(
        provider=item.text("provider"),
        id=item.count("id"),
        level=item.count("level"),
        time=item.time("time"),
        message=item.text("message"),
        log=item.text("log"),
    )


def transport(item: Fields) -> TransportSeen:
    return TransportSeen(
        replica=item.text("replica"),
        port=item.count("port"),
        open=item.flag("open"),
        error=item.maybe_text("error"),
        milliseconds=item.count("milliseconds"),
    )
