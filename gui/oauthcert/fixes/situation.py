"""What planners read: the case, the evidence behind it as the judges saw it, and what the operator has already answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.look import Look
from oauthcert.checks.view import DeploymentView, ServerView, deployment_view
from oauthcert.model.case import Case
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding, Verdict
from oauthcert.model.secret import Secret
from oauthcert.model.server_evidence import ServerEvidence, StoreCertificate

Given = str | Secret | bytes
_NEVER = datetime.min.replace(tzinfo=UTC)
WRONG = (Verdict.FAIL, Verdict.WARN)
OPEN = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)
UNREADABLE = "unreadable"
"""What the repair functions call an assignment that Get-CsCertificate does not name."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing can be done on a server. `reason` is a words id; `cause` the finding that says so, empty when there is none."""

    reason: str
    facts: Mapping[str, Fact]
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """`deployment` is the judges' own view, at the moment of the look; `now` is when the plan is made."""

    case: Case
    deployment: DeploymentView
    look: Look
    answers: Mapping[str, Given]
    now: datetime
    findings: Mapping[str, Finding]

    @classmethod
    def of(cls, case: Case, evidence: Sequence[ServerEvidence], answers: Mapping[str, Given], now: datetime) -> "Situation":
        look = Look(now=case.finished)
        by_id = MappingProxyType({finding.id: finding for finding in case.findings})
        return cls(case, deployment_view(evidence, look), look, answers, now, by_id)

    @property
    def cms(self) -> ServerView | None:
        return self.deployment.cms_server

    @property
    def needing(self) -> tuple[ServerView, ...]:
        """The servers that need the deployment's certificate and could be asked."""
        return tuple(server for server in self.deployment.servers if server.needs_oauth and server.unanswered is None)

    def server(self, name: str | None) -> ServerView | None:
        return next((server for server in self.deployment.servers if server.name == name), None)

    def finding(self, check: str, server: str | None) -> Finding | None:
        return self.findings.get(f"{check}@{server or 'deployment'}")

    def wrong(self, check: str, server: str | None) -> Finding | None:
        found = self.finding(check, server)
        return found if found is not None and found.verdict in WRONG else None

    def text(self, ask: str, default: str = "") -> str:
        """A given answer as text, else the default."""
        given = self.answers.get(ask)
        return given if isinstance(given, str) and given else default

    def covered(self, ids: Collection[str]) -> tuple[Finding, ...]:
        """The open findings that these explain, alone or together, in reading order."""
        known: dict[str, bool] = dict.fromkeys(ids, True)

        def is_covered(finding_id: str) -> bool:
            if finding_id not in known:
                known[finding_id] = False
                finding = self.findings.get(finding_id)
                known[finding_id] = bool(finding and finding.because) and all(map(is_covered, finding.because if finding else ()))
            return known[finding_id]

        return tuple(f for f in self.case.findings if f.verdict in OPEN and f.id not in ids and is_covered(f.id))

    def root_of(self, finding: Finding) -> Finding:
        """The first cause of a finding, itself when nothing explains it."""
        seen: set[str] = set()
        while finding.because and finding.id not in seen:
            seen.add(finding.id)
            above = self.findings.get(finding.because[0])
            if above is None:
                break
            finding = above
        return finding

    def obstacle(self, server: ServerView | None, needs: Iterable[str]) -> Obstacle | None:
        """What keeps these rights and ways from being had on a server, as far as the evidence tells."""
        if server is None:
            return Obstacle("cms-not-looked-at", {"cms_server": self.deployment.cms.name})
        if server.unanswered is not None:
            cause = "server-reachable" if isinstance(server.evidence.reach, NotSeen) else "sign-in-accepted"
            return Obstacle("server-not-answering", {"server": server.name}, f"{cause}@{server.name}")
        if self.wrong("powershell-usable", server.name):
            return Obstacle("powershell-first", {"server": server.name}, f"powershell-usable@{server.name}")
        wanted = frozenset(needs)
        if (found := self._lacks_rights(server, wanted)) is not None:
            return found
        if "second-hop" in wanted and self.wrong("second-hop", server.name):
            return Obstacle("second-hop-first", {"server": server.name}, f"second-hop@{server.name}")
        return None

    def _lacks_rights(self, server: ServerView, needs: frozenset[str]) -> Obstacle | None:
        rights = self.wrong("rights-sufficient", server.name)
        if rights is None:
            return None
        variant = rights.words.partition(".")[2]
        missing = {"not-elevated": {"local-administrator", "server-admins"}, "group-missing": {"server-admins"}}.get(variant, set[str]())
        if not needs & missing:
            return None
        account, groups = rights.facts.get("account"), rights.facts.get("missing_groups")
        facts: dict[str, Fact] = {"server": server.name, "account": account, "groups": groups}
        return Obstacle("rights-first", facts, rights.id)


def expected_thumbprint(server: ServerView) -> str | None:
    """What this server's local store named when it was looked at, in the words of the repair functions; None when it was not seen."""
    answers = server.evidence.oauth
    if isinstance(answers, NotSeen):
        return None
    named = [one for one in answers.value if plain_thumbprint(one.thumbprint)]
    if not named:
        return UNREADABLE if answers.value else ""
    in_force = [one for one in named if one.effective_date is None or one.effective_date <= server.time]
    if in_force and server.local is not None:
        return server.local.thumbprint
    latest = max(named, key=lambda one: one.update_time or _NEVER)
    return plain_thumbprint(latest.thumbprint)


def own_certificates(server: ServerView) -> tuple[StoreCertificate, ...]:
    """What lies in LocalMachine\\My, as far as it was seen."""
    store = server.evidence.store
    return store.value.my if isinstance(store, Seen) else ()
