"""How the configuration travels: MASTER makes a snapshot, FTA carries it, REPLICA loads it and reports. Computed from the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from oauthcert.lab.machines import Certificate, Key, Machine
from oauthcert.lab.timed import BEGINNING, Span, Tempo, common, first_room

SNAPSHOT = timedelta(seconds=9)
"""From the change to the package that MASTER makes for a replica."""
REPORT = timedelta(seconds=4)
"""From loading the snapshot to the report arriving at MASTER."""
INSTALL = timedelta(seconds=21)
"""From loading the snapshot to the scheduled task having put the certificate into LocalMachine\\My."""
MASTERS_OWN = timedelta(seconds=40)
"""How long it takes to the replica on the active master itself."""


@dataclass(frozen=True, slots=True)
class OauthAssignment:
    """Set-CsCertificate -Type OAuthTokenIssuer -Identity Global. `key` is what came into the store with it, None when it could not.

    `effective`: with -Roll, from when on it is used; until then the previous one is.
    """

    certificate: Certificate
    previous: Certificate | None
    by: str
    key: Key | None
    effective: datetime | None = None
    since: datetime | None = None
    """When this certificate was assigned, where that was not with this very change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something written to the Central Management Store. `replicas` None: it goes to all; a full replication goes to those named."""

    when: datetime
    what: str
    oauth: OauthAssignment | None = None
    replicas: frozenset[str] | None = None

    def goes_to(self, replica: str) -> bool:
        return self.replicas is None or replica in self.replicas


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one change on its way to one replica; `created`, `arrived` and `reported` None: never (so far)."""

    change: Change
    created: datetime | None
    arrived: datetime | None
    reported: datetime | None


@dataclass(frozen=True, slots=True)
class ReplicaRow:
    """One row of Get-CsManagementStoreReplicationStatus."""

    fqdn: str
    up_to_date: bool
    last_status_report: datetime | None
    last_update_creation: datetime | None
    product_version: str | None


def deliveries(changes: Sequence[Change], master: Machine, replica: Machine, tempo: Tempo) -> tuple[Delivery, ...]:
    """One for each change, in order. A snapshot that cannot travel waits until everything it needs works for long enough."""
    made = _running(master, "MASTER")
    way = common((made, _running(master, "FTA"), _running(replica, "REPLICA"), _open(replica), _enabled(replica)))
    found = []
    for change in changes:
        if not change.goes_to(replica.name):
            continue
        takes = lag(change, master, replica)
        created = first_room(made, change.when, SNAPSHOT, tempo)
        started = None if created is None else first_room(way, created, takes, tempo)
        arrived = None if started is None else tempo.end(started, takes)
        heard = None if arrived is None else first_room(made, arrived, REPORT, tempo)
        found.append(
            Delivery(
                change,
                None if created is None else tempo.end(created, SNAPSHOT),
                arrived,
                None if heard is None else tempo.end(heard, REPORT),
            )
        )
    return tuple(found)


def lag(change: Change, master: Machine, replica: Machine) -> timedelta:
    """2 to 4 minutes, the same at every look; less to the master's own replica."""
    if replica.name == master.name:
        return MASTERS_OWN
    digest = sha256(f"{replica.name} {change.when.isoformat()} {change.what}".encode()).digest()
    return timedelta(seconds=120 + int.from_bytes(digest[:2], "big") % 120)


def content_time(delivered: Sequence[Delivery], step_one: datetime, moment: datetime) -> datetime:
    """Up to when the local store of a replica knows the Central Management Store at `moment`; BEGINNING before Step 1."""
    if moment < step_one:
        return BEGINNING
    arrived = [delivery.created for delivery in delivered if delivery.created and delivery.arrived and delivery.arrived <= moment]
    return max([step_one, *arrived])


def row(delivered: Sequence[Delivery], replica: Machine, moment: datetime) -> ReplicaRow:
    """What the Central Management Store says of this replica."""
    due = [delivery for delivery in delivered if delivery.change.when <= moment]
    created = [delivery.created for delivery in due if delivery.created and delivery.created <= moment]
    reported = [delivery for delivery in due if delivery.reported and delivery.reported <= moment]
    return ReplicaRow(
        fqdn=replica.name,
        up_to_date=bool(due) and due[-1] in reported,
        last_status_report=max((delivery.reported for delivery in reported if delivery.reported), default=None),
        last_update_creation=max(created, default=None),
        product_version=replica.product.build if reported else None,
    )


def blocked(delivered: Sequence[Delivery], replica: Machine, moment: datetime) -> datetime | None:
    """Since when the file transfer to this replica has been failing at `moment`; None when it is not, or nothing waits."""
    waiting = [d for d in delivered if d.created and d.created <= moment and (d.arrived is None or d.arrived > moment)]
    if not waiting or reachable(replica, moment):
        return None
    first = waiting[0].created
    closed = max(replica.ports[replica.replica_port].changed(moment), BEGINNING)
    if replica.on_edge and replica.ports[replica.replica_port].at(moment):
        closed = replica.services["REPLICA"].state.changed(moment)
    return max(first, closed) if first else None


def reachable(replica: Machine, moment: datetime) -> bool:
    """Whether the replica's port can be opened from the master. On an Edge the REPLICA service itself listens."""
    return replica.ports[replica.replica_port].at(moment) and (not replica.on_edge or replica.running("REPLICA", moment))


def _running(machine: Machine, service: str) -> tuple[Span, ...]:
    return machine.services[service].state.spans("Running".__eq__) if service in machine.services else ()


def _open(machine: Machine) -> tuple[Span, ...]:
    return machine.ports[machine.replica_port].spans(bool)


def _enabled(machine: Machine) -> tuple[Span, ...]:
    return machine.replica_enabled.spans(bool)
