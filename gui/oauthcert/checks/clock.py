"""Judges a server's clock and where it gets its time from."""

from oauthcert.checks.gates import not_told, unanswered
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.skew import DOMAIN_CONTROLLERS, ReferenceClock, on_the_spot
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.server_evidence import TimeSeen

# What w32tm prints, in every language of Windows: the names come from the service, not from its messages.
_LOCAL_CLOCK = ("local cmos clock", "free-running system clock")
_VIRTUAL_MACHINE = "vm ic time synchronization provider"
# Windows Time turns small differences into a faster or slower clock, which within one look makes a fraction of this.
_JUMP_SECONDS = 2.0
_LEAP_UNSYNCHRONISED = 3  # RFC 5905: alarm condition, clock not synchronised
_STRATA_UNSYNCHRONISED = (0, 16)


def time_skew(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    """Needs no sign-in: the samples come from the Date header of every HTTP answer."""
    check, thresholds = "time-skew", look.thresholds
    reference, skew = deployment.clock, server.skew
    if on_the_spot(server.evidence):
        if skew is None:
            return say_not_needed(check, server.name, "evidence-without-reference")
        reference = ReferenceClock(DOMAIN_CONTROLLERS, 0.0, 0.0, 1)
    if skew is None or reference is None:
        clock = server.evidence.clock
        if finding := unanswered(check, server):
            return finding
        if isinstance(clock, NotSeen):
            return say_unseen(check, server.name, clock, "clock", (server.name,))
        return not_told(check, server, "clock")
    facts: dict[str, Fact] = {
        "offset_seconds": tenth(skew.offset_seconds),
        "error_seconds": tenth(skew.error_seconds),
        "reference": reference.kind,
        "reference_voices": reference.voices,
    }
    for variant, bound in (("too-large", thresholds.skew_fail_seconds), ("drifting", thresholds.skew_warn_seconds)):
        if skew.surely_beyond(bound):
            return say(check, variant, server.name, **facts, allowed_seconds=bound)
    if abs(skew.jumped_seconds) >= _JUMP_SECONDS:
        return say(check, "jumped", server.name, **facts, jumped_seconds=tenth(skew.jumped_seconds))
    return say(check, "pass", server.name, **facts)


def time_source(server: ServerView, look: Look) -> Finding:
    """The first thing that is wrong between the service and its source."""
    check, evidence = "time-source", server.evidence
    if finding := unanswered(check, server):
        return finding
    if isinstance(evidence.time, NotSeen):
        return say_unseen(check, server.name, evidence.time, "time", (server.name,))
    time = evidence.time.value
    source = time.source or ""
    if time.service_state is not None and time.service_state.lower() not in ("running", "start pending"):
        mode = time.service_start_mode or ""
        return say(check, "service-stopped", server.name, service_state=time.service_state, service_start_mode=mode)
    if (time.type or "").lower() == "nosync":
        return say(check, "no-sync", server.name, type=time.type)
    if any(mark in source.lower() for mark in _LOCAL_CLOCK):
        return say(check, "local-clock", server.name, source=source, domain_joined=time.domain_joined)
    if time.domain_joined and _VIRTUAL_MACHINE in source.lower():
        return say(check, "virtual-machine-host", server.name, source=source)
    if time.leap == _LEAP_UNSYNCHRONISED or time.stratum in _STRATA_UNSYNCHRONISED:
        return say(check, "unsynchronised", server.name, source=source)
    return _freshness(server, time, source, look)


def _freshness(server: ServerView, time: TimeSeen, source: str, look: Look) -> Finding:
    check = "time-source"
    if time.last_sync is None:
        told = source or time.leap is not None or time.stratum is not None
        if not told:
            return not_told(check, server, "time")
        return say(check, "pass", server.name, source=source, last_sync="")
    age_hours = seconds_between(time.last_sync, time.utc or server.time) / 3600
    if age_hours > look.thresholds.sync_age_hours:
        return say(
            check,
            "stale",
            server.name,
            source=source,
            last_sync=iso(time.last_sync),
            age_hours=tenth(age_hours),
            allowed_hours=look.thresholds.sync_age_hours,
        )
    return say(check, "pass", server.name, source=source, last_sync=iso(time.last_sync))
