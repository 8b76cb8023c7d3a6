"""Links findings: which one explains which. A link is asserted only where a rule and its evidence say so.

No cycle can arise: findings are ordered by kind (judged, then could-not-look, then not-needed) and by the causal order of
`rules.CAUSAL_ORDER`, and a link is made only from an earlier to a later one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from oauthcert.checks.rules import BLOCKERS, CAUSAL_ORDER, CAUSE_GROUPS, RULES, Context, Rule, Span
from oauthcert.model.finding import Cause, Fact, Finding, Verdict

_KIND = {Verdict.FAIL: 0, Verdict.WARN: 0, Verdict.UNKNOWN: 1, Verdict.NOT_APPLICABLE: 2, Verdict.PASS: 3}
_RANK = {name: rank for rank, name in enumerate(CAUSAL_ORDER)}


@dataclass(frozen=True, slots=True)
class Linked:
    """The findings with `because` filled in, in the order they came, and the causes, first to mend first."""

    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...]


def link(findings: Sequence[Finding], context: Context) -> Linked:
    """Ids must be unique."""
    web = _Web(findings, context)
    because = web.nearest()
    linked = tuple(replace(f, because=because[n]) if n in because else f for n, f in enumerate(findings))
    return Linked(linked, _causes(linked))


class _Web:
    """All links of one judgement, by position of the findings."""

    def __init__(self, findings: Sequence[Finding], context: Context) -> None:
        self._findings = findings
        self._context = context
        self._at: dict[tuple[str, str | None], int] = {(f.check, f.server): n for n, f in enumerate(findings)}
        self._by_check: defaultdict[str, list[int]] = defaultdict(list)
        for number, finding in enumerate(findings):
            if finding.verdict is not Verdict.PASS:
                self._by_check[finding.check].append(number)
        self._leads: dict[tuple[Fact, ...], int] = {}
        self._parents: defaultdict[int, set[int]] = defaultdict(set)
        for rule in RULES:
            self._apply(rule)
        self._apply_blockers()

    def nearest(self) -> dict[int, tuple[str, ...]]:
        """For every explained finding the ids that explain it, without those that only do so through another of them."""
        above: dict[int, frozenset[int]] = {}
        nearest: dict[int, tuple[str, ...]] = {}
        for effect in sorted(self._parents, key=self._order):
            parents = self._parents[effect]
            farther = frozenset[int]().union(*(above.get(parent, frozenset()) for parent in parents))
            above[effect] = farther | parents
            nearest[effect] = tuple(self._findings[n].id for n in sorted(parents - farther))
        return nearest

    def _order(self, number: int) -> tuple[int, int, int]:
        """Where a finding stands in the causal order; a leading one before its fellows."""
        finding = self._findings[number]
        rank = _RANK[finding.words] if finding.words in _RANK else _RANK[finding.check]
        fellow = self._leads.get(_fellowship(finding), number) != number
        return _KIND[finding.verdict], rank, int(fellow)

    def _add(self, cause: int, effect: int) -> None:
        if self._findings[cause].verdict is not Verdict.PASS and self._order(cause) < self._order(effect):
            self._parents[effect].add(cause)

    def _apply(self, rule: Rule) -> None:
        if rule.span is Span.LEAD_TO_FELLOWS:
            self._find_leads(rule.cause.check)
        lead = tuple(self._lead_of(rule)) if rule.span is Span.FROM_LEAD else ()
        effects = self._by_check if rule.effect.check == "*" else {rule.effect.check: self._by_check.get(rule.effect.check, [])}
        for numbers in effects.values():
            for effect in numbers:
                if not rule.effect.fits(self._findings[effect]):
                    continue
                for cause in lead or self._causes_of(rule, effect):
                    found = self._findings[cause]
                    if rule.cause.fits(found) and (rule.when is None or rule.when(found, self._findings[effect], self._context)):
                        self._add(cause, effect)

    def _causes_of(self, rule: Rule, effect: int) -> Iterator[int]:
        finding, check = self._findings[effect], rule.cause.check
        keys: Iterable[tuple[str, str | None]]
        if rule.span is Span.SAME_SERVER:
            keys = [(check, finding.server)] if finding.server is not None else []
        elif rule.span is Span.FROM_DEPLOYMENT:
            keys = [(check, None)]
        elif rule.span is Span.FROM_CMS_SERVER:
            keys = [(check, self._context.cms_server)] if self._context.cms_server else []
        elif rule.span is Span.TO_DEPLOYMENT:
            yield from self._by_check.get(check, [])
            return
        elif rule.span is Span.LEAD_TO_FELLOWS:
            yield self._leads.get(_fellowship(finding), effect)
            return
        else:  # FROM_LEAD is the same for every effect and known already
            return
        for key in keys:
            if (number := self._at.get(key)) is not None:
                yield number

    def _lead_of(self, rule: Rule) -> Iterator[int]:
        """The CMS server's own finding of the kind the rule names, else the first one: whoever it was requested on."""
        fitting = [n for n in self._by_check.get(rule.cause.check, []) if rule.cause.fits(self._findings[n])]
        own = [n for n in fitting if self._findings[n].server == self._context.cms_server]
        yield from (own or fitting)[:1]

    def _find_leads(self, check: str) -> None:
        """Of findings that say the same of the same certificate: the CMS server's, else the first."""
        for number in self._by_check.get(check, []):
            finding = self._findings[number]
            key = _fellowship(finding)
            if key not in self._leads or finding.server == self._context.cms_server:
                self._leads[key] = number

    def _apply_blockers(self) -> None:
        for number, finding in enumerate(self._findings):
            if finding.verdict is not Verdict.UNKNOWN:
                continue
            asked = finding.facts.get("asked_servers")
            for server in asked if isinstance(asked, tuple) else ():
                if (cause := self._blocker(finding, server)) is not None:
                    self._add(cause, number)

    def _blocker(self, finding: Finding, server: str) -> int | None:
        """What kept the question from being answered on this server; of several the one that comes first on the way."""
        reason = str(finding.facts.get("reason", ""))
        for blocker in BLOCKERS:
            number = self._at.get((blocker.check, server))
            if number is None or self._findings[number] is finding:
                continue
            found = self._findings[number]
            if blocker.holds(found, reason):
                return number
        return None


def _fellowship(finding: Finding) -> tuple[Fact, ...]:
    return finding.words, finding.facts.get("thumbprint")


def _causes(findings: Sequence[Finding]) -> tuple[Cause, ...]:
    """Unexplained warnings and failures, and unexplained could-not-looks that explain something, with all they explain."""
    number_of = {finding.id: number for number, finding in enumerate(findings)}
    below: defaultdict[int, list[int]] = defaultdict(list)
    for number, finding in enumerate(findings):
        for cause in finding.because:
            below[number_of[cause]].append(number)
    causes: list[tuple[tuple[int, int, int], Cause]] = []
    for number, finding in enumerate(findings):
        if finding.because or finding.verdict not in (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN):
            continue
        if finding.verdict is Verdict.UNKNOWN and number not in below:
            continue
        explained = sorted(_reach(number, below))
        order = (CAUSE_GROUPS[finding.check], -len(explained), number)
        causes.append((order, Cause(finding.id, tuple(findings[n].id for n in explained))))
    return tuple(cause for _, cause in sorted(causes, key=lambda pair: pair[0]))


def _reach(start: int, below: Mapping[int, Sequence[int]]) -> set[int]:
    """Everything below a finding; each is visited once."""
    found: set[int] = set()
    waiting = list(below.get(start, ()))
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting.extend(below.get(number, ()))
    return found
