"""What every report tells, in its order: the news, the causes with what they explain, then the servers."""

from collections.abc import Mapping
from dataclasses import dataclass

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.texts import FindingText

PROBLEMS = (Verdict.FAIL, Verdict.WARN)
OPEN = (*PROBLEMS, Verdict.UNKNOWN)
NOT_OPEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)
MOST_MISSING = 2
"""More answers than this that one cause has cost are told in one line."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with its words."""

    finding: Finding
    text: FindingText


@dataclass(frozen=True, slots=True)
class Explained:
    """One line below a cause: a finding, or all findings of the same kind on several servers. `depth` counts from 0."""

    verdict: Verdict
    line: str
    depth: int


@dataclass(frozen=True, slots=True)
class CauseTold:
    """A cause; `problems` counts the failures and warnings among it and what it explains.

    `others` are the servers of further causes of the same kind: names as they are, not yet made visible.
    """

    told: Told
    others: tuple[str, ...]
    explains: int
    problems: int
    lines: tuple[Explained, ...]


@dataclass(frozen=True, slots=True)
class ServerTold:
    """A server's findings that are not in order: `own` stand for themselves, `explained` counts the rest by the title of its cause."""

    name: str | None
    own: tuple[Told, ...]
    explained: Mapping[str, int]
    passed: int
    not_needed: int


@dataclass(frozen=True, slots=True)
class Outline:
    headline: str
    counts: str
    causes: tuple[CauseTold, ...]
    servers: tuple[ServerTold, ...]


def outline(case: Case, catalogue: Catalogue) -> Outline:
    """Never raises on a case whose parts do not fit together: a cause or reason that is not among the findings is left out."""
    by_id = {finding.id: finding for finding in case.findings}
    told = {finding.id: Told(finding, catalogue.finding(finding)) for finding in case.findings if finding.verdict in OPEN}
    causes = _causes(case, told, catalogue)
    roots: dict[str, str] = {}
    for cause in case.causes:
        for explained in cause.explains:
            roots.setdefault(explained, cause.finding)
    of_server: dict[str | None, list[Finding]] = {}
    for finding in case.findings:
        of_server.setdefault(finding.server, []).append(finding)
    servers = [_server(name, of_server.get(name, []), told, roots) for name in _names(case)]
    unknown = {f.server for f in by_id.values() if f.check in ("server-reachable", "sign-in-accepted") and f.verdict not in NOT_OPEN}
    looked = [catalogue.label("looked_at", count=len(case.targets))]
    if unreached := len(unknown - {None}):
        looked.append(catalogue.label("not_reached", count=unreached))
    return Outline(_headline(case, causes, catalogue), ", ".join(looked) + ".", causes, tuple(servers))


def _names(case: Case) -> tuple[str | None, ...]:
    """The deployment first, then servers as they were listed, then any that only findings name."""
    named = [target.name for target in case.targets] + [finding.server for finding in case.findings if finding.server]
    return (None, *dict.fromkeys(named))


def _causes(case: Case, told: Mapping[str, Told], catalogue: Catalogue) -> tuple[CauseTold, ...]:
    kinds: dict[tuple[str, object], list[tuple[Told, tuple[str, ...]]]] = {}
    for cause in case.causes:
        if cause.finding in told:
            first = told[cause.finding]
            kind = (first.finding.words, first.finding.facts.get("reason"))
            kinds.setdefault(kind, []).append((first, tuple(id_ for id_ in cause.explains if id_ in told)))
    return tuple(_cause(alike, told, catalogue) for alike in kinds.values())


def _cause(alike: list[tuple[Told, tuple[str, ...]]], told: Mapping[str, Told], catalogue: Catalogue) -> CauseTold:
    explained = dict.fromkeys(id_ for _, ids in alike for id_ in ids)
    depths = _depths({cause.finding.id for cause, _ in alike}, [told[id_].finding for id_ in explained])
    missing = [told[id_] for id_ in explained if told[id_].finding.verdict is Verdict.UNKNOWN]
    single = len(missing) <= MOST_MISSING
    groups: dict[str, list[Told]] = {}
    for id_ in explained:
        if single or told[id_].finding.verdict is not Verdict.UNKNOWN:
            groups.setdefault(told[id_].finding.words, []).append(told[id_])
    lines = [_line(members, depths, catalogue) for members in groups.values()]
    if not single:
        names = tuple(dict.fromkeys(catalogue.check(answer.finding.check).name for answer in missing))
        checks = catalogue.formats.listed(names, 30)
        lines.append(Explained(Verdict.UNKNOWN, catalogue.label("answers_missing", count=len(missing), checks=checks), 0))
    others = tuple(cause.finding.server or "" for cause, _ in alike[1:])
    lines.sort(key=lambda line: line.depth)  # what explains stands above what it explains
    everything = {*explained, *(cause.finding.id for cause, _ in alike)}
    problems = sum(told[id_].finding.verdict in PROBLEMS for id_ in everything)
    return CauseTold(alike[0][0], others, len(explained), problems, tuple(lines))


def _line(members: list[Told], depths: Mapping[str, int], catalogue: Catalogue) -> Explained:
    """One finding by its title, several of the same kind by check and servers."""
    first, depth = members[0], min(depths[member.finding.id] for member in members)
    if len(members) == 1:
        return Explained(first.finding.verdict, first.text.title, depth)
    line = catalogue.label(
        "problems_like",
        check=catalogue.check(first.finding.check).name,
        verdict=catalogue.verdict(first.finding.verdict),
        count=len(members),
        servers=catalogue.formats.short("servers", tuple(member.finding.server or "" for member in members)),
    )
    return Explained(first.finding.verdict, line, depth)


def _depths(causes: set[str], explained: list[Finding]) -> dict[str, int]:
    """How many findings lie between each one and its cause; bounded, since `because` may run in a circle in a damaged case."""
    depths = dict.fromkeys((finding.id for finding in explained), 0)
    for _ in range(8):
        for finding in explained:
            above = [depths[id_] + 1 for id_ in finding.because if id_ in depths and id_ not in causes and id_ != finding.id]
            depths[finding.id] = min(max(above, default=0), 6)
    return depths


def _server(name: str | None, mine: list[Finding], told: Mapping[str, Told], roots: Mapping[str, str]) -> ServerTold:
    own: list[Told] = []
    explained: dict[str, int] = {}
    for finding in mine:
        if finding.id not in told:
            continue
        root = roots.get(finding.id)
        if finding.verdict is Verdict.UNKNOWN and root is not None and root in told:
            title = told[root].text.title
            explained[title] = explained.get(title, 0) + 1
        else:
            own.append(told[finding.id])
    passed = sum(finding.verdict is Verdict.PASS for finding in mine)
    not_needed = sum(finding.verdict is Verdict.NOT_APPLICABLE for finding in mine)
    return ServerTold(name, tuple(own), explained, passed, not_needed)


def _headline(case: Case, causes: tuple[CauseTold, ...], catalogue: Catalogue) -> str:
    """The news of the case in a few words."""
    if not case.findings:
        return catalogue.label("headline_empty")
    problems = sum(finding.verdict in PROBLEMS for finding in case.findings)
    if not problems:
        unknown = any(finding.verdict is Verdict.UNKNOWN for finding in case.findings)
        return catalogue.label("headline_unknown" if unknown else "headline_fine")
    if len(causes) == 1 and not causes[0].others:
        return catalogue.label("headline_one") if causes[0].explains else causes[0].told.text.title
    first = causes[0] if causes else None
    if first is not None and first.explains and 2 * first.problems > problems:
        label = "headline_alike" if first.others else "headline_one_most"
        return catalogue.label(label, count=len(first.others) + 1)
    said = catalogue.label("headline_causes", count=len(causes))
    return catalogue.label("headline_many", count=problems, causes=said)
