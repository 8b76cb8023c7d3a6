"""The round's wire: everything comes back as it was sent, and nothing a server prints can make the reader raise."""

import base64
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert.model.evidence import JsonValue
from oauthcert.model.secret import Secret
from oauthcert.remote import wire
from oauthcert.remote.wire import FrameReader, Question, answer_of, decode_request, encode_frame, encode_request

CAPTURED = Path(__file__).parents[2] / "data" / "round_stdout.txt"

HOSTILE = (
    "'; Remove-Item x #",
    "$(Get-Date)",
    '"`n"',
    "line\nbreak",
    "nul\0nul",
    "Ünïcødé Ж 漢 😀",
    "x" * 65536,
    "",
    "@{a=1}",
    "-Force",
    "%PATH%",
    "{0}",
    "\u2028\u2029",
    "‘’“”",
    "2026-11-21T00:00:00Z",
    "/Date(0)/",
    "\\/Date(0)\\/",
    "1e5",
    "true",
    "null",
    "=x",
)

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text().filter(lambda name: name != "secret"), inner, max_size=4),
    max_leaves=12,
)


def one_question(**arguments: object) -> Question:
    return Question("echo", "Get-Echo", 10, arguments)


def line_of(text: bytes) -> bytes:
    return b"#oac1 " + base64.b64encode(text) + b"\r\n"


def test_that_hostile_texts_arrive_unchanged() -> None:
    questions = [one_question(Value=text) for text in HOSTILE]
    assert decode_request(encode_request("round", "library", questions)).questions == tuple(questions)


def test_that_hostile_texts_never_stand_in_the_stdin_as_they_are() -> None:
    stdin = encode_request("round", "library", [one_question(Value=text) for text in HOSTILE])
    assert set(stdin) <= set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n")


@given(st.text(st.characters(codec="utf-8")), st.text(), st.dictionaries(st.text(), plain_values, max_size=4))
def test_that_any_request_comes_back_as_it_was(script: str, library: str, arguments: dict[str, object]) -> None:
    questions = (Question("a", "Get-A", 2.5, arguments), Question("b", "Get-B", 1))
    request = decode_request(encode_request(script, library, questions))
    assert (request.round_script, request.library, request.questions) == (script, library, questions)


def test_that_every_text_is_marked_and_nothing_else() -> None:
    stdin = encode_request("", "", [one_question(A="t", B=["t", 1, None, True], C={"k": "t"}, D=Secret("p"))])
    request = json.loads(base64.b64decode(stdin.splitlines()[1]))
    assert request["probes"][0]["arguments"] == {"A": "=t", "B": ["=t", 1, None, True], "C": {"k": "=t"}, "D": {"secret": "=p"}}


def test_that_a_secret_arrives_as_a_secret() -> None:
    (question,) = decode_request(encode_request("", "", [one_question(Password=Secret("pässword"))])).questions
    assert question.arguments == {"Password": Secret("pässword")}


@pytest.mark.parametrize("value", [b"bytes", {1: "x"}, {"secret": "x"}, float("nan"), float("inf"), object(), [object()]])
def test_that_an_argument_that_cannot_travel_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json words its own
        encode_request("", "", [one_question(Value=value)])


@pytest.mark.parametrize("stdin", [b"", b"x", b"x\ny\n", b"!\n!\n", encode_request("", "", []) + b"more\n", b"\n\n"])
def test_that_what_is_not_a_request_is_a_value_error(stdin: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - base64, zlib and json word their own
        decode_request(stdin)


def test_that_output_of_a_real_engine_is_read() -> None:
    reader = FrameReader()
    frames = reader.feed(CAPTURED.read_bytes())
    answers = {answer.probe: answer for answer in map(answer_of, frames)}
    assert next(iter(answers)) == wire.HELLO
    assert reader.ended
    assert reader.damaged == 0
    assert reader.stray == ["stray line"]
    assert answers["Get-Nothing"].value == ()
    assert answers["Get-Two"].value == ({"n": 1}, {"n": 2})
    assert answers["Get-Noise"].warnings == ("careful",)
    assert answers["Get-Noise"].ok
    missing = answers["Get-Missing"]
    assert not missing.ok
    assert missing.fault is not None
    assert (missing.fault.category, missing.fault.id) == ("ObjectNotFound", "CommandNotFoundException")
    stuck = answers["Get-Stuck"].fault
    assert stuck is not None
    assert stuck.id == "ProbeDeadline"


frames_strategy = st.lists(
    st.builds(
        lambda probe, value: {"probe": probe, "ok": True, "value": value},
        st.text(st.characters(codec="utf-8"), min_size=1),
        st.lists(st.integers()),
    ),
    max_size=5,
)


@given(frames_strategy, st.data())
def test_that_frames_survive_any_split_and_any_noise_between_them(frames: list[dict[str, object]], data: st.DataObject) -> None:
    noise = st.text(st.characters(codec="utf-8", exclude_characters="#\n")).map(lambda text: text.encode() + b"\n") | st.just(b"")
    output = b"".join(data.draw(noise) + encode_frame(frame) for frame in frames) + data.draw(noise)
    reader = FrameReader()
    seen = []
    while output:
        size = data.draw(st.integers(1, len(output)))
        seen += reader.feed(output[:size])
        output = output[size:]
    assert seen + reader.finish() == frames
    assert reader.damaged == 0


def test_that_one_byte_at_a_time_is_enough() -> None:
    reader = FrameReader()
    frames = [frame for byte in CAPTURED.read_bytes() for frame in reader.feed(bytes([byte]))]
    assert frames == FrameReader().feed(CAPTURED.read_bytes())


def test_that_output_without_a_line_end_before_a_frame_does_not_hide_it() -> None:
    assert FrameReader().feed(b"half a line" + encode_frame({"probe": "a", "ok": True})) == [{"probe": "a", "ok": True}]


@given(st.binary(max_size=200), st.sampled_from([b"", b"#oac1 ", b"#oac1-language ", b"#oac1-broken "]))
def test_that_no_bytes_make_the_reader_raise(noise: bytes, start: bytes) -> None:
    reader = FrameReader()
    seen = reader.feed(start + noise + b"\n") + reader.feed(encode_frame({"probe": "last"})) + reader.finish()
    assert seen[-1] == {"probe": "last"}


@given(st.binary(max_size=300))
def test_that_no_packed_bytes_make_the_reader_raise(content: bytes) -> None:
    reader = FrameReader()
    seen = reader.feed(line_of(gzip.compress(content)))
    assert len(seen) + reader.damaged == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("probe", "ok", "value", "fault", "errors", "warnings", "milliseconds"), json_values),
    )
)
@settings(max_examples=200)
def test_that_any_frame_makes_an_answer(frame: dict[str, JsonValue]) -> None:
    answer = answer_of(frame)
    assert answer.ok == (answer.fault is None)


@pytest.mark.parametrize(
    "line",
    [
        b"#oac1 !!!\r\n",
        b"#oac1 \r\n",
        line_of(b"not gzip"),
        line_of(gzip.compress(b"not json", mtime=0)),
        line_of(gzip.compress(b"[]", mtime=0)),
        line_of(gzip.compress(b'{"ok": true}', mtime=0)),
        line_of(gzip.compress(b'{"probe": 7}', mtime=0)),
        line_of(gzip.compress(b'{"probe": "a", "value": NaN}', mtime=0)),
        line_of(gzip.compress(b'{"probe": "a", "value": ' + b"9" * 5000 + b"}", mtime=0)),
        line_of(gzip.compress(b'{"probe": "a", "value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", mtime=0)),
        line_of(gzip.compress(b'{"probe": "a", "value": ' + b"[" * 50 + b"]" * 50 + b"}", mtime=0)),
        line_of(gzip.compress(b'{"probe": "a\xff"}', mtime=0)),
        line_of(gzip.compress(b'{"probe": "a"}', mtime=0)[:-3]),
        line_of(gzip.compress(b'{"probe": "a"}', mtime=0) + b"behind"),
        encode_frame({"probe": "cut", "ok": True})[:-8] + b"\n",
    ],
)
def test_that_a_damaged_frame_is_counted_and_the_next_one_read(line: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(line + encode_frame({"probe": "next"})) == [{"probe": "next"}]
    assert reader.damaged == 1
    assert reader.too_large == 0


def test_that_a_gzip_bomb_is_not_unpacked() -> None:
    reader = FrameReader()
    assert reader.feed(line_of(gzip.compress(b" " * (wire.FRAME_LIMIT + 1)))) == []
    assert (reader.damaged, reader.too_large) == (1, 1)


def test_that_an_endless_line_does_not_fill_the_memory_and_the_next_frame_is_read() -> None:
    reader = FrameReader()
    for _ in range(2 * wire.LINE_LIMIT // (1 << 20)):
        reader.feed(b"#oac1 AAAAAAAA" * (1 << 16))
    assert reader.feed(b"\n" + encode_frame({"probe": "next"})) == [{"probe": "next"}]
    assert (reader.damaged, reader.too_large) == (1, 1)


def test_that_an_unfinished_frame_counts_as_damaged_at_the_end() -> None:
    reader = FrameReader()
    assert reader.feed(encode_frame({"probe": "a"})[:-10]) == []
    assert reader.finish() == []
    assert reader.damaged == 1


def test_that_lone_surrogates_become_replacement_characters() -> None:
    (frame,) = FrameReader().feed(line_of(gzip.compress(b'{"probe": "a", "value": ["\\ud800x", {"\\udfff": "\\ud83d\\ude00"}]}', mtime=0)))
    assert frame["value"] == ["\ufffdx", {"\ufffd": "😀"}]


def test_that_a_bootstrap_that_cannot_start_is_heard() -> None:
    reader = FrameReader()
    reader.feed(b"#oac1-language ConstrainedLanguage\r\n#oac1-broken " + base64.b64encode("kaputt: ü".encode()) + b"\r\n")
    assert reader.language_mode == "ConstrainedLanguage"
    assert reader.broken == "kaputt: ü"


def test_that_a_wrapped_array_is_unwrapped_and_a_lone_object_is_one_value() -> None:
    assert answer_of({"probe": "a", "ok": True, "value": {"value": [1, 2], "Count": 2}}).value == (1, 2)
    assert answer_of({"probe": "a", "ok": True, "value": {"n": 1}}).value == ({"n": 1},)


def test_that_a_fault_keeps_what_windows_says_in_every_language() -> None:
    answer = answer_of(
        {"probe": "a", "ok": False, "fault": {"category": "PermissionDenied", "id": "X", "type": "T", "hresult": -1, "inner": ["i"]}}
    )
    assert answer.fault is not None
    assert (answer.fault.category, answer.fault.id, answer.fault.hresult, answer.fault.inner) == ("PermissionDenied", "X", -1, ("i",))
