"""What a plan is asked to settle: the causes, or what the operator named; and which fixes are tried for each finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from oauthcert.checks.table import CHECKS
from oauthcert.fixes.situation import OPEN, WRONG, Situation
from oauthcert.fixes.table import FOR_REASON, WITHOUT_FIX, fix, is_fix
from oauthcert.model.errors import UsageError
from oauthcert.model.finding import Finding, Verdict
from oauthcert.model.plan import LeftOut

_CHECK_IDS = frozenset(check.id for check in CHECKS)


class UnknownFix(UsageError):
    """Nothing is called so. Facts: `name`, `near` (what is called similarly; may be empty)."""

    words = "unknown-fix"


@dataclass(frozen=True, slots=True)
class Selection:
    """`tries`: finding -> fixes in the order to try them. `standing` are fixes asked for by name that no finding offers."""

    tries: dict[str, tuple[str, ...]]
    standing: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def select(situation: Situation, wanted: Sequence[str]) -> Selection:
    """`wanted` are ids of findings, checks or fixes; a fix beside findings that offer it is the one to take for them. Raises UnknownFix."""
    if not wanted:
        return _causes(situation)
    fixes = [name for name in wanted if is_fix(name)]
    named = [f for name in wanted if not is_fix(name) for f in _named(situation, name)]
    tries: dict[str, tuple[str, ...]] = {}
    left_out: list[LeftOut] = []
    used: set[str] = set()
    for finding in dict.fromkeys(f.id for f in named):
        _take_named(situation, situation.findings[finding], fixes, tries, left_out, used)
    for name in fixes:
        if name not in used:
            offering = [f for f in situation.case.findings if f.verdict in WRONG and name in f.fixes]
            tries.update({f.id: (name,) for f in offering if f.id not in tries})
            used |= {name} if offering else set()
    return Selection(tries, tuple(name for name in fixes if name not in used), tuple(left_out))


def _causes(situation: Situation) -> Selection:
    tries: dict[str, tuple[str, ...]] = {}
    left_out: list[LeftOut] = []
    for cause in situation.case.causes:
        if (finding := situation.findings.get(cause.finding)) is not None:
            _take(finding, tries, left_out)
    for finding in situation.case.findings:
        if finding.verdict in WRONG and finding.id not in tries and finding.because:
            left_out.append(LeftOut(finding.id, "explained-by", {"cause": situation.root_of(finding).id}))
    return Selection(tries, (), tuple(left_out))


def _take(finding: Finding, tries: dict[str, tuple[str, ...]], left_out: list[LeftOut]) -> None:
    fixes = fixes_for(finding)
    if fixes:
        tries[finding.id] = fixes
    else:
        left_out.append(LeftOut(finding.id, WITHOUT_FIX.get(finding.words, "no-repair-known")))


def _take_named(
    situation: Situation,
    finding: Finding,
    fixes: Sequence[str],
    tries: dict[str, tuple[str, ...]],
    left_out: list[LeftOut],
    used: set[str],
) -> None:
    """The finding itself when a fix was named for it, else what is behind it."""
    own = tuple(name for name in fixes if name in finding.fixes)
    if own:
        tries[finding.id] = own
        used.update(own)
    elif finding.verdict not in OPEN:
        left_out.append(LeftOut(finding.id, "nothing-wrong"))
    else:
        root = situation.root_of(finding)
        if root is not finding:
            left_out.append(LeftOut(finding.id, "explained-by", {"cause": root.id}))
        if root.id not in tries:
            _take(root, tries, left_out)


def fixes_for(finding: Finding) -> tuple[str, ...]:
    """What the finding offers; where nothing could be seen, what helps against the reason."""
    if finding.verdict is Verdict.UNKNOWN:
        return FOR_REASON.get(str(finding.facts.get("reason", "")), ())
    return tuple(name for name in finding.fixes if is_fix(name))


def _named(situation: Situation, name: str) -> tuple[Finding, ...]:
    if name in situation.findings:
        return (situation.findings[name],)
    if name in _CHECK_IDS:
        return tuple(f for f in situation.case.findings if f.check == name and f.verdict in OPEN)
    raise unknown(situation, name)


def unknown(situation: Situation, name: str) -> UnknownFix:
    from oauthcert.fixes.table import FIXES

    there = [*(one.id for one in FIXES), *sorted(_CHECK_IDS), *situation.findings]
    near = get_close_matches(name[:100].lower(), there, n=3)
    return UnknownFix(f"nothing is called {name[:100]!r}", name=name[:100], near=", ".join(near))


def guide_for(finding: Finding) -> str:
    """The first thing a person can do about it; empty when there is none."""
    return next((name for name in fixes_for(finding) if not fix(name).needs), "")
