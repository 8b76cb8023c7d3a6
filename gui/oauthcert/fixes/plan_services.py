"""Plans for services that should run: the replica, those of the Central Management Store, those of the product."""

from collections.abc import Iterable, Mapping, Sequence

from oauthcert.checks.cms import SERVICES as CMS_SERVICES
from oauthcert.checks.view import ServerView, service_of
from oauthcert.fixes.fix import Fix, Outline, Stage
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts, variant
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.plan import Action, LeftOut
from oauthcert.model.server_evidence import ServiceSeen

START_SECONDS = 60
"""How long the server itself waits for a service to come up."""
_AUTO = "auto"
_LISTS = ("stopped_services", "disabled_services", "manual_services")


def start_replica(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """On the server itself, with automatic start; then its first report is waited for."""
    maker, left_out, mended = Maker(fix), list[LeftOut](), list[Finding]()
    for finding in findings:
        server = situation.server(finding.server)
        service = None if server is None else service_of(server.evidence, "REPLICA")
        if obstacle := situation.obstacle(server, fix.needs):
            left_out += blocked([finding], obstacle)
        elif server is None or service is None:
            left_out.append(LeftOut(finding.id, "not-told"))
        else:
            tests = [f.id for f in situation.covered([finding.id]) if f.check == "local-store-present"]
            start(maker, server, service, automatic=True, settles=[finding.id, *tests])
            mended.append(finding)
    maker.waits_for_effects(situation, mended)
    return Outline(tuple(maker.steps), left_out=tuple(left_out))


def start(
    maker: Maker, server: ServerView, service: ServiceSeen, *, automatic: bool, settles: Iterable[str], stage: Stage | None = None
) -> None:
    """One service, as it was seen. `automatic`: it shall also start by itself from now on."""
    running = service.state.lower() == "running"
    disabled = service.start_mode.lower() == "disabled"
    changes_mode = (automatic or disabled) and service.start_mode.lower() != _AUTO
    facts: Mapping[str, Fact] = {"service": service.name, "state": service.state, "start_mode": service.start_mode}
    maker.does(
        server.name,
        "set-start-mode" if running else "start-service",
        starting(service.name, service.state, service.start_mode, "Auto" if changes_mode else ""),
        undo=lambda _step: _way_back(service, running=running),
        stage=stage,
        settles=settles,
        facts=facts,
        typical=15.0,
    )


def starting(name: str, state: str, start_mode: str, wanted_mode: str) -> Action:
    return call(
        "Start-StoppedService",
        Name=name,
        ExpectedState=state,
        ExpectedStartMode=start_mode,
        StartMode=wanted_mode,
        Seconds=START_SECONDS,
    )


def _way_back(service: ServiceSeen, *, running: bool) -> Action:
    """A service that ran before is not stopped; it only gets its start mode back."""
    if running:
        return starting(service.name, "Running", "Auto", service.start_mode)
    return call("Stop-StartedService", Name=service.name, StartMode=service.start_mode)


def start_cms_services(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """On the active server only: elsewhere they are a stand-by and stay as they are. What runs but hangs is started anew."""
    server = situation.cms
    if obstacle := situation.obstacle(server, fix.needs):
        return Outline(left_out=blocked(findings, obstacle))
    if server is None:
        return Outline(not_for=tuple(f.id for f in findings))
    there = [service for name in CMS_SERVICES if (service := service_of(server.evidence, name)) is not None]
    stopped = [service for service in there if service.state.lower() != "running"]
    maker = Maker(fix)
    ids = [finding.id for finding in findings]
    for service in stopped:
        start(maker, server, service, automatic=False, settles=())
    if not stopped:
        if not any(variant(finding) == "heartbeat-old" for finding in findings):
            return Outline(not_for=tuple(ids))
        for service in there:
            _restart(maker, server, service)
    maker.waits_for_effects(situation, findings, *ids)
    return Outline(tuple(maker.steps))


def _restart(maker: Maker, server: ServerView, service: ServiceSeen) -> None:
    mode = service.start_mode
    facts: Mapping[str, Fact] = {"service": service.name, "state": service.state, "start_mode": mode}
    maker.does(
        server.name,
        "stop-service",
        call("Stop-StartedService", Name=service.name, StartMode=""),
        undo=lambda _step: starting(service.name, "Stopped", mode, ""),
        facts=facts,
        typical=15.0,
    )
    maker.does(server.name, "start-service", starting(service.name, "Stopped", mode, ""), facts={**facts, "state": "Stopped"}, typical=15.0)


def start_services(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Each service that a finding names and that does not run, one after the other. Other servers are not touched."""
    maker, left_out, not_for, mended = Maker(fix), list[LeftOut](), list[str](), list[Finding]()
    for finding in findings:
        server = situation.server(finding.server)
        if obstacle := situation.obstacle(server, fix.needs):
            left_out += blocked([finding], obstacle)
            continue
        services = [] if server is None else _named(finding, server)
        if server is None or not services:
            not_for.append(finding.id)
            continue
        for number, service in enumerate(services, start=1):
            last = number == len(services)
            automatic = variant(finding) in ("not-automatic", "disabled")
            # Without its database nothing can arrive; all other services need what has to arrive first.
            stage = Stage.REPLICATION if finding.check == "local-store-present" else None
            start(maker, server, service, automatic=automatic, settles=[finding.id] if last else [], stage=stage)
        mended.append(finding)
    maker.waits_for_effects(situation, mended)
    return Outline(tuple(maker.steps), left_out=tuple(left_out), not_for=tuple(not_for))


def _named(finding: Finding, server: ServerView) -> list[ServiceSeen]:
    names = [name for fact in _LISTS for name in texts(finding.facts.get(fact))] + list(texts(finding.facts.get("service")))
    seen = [service for name in dict.fromkeys(names) if (service := service_of(server.evidence, name)) is not None]
    return [s for s in seen if s.state.lower() != "running" or s.start_mode.lower() != _AUTO]
