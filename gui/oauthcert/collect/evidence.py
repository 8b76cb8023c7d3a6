"""From what came off the wire to typed evidence: one raw observation in, every part seen or not seen for its own reason."""

from collections.abc import Callable
from typing import Any, TypeVar

from oauthcert.collect import parse_certificates, parse_product, parse_replication, parse_server, parse_uses
from oauthcert.collect.fields import UnreadableError, every, one
from oauthcert.collect.probes import PROBES, Probe, probes_of
from oauthcert.collect.refusals import not_seen
from oauthcert.model.evidence import JsonValue, NotSeen, Observation, Seen
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Target

T = TypeVar("T")

Printed = tuple[JsonValue, ...]

_BY_ID = {probe.id: probe for probe in PROBES}
_HELLO = Probe("hello", "", (), 0)
"""Not a question: the round script greets with it."""


class ValuesRead:
    """What printed values mean, remembered for as long as one run lasts: a value that many observations share is read once.

    Values are known again by their identity: telling equal ones apart from almost equal ones would cost as much as reading them, and
    what one server printed can never pass for what another did. Used by one thread.
    """

    def __init__(self) -> None:
        # the value is kept beside its meaning, so that nothing else can get its identity meanwhile
        self._read: dict[tuple[str, int], tuple[Printed, Seen[Any] | NotSeen]] = {}

    def once(self, probe_id: str, value: Printed, read: Callable[[Printed], Seen[T] | NotSeen]) -> Seen[T] | NotSeen:
        """What `read` gives for the value; it is the same function for the same probe every time."""
        known = self._read.get((probe_id, id(value)))
        if known is None:
            known = self._read[probe_id, id(value)] = (value, read(value))
        return known[1]


def evidence_of(observation: Observation, target: Target, values_read: ValuesRead | None = None) -> ServerEvidence:
    """Never raises, whatever the server printed: an answer of the wrong shape is NotSeen("unreadable"), for that probe alone.

    Pass the same `values_read` for all observations of one run.
    """
    reading = _Reading(observation, target, values_read or ValuesRead())
    session = reading.part("session", lambda values: one(values, parse_server.session))
    if isinstance(session, Seen):
        reading.account = session.value.account
    return ServerEvidence(
        server=observation.server,
        product_wanted=target.product,
        reach=observation.reach,
        sign_in=observation.sign_in,
        clock=observation.clock,
        started=observation.started,
        finished=observation.finished,
        hello=reading.part("hello", lambda values: one(values, parse_server.hello)),
        session=session,
        product=reading.part("product", lambda values: one(values, parse_server.product)),
        module=reading.part("module", lambda values: one(values, parse_server.module)),
        time=reading.part("time", lambda values: one(values, parse_server.time)),
        services=reading.part("services", lambda values: every(values, parse_server.service)),
        topology=reading.part("topology", lambda values: one(values, parse_replication.topology)),
        replica=reading.part("replica", lambda values: one(values, parse_replication.replica)),
        oauth=reading.part("oauth", lambda values: every(values, parse_replication.assignment)),
        store=reading.part("store", lambda values: one(values, parse_certificates.store)),
        keys=reading.part("keys", lambda values: every(values, parse_certificates.key)),
        replication=reading.part("replication", lambda values: one(values, parse_replication.replication)),
        events=reading.part("events", lambda values: every(values, parse_replication.event)),
        transport=reading.part("transport", lambda values: every(values, parse_replication.transport)),
        hop=reading.part("hop", lambda values: one(values, parse_server.hop)),
        platform=reading.part("platform", lambda values: one(values, parse_product.platform)),
        metadata=reading.part("metadata", lambda values: one(values, parse_product.metadata)),
        partners=reading.part("partners", lambda values: one(values, parse_product.partners)),
        incidents=reading.part("incidents", lambda values: every(values, parse_replication.event)),
        access=reading.part("access", lambda values: one(values, parse_uses.access)),
        uses=reading.part("uses", lambda values: every(values, parse_uses.use)),
    )


class _Reading:
    """The answers of one observation, taken part by part."""

    def __init__(self, observation: Observation, target: Target, values_read: ValuesRead) -> None:
        self._observation = observation
        self._values_read = values_read
        self._asked = {probe.id for probe in probes_of(target)} | {_HELLO.id}
        self.account: str | None = None

    def part(self, probe_id: str, read: Callable[[Printed], T]) -> Seen[T] | NotSeen:
        probe = _BY_ID.get(probe_id, _HELLO)
        answer = self._observation.answers.get(probe_id)
        if answer is None:
            return self._unanswered(probe_id)
        if not answer.ok:
            return not_seen(answer.fault, probe_id, probe.function, self.account)

        def seen(value: Printed) -> Seen[T] | NotSeen:
            try:
                return Seen(read(value))
            except UnreadableError as error:
                return NotSeen("unreadable", {"probe": probe_id, "where": error.where, "what": error.what})

        return self._values_read.once(probe_id, answer.value, seen)

    def _unanswered(self, probe_id: str) -> NotSeen:
        """The nearest reason first: what was never asked, then how far the connection came."""
        for stage in (self._observation.reach, self._observation.sign_in):
            if isinstance(stage, NotSeen):
                return stage
        if probe_id not in self._asked:
            return NotSeen("not-asked", {"probe": probe_id})
        if self._observation.lost is None and self._observation.answers:
            # The round ran to its end, so an earlier version made it, which did not know this question.
            return NotSeen("not-asked", {"probe": probe_id})
        return self._observation.lost or NotSeen("cut-off", {"probe": probe_id})
