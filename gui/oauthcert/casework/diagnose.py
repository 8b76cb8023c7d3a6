"""Looks at all servers at once and judges what was seen; judges a saved case again without any server."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from threading import Lock

from oauthcert import __version__
from oauthcert.casework.events import Event, Judged, Started
from oauthcert.casework.limits import Limits
from oauthcert.casework.looking import Look
from oauthcert.casework.sharing import SharedAnswers
from oauthcert.casework.sign_in_gate import SignInGate
from oauthcert.casework.survey import Identify
from oauthcert.certs.certificate import CertificateReader
from oauthcert.checks import look as judging
from oauthcert.checks.judgement import judge
from oauthcert.checks.thresholds import Thresholds
from oauthcert.collect.evidence import ValuesRead, evidence_of
from oauthcert.collect.library import library
from oauthcert.collect.probes import PROBES, Probe, probes_of
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.evidence import ON_THE_SPOT, Observation
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.pool import run_all
from oauthcert.remote.port import Gateway

__all__ = ["Limits", "Remembered", "Snapshot", "diagnose", "judge_again", "judged", "try_sign_in"]

log = logging.getLogger(__name__)

LEAST_CERTIFICATES = 5000
OWN_CERTIFICATES = 4
"""Of one server, as they are usually: its default, its web and its old ones. A server with 200 must not push the others out for long."""

Snapshot = Callable[[], tuple[Observation, ...]]


def diagnose(
    targets: Sequence[Target],
    credential: Callable[[Target], Credential | None],
    gateway: Gateway,
    *,
    limits: Limits,
    token: CancelToken,
    tell: Callable[[Event], None],
    now: Callable[[], datetime],
    source: str = "live",
    watch: Callable[[Snapshot], None] | None = None,
    thresholds: Thresholds | None = None,
    identify: Identify | None = None,
) -> Case:
    """One look at every server, one connection each, and the judgement of all of them together.

    Never raises for what servers do; a cancelled look brings the case of what had arrived. `tell` is called from the lanes, one
    call at a time, and not any more after `Judged`. `now` gives aware times. `watch` is handed, before the first connection, a
    function that gives what has been observed so far, for a board that fills while answers stream in. Without `thresholds` the
    defaults judge. An account that several servers refuse is not shown to the others (see `sign_in_gate`); `identify` then looks at
    those from outside.
    """
    teller = _Teller(tell)
    started = now()
    teller(Started(tuple(target.name for target in targets)))
    probes = [probes_of(target) for target in targets]
    observations = _look_at_all(targets, probes, credential, gateway, limits, token, teller, now, watch, identify)
    case = judged(
        Case(started=started, finished=now(), source=source, targets=tuple(targets), observations=observations, tool_version=__version__),
        thresholds,
    )
    teller.last(Judged(case))
    return case


def judge_again(case: Case, thresholds: Thresholds | None = None) -> Case:
    """The same observations judged by this version, at the time of the look: what was valid then is not expired because today is later."""
    source = case.source if case.source.startswith("practice:") or case.source == ON_THE_SPOT else "case"
    return judged(replace(case, source=source), thresholds)


def try_sign_in(
    target: Target,
    credential: Credential,
    gateway: Gateway,
    *,
    limits: Limits,
    token: CancelToken,
    tell: Callable[[Event], None],
    now: Callable[[], datetime],
) -> Observation:
    """Signs in for real and asks one small question, so that PowerShell has to start too."""
    small = tuple(probe for probe in PROBES if probe.id == "session")
    teller = _Teller(tell)
    teller(Started((target.name,)))
    return _look_at_all([target], [small], lambda _target: credential, gateway, limits, token, teller, now)[0]


def _look_at_all(
    targets: Sequence[Target],
    probes: Sequence[tuple[Probe, ...]],
    credential: Callable[[Target], Credential | None],
    gateway: Gateway,
    limits: Limits,
    token: CancelToken,
    tell: Callable[[Event], None],
    now: Callable[[], datetime],
    watch: Callable[[Snapshot], None] | None = None,
    identify: Identify | None = None,
) -> tuple[Observation, ...]:
    # servers of one kind are asked the same: 1000 of them share one text
    libraries = {_ids(asked): library(asked) for asked in {_ids(asked): asked for asked in probes}.values()}
    shared, gate = SharedAnswers(), SignInGate()
    looks = [Look(target, len(asked), tell, now, shared, gate, identify) for target, asked in zip(targets, probes, strict=True)]

    if watch is not None:
        watch(lambda: tuple(look.observation for look in looks))

    def job(look: Look, asked: tuple[Probe, ...]) -> None:
        questions = [probe.question for probe in asked]
        look.run(gateway, credential, questions, libraries[_ids(asked)], limits.seconds, token)

    jobs = [partial(job, look, asked) for look, asked in zip(looks, probes, strict=True)]
    run_all(jobs, limits.lanes, token)
    return tuple(look.observation for look in looks)


def _ids(probes: Iterable[Probe]) -> tuple[str, ...]:
    return tuple(probe.id for probe in probes)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What has been read once and need not be read again while the same observations are judged anew. For one thread."""

    values: ValuesRead = field(default_factory=ValuesRead)
    certificates: CertificateReader = field(default_factory=CertificateReader)


def judged(case: Case, thresholds: Thresholds | None = None, remembered: Remembered | None = None) -> Case:
    """The case with what its observations mean at the time it was finished, by these thresholds or the defaults."""
    by_name = {target.name: target for target in case.targets}
    # every check comes to the certificates of all servers again: with less room than they take, each would be read anew every time
    remembered = remembered or Remembered(
        certificates=CertificateReader(max(LEAST_CERTIFICATES, OWN_CERTIFICATES * len(case.observations)))
    )
    evidence = tuple(
        evidence_of(observation, by_name.get(observation.server, Target(observation.server)), remembered.values)
        for observation in case.observations
    )
    judgement = judge(
        evidence, judging.Look(now=case.finished, certificates=remembered.certificates, thresholds=thresholds or Thresholds())
    )
    return replace(case, findings=judgement.findings, causes=judgement.causes)


class _Teller:
    """Passes events on, one at a time, until the last one; a listener that breaks costs its news, not the look."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._lock = Lock()
        self._closed = False

    def __call__(self, event: Event) -> None:
        with self._lock:
            if not self._closed:
                self._pass_on(event)

    def last(self, event: Event) -> None:
        with self._lock:
            self._closed = True
            self._pass_on(event)

    def _pass_on(self, event: Event) -> None:
        try:
            self._tell(event)
        except Exception:
            log.exception("a listener broke on %s", type(event).__name__)
