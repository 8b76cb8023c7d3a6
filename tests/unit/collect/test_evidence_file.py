"""Evidence files: what is read, and the clear word for everything that cannot be. Whatever the bytes are, nothing else is raised."""

import gzip
import io
import json
import tracemalloc
import zipfile
from contextlib import suppress
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oauthcert import assets
from oauthcert.collect.equal_values import EqualValues
from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.evidence_file import LARGEST, Collected, EvidenceRefused, looks_like_evidence, read_evidence
from oauthcert.collect.probes import PROBES
from oauthcert.model.evidence import ON_THE_SPOT, NotSeen, Seen
from oauthcert.model.target import Product

SESSION = {
    "powershell": "5.1.17763.1", "process64": True, "os64": True, "computer": "FE01", "fqdn": "fe01.contoso.lab", "domainJoined": True,
    "domain": "contoso.lab", "osVersion": "10.0.17763", "osName": "Windows Server 2019", "account": "CONTOSO\\admin",
    "authentication": "Kerberos", "impersonation": "None", "elevated": True, "groups": ["BUILTIN\\Administrators"],
}  # fmt: skip


def an_answer(probe: str, *value: object, **changes: Any) -> dict[str, Any]:
    whole = {"probe": probe, "ok": True, "value": list(value), "fault": None, "errors": [], "warnings": [], "milliseconds": 5}
    return {**whole, **changes}


def a_file(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "oauthcert-evidence",
        "schema": 1,
        "tool": "0.1.0",
        "server": "FE01.contoso.lab",
        "computer": "FE01",
        "product": "auto",
        "utc": "2026-11-21T12:00:00.1234567Z",
        "finished": "2026-11-21T12:01:10.0000000Z",
        "answers": {"session": an_answer("session", SESSION)},
        **changes,
    }


def as_bytes(**changes: Any) -> bytes:
    return json.dumps(a_file(**changes), ensure_ascii=False).encode()


def read(content: bytes) -> Collected:
    return read_evidence(content, "fe01.json", EqualValues())


def refusal(content: bytes) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as raised:
        read(content)
    return raised.value


def test_that_a_file_becomes_an_observation_that_nobody_connected_for() -> None:
    collected = read(as_bytes(product="lync"))
    observation = collected.observation

    assert (collected.target.name, collected.target.product, collected.tool) == ("fe01.contoso.lab", Product.LYNC, "0.1.0")
    assert isinstance(observation.reach, Seen)
    assert (observation.reach.value.scheme, observation.reach.value.address) == (ON_THE_SPOT, "fe01.json")
    assert isinstance(observation.sign_in, Seen)
    assert observation.sign_in.value.username == "CONTOSO\\admin"
    assert str(observation.started) == "2026-11-21 12:00:00.123456+00:00"
    assert isinstance(evidence_of(observation, collected.target).session, Seen)


def test_that_a_question_an_older_collector_did_not_know_is_said_to_be_missing() -> None:
    collected = read(as_bytes())
    evidence = evidence_of(collected.observation, collected.target)
    assert evidence.product == NotSeen("not-collected", {"tool": "0.1.0"})
    everything = {probe.id: an_answer(probe.id) for probe in PROBES}
    assert read(as_bytes(answers=everything)).observation.lost is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_that_every_encoding_windows_makes_of_it_is_read(encoding: str) -> None:
    text = json.dumps(a_file(tool="0.1.0 ä Ж 漢 😀"), ensure_ascii=False, indent=1).replace("\n", "\r\n")
    assert read(text.encode(encoding)).tool == "0.1.0 ä Ж 漢 😀"


WHOLE = as_bytes()
REFUSED = {
    "empty": (b"", "evidence-not-json"),
    "cut": (WHOLE[:-40], "evidence-not-json"),
    "other text": (b"Reading session ...\r\n", "evidence-not-json"),
    "not text": (b"\xff\x00\xfe" * 50, "evidence-not-json"),
    "half of UTF-16": (json.dumps(a_file()).encode("utf-16")[:-1], "evidence-not-json"),
    "a list": (b"[]", "evidence-not-json"),
    "other JSON": (b'{"a": 1}', "evidence-not-json"),
    "a saved case": (b'{"schema": 1, "findings": [], "observations": []}', "evidence-is-case"),
    "a zip": (b"PK\x03\x04" + b"\0" * 100, "evidence-packed"),
    "gzip": (gzip.compress(b"0" * 5_000_000), "evidence-packed"),
    "deep nesting": (b'{"kind": ' + b"[" * 200_000, "evidence-not-json"),
    "a deep answer": (as_bytes(answers={"session": an_answer("session", json.loads("[" * 200 + "]" * 200))}), "evidence-damaged"),
    "a huge number": (WHOLE.replace(b'"schema": 1', b'"schema": ' + b"9" * 100_000), "evidence-not-json"),
    "a number beyond all": (WHOLE.replace(b'"milliseconds": 5', b'"milliseconds": 1e999'), "evidence-damaged"),
    "no number": (WHOLE.replace(b'"milliseconds": 5', b'"milliseconds": NaN'), "evidence-damaged"),
    "20 MB of text": (as_bytes(tool="x" * 20_000_000), "evidence-too-large"),
    "10 MB in one text": (as_bytes(tool="x" * 10_000_000), "evidence-damaged"),
    "millions of lists": (b'{"kind": "oauthcert-evidence", "a": [' + b"[]," * 2_000_000 + b"[]]}", "evidence-too-large"),
    "a field twice": (WHOLE.replace(b'"schema": 1', b'"schema": 1, "schema": 1'), "evidence-damaged"),
    "a field twice further in": (WHOLE.replace(b'"os64": true', b'"os64": true, "os64": false'), "evidence-damaged"),
    "a later schema": (as_bytes(schema=2), "evidence-schema"),
    "a schema that is true": (as_bytes(schema=True), "evidence-schema"),
    "no schema": (as_bytes(schema=None), "evidence-schema"),
    "no server": (as_bytes(server=""), "evidence-damaged"),
    "a server that is a path": (as_bytes(server="../../etc/passwd"), "evidence-damaged"),
    "a server that is markup": (as_bytes(server="<b>fe01</b>"), "evidence-damaged"),
    "a server of another type": (as_bytes(server=7), "evidence-damaged"),
    "a long server": (as_bytes(server="x" * 300), "evidence-damaged"),
    "another product": (as_bytes(product="teams"), "evidence-damaged"),
    "a local time": (as_bytes(utc="2026-11-21T12:00:00+01:00"), "evidence-damaged"),
    "no time": (as_bytes(utc=None), "evidence-damaged"),
    "answers in a list": (as_bytes(answers=[]), "evidence-damaged"),
    "an answer that is text": (as_bytes(answers={"session": "x"}), "evidence-damaged"),
    "too many answers": (as_bytes(answers={f"p{n}": an_answer("p") for n in range(300)}), "evidence-damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_that_what_cannot_be_judged_gets_its_own_word(case: str) -> None:
    content, words = REFUSED[case]
    error = refusal(content)
    assert error.words == words
    assert error.facts["file"] == "fe01.json"
    assert all(len(fact) < 300 for fact in error.facts.values())


def test_that_a_wrong_answer_costs_only_itself() -> None:
    answers = {
        "session": an_answer("session", SESSION),
        "product": an_answer("product", {"products": 7}),
        "time": {"probe": "time", "ok": "yes"},
        "store": an_answer("store", ok=False, fault="not an object"),
        "unheard-of": an_answer("unheard-of", 1),
    }
    collected = read(as_bytes(answers=answers))
    evidence = evidence_of(collected.observation, collected.target)
    assert isinstance(evidence.session, Seen)
    assert isinstance(evidence.product, NotSeen)
    assert evidence.product.reason == "unreadable"
    assert isinstance(evidence.time, NotSeen)
    assert isinstance(evidence.store, NotSeen)


def test_that_a_zip_bomb_is_never_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fe01.json", b"0" * 30_000_000)
    content = packed.getvalue()
    tracemalloc.start()
    error = refusal(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.words == "evidence-packed"
    assert most < 1_000_000


def test_that_the_largest_file_takes_a_bounded_amount_of_memory() -> None:
    filling = b"[" + b'{"":[]},' * 100_000 + b"0]"
    content = WHOLE.replace(b'"value": [', b'"value": [' + filling + b", ", 1)
    assert len(content) < LARGEST
    tracemalloc.start()
    with suppress(EvidenceRefused):
        read(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40 * len(content) + 50_000_000


def test_that_surrogates_that_no_file_can_hold_are_replaced() -> None:
    collected = read(as_bytes().replace(b"Windows Server 2019", b"\\ud800 Server"))
    (printed,) = collected.observation.answers["session"].value
    assert isinstance(printed, dict)
    assert printed["osName"] == "� Server"


def test_that_an_evidence_file_is_told_from_a_case_by_its_beginning() -> None:
    text = json.dumps(a_file())
    assert looks_like_evidence(text.encode())
    assert looks_like_evidence(text.encode("utf-16"))
    assert not looks_like_evidence(b'{\n "schema": 1,\n "tool": "0.1.0"')
    assert not looks_like_evidence(b"")


def test_that_equal_parts_of_two_files_are_kept_once_and_unequal_ones_never_mixed() -> None:
    equal = EqualValues()
    one, two = (read_evidence(content, "f", equal).observation for content in (as_bytes(), as_bytes(server="fe02")))
    assert one.answers["session"].value is two.answers["session"].value
    kinds = [[1], [True], [1.0], ["1"], [None], [0], [False], [-0.0], [0.0], [[]], [{}], [""], {"a": 1}, {"a": True}, {"b": 1}]
    kept = [equal.once(kind) for kind in kinds]  # type: ignore[arg-type]
    assert [json.dumps(part) for part in kept] == [json.dumps(kind) for kind in kinds]


def test_that_nothing_is_lost_when_no_more_can_be_remembered() -> None:
    equal = EqualValues(most=10)
    values = [{"n": number, "list": [number, str(number), [None, True]]} for number in range(50)]
    assert [equal.once(value) for value in values] == values  # type: ignore[arg-type]
    assert [equal.printed((value,)) for value in values] == [(value,) for value in values]  # type: ignore[arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
ANSWERS = st.dictionaries(st.sampled_from([probe.id for probe in PROBES] + ["hello", "x"]), JSON, max_size=6)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_that_equal_values_change_nothing(value: Any) -> None:
    text = json.dumps(value)
    equal = EqualValues()
    assert json.dumps(equal.once(json.loads(text))) == json.dumps(EqualValues().once(value))
    assert equal.once(json.loads(text)) is equal.once(json.loads(text))


@settings(max_examples=600, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda more: WHOLE[:200] + more))
def test_that_no_bytes_raise_anything_but_a_refusal(content: bytes) -> None:
    refusal(content)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(a_file())), JSON, max_size=3), ANSWERS)
def test_that_no_field_of_another_type_raises_anything_but_a_refusal(changes: dict[str, Any], answers: dict[str, Any]) -> None:
    content = json.dumps({**a_file(answers=answers), **changes}).encode()
    with suppress(EvidenceRefused):
        collected = read(content)
        evidence_of(collected.observation, collected.target)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=3), st.booleans())
def test_that_a_file_changed_at_any_place_is_read_or_refused(place: int, other: bytes, cut: bool) -> None:
    content = WHOLE[:place] if cut else WHOLE[:place] + other + WHOLE[place + len(other) :]
    with suppress(EvidenceRefused):
        read(content)


SCHEMA = json.loads(assets.text("schema/evidence-1.json"))


def test_that_the_published_schema_describes_what_is_read() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    checker = jsonschema.Draft202012Validator(SCHEMA)
    checker.validate(a_file())
    for name in SCHEMA["required"]:
        broken = a_file()
        del broken[name]
        assert not checker.is_valid(broken)
        if name != "computer":
            refusal(json.dumps(broken).encode())
