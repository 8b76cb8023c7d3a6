"""Case -> plain JSON values, field by field: a new field of the model is not written by accident."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from oauthcert.model.case import SCHEMA, Case
from oauthcert.model.evidence import Answer, ClockSeen, Fault, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.target import Target

DEEPEST = 40
"""Levels of lists and objects inside one answer; the scripts print flat objects."""


def case_document(case: Case, told: Mapping[str, Mapping[str, object]], language: str) -> dict[str, object]:
    """`told` holds title, meaning, action and sources by finding id."""
    return {
        "schema": SCHEMA,
        "tool": case.tool_version,
        "language": language,
        "source": case.source,
        "started": moment(case.started),
        "finished": moment(case.finished),
        "targets": [_target(target) for target in case.targets],
        "findings": [_finding(finding, told[finding.id]) for finding in case.findings],
        "causes": [{"finding": cause.finding, "explains": list(cause.explains)} for cause in case.causes],
        "observations": [_observation(observation) for observation in case.observations],
    }


def moment(when: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z."""
    return None if when is None else when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _target(target: Target) -> dict[str, object]:
    return {
        "name": target.name,
        "scheme": target.scheme,
        "port": target.port,
        "address": target.address,
        "product": target.product.value,
        "fingerprint": target.fingerprint,
    }


def _finding(finding: Finding, told: Mapping[str, object]) -> dict[str, object]:
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


def _observation(observation: Observation) -> dict[str, object]:
    return {
        "server": observation.server,
        "started": moment(observation.started),
        "finished": moment(observation.finished),
        "reach": _seen_or_not(observation.reach),
        "sign_in": _seen_or_not(observation.sign_in),
        "clock": _seen_or_not(observation.clock),
        "tls": None if observation.tls is None else _tls(observation.tls),
        "lost": None if observation.lost is None else _not_seen(observation.lost),
        "answers": {probe: _answer(answer) for probe, answer in observation.answers.items()},
    }


def _seen_or_not(look: Seen[ReachSeen] | Seen[SignInSeen] | Seen[ClockSeen] | NotSeen) -> dict[str, object]:
    if isinstance(look, NotSeen):
        return {"not_seen": _not_seen(look)}
    match look.value:
        case ReachSeen(address, port, scheme):
            return {"seen": {"address": address, "port": port, "scheme": scheme}}
        case SignInSeen(username, method):
            return {"seen": {"username": username, "method": method}}
        case ClockSeen(offset, error, samples):
            return {"seen": {"offset_seconds": offset, "error_seconds": error, "samples": samples}}


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


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "probe": answer.probe,
        "ok": answer.ok,
        "value": [_json(value, DEEPEST) for value in answer.value],
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


def _json(value: JsonValue, levels: int) -> JsonValue:
    """What a server printed, as it came, except what JSON cannot hold and what is nested beyond sense: those become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_json(part, levels - 1) for part in value] if levels else None
    if isinstance(value, dict):
        return {name: _json(part, levels - 1) for name, part in value.items()} if levels else None
    return value
