"""Plain JSON values -> Case, trusting nothing: every field has its type, none is missing, none is unknown."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from oauthcert.model.case import SCHEMA, Case
from oauthcert.model.codec_fields import DamagedCase, each, exactly, mapping, moment, number, one_of, perhaps, text, whole
from oauthcert.model.codec_repairs import read_repair
from oauthcert.model.codec_values import SharedReading
from oauthcert.model.errors import CaseFileError
from oauthcert.model.evidence import Answer, ClockSeen, Fault, NotSeen, Observation, ReachSeen, Seen, SignInSeen, TlsSeen
from oauthcert.model.finding import Cause, Fact, Finding, Severity, Verdict
from oauthcert.model.target import Product, Target

T = TypeVar("T")

_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


class NotACase(CaseFileError):
    """Not JSON, cut off, or JSON of something else."""

    words = "case-file-not-json"


class OtherSchema(CaseFileError):
    """Written in a format this version does not read."""

    words = "case-file-schema"

    def __init__(self, found: object) -> None:
        super().__init__(f"schema {str(found)[:40]}", found=str(found)[:40], known=str(SCHEMA))


class CaseTooLarge(CaseFileError):
    words = "case-file-too-large"


def read_case(document: Mapping[str, object]) -> Case:
    """The case; raises DamagedCase."""
    top = exactly(
        {"repairs": [], **document},
        "case",
        "schema tool language source started finished targets findings causes repairs shared_values shared_texts observations",
    )
    text(top["language"], "language")
    shared = SharedReading(top["shared_values"], top["shared_texts"])
    return Case(
        started=moment(top["started"], "started"),
        finished=moment(top["finished"], "finished"),
        source=text(top["source"], "source"),
        targets=each(top["targets"], "targets", _target),
        observations=each(top["observations"], "observations", partial(_observation, shared)),
        findings=each(top["findings"], "findings", _finding),
        causes=each(top["causes"], "causes", _cause),
        tool_version=text(top["tool"], "tool"),
        repairs=each(top["repairs"], "repairs", partial(read_repair, fact=_fact)),
    )


def _target(value: object, where: str) -> Target:
    found = exactly(value, where, "name scheme port address product fingerprint")
    name = text(found["name"], f"{where}.name")
    scheme = text(found["scheme"], f"{where}.scheme")
    port = whole(found["port"], f"{where}.port")
    fingerprint = perhaps(found["fingerprint"], f"{where}.fingerprint", text)
    if not name:
        raise DamagedCase(f"{where}.name", "is empty")
    if scheme not in ("http", "https"):
        raise DamagedCase(f"{where}.scheme", "is neither http nor https")
    if not 1 <= port <= 65535:
        raise DamagedCase(f"{where}.port", "is no port number")
    if fingerprint is not None and not _FINGERPRINT.match(fingerprint):
        raise DamagedCase(f"{where}.fingerprint", "is not 64 lower-case hex digits")
    address = perhaps(found["address"], f"{where}.address", text)
    return Target(name, scheme, port, address, one_of(Product, found["product"], f"{where}.product"), fingerprint)


def _finding(value: object, where: str) -> Finding:
    found = exactly(value, where, "id check server verdict severity words title meaning action facts sources because fixes")
    for told in ("title", "meaning", "action"):
        text(found[told], f"{where}.{told}")
    each(found["sources"], f"{where}.sources", _source)
    finding = Finding(
        check=text(found["check"], f"{where}.check"),
        server=perhaps(found["server"], f"{where}.server", text),
        verdict=one_of(Verdict, found["verdict"], f"{where}.verdict"),
        severity=one_of(Severity, found["severity"], f"{where}.severity"),
        words=text(found["words"], f"{where}.words"),
        facts={name: _fact(fact, f"{where}.facts.{name}") for name, fact in mapping(found["facts"], f"{where}.facts").items()},
        because=each(found["because"], f"{where}.because", text),
        fixes=each(found["fixes"], f"{where}.fixes", text),
    )
    if found["id"] != finding.id:
        raise DamagedCase(f"{where}.id", "does not belong to this check and server")
    return finding


def _source(value: object, where: str) -> None:
    found = exactly(value, where, "title url")
    text(found["title"], f"{where}.title")
    text(found["url"], f"{where}.url")


def _fact(value: object, where: str) -> Fact:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, float):
        return number(value, where)
    return each(value, where, text) if isinstance(value, list) else whole(value, where)


def _cause(value: object, where: str) -> Cause:
    found = exactly(value, where, "finding explains")
    return Cause(text(found["finding"], f"{where}.finding"), each(found["explains"], f"{where}.explains", text))


def _observation(shared: SharedReading, value: object, where: str) -> Observation:
    found = exactly(value, where, "server started finished reach sign_in clock tls lost answers")
    answers = mapping(found["answers"], f"{where}.answers")
    return Observation(
        server=text(found["server"], f"{where}.server"),
        reach=_seen(found["reach"], f"{where}.reach", _reach),
        sign_in=_seen(found["sign_in"], f"{where}.sign_in", _sign_in),
        clock=_seen(found["clock"], f"{where}.clock", _clock),
        answers={probe: _answer(shared, answer, f"{where}.answers.{probe}") for probe, answer in answers.items()},
        lost=perhaps(found["lost"], f"{where}.lost", _not_seen),
        tls=perhaps(found["tls"], f"{where}.tls", _tls),
        started=perhaps(found["started"], f"{where}.started", moment),
        finished=perhaps(found["finished"], f"{where}.finished", moment),
    )


def _seen(value: object, where: str, read: Callable[[object, str], T]) -> Seen[T] | NotSeen:
    look = mapping(value, where)
    if set(look) == {"seen"}:
        return Seen(read(look["seen"], f"{where}.seen"))
    if set(look) == {"not_seen"}:
        return _not_seen(look["not_seen"], f"{where}.not_seen")
    raise DamagedCase(where, "is neither seen nor not_seen")


def _not_seen(value: object, where: str) -> NotSeen:
    found = exactly(value, where, "reason facts")
    facts = mapping(found["facts"], f"{where}.facts")
    return NotSeen(text(found["reason"], f"{where}.reason"), {name: text(fact, f"{where}.facts.{name}") for name, fact in facts.items()})


def _reach(value: object, where: str) -> ReachSeen:
    found = exactly(value, where, "address port scheme")
    return ReachSeen(
        text(found["address"], f"{where}.address"), whole(found["port"], f"{where}.port"), text(found["scheme"], f"{where}.scheme")
    )


def _sign_in(value: object, where: str) -> SignInSeen:
    found = exactly(value, where, "username method")
    return SignInSeen(text(found["username"], f"{where}.username"), text(found["method"], f"{where}.method"))


def _clock(value: object, where: str) -> ClockSeen:
    # What hardly ever happens is written only when it did.
    found = exactly({"jumped_seconds": 0.0, **mapping(value, where)}, where, "offset_seconds error_seconds samples jumped_seconds")
    return ClockSeen(
        number(found["offset_seconds"], f"{where}.offset_seconds"),
        number(found["error_seconds"], f"{where}.error_seconds"),
        whole(found["samples"], f"{where}.samples"),
        number(found["jumped_seconds"], f"{where}.jumped_seconds"),
    )


def _tls(value: object, where: str) -> TlsSeen:
    found = exactly(value, where, "sha256 subject issuer not_before not_after")
    sha256, subject, issuer = (text(found[name], f"{where}.{name}") for name in ("sha256", "subject", "issuer"))
    not_before, not_after = (moment(found[name], f"{where}.{name}") for name in ("not_before", "not_after"))
    return TlsSeen(sha256, subject, issuer, not_before, not_after)


def _answer(shared: SharedReading, value: object, where: str) -> Answer:
    found = exactly(value, where, "probe ok value fault errors warnings milliseconds")
    if not isinstance(found["ok"], bool):
        raise DamagedCase(f"{where}.ok", "is neither true nor false")
    return Answer(
        probe=text(found["probe"], f"{where}.probe"),
        ok=found["ok"],
        value=shared.value(found["value"], f"{where}.value"),
        fault=perhaps(found["fault"], f"{where}.fault", _fault),
        errors=each(found["errors"], f"{where}.errors", _fault),
        warnings=each(found["warnings"], f"{where}.warnings", text),
        milliseconds=whole(found["milliseconds"], f"{where}.milliseconds"),
    )


def _fault(value: object, where: str) -> Fault:
    found = exactly(value, where, "category id type message hresult target inner")
    category, identity, kind, message, target = (
        text(found[name], f"{where}.{name}") for name in ("category", "id", "type", "message", "target")
    )
    inner = each(found["inner"], f"{where}.inner", text)
    return Fault(category, identity, kind, message, whole(found["hresult"], f"{where}.hresult"), target, inner)
