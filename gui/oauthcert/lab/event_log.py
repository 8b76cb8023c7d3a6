"""What the log "Lync Server" of a machine holds: it follows from what happened to the replication."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oauthcert.lab.deployment import Deployment
from oauthcert.lab.machines import Machine
from oauthcert.lab.replication import blocked

LOG = "Lync Server"
REPLICA_AGENT = "LS Replica Replicator Agent Service"
FILE_TRANSFER_AGENT = "LS File Transfer Agent Service"
_RETRY = timedelta(minutes=15)
_KEPT = 96


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """`level` 2 error, 3 warning, 4 information; `time` by the machine's own clock."""

    provider: str
    id: int
    level: int
    time: datetime
    message: str
    log: str = LOG


def event_log(deployment: Deployment, machine: Machine, moment: datetime) -> tuple[LoggedEvent, ...]:
    """All logs together, newest first."""
    events = [*_arrivals(deployment, machine, moment)]
    if machine.name == deployment.master and machine.running("FTA", moment):
        events += _failed_transfers(deployment, machine, moment)
    for note in machine.ground.notes:
        if note.when <= moment:
            events.append(LoggedEvent(note.provider, note.id, note.level, machine.local_time(note.when), note.text, note.log))
    return tuple(sorted(events, key=lambda event: event.time, reverse=True))


def _arrivals(deployment: Deployment, machine: Machine, moment: datetime) -> Iterable[LoggedEvent]:
    if "REPLICA" not in machine.services:
        return
    # One snapshot may bring several changes at once.
    times = {d.arrived for d in deployment.deliveries_to(machine) if d.arrived and d.arrived <= moment}
    for time in times:
        yield LoggedEvent(
            REPLICA_AGENT,
            3038,
            4,
            machine.local_time(time),
            f"The Replica Replicator Agent loaded the data of the Central Management Store on {machine.name}.",
        )


def _failed_transfers(deployment: Deployment, machine: Machine, moment: datetime) -> Iterable[LoggedEvent]:
    for replica in deployment.replicas():
        since = blocked(deployment.deliveries_to(replica), replica, moment)
        if since is None or replica.name == machine.name:
            continue
        attempts = min(int((moment - since) / _RETRY) + 1, _KEPT)
        newest = since + _RETRY * int((moment - since) / _RETRY)
        for number in range(attempts):
            time = newest - _RETRY * number
            where = f"https://{replica.name}:4443/ReplicationWebService" if replica.on_edge else rf"\\{replica.name}\xds-replica"
            text = f"File transfer failed for some replica machines. {replica.name}: {where} could not be reached."
            yield LoggedEvent(FILE_TRANSFER_AGENT, 1017, 2, machine.local_time(time), text)
