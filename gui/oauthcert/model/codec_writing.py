"""Case -> plain JSON values, field by field: a new field of the model is not written by accident."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from oauthcert.model.case import SCHEMA, Case
from oauthcert.model.codec_repairs import repair_fields
from oauthcert.model.codec_values import SharedWriting
from oauthcert.model.evidence import Answer, ClockSeen, Fault, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.target import Target


def case_parts(
    case: Case, tell: Callable[[Finding], Mapping[str, object]], language: str
) -> Iterator[tuple[str, str | int | Iterator[object]]]:
    """The fields of a case in the order of the file; lists come as iterators, so that no more than one element is held at a time.

    `tell` gives title, meaning, action and sources of a finding.
    """
    shared = SharedWriting(answer.value for observation in case.observations for answer in observation.answers.values())
    yield "schema", SCHEMA
    yield "tool", case.tool_version
    yield "language", language
    yield "source", case.source
    yield "started", moment(case.started)
    yield "finished", moment(case.finished)
    yield "targets", (_target(target) for target in case.targets)
    yield "findings", (finding_fields(finding, tell(finding)) for finding in case.findings)
    yield "causes", ({"finding": cause.finding, "explains": list(cause.explains)} for cause in case.causes)
    if case.repairs:  # most cases have none, and older versions know nothing of them
        yield "repairs", (repair_fields(record, _fact, moment) for record in case.repairs)
    yield "shared_values", shared.values
    yield "shared_texts", shared.texts
    yield "observations", (_observation(observation, shared) for observation in case.observations)


def moment(when: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _maybe_moment(when: datetime | None) -> str | None:
    return None if when is None else moment(when)


def _target(target: Target) -> dict[str, object]:
    return {
        "name": target.name,
        "scheme": target.scheme,
        "port": target.port,
        "address": target.address,
        "product": target.product.value,
        "fingerprint": target.fingerprint,
    }


def finding_fields(finding: Finding, told: Mapping[str, object]) -> dict[str, object]:
    """One finding as it stands in a case file; `told` are its title, meaning, action and sources."""
    return {
        "id": finding.id,
        "check": finding.check,
        "server": finding.server,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "words": finding.words,
        "title": told["title"],
        "meaning": told["meaning"],
        "action": told["action"],
        "facts": {name: _fact(value) for name, value in finding.facts.items()},
        "sources": told["sources"],
        "because": list(finding.because),
        "fixes": list(finding.fixes),
    }


def _fact(value: Fact) -> object:
    if isinstance(value, tuple):
        return list(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _observation(observation: Observation, shared: SharedWriting) -> dict[str, object]:
    return {
        "server": observation.server,
        "started": _maybe_moment(observation.started),
        "finished": _maybe_moment(observation.finished),
        "reach": _seen_or_not(observation.reach),
        "sign_in": _seen_or_not(observation.sign_in),
        "clock": _seen_or_not(observation.clock),
        "tls": None if observation.tls is None else _tls(observation.tls),
        "lost": None if observation.lost is None else _not_seen(observation.lost),
        "answers": {probe: _answer(answer, shared) for probe, answer in observation.answers.items()},
    }


def _seen_or_not(look: Seen[ReachSeen] | Seen[SignInSeen] | Seen[ClockSeen] | NotSeen) -> dict[str, object]:
    if isinstance(look, NotSeen):
        return {"not_seen": _not_seen(look)}
    match look.value:
        case ReachSeen(address, port, scheme):
            return {"seen": {"address": address, "port": port, "scheme": scheme}}
        case SignInSeen(username, method):
            return {"seen": {"username": username, "method": method}}
        case ClockSeen(offset, error, samples, jumped):
            told = {"offset_seconds": offset, "error_seconds": error, "samples": samples}
            return {"seen": {**told, "jumped_seconds": jumped} if jumped else told}


def _not_seen(look: NotSeen) -> dict[str, object]:
    return {"reason": look.reason, "facts": dict(look.facts)}


def _tls(tls: TlsSeen) -> dict[str, object]:
    return {
        "sha256": tls.sha256,
        "subject": tls.subject,
        "issuer": tls.issuer,
        "not_before": moment(tls.not_before),
        "not_after": moment(tls.not_after),
    }


def _answer(answer: Answer, shared: SharedWriting) -> dict[str, object]:
    return {
        "probe": answer.probe,
        "ok": answer.ok,
        "value": shared.value(answer.value),
        "fault": None if answer.fault is None else _fault(answer.fault),
        "errors": [_fault(fault) for fault in answer.errors],
        "warnings": list(answer.warnings),
        "milliseconds": answer.milliseconds,
    }


def _fault(fault: Fault) -> dict[str, object]:
    return {
        "category": fault.category,
        "id": fault.id,
        "type": fault.type,
        "message": fault.message,
        "hresult": fault.hresult,
        "target": fault.target,
        "inner": list(fault.inner),
    }
