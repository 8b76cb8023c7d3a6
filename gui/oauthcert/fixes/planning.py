"""Makes the plan for a case: causes first, each with the first fix that fits, in the order in which servers are mended. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from oauthcert.fixes.fix import Outline, Placed
from oauthcert.fixes.making import ARRIVAL, waiting_longer
from oauthcert.fixes.plan_pfx import NEW
from oauthcert.fixes.selecting import Selection, UnknownFix, guide_for, select
from oauthcert.fixes.situation import Given, Situation
from oauthcert.fixes.table import ASSIGNING, BESIDE_NONE, FIXES, REPLACED_BY_NEW, fix
from oauthcert.model.case import Case
from oauthcert.model.finding import Finding
from oauthcert.model.plan import LeftOut, Manner, Plan
from oauthcert.model.server_evidence import ServerEvidence

__all__ = ["UnknownFix", "plan_for"]

_MOST_ROUNDS = 12
_NO_ANSWERS: Mapping[str, Given] = {}


def plan_for(
    case: Case,
    evidence: Sequence[ServerEvidence],
    wanted: Sequence[str] = (),
    answers: Mapping[str, Given] = _NO_ANSWERS,
    now: datetime | None = None,
) -> Plan:
    """What to do about these findings, checks or fixes; about the causes when none is named.

    `answers` are those to `asks` of an earlier plan of the same case; with them it is made again, more exactly. `now` in UTC, the end of
    the look when it is not given. Raises UnknownFix.
    """
    now = now or case.finished
    situation = Situation.of(case, evidence, answers, now)
    return _Planning(situation, select(situation, wanted)).plan(now)


class _Planning:
    """Tries for every finding one fix after the other until one fits."""

    def __init__(self, situation: Situation, selection: Selection) -> None:
        self._situation = situation
        self._tries = {finding: list(fixes) for finding, fixes in selection.tries.items()}
        self._standing = selection.standing
        self._left_out = list(selection.left_out)

    def plan(self, now: datetime) -> Plan:
        outlines = self._settled()
        placed = self._joint(sorted((one for outline in outlines for one in outline.steps), key=lambda one: one.stage))
        asks = {ask.id: ask for outline in outlines for ask in outline.asks}
        left_out = {(one.finding, one.reason): one for one in (*self._left_out, *(o for outline in outlines for o in outline.left_out))}
        return Plan(now, tuple(one.step for one in _once(placed)), tuple(asks.values()), tuple(left_out.values()))

    def _joint(self, placed: list[Placed]) -> list[Placed]:
        """What several repairs hold up only together is waited for with the last of them."""
        groups = self._groups()
        mended = [f.id for name, found in groups.items() if fix(name).manner is Manner.DOES for f in found]
        awaited = {one for other in placed for one in other.step.settles}
        late = [f.id for f in self._situation.covered(mended) if f.check in ARRIVAL and f.id not in awaited]
        last = next((n for n in reversed(range(len(placed))) if placed[n].step.manner is Manner.WAITS), None)
        if late and last is not None:
            placed[last] = replace(placed[last], step=waiting_longer(placed[last].step, late))
        return placed

    def _settled(self) -> list[Outline]:
        """Every round asks all planners; a finding that a fix is not for goes on to its next one."""
        outlines: dict[str, Outline] = {}
        for _ in range(_MOST_ROUNDS):
            groups = self._groups()
            outlines = {name: self._ask(name, groups.get(name, [])) for name in self._order(groups)}
            moved = [(name, finding) for name, outline in outlines.items() for finding in outline.not_for]
            if not moved and not self._add_guides(outlines.values()):
                break
            for name, finding in moved:
                self._next(name, finding)
        return list(outlines.values())

    def _ask(self, name: str, findings: Sequence[Finding]) -> Outline:
        one = fix(name)
        return one.planner(self._situation, one, findings)

    def _order(self, groups: Mapping[str, object]) -> list[str]:
        chosen = {*groups, *self._standing}
        return [one.id for one in FIXES if one.id in chosen]

    def _groups(self) -> dict[str, list[Finding]]:
        """Fix -> findings in reading order, with one change of the certificate at most."""
        groups: dict[str, list[Finding]] = {}
        for finding in self._situation.case.findings:
            if tries := self._tries.get(finding.id):
                groups.setdefault(tries[0], []).append(finding)
        chosen = [name for name in ASSIGNING if name in self._standing or self._assigns(name, groups.get(name, []))]
        if chosen and chosen[0] == "request-oauth":
            for name in REPLACED_BY_NEW:
                self._replace(name, chosen[0], groups)
        elif chosen:
            for name in chosen[1:]:
                self._replace(name, chosen[0], groups)
        for name in BESIDE_NONE if chosen else ():
            for finding in groups.pop(name, ()):
                self._leave(finding.id, "one-change-at-a-time", {"by": chosen[0]})
        return groups

    @staticmethod
    def _assigns(name: str, findings: Sequence[Finding]) -> bool:
        """A file may also bring the certificate that is assigned already to where it lacks."""
        return any(finding.check in NEW for finding in findings) if name == "import-oauth-pfx" else bool(findings)

    def _replace(self, name: str, by: str, groups: dict[str, list[Finding]]) -> None:
        """The findings go over to the one change there is; a fix that was asked for beside it is left."""
        moved = groups.pop(name, [])
        self._standing = tuple(one for one in self._standing if one != name)
        settled = [f for f in moved if f.check in fix(by).settles]
        if settled:
            joined = {f.id for f in (*groups.get(by, []), *settled)}
            groups[by] = [f for f in self._situation.case.findings if f.id in joined]
        for finding in moved:
            if finding not in settled:
                self._leave(finding.id, "one-change-at-a-time", {"by": by})

    def _next(self, name: str, finding: str) -> None:
        """A finding that came over from another fix is dropped together with its own first try."""
        tries = self._tries.get(finding, [])
        if name in tries:
            tries.remove(name)
        elif tries:
            tries.pop(0)
        if not tries:
            self._tries.pop(finding, None)
            self._leave(finding, "nothing-fits", {})

    def _leave(self, finding: str, reason: str, facts: Mapping[str, str]) -> None:
        self._left_out.append(LeftOut(finding, reason, dict(facts)))

    def _add_guides(self, outlines: Iterable[Outline]) -> bool:
        """What stands in the way of a fix is mended by a person first, whether or not that was asked for."""
        added = False
        for outline in outlines:
            for one in outline.left_out:
                finding = self._situation.findings.get(str(one.facts.get("cause", "")))
                name = guide_for(finding) if finding is not None else ""
                if finding is not None and name and finding.id not in self._tries:
                    self._tries[finding.id] = [name]
                    added = True
        return added


def _once(placed: Sequence[Placed]) -> list[Placed]:
    """The same call on the same server only once, whichever fixes wanted it; what it settles is kept together."""
    kept: dict[str, Placed] = {}
    for one in placed:
        step = one.step
        key = step.id if step.action is None else f"{step.server} {step.action.function} {step.action.arguments!r}"
        if key in kept:
            first = kept[key]
            kept[key] = replace(first, step=replace(first.step, settles=tuple(dict.fromkeys((*first.step.settles, *step.settles)))))
        else:
            kept[key] = one
    return list(kept.values())
