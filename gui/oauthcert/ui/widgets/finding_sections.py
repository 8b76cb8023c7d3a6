"""What the list of findings shows, as plain data: sections by server or by step, and what a search leaves of them. No Qt."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from oauthcert.model.case import Case
from oauthcert.model.finding import Finding, Verdict
from oauthcert.report.outline import OPEN, Outline, ServerTold
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import visible
from oauthcert.words.texts import FindingText


@dataclass(frozen=True, slots=True)
class Entry:
    """One card of the list. `finding` is None where it only says which answers are missing (`lines`); `note` stands at its right."""

    verdict: Verdict
    title: str
    server: str | None
    note: str = ""
    finding: Finding | None = None
    text: FindingText | None = None
    lines: tuple[str, ...] = ()

    def says(self, wanted: str) -> bool:
        """Whether `wanted` (case-folded) stands in it: words, names or facts."""
        told = (self.title, self.server or "", self.note, *self.lines)
        if self.text is not None:
            told = (*told, self.text.meaning, self.text.action)
        if self.finding is not None:
            told = (*told, self.finding.check, *_values(self.finding))
        return any(wanted in part.casefold() for part in told)


@dataclass(frozen=True, slots=True)
class Section:
    """A server (`server`; None is the deployment), a step, or, where `quiet` names servers, all those where everything passed."""

    title: str
    entries: tuple[Entry, ...] = ()
    settled: tuple[Finding, ...] = ()
    quiet: tuple[str, ...] = ()

    def passed(self, verdict: Verdict = Verdict.PASS) -> int:
        return sum(finding.verdict is verdict for finding in self.settled)


@dataclass(frozen=True, slots=True)
class Search:
    """What the operator wants to see. `server`: a name, or None for all; `text` is looked for without regard to case."""

    text: str = ""
    verdicts: frozenset[Verdict] = frozenset({*OPEN, Verdict.PASS})
    server: str | None = None

    @property
    def narrow(self) -> bool:
        return self != Search()


def by_server(case: Case, told: Outline, catalogue: Catalogue, above: frozenset[str] = frozenset()) -> tuple[Section, ...]:
    """One section per server; findings whose ids are in `above` are shown elsewhere. The servers where all passed come last, together."""
    settled = _settled(case, lambda finding: finding.server)
    missing = _missing(case, catalogue)
    sections, quiet = [], []
    for server in told.servers:
        entries = [*_entries(server, above, catalogue, by_step=False), *_missing_entries(server, missing, catalogue)]
        mine = settled.get(server.name, ())
        loud = entries or any(one.finding.id in above for one in server.own)
        if loud:
            sections.append(Section(_named(server.name, catalogue), tuple(entries), mine))
        elif mine:
            quiet.append(Section(_named(server.name, catalogue), settled=mine))
    if len(quiet) <= 1:
        return (*sections, *quiet)
    names = tuple(section.title for section in quiet)
    return (*sections, Section("", settled=tuple(one for section in quiet for one in section.settled), quiet=names))


def by_step(case: Case, told: Outline, catalogue: Catalogue, above: frozenset[str] = frozenset()) -> tuple[Section, ...]:
    """One section per step of the Deployment Wizard, all servers together, its checks in their order."""
    steps = {check: group for group, checks in catalogue.groups.items() for check in checks}
    order = {check: place for place, check in enumerate(steps)}
    entries: dict[str, list[Entry]] = {group: [] for group in (*catalogue.groups, "")}
    for server in told.servers:
        for entry in _entries(server, above, catalogue, by_step=True):
            entries[steps.get(entry.finding.check, "") if entry.finding else ""].append(entry)
    missing = _missing(case, catalogue)
    entries[""].extend(entry for server in told.servers for entry in _missing_entries(server, missing, catalogue))
    settled = _settled(case, lambda finding: steps.get(finding.check, ""))
    sections = []
    for group, mine in entries.items():
        mine.sort(key=lambda entry: order.get(entry.finding.check, len(order)) if entry.finding else len(order))
        if mine or settled.get(group):
            title = catalogue.group(group) if group else catalogue.window("findings.other")
            sections.append(Section(title, tuple(mine), settled.get(group, ())))
    return tuple(sections)


def searched(sections: Iterable[Section], search: Search) -> tuple[Section, ...]:
    """What a search leaves; sections with nothing left are gone."""
    wanted = search.text.strip().casefold()
    found = []
    for section in sections:
        entries = tuple(
            one for one in section.entries if one.verdict in search.verdicts and _concerns(one.server, search) and one.says(wanted)
        )
        settled = tuple(one for one in section.settled if _settles(one, section, search, wanted))
        if entries or settled:
            servers = {visible(one.server) for one in settled if one.server}
            quiet = tuple(name for name in section.quiet if name in servers or (not wanted and search.server is None))
            found.append(replace(section, entries=entries, settled=settled, quiet=quiet))
    return tuple(found)


def _concerns(server: str | None, search: Search) -> bool:
    return search.server is None or server == search.server


def _settles(finding: Finding, section: Section, search: Search, wanted: str) -> bool:
    if Verdict.PASS not in search.verdicts or not _concerns(finding.server, search):
        return False
    return not wanted or wanted in finding.check or wanted in (finding.server or "").casefold() or wanted in section.title.casefold()


def _values(finding: Finding) -> Iterable[str]:
    for value in finding.facts.values():
        yield from value if isinstance(value, tuple) else (str(value),)


def _named(server: str | None, catalogue: Catalogue) -> str:
    return catalogue.label("deployment_head") if server is None else visible(server)


def _entries(server: ServerTold, above: frozenset[str], catalogue: Catalogue, *, by_step: bool) -> list[Entry]:
    entries = []
    for one in server.own:
        if one.finding.id not in above:
            note = _named(server.name, catalogue) if by_step else catalogue.check(one.finding.check).name
            entries.append(Entry(one.finding.verdict, one.text.title, server.name, note, one.finding, one.text))
    return entries


_Missing = Mapping[tuple[str | None, str], tuple[str, ...]]


def _missing(case: Case, catalogue: Catalogue) -> _Missing:
    """Server and title of the cause -> the names of the checks that could not be answered because of it."""
    by_id = {finding.id: finding for finding in case.findings}
    found: dict[tuple[str | None, str], list[str]] = {}
    seen: set[str] = set()
    for cause in case.causes:
        root = by_id.get(cause.finding)
        if root is None or root.verdict not in OPEN:
            continue
        title = catalogue.finding(root).title
        for id_ in cause.explains:
            finding = by_id.get(id_)
            if finding is not None and finding.verdict is Verdict.UNKNOWN and id_ not in seen:
                seen.add(id_)
                found.setdefault((finding.server, title), []).append(catalogue.check(finding.check).name)
    return {key: tuple(names) for key, names in found.items()}


def _missing_entries(server: ServerTold, missing: _Missing, catalogue: Catalogue) -> list[Entry]:
    return [
        Entry(
            Verdict.UNKNOWN,
            catalogue.label("also_open", count=count, cause=title),
            server.name,
            lines=missing.get((server.name, title), ()),
        )
        for title, count in server.explained.items()
    ]


def _settled(case: Case, key: Callable[[Finding], str | None]) -> Mapping[str | None, tuple[Finding, ...]]:
    found: dict[str | None, list[Finding]] = {}
    for finding in case.findings:
        if finding.verdict not in OPEN:
            found.setdefault(key(finding), []).append(finding)
    return {name: tuple(mine) for name, mine in found.items()}
