"""What a look at a scenario has to find: written down beforehand from the catalogue of checks, never from what the program says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oauthcert.model.finding import Verdict

OAUTH_DEPLOYMENT_CHECKS = ("oauth-single", "oauth-subject", "oauth-dedicated", "oauth-rollover")
DEPLOYMENT_CHECKS = ("cms-master", "partner-exchange", "oauth-assigned", *OAUTH_DEPLOYMENT_CHECKS)
REACH_CHECKS = (
    "server-reachable",
    "sign-in-accepted",
    "powershell-usable",
    "rights-sufficient",
    "second-hop",
    "time-skew",
    "time-source",
    "product-build",
)
KEY_CHECKS = ("oauth-private-key", "oauth-key-exportable", "oauth-key-provider", "oauth-key-permissions")
CERTIFICATE_CHECKS = (*KEY_CHECKS, "oauth-chain", "oauth-validity", "oauth-strength")
SERVER_CHECKS = (
    *REACH_CHECKS,
    "local-store-present",
    "local-store-current",
    "replica-service",
    "replication-up-to-date",
    "replication-arrived",
    "replication-transport",
    "components-installed",
    "oauth-in-store",
    *CERTIFICATE_CHECKS,
    "services-started",
    "metadata-published",
    "other-certificates",
)
CHECK_GROUPS: Mapping[str, tuple[str, ...]] = {
    "@all": SERVER_CHECKS,
    "@certificate": CERTIFICATE_CHECKS,
    "@without-key": KEY_CHECKS[1:],
    "@oauth-deployment": OAUTH_DEPLOYMENT_CHECKS,
    "@oauth": ("oauth-in-store", *CERTIFICATE_CHECKS, "metadata-published"),
}
UNMENTIONED: Mapping[str, Verdict] = {"partner-exchange@deployment": Verdict.NOT_APPLICABLE}
"""What is not a pass where no line mentions it: without a word about Exchange there is none."""
"""Short names for several checks: every check of a server, those of the certificate itself, those that need its key, those of the
deployment once something is assigned, those of the certificate, its being there and its being published."""


@dataclass(frozen=True, slots=True)
class ExpectedCause:
    """`explains` is a set: the order in which findings are read is not the scenario's matter."""

    finding: str
    explains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Oracle:
    """`findings` holds every finding of the look, passes too, by id; `causes` are in the order in which to mend them."""

    exit_code: int
    findings: Mapping[str, Verdict]
    causes: tuple[ExpectedCause, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Findings by check and server: `checks` without `servers` are those of the deployment. "-name" takes a server out of a group."""

    checks: tuple[str, ...]
    servers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedVerdict:
    selection: Selection
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause, or one for each server of `finding` when it names a group; `@same` in `explains` is then that server."""

    finding: Selection
    explains: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The oracle as it stands in the file, before groups of servers are known."""

    exit_code: int
    verdicts: tuple[ExpectedVerdict, ...]
    causes: tuple[CauseLine, ...]


def expand(expectation: Expectation, names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Oracle:
    """The whole oracle for these servers: what no line mentions passes. Raises ValueError for unknown names and contradictions."""
    findings = {**dict.fromkeys(_every(names), Verdict.PASS), **UNMENTIONED}
    said: dict[str, Verdict] = {}
    for line in expectation.verdicts:
        for finding in ids(line.selection, names, groups):
            if finding not in findings:
                raise ValueError(f"{finding} is no finding of this scenario")
            if said.setdefault(finding, line.verdict) is not line.verdict:
                raise ValueError(f"{finding} has two verdicts")
            findings[finding] = line.verdict
    causes = []
    for cause in expectation.causes:
        for own in ids(cause.finding, names, groups):
            server = own.split("@", 1)[1]
            explained = (one for part in cause.explains for one in ids(_at(part, server), names, groups))
            causes.append(ExpectedCause(own, frozenset(explained) - {own}))
    for known in (*(cause.finding for cause in causes), *(one for cause in causes for one in cause.explains)):
        if known not in findings:
            raise ValueError(f"{known} is no finding of this scenario")
    return Oracle(expectation.exit_code, findings, tuple(causes))


def ids(selection: Selection, names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids of these findings, in order."""
    checks = [check for name in selection.checks for check in CHECK_GROUPS.get(name, (name,))]
    checks = [check for check in checks if check not in selection.without]
    servers = _servers(selection, names, groups)
    if not selection.servers:
        return [f"{check}@deployment" for check in checks]
    return [f"{check}@{server}" for server in servers for check in checks]


def _at(selection: Selection, server: str) -> Selection:
    """With `@same` put in its place."""
    return Selection(selection.checks, tuple(server if name == "@same" else name for name in selection.servers), selection.without)


def _servers(selection: Selection, names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found: list[str] = []
    for name in (one for one in selection.servers if not one.startswith("-")):
        if name.startswith("@"):
            if name not in groups:
                raise ValueError(f"{name} is no group of servers; there are {', '.join(sorted(groups))}")
            found += groups[name]
        elif name in names:
            found.append(name)
        else:
            raise ValueError(f"{name} is no server of this scenario")
    without = {one[1:] for one in selection.servers if one.startswith("-")}
    if not without <= set(names):
        raise ValueError(f"{', '.join(sorted(without - set(names)))} is no server of this scenario")
    return tuple(one for one in dict.fromkeys(found) if one not in without)


def _every(names: Iterable[str]) -> list[str]:
    return [f"{check}@deployment" for check in DEPLOYMENT_CHECKS] + [f"{check}@{name}" for name in names for check in SERVER_CHECKS]
