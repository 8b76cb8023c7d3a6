"""Judges Step 4: do the product's services run, and if not, what do its events say?"""

from datetime import datetime

from oauthcert.certs.certificate import CertificateUnreadable
from oauthcert.checks.builds import Line, line_of, main_component
from oauthcert.checks.components import missing_services
from oauthcert.checks.expected_services import CORE, essential, started
from oauthcert.checks.gates import outside_lync, unseen
from oauthcert.checks.installed import lync_products
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.say import say
from oauthcert.checks.serials import named_by, reversed_serial, serials_in
from oauthcert.checks.view import ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import EventSeen, ServiceSeen

EVENTS = {
    14397: "certificate-refused",  # LS Protocol Stack: a certificate cannot be used
    14694: "certificate-refused",
    32178: "misplaced-certificates",  # LS User Services does not start: KB 2795828
    53760: "fabric-broken",  # Windows Fabric: disks with 4096-byte sectors (windows-fabric-front-end-services-not-start)
    53761: "fabric-broken",
    32174: "waiting-for-pool",  # LS User Services waits for its place in the pool (front-end-services-not-start)
    12303: "worker-failed",  # LS Server: a worker process failed to start
    12330: "worker-failed",
}
"""Events that tell why services do not run. Of several the first in this order counts: 32174 is said as well when others are the reason."""
_SOURCES = ("Lync Server", "Microsoft-Windows-WindowsFabric/Admin")
_STARTING = ("start pending", "continue pending")


def services_started(server: ServerView, look: Look) -> Finding:
    check, evidence = "services-started", server.evidence
    if finding := outside_lync(check, server) or unseen(check, server, evidence.services, "services"):
        return finding
    missing = missing_services(server, essential(server.roles))
    if "RTCSRV" in missing or "RTCMEDSRV" in missing:
        return say(check, "not-installed", server.name, missing_services=missing)
    services = _installed(server)
    core = [service for service in services if service.name in CORE]
    idle = [service for service in core if not _runs(service)]
    if starting := _still_starting(server, idle, look):
        return starting
    if idle:
        return _stopped(server, idle, look)
    return _running(server, services)


def _installed(server: ServerView) -> list[ServiceSeen]:
    """The services of Step 4 that exist, in its order."""
    if isinstance(server.evidence.services, NotSeen):
        return []
    there = {service.name.lower(): service for service in server.evidence.services.value}
    return [there[name.lower()] for name in started(_line(server)) if name.lower() in there]


def _line(server: ServerView) -> Line | None:
    main = main_component(lync_products(server.evidence))
    return None if main is None else line_of(main)


def _runs(service: ServiceSeen) -> bool:
    return service.state.lower() == "running"


def _running_minutes(server: ServerView) -> float | None:
    """Since when Windows runs, by its own clock; None when it did not say."""
    platform = server.evidence.platform
    if isinstance(platform, NotSeen) or platform.value.boot_time is None:
        return None
    return seconds_between(platform.value.boot_time, server.time) / 60


def _still_starting(server: ServerView, idle: list[ServiceSeen], look: Look) -> Finding | None:
    """Soon after Windows started, services may be on their way; a delayed start begins minutes later."""
    minutes = _running_minutes(server)
    if not idle or minutes is None or not 0 <= minutes < look.thresholds.start_minutes:
        return None
    coming = [s for s in idle if s.state.lower() in _STARTING or s.start_mode.lower() == "auto"]
    if len(coming) != len(idle):
        return None
    return say(
        "services-started",
        "still-starting",
        server.name,
        waiting_services=tuple(service.name for service in coming),
        running_minutes=tenth(minutes),
        allowed_minutes=look.thresholds.start_minutes,
    )


def _stopped(server: ServerView, idle: list[ServiceSeen], look: Look) -> Finding:
    check, names = "services-started", tuple(service.name for service in idle)
    if all(service.start_mode.lower() == "disabled" for service in idle):
        return say(check, "disabled", server.name, disabled_services=names)
    event = _reason(server)
    if event is None or "RTCSRV" not in names:
        return say(check, "stopped", server.name, stopped_services=names, states=tuple(s.state for s in idle))
    told: dict[str, Fact] = {
        "stopped_services": names,
        "event_id": event.id,
        "event_time": iso(event.time),
        "event_message": event.message,
    }
    if EVENTS[event.id] == "certificate-refused":
        told |= _serials(server, event, look)
    elif EVENTS[event.id] == "waiting-for-pool":
        told["schannel_errors"] = _tls_errors(server)
    return say(check, EVENTS[event.id], server.name, **told)


def _reason(server: ServerView) -> EventSeen | None:
    """The newest event since Windows started of the kind that says most."""
    incidents = server.evidence.incidents
    if isinstance(incidents, NotSeen):
        return None
    since = _boot_time(server)
    told = [e for e in incidents.value if e.id in EVENTS and e.log in _SOURCES and (since is None or e.time >= since)]
    kinds = list(dict.fromkeys(EVENTS.values()))
    return min(told, key=lambda e: (kinds.index(EVENTS[e.id]), -e.time.timestamp()), default=None)


def _tls_errors(server: ServerView) -> int:
    """Errors of Schannel since Windows started: beside 32174 they speak of a certificate rather than of the pool (lync.md D-10)."""
    incidents, since = server.evidence.incidents, _boot_time(server)
    if isinstance(incidents, NotSeen):
        return 0
    return sum(1 for event in incidents.value if event.log == "System" and (since is None or event.time >= since))


def _boot_time(server: ServerView) -> datetime | None:
    platform = server.evidence.platform
    return platform.value.boot_time if isinstance(platform, Seen) else None


def _serials(server: ServerView, event: EventSeen, look: Look) -> dict[str, Fact]:
    """The serial number as printed and turned round, and the certificate of the store that it is, if any."""
    printed = serials_in(event.message)
    shown = printed[0] if printed else ""
    known: dict[str, tuple[str, str]] = {}
    store = server.evidence.store
    for held in store.value.my if isinstance(store, Seen) and printed else ():
        try:
            parsed = look.certificates.read(held.der)
        except CertificateUnreadable:
            continue
        known[parsed.serial] = (parsed.subject, parsed.thumbprint)
    subject, thumbprint = known.get(named_by(event.message, known), ("", ""))
    return {
        "serial_printed": shown,
        "serial_turned_round": reversed_serial(shown) if shown else "",
        "certificate": subject,
        "certificate_thumbprint": thumbprint,
    }


def _running(server: ServerView, services: list[ServiceSeen]) -> Finding:
    check = "services-started"
    idle = tuple(s.name for s in services if s.name not in CORE and not _runs(s) and s.start_mode.lower() == "auto")
    if idle:
        return say(check, "others-stopped", server.name, stopped_services=idle)
    manual = tuple(s.name for s in services if s.name in CORE and s.start_mode.lower() != "auto")
    if manual:
        return say(check, "not-automatic", server.name, manual_services=manual)
    resting = tuple(s.name for s in services if not _runs(s))
    return say(check, "pass", server.name, running_services=tuple(s.name for s in services if _runs(s)), resting_services=resting)
