"""The case as it stands while it is being repaired: some servers are looked at again, all of them are judged together."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from oauthcert.casework.diagnose import judged
from oauthcert.casework.events import Event
from oauthcert.casework.limits import Limits
from oauthcert.casework.looking import Look
from oauthcert.casework.sharing import SharedAnswers
from oauthcert.checks.thresholds import Thresholds
from oauthcert.collect.library import library
from oauthcert.collect.probes import Probe, probes_of
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.evidence import Observation
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.pool import run_all
from oauthcert.remote.port import Gateway

_SHORT = frozenset(
    {
        "session",
        "module",
        "time",
        "services",
        "topology",
        "replica",
        "oauth",
        "uses",
        "store",
        "keys",
        "access",
        "replication",
        "events",
        "hop",
    }
)
"""What a short look asks: all that repairs change and that is answered soon."""
_ALSO = {
    "product-build": "product",
    "replication-transport": "transport",
    "services-started": "incidents",
    "components-installed": "platform",
    "metadata-published": "metadata",
    "partner-exchange": "partners",
}
"""Check -> the look that it rests on beyond those."""
_SETTLED = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


class Sight:
    """Used by one thread at a time. `case` is the newest judgement."""

    def __init__(
        self,
        case: Case,
        gateway: Gateway,
        credential: Callable[[Target], Credential | None],
        limits: Limits,
        thresholds: Thresholds | None,
        now: Callable[[], datetime],
    ) -> None:
        self.case = case
        self._gateway = gateway
        self._credential = credential
        self._limits = limits
        self._thresholds = thresholds
        self._now = now

    def again(
        self, servers: Collection[str], token: CancelToken, tell: Callable[[Event], None], *, short_for: Collection[str] | None = None
    ) -> Case:
        """Looks at these servers and judges all. Never raises for what servers do.

        `short_for` are findings: then only what may change soon is asked, and a server that does not answer just now keeps what it said.
        """
        targets = [target for target in self.case.targets if target.name in servers]
        shared = SharedAnswers()
        asked = [_asked(target, short_for) for target in targets]
        looks = [Look(target, len(probes), tell, self._now, shared) for target, probes in zip(targets, asked, strict=True)]

        def job(look: Look, probes: tuple[Probe, ...]) -> None:
            questions = [probe.question for probe in probes]
            look.run(self._gateway, self._credential, questions, library(probes), self._limits.seconds, token)

        run_all([partial(job, look, probes) for look, probes in zip(looks, asked, strict=True)], self._limits.lanes, token)
        fresh = {look.observation.server: look.observation for look in looks}
        observations = tuple(self._newer(one, fresh.get(one.server), short_for is not None) for one in self.case.observations)
        self.case = judged(replace(self.case, observations=observations, finished=self._now()), self._thresholds)
        return self.case

    def believe(self, server: str, fingerprint: str) -> None:
        """From now on the certificate with this SHA-256 is that of the server, in this case and in what is made of it."""
        targets = tuple(replace(one, fingerprint=fingerprint) if one.name == server else one for one in self.case.targets)
        self.case = replace(self.case, targets=targets)

    @staticmethod
    def _newer(old: Observation, new: Observation | None, short: bool) -> Observation:
        if new is None or (short and new.lost is not None):
            return old
        return replace(new, answers={**old.answers, **new.answers}) if short else new

    def findings(self, ids: Iterable[str]) -> tuple[Finding, ...]:
        """Those of these findings that there are, in this order."""
        by_id = {finding.id: finding for finding in self.case.findings}
        return tuple(by_id[one] for one in ids if one in by_id)

    def settled(self, ids: Collection[str]) -> bool:
        """Whether all of these findings pass."""
        found = self.findings(ids)
        return len(found) == len(set(ids)) and all(finding.verdict in _SETTLED for finding in found)

    def concerned(self, ids: Iterable[str]) -> frozenset[str]:
        """The servers that have to be asked for these findings: their own, and those that hold the Central Management Store."""
        named = {one.rpartition("@")[2] for one in ids}
        return frozenset({server for server in named if server != "deployment"} | self.masters())

    def masters(self) -> set[str]:
        """The servers that answered for the Central Management Store; all that were reached, when none is known to."""
        holding = {one.server for one in self.case.observations if _asked_master(one)}
        return holding or {one.server for one in self.case.observations if one.lost is None}

    def unsettled_servers(self) -> set[str]:
        """Servers about which something does not pass."""
        return {finding.server for finding in self.case.findings if finding.server is not None and finding.verdict not in _SETTLED}


def _asked(target: Target, short_for: Collection[str] | None) -> tuple[Probe, ...]:
    probes = probes_of(target)
    if short_for is None:
        return probes
    also = {_ALSO[check] for one in short_for if (check := one.partition("@")[0]) in _ALSO}
    return tuple(probe for probe in probes if probe.id in _SHORT or probe.id in also)


def _asked_master(observation: Observation) -> bool:
    answer = observation.answers.get("replication")
    first = answer.value[0] if answer is not None and answer.ok and answer.value else None
    return isinstance(first, dict) and first.get("asked") is True
