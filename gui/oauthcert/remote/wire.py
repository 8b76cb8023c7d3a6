"""What travels through a round's stdin and stdout: questions one way, framed answers the other. Pure; knows nothing of WinRM.

stdin is two ASCII lines: base64 of the gzipped round script, base64 of the JSON request. stdout carries one line per answer,
`#oac1 ` and base64 of gzipped JSON, so that neither code pages nor wrapping nor stray output can hurt it.
"""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from oauthcert.model.evidence import Answer, Fault, JsonValue
from oauthcert.model.secret import Secret

PROTOCOL = 1
HELLO = "hello"
FRAME_LIMIT = 32 * 1024 * 1024  # unpacked bytes of one frame
LINE_LIMIT = 24 * 1024 * 1024  # bytes of one line as it comes, larger than any honest frame of FRAME_LIMIT packs to
DEPTH_LIMIT = 32  # the round script writes at most 12 levels
MESSAGE_LIMIT = 8000  # characters of a message kept from a fault or warning

_MARK = b"#oac1 "
_LANGUAGE = b"#oac1-language "
_BROKEN = b"#oac1-broken "
_END = "#end"


@dataclass(frozen=True, slots=True)
class Question:
    """One probe to run: `function` of the library with `arguments`, given `seconds` before it is left behind.

    Arguments are texts, numbers, booleans, None, Secrets, and lists and dicts of these. They travel as data, never as script text.
    """

    id: str
    function: str
    seconds: float
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A round as the server gets it."""

    round_script: str
    library: str
    questions: tuple[Question, ...]


def encode_request(round_script: str, library: str, questions: Sequence[Question]) -> bytes:
    """The bytes for the stdin of the bootstrap. Raises ValueError for an argument that cannot travel."""
    probes = [
        {
            "id": question.id,
            "function": question.function,
            "seconds": question.seconds,
            "arguments": {name: _marked(value) for name, value in question.arguments.items()},
        }
        for question in questions
    ]
    # ASCII escapes keep a lone surrogate, which UTF-8 could not carry.
    request = json.dumps({"library": library, "probes": probes}, allow_nan=False, separators=(",", ":"))
    script = gzip.compress(round_script.encode("utf-8"), mtime=0)
    return base64.b64encode(script) + b"\n" + base64.b64encode(request.encode("ascii")) + b"\n"


def decode_request(stdin: bytes) -> Request:
    """What `encode_request` was given. Raises ValueError when it is not such a request."""
    lines = stdin.splitlines()
    if len(lines) != 2:
        raise ValueError(f"a request has two lines, not {len(lines)}")
    try:
        script = _unpacked(base64.b64decode(lines[0], validate=True)).decode("utf-8")
        request = json.loads(base64.b64decode(lines[1], validate=True))
        questions = tuple(
            Question(
                id=probe["id"],
                function=probe["function"],
                seconds=probe["seconds"],
                arguments={name: _unmarked(value) for name, value in probe["arguments"].items()},
            )
            for probe in request["probes"]
        )
        return Request(script, request["library"], questions)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a request: {error}") from error


def _marked(value: object) -> JsonValue:
    """Every text gets a "=" in front: bare, ConvertFrom-Json takes `/Date(0)/` (5.1) and ISO 8601 (7) for dates."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return "=" + value
        case Secret():
            return {"secret": "=" + value.reveal()}
        case list() | tuple():
            return [_marked(item) for item in value]
        case Mapping():
            if any(not isinstance(name, str) for name in value):
                raise ValueError("the names in an argument must be text")
            if "secret" in value:
                raise ValueError('"secret" as a name in an argument is kept for Secrets')
            return {name: _marked(item) for name, item in value.items()}
    raise ValueError(f"an argument of type {type(value).__name__} cannot travel")


def _unmarked(value: object) -> object:
    match value:
        case str():
            if not value.startswith("="):
                raise ValueError("a text without its mark")
            return value[1:]
        case list():
            return [_unmarked(item) for item in value]
        case {"secret": str() as text}:
            return Secret(text[1:])
        case dict():
            return {name: _unmarked(item) for name, item in value.items()}
    return value


def encode_frame(frame: Mapping[str, object]) -> bytes:
    """One answer as the server prints it: a line with its end."""
    text = json.dumps(frame, allow_nan=False, separators=(",", ":"))
    return _MARK + base64.b64encode(gzip.compress(text.encode("ascii"), mtime=0)) + b"\r\n"


class FrameReader:
    """Finds the frames in a stream of output that may come in any pieces and be mixed with other lines.

    Never raises, whatever is fed. `damaged` counts frames that could not be read, `too_large` those of them that were over the
    limits. `ended` is True after the last frame of a round; `language_mode` and `broken` hold what a bootstrap that could
    not start said of itself. `stray` keeps the first few other lines.
    """

    def __init__(self) -> None:
        self.damaged = 0
        self.too_large = 0
        self.ended = False
        self.language_mode: str | None = None
        self.broken: str | None = None
        self.stray: list[str] = []
        self._rest = bytearray()
        self._searched = 0
        self._skipping = False

    def feed(self, data: bytes) -> list[dict[str, JsonValue]]:
        """Takes the next piece of output and returns the frames that are complete with it, in order."""
        frames = []
        self._rest += data
        start = 0
        while (end := self._rest.find(b"\n", max(start, self._searched))) >= 0:
            line = bytes(self._rest[start:end])
            start = end + 1
            if self._skipping:
                self._skipping = False
            elif (frame := self._line(line)) is not None:
                frames.append(frame)
        del self._rest[:start]
        if len(self._rest) > LINE_LIMIT:
            if not self._skipping and _MARK in self._rest:
                self.damaged += 1
                self.too_large += 1
            self._skipping = True
        if self._skipping:
            self._rest.clear()
        self._searched = len(self._rest)
        return frames

    def finish(self) -> list[dict[str, JsonValue]]:
        """Takes what is left as the last line; call it when the process has ended."""
        return self.feed(b"\n") if self._rest else []

    def _line(self, line: bytes) -> dict[str, JsonValue] | None:
        # Output that did not end its line may stand in front of a frame; base64 itself holds no "#".
        at = line.rfind(_MARK)
        if at >= 0:
            return self._frame(line[at + len(_MARK) :].strip())
        text = line.strip()
        if text.startswith(_LANGUAGE):
            self.language_mode = text[len(_LANGUAGE) :][:100].decode("ascii", "replace")
        elif text.startswith(_BROKEN):
            self.broken = _broken_text(text[len(_BROKEN) :])
        elif text and len(self.stray) < 20:
            self.stray.append(text[:200].decode("utf-8", "replace"))
        return None

    def _frame(self, packed: bytes) -> dict[str, JsonValue] | None:
        try:
            frame = _clean(json.loads(_unpacked(base64.b64decode(packed, validate=True)), parse_constant=_no_constant))
        except _TooLargeError:
            self.too_large += 1
            frame = None
        except (ValueError, RecursionError):
            frame = None
        if not isinstance(frame, dict) or not isinstance(frame.get("probe"), str):
            self.damaged += 1
            return None
        if frame["probe"] == _END:
            self.ended = True
        return frame


class _TooLargeError(ValueError):
    """More than FRAME_LIMIT bytes when unpacked."""


def _unpacked(packed: bytes) -> bytes:
    """One whole gzip member, at most FRAME_LIMIT bytes of it: a few kilobytes can claim to hold gigabytes."""
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(packed, FRAME_LIMIT + 1)
    except zlib.error as error:
        raise ValueError(f"not gzip: {error}") from error
    if len(plain) > FRAME_LIMIT:
        raise _TooLargeError(f"more than {FRAME_LIMIT} bytes")
    if not unzip.eof or unzip.unused_data:
        raise ValueError("cut, or something behind it")
    return plain


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _clean(value: JsonValue, depth: int = 0) -> JsonValue:
    """The same value without lone surrogates, which no file and no screen can hold. ValueError when it is nested too deeply."""
    if depth > DEPTH_LIMIT:
        raise ValueError("nested too deeply")
    match value:
        case str():
            return _text(value)
        case list():
            return [_clean(item, depth + 1) for item in value]
        case dict():
            return {_text(name): _clean(item, depth + 1) for name, item in value.items()}
    return value


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _broken_text(packed: bytes) -> str:
    try:
        return base64.b64decode(packed, validate=True).decode("utf-8", "replace")[:MESSAGE_LIMIT]
    except binascii.Error:
        return packed[:MESSAGE_LIMIT].decode("ascii", "replace")


def is_end(frame: Mapping[str, JsonValue]) -> bool:
    """Whether this is the frame that ends a round."""
    return frame.get("probe") == _END


def answer_of(frame: Mapping[str, JsonValue]) -> Answer:
    """A frame in typed form, whatever it holds. The first frame of a round becomes the answer of the probe `hello`."""
    ok = frame.get("ok") is True
    fault = frame.get("fault")
    milliseconds = frame.get("milliseconds")
    return Answer(
        probe=str(frame.get("probe") or HELLO),
        ok=ok,
        value=tuple(_items(frame.get("value"))),
        fault=None if ok else _fault(fault),
        errors=tuple(_fault(error) for error in _items(frame.get("errors"))),
        warnings=tuple(_short(warning) for warning in _items(frame.get("warnings"))),
        milliseconds=milliseconds if type(milliseconds) is int else 0,
    )


def _items(value: JsonValue) -> list[JsonValue]:
    """A list as it is; Windows PowerShell may have wrapped it as {"value": [...], "Count": n} or unrolled a single element."""
    match value:
        case None:
            return []
        case list():
            return value
        case {"value": list() as items, "Count": int()}:
            return items
    return [value]


def _fault(value: JsonValue) -> Fault:
    if not isinstance(value, dict):
        return Fault(category="NotSpecified", id="NoErrorRecord", message=_short(value))
    hresult = value.get("hresult")
    return Fault(
        category=_short(value.get("category")),
        id=_short(value.get("id")),
        type=_short(value.get("type")),
        message=_short(value.get("message")),
        hresult=hresult if type(hresult) is int else 0,
        target=_short(value.get("target")),
        inner=tuple(_short(inner) for inner in _items(value.get("inner"))[:10]),
    )


def _short(value: JsonValue) -> str:
    return "" if value is None else str(value)[:MESSAGE_LIMIT]
