"""Plain JSON values -> Case, trusting nothing: every field has its type, none is missing, none is unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import TypeVar

from oauthcert.model.case import SCHEMA, Case
from oauthcert.model.codec_writing import DEEPEST
from oauthcert.model.errors import CaseFileError
from oauthcert.model.evidence import Answer, ClockSeen, Fault, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Cause, Fact, Finding, Severity, Verdict
from oauthcert.model.target import Product, Target

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
_LARGEST = 2**63 - 1


class NotACase(CaseFileError):
    """Not JSON, cut off, or JSON of something else."""

    words = "case-file-not-json"


class OtherSchema(CaseFileError):
    """Written in a format this version does not read."""

    words = "case-file-schema"

    def __init__(self, found: object) -> None:
        super().__init__(f"schema {str(found)[:40]}", found=str(found)[:40], known=str(SCHEMA))


class DamagedCase(CaseFileError):
    """`where` names the field (`findings[3].verdict`), `problem` what is wrong with it."""

    words = "case-file-damaged"

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}", where=where[:120], problem=problem[:120])


class CaseTooLarge(CaseFileError):
    words = "case-file-too-large"


def read_case(document: Mapping[str, object]) -> Case:
    """The case; raises DamagedCase."""
    top = _fields(document, "case", "schema tool language source started finished targets findings causes observations")
    _text(top["language"], "language")
    return Case(
        started=_moment(top["started"], "started"),
        finished=_moment(top["finished"], "finished"),
        source=_text(top["source"], "source"),
        targets=_each(top["targets"], "targets", _target),
        observations=_each(top["observations"], "observations", _observation),
        findings=_each(top["findings"], "findings", _finding),
        causes=_each(top["causes"], "causes", _cause),
        tool_version=_text(top["tool"], "tool"),
    )


def _target(value: object, where: str) -> Target:
    found = _fields(value, where, "name scheme port address product fingerprint")
    name = _text(found["name"], f"{where}.name")
    scheme = _text(found["scheme"], f"{where}.scheme")
    port = _whole(found["port"], f"{where}.port")
    fingerprint = _perhaps(found["fingerprint"], f"{where}.fingerprint", _text)
    if not name:
        raise DamagedCase(f"{where}.name", "is empty")
    if scheme not in ("http", "https"):
        raise DamagedCase(f"{where}.scheme", "is neither http nor https")
    if not 1 <= port <= 65535:
        raise DamagedCase(f"{where}.port", "is no port number")
    if fingerprint is not None and not _FINGERPRINT.match(fingerprint):
        raise DamagedCase(f"{where}.fingerprint", "is not 64 lower-case hex digits")
    address = _perhaps(found["address"], f"{where}.address", _text)
    return Target(name, scheme, port, address, _one_of(Product, found["product"], f"{where}.product"), fingerprint)


def _finding(value: object, where: str) -> Finding:
    found = _fields(value, where, "id check server verdict severity words title meaning action facts sources because fixes")
    for told in ("title", "meaning", "action"):
        _text(found[told], f"{where}.{told}")
    _each(found["sources"], f"{where}.sources", _source)
    finding = Finding(
        check=_text(found["check"], f"{where}.check"),
        server=_perhaps(found["server"], f"{where}.server", _text),
        verdict=_one_of(Verdict, found["verdict"], f"{where}.verdict"),
        severity=_one_of(Severity, found["severity"], f"{where}.severity"),
        words=_text(found["words"], f"{where}.words"),
        facts={name: _fact(fact, f"{where}.facts.{name}") for name, fact in _mapping(found["facts"], f"{where}.facts").items()},
        because=_each(found["because"], f"{where}.because", _text),
        fixes=_each(found["fixes"], f"{where}.fixes", _text),
    )
    if found["id"] != finding.id:
        raise DamagedCase(f"{where}.id", "does not belong to this check and server")
    return finding


def _source(value: object, where: str) -> None:
    found = _fields(value, where, "title url")
    _text(found["title"], f"{where}.title")
    _text(found["url"], f"{where}.url")


def _fact(value: object, where: str) -> Fact:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, float):
        return _number(value, where)
    return _each(value, where, _text) if isinstance(value, list) else _whole(value, where)


def _cause(value: object, where: str) -> Cause:
    found = _fields(value, where, "finding explains")
    return Cause(_text(found["finding"], f"{where}.finding"), _each(found["explains"], f"{where}.explains", _text))


def _observation(value: object, where: str) -> Observation:
    found = _fields(value, where, "server started finished reach sign_in clock tls lost answers")
    answers = _mapping(found["answers"], f"{where}.answers")
    return Observation(
        server=_text(found["server"], f"{where}.server"),
        reach=_seen(found["reach"], f"{where}.reach", _reach),
        sign_in=_seen(found["sign_in"], f"{where}.sign_in", _sign_in),
        clock=_seen(found["clock"], f"{where}.clock", _clock),
        answers={probe: _answer(answer, f"{where}.answers.{probe}") for probe, answer in answers.items()},
        lost=_perhaps(found["lost"], f"{where}.lost", _not_seen),
        tls=_perhaps(found["tls"], f"{where}.tls", _tls),
        started=_perhaps(found["started"], f"{where}.started", _moment),
        finished=_perhaps(found["finished"], f"{where}.finished", _moment),
    )


def _seen(value: object, where: str, read: Callable[[object, str], T]) -> Seen[T] | NotSeen:
    look = _mapping(value, where)
    if set(look) == {"seen"}:
        return Seen(read(look["seen"], f"{where}.seen"))
    if set(look) == {"not_seen"}:
        return _not_seen(look["not_seen"], f"{where}.not_seen")
    raise DamagedCase(where, "is neither seen nor not_seen")


def _not_seen(value: object, where: str) -> NotSeen:
    found = _fields(value, where, "reason facts")
    facts = _mapping(found["facts"], f"{where}.facts")
    return NotSeen(_text(found["reason"], f"{where}.reason"), {name: _text(fact, f"{where}.facts.{name}") for name, fact in facts.items()})


def _reach(value: object, where: str) -> ReachSeen:
    found = _fields(value, where, "address port scheme")
    return ReachSeen(
        _text(found["address"], f"{where}.address"), _whole(found["port"], f"{where}.port"), _text(found["scheme"], f"{where}.scheme")
    )


def _sign_in(value: object, where: str) -> SignInSeen:
    found = _fields(value, where, "username method")
    return SignInSeen(_text(found["username"], f"{where}.username"), _text(found["method"], f"{where}.method"))


def _clock(value: object, where: str) -> ClockSeen:
    found = _fields(value, where, "offset_seconds error_seconds samples")
    return ClockSeen(
        _number(found["offset_seconds"], f"{where}.offset_seconds"),
        _number(found["error_seconds"], f"{where}.error_seconds"),
        _whole(found["samples"], f"{where}.samples"),
    )


def _tls(value: object, where: str) -> TlsSeen:
    found = _fields(value, where, "sha256 subject issuer not_before not_after")
    sha256, subject, issuer = (_text(found[name], f"{where}.{name}") for name in ("sha256", "subject", "issuer"))
    not_before, not_after = (_moment(found[name], f"{where}.{name}") for name in ("not_before", "not_after"))
    return TlsSeen(sha256, subject, issuer, not_before, not_after)


def _answer(value: object, where: str) -> Answer:
    found = _fields(value, where, "probe ok value fault errors warnings milliseconds")
    if not isinstance(found["ok"], bool):
        raise DamagedCase(f"{where}.ok", "is neither true nor false")
    return Answer(
        probe=_text(found["probe"], f"{where}.probe"),
        ok=found["ok"],
        value=_each(found["value"], f"{where}.value", _json),
        fault=_perhaps(found["fault"], f"{where}.fault", _fault),
        errors=_each(found["errors"], f"{where}.errors", _fault),
        warnings=_each(found["warnings"], f"{where}.warnings", _text),
        milliseconds=_whole(found["milliseconds"], f"{where}.milliseconds"),
    )


def _fault(value: object, where: str) -> Fault:
    found = _fields(value, where, "category id type message hresult target inner")
    category, identity, kind, message, target = (
        _text(found[name], f"{where}.{name}") for name in ("category", "id", "type", "message", "target")
    )
    inner = _each(found["inner"], f"{where}.inner", _text)
    return Fault(category, identity, kind, message, _whole(found["hresult"], f"{where}.hresult"), target, inner)


def _json(value: object, where: str, levels: int = DEEPEST) -> JsonValue:
    if isinstance(value, list | dict) and not levels:
        raise DamagedCase(where, "is nested too deeply")
    if isinstance(value, list):
        return [_json(part, where, levels - 1) for part in value]
    if isinstance(value, dict):
        return {name: _json(part, where, levels - 1) for name, part in value.items()}
    if isinstance(value, float):
        return _number(value, where)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise DamagedCase(where, "is no JSON value")


def _fields(value: object, where: str, names: str) -> Mapping[str, object]:
    """The mapping, when it has exactly the fields `names`."""
    found, wanted = _mapping(value, where), set(names.split())
    if missing := wanted - set(found):
        raise DamagedCase(where, f"{min(missing)} is missing")
    if unknown := set(found) - wanted:
        raise DamagedCase(where, f"{min(unknown)[:60]} is not a field of it")
    return found


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DamagedCase(where, "is not an object")
    return value


def _each(value: object, where: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise DamagedCase(where, "is not a list")
    return tuple(read(part, f"{where}[{index}]") for index, part in enumerate(value))


def _perhaps(value: object, where: str, read: Callable[[object, str], T]) -> T | None:
    return None if value is None else read(value, where)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise DamagedCase(where, "is not text")
    return value


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise DamagedCase(where, "is not a whole number of 64 bits")
    return value


def _number(value: object, where: str) -> float:
    if not isinstance(value, float):
        return float(_whole(value, where))
    if not isfinite(value):  # 1e999 is valid JSON
        raise DamagedCase(where, "is larger than any number")
    return value


def _one_of(kind: type[E], value: object, where: str) -> E:
    try:
        return kind(_text(value, where))
    except ValueError:
        raise DamagedCase(where, f"is none of {', '.join(kind)}") from None


def _moment(value: object, where: str) -> datetime:
    try:
        when = datetime.fromisoformat(_text(value, where))
        if when.tzinfo is not None:
            return when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DamagedCase(where, "is not a time") from None
    raise DamagedCase(where, "is a time without its zone")
