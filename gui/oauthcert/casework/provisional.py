"""Judges what has arrived so far while a look still runs, and tells only what is new."""

from collections.abc import Callable, Sequence
from datetime import datetime

from oauthcert import __version__
from oauthcert.casework.diagnose import Remembered, judged
from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.case import Case
from oauthcert.model.evidence import Observation
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.target import Target

# For these "could not look" is known as soon as the server is done with; elsewhere it may only mean that another server's answer is
# still to come.
_FIRST_CHECKS = frozenset({"server-reachable", "sign-in-accepted", "powershell-usable"})


class Board:
    """What was told last, by finding id. Used by one thread."""

    def __init__(self, targets: Sequence[Target], source: str, now: Callable[[], datetime], thresholds: Thresholds | None = None) -> None:
        self._targets = tuple(targets)
        self._source = source
        self._now = now
        self._thresholds = thresholds
        self._remembered = Remembered()
        self._told: dict[str, Finding] = {}

    def news(self, observations: tuple[Observation, ...]) -> tuple[Finding, ...]:
        """Findings that were not told yet or have changed. Those that only say "not yet" are left out."""
        begun = {observation.server for observation in observations if observation.answers or observation.finished}
        finished = {observation.server for observation in observations if observation.finished}
        if not begun:
            return ()
        moment = self._now()
        case = Case(moment, moment, self._source, self._targets, observations, tool_version=__version__)
        fresh = [
            finding
            for finding in judged(case, self._thresholds, self._remembered).findings
            if finding.server in begun and _settled(finding, finished) and self._told.get(finding.id) != finding
        ]
        self._told.update((finding.id, finding) for finding in fresh)
        return tuple(fresh)


def _settled(finding: Finding, finished: set[str]) -> bool:
    if finding.verdict is not Verdict.UNKNOWN:
        return True
    return finding.server in finished and finding.check in _FIRST_CHECKS
