"""One evidence file, as the collector writes it on a server: hostile bytes in, an observation or a clear refusal out. No I/O.

The format is described in `resources/schema/evidence-1.json`; its answers have the shape of the answers in a saved case.
"""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from oauthcert.collect.equal_values import EqualValues, UnfitValueError
from oauthcert.collect.fields import Fields, UnreadableError
from oauthcert.collect.probes import probes_of
from oauthcert.model.errors import CaseFileError
from oauthcert.model.evidence import ON_THE_SPOT, Answer, JsonValue, NotSeen, Observation, ReachSeen, Seen, SignInSeen
from oauthcert.model.target import Product, Target
from oauthcert.remote.wire import answer_of

KIND = "oauthcert-evidence"
SCHEMA = 1
LARGEST = 16 * 1024 * 1024
"""Bytes. 200 certificates in the store and a topology of 1000 servers stay below 1 MB."""
MOST_PARTS = 1_000_000
"""Commas and brackets: few bytes of JSON can stand for many objects in memory."""
MOST_ANSWERS = 200
LONGEST_NAME = 255

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNMARKED = ((b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd", b"MSCF")


class EvidenceRefused(CaseFileError):
    """A file that is not judged. `words` is also the reason of the NotSeen that stands for its server."""

    words = "evidence-damaged"

    def about(self, file: str) -> "EvidenceRefused":
        """The same with the facts that all its words may name."""
        self.facts = {"where": "", "problem": "", "found": "", "known": "", **self.facts, "file": file, "detail": self.detail}
        return self


class NotEvidence(EvidenceRefused):
    """Not JSON, cut off, or JSON of something else."""

    words = "evidence-not-json"


class CaseInstead(EvidenceRefused):
    """A saved case."""

    words = "evidence-is-case"


class PackedEvidence(EvidenceRefused):
    """An archive or a compressed file. It is not unpacked: a few kilobytes can hold gigabytes."""

    words = "evidence-packed"


class EvidenceTooLarge(EvidenceRefused):
    words = "evidence-too-large"


class OtherEvidenceSchema(EvidenceRefused):
    """Facts: `found`, `known`."""

    words = "evidence-schema"


class DamagedEvidence(EvidenceRefused):
    """Facts: `where`, `problem`."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one file holds. `moment` is when the server was asked, by its own clock; `tool` the version of the collector."""

    target: Target
    observation: Observation
    moment: datetime
    tool: str


def read_evidence(content: bytes, file: str, equal: EqualValues) -> Collected:
    """The evidence in these bytes; `file` is the name to show. Raises EvidenceRefused and nothing else, whatever the bytes are."""
    try:
        return _read(content, file, equal)
    except EvidenceRefused as error:
        raise error.about(file) from None


def _read(content: bytes, file: str, equal: EqualValues) -> Collected:
    document = _document(_text(content))
    if document.get("kind") != KIND:
        if "findings" in document and "observations" in document:
            raise CaseInstead("a saved case")
        raise NotEvidence("JSON of something else")
    schema = document.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        raise OtherEvidenceSchema(f"schema {str(schema)[:40]}", found=str(schema)[:40], known=str(SCHEMA))
    try:
        return _collected({name: equal.once(value) for name, value in document.items()}, file, equal)
    except UnreadableError as error:
        raise _damaged(error.where, error.what) from None
    except UnfitValueError as error:
        raise _damaged("file", str(error)) from None


def looks_like_evidence(beginning: bytes) -> bool:
    """Whether a file that begins like this says of itself that it is an evidence file. Enough of it are 4096 bytes."""
    plain = beginning[:4096].replace(b"\0", b"")
    return b'"kind"' in plain and KIND.encode("ascii") in plain


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise EvidenceTooLarge(f"more than {LARGEST} bytes")
    if content.startswith(_PACKED):
        raise PackedEvidence("packed")
    marks = (*_MARKS, *_UNMARKED)
    encoding = next((name for mark, name in marks if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeError:
        raise NotEvidence(f"no text in {encoding}") from None
    if sum(map(text.count, ",[{")) > MOST_PARTS:
        raise EvidenceTooLarge(f"more than {MOST_PARTS} parts")
    return text


def _document(text: str) -> Mapping[str, JsonValue]:
    try:
        document = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise NotEvidence(f"line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):  # a number of more than 4300 digits; thousands of nested brackets
        raise NotEvidence("numbers or nesting beyond any evidence") from None
    if not isinstance(document, dict):
        raise NotEvidence("JSON of something else")
    return document


def _without_repeats(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _damaged("a field", "stands there twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _damaged("a number", f"{name} is not one")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):  # 1e999 is valid JSON
        raise _damaged("a number", "is larger than any number")
    return number


def _damaged(where: str, problem: str) -> DamagedEvidence:
    return DamagedEvidence(f"{where}: {problem}", where=where[:120], problem=problem[:120])


def _collected(document: Mapping[str, JsonValue], file: str, equal: EqualValues) -> Collected:
    fields = Fields(dict(document), "file")
    moment, finished, tool = fields.time("utc"), fields.time("finished"), fields.text("tool")[:100]
    target = Target(_name(fields), product=_product(fields))
    answers = _answers(document.get("answers"), equal)
    missing = {probe.id for probe in probes_of(target)} - answers.keys()
    observation = Observation(
        server=target.name,
        reach=Seen(ReachSeen(file, 0, ON_THE_SPOT)),
        sign_in=Seen(SignInSeen(_account(answers.get("session")), ON_THE_SPOT)),
        clock=NotSeen("not-asked"),
        answers=answers,
        lost=NotSeen("not-collected", {"tool": tool}) if missing else None,
        started=moment,
        finished=max(moment, finished),
    )
    return Collected(target, observation, moment, tool)


def _name(fields: Fields) -> str:
    """Such as a server may have: it becomes part of ids, and is read by people and by monitoring systems."""
    name = fields.text("server").strip().rstrip(".").lower()
    if not 0 < len(name) <= LONGEST_NAME or not all(sign.isalnum() or sign in ".-_" for sign in name):
        raise UnreadableError("file.server", "not the name of a server")
    return name


def _product(fields: Fields) -> Product:
    try:
        return Product(fields.text("product"))
    except ValueError:
        raise UnreadableError("file.product", f"none of {', '.join(Product)}") from None


def _answers(value: JsonValue, equal: EqualValues) -> dict[str, Answer]:
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        raise UnreadableError("file.answers", "not an object with answers")
    found = {}
    for probe, frame in value.items():
        if not isinstance(frame, dict) or not 0 < len(probe) <= 60:
            raise UnreadableError(f"file.answers.{probe[:60]}", "not an answer")
        answer = answer_of({**frame, "probe": probe})
        found[probe] = Answer(
            answer.probe, answer.ok, equal.printed(answer.value), answer.fault, answer.errors, answer.warnings, answer.milliseconds
        )
    return found


def _account(session: Answer | None) -> str:
    """Who ran the collector, as far as the server told."""
    for printed in session.value if session is not None else ():
        if isinstance(printed, dict) and isinstance(account := printed.get("account"), str):
            return account[:LONGEST_NAME]
    return ""
