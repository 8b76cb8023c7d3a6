"""Plans for clocks: Windows' own time service sets them, never this program."""

from collections.abc import Sequence

from oauthcert.checks.view import ServerView
from oauthcert.fixes.fix import Fix, Outline
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, variant
from oauthcert.fixes.plan_services import starting
from oauthcert.fixes.situation import Situation
from oauthcert.model.evidence import Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.plan import LeftOut
from oauthcert.model.server_evidence import TimeSeen

_TIME_SERVICE = "W32Time"
_UNDOABLE = frozenset({"NT5DS", "NTP", "AllSync", "NoSync"})
_BY_DATES = ("oauth-validity", "oauth-chain", "other-certificates")


def sync_time(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Not for a server that does not let us in: there a person has to set the clock. Not for dates that are wrong by any clock."""
    maker, left_out, not_for = Maker(fix), list[LeftOut](), list[str]()
    by_server: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.check in _BY_DATES and finding.facts.get("valid_by_reference") is not True:
            not_for.append(finding.id)
        else:
            by_server.setdefault(finding.server or "", []).append(finding)
    for name, found in by_server.items():
        server = situation.server(name)
        if server is not None and server.unanswered is not None:
            not_for += [f.id for f in found]
        elif obstacle := situation.obstacle(server, fix.needs):
            left_out += blocked(found, obstacle)
        elif server is None or not isinstance(server.evidence.time, Seen):
            not_for += [f.id for f in found]
        else:
            _set_right(maker, server, server.evidence.time.value, found)
    return Outline(tuple(maker.steps), left_out=tuple(left_out), not_for=tuple(not_for))


def _set_right(maker: Maker, server: ServerView, time: TimeSeen, found: Sequence[Finding]) -> None:
    stopped = time.service_state is not None and time.service_state.lower() not in ("running", "start pending")
    facts: dict[str, Fact] = {"type": time.type, "source": time.source, "domain_joined": time.domain_joined}
    if stopped:
        state, mode = time.service_state or "", time.service_start_mode or ""
        maker.does(
            server.name,
            "start-service",
            starting(_TIME_SERVICE, state, mode, "" if mode.lower() in ("auto", "manual") else "Auto"),
            undo=lambda _step: call("Stop-StartedService", Name=_TIME_SERVICE, StartMode=mode),
            facts={"service": _TIME_SERVICE, "state": state, "start_mode": mode},
            typical=10.0,
        )
    configure = time.domain_joined and _wants_domain(time, found)
    before = time.type or ""
    takes_back = configure and before in _UNDOABLE
    maker.does(
        server.name,
        "sync-time-from-domain" if configure else "sync-time",
        call("Sync-ServerTime", Configure=configure, ExpectedType=before),
        undo=(lambda _step: call("Restore-TimeSource", Type=before, NtpServer=time.ntp_server or "")) if takes_back else None,
        settles=[f.id for f in found],
        facts=facts,
        typical=30.0,
    )


def _wants_domain(time: TimeSeen, found: Sequence[Finding]) -> bool:
    """Whether the source itself is wrong. A member that takes its time from the domain already only has to be set."""
    if (time.type or "").lower() == "nt5ds":
        return any(variant(finding) in ("local-clock", "unsynchronised", "stale") for finding in found)
    return any(finding.check == "time-source" and variant(finding) != "service-stopped" for finding in found)
