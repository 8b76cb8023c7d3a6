"""Reading and writing cases: what was written is read again, and nothing else is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.model.strategies import cases, json_values
from tests.unit.report.cases import a_case, replica_stopped

from oauthcert.model.case import Case
from oauthcert.model.codec import ToldFinding, from_text, to_text
from oauthcert.model.codec_fields import DamagedCase
from oauthcert.model.codec_reading import CaseTooLarge, NotACase, OtherSchema
from oauthcert.model.errors import CaseFileError
from oauthcert.model.evidence import Answer, JsonValue

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*path, key))


def replaced(document: object, path: tuple[str | int, ...], value: object) -> Any:
    """A copy with another value at the place."""
    if not path:
        return value
    copy: Any = json.loads(json.dumps(document))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


@QUICK
@given(cases)
def test_that_a_case_comes_back_as_it_was_written(case: Case) -> None:
    text = to_text(case)
    assert from_text(text) == case
    assert to_text(from_text(text)) == text


@QUICK
@given(json_values)
def test_that_arbitrary_json_is_refused_in_words(value: JsonValue) -> None:
    with pytest.raises(CaseFileError):
        from_text(json.dumps(value))


@QUICK
@given(st.text(max_size=200))
def test_that_arbitrary_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(CaseFileError):
        from_text(text)


DOCUMENT = json.loads(to_text(replica_stopped()))
PLACES = list(paths(DOCUMENT))


@QUICK
@given(st.sampled_from(PLACES), json_values)
def test_that_a_changed_file_is_read_or_refused_but_never_breaks(path: tuple[str | int, ...], value: JsonValue) -> None:
    text = json.dumps(replaced(DOCUMENT, path, value))
    try:
        again = from_text(text)
    except CaseFileError:
        return
    assert from_text(to_text(again)) == again


def test_that_a_file_cut_anywhere_is_refused() -> None:
    text = to_text(a_case([])).rstrip()
    for end in range(len(text)):
        with pytest.raises(NotACase):
            from_text(text[:end])


FIXED: list[tuple[str | int, ...]] = [
    (),
    ("targets", 0),
    ("findings", 0),
    ("findings", 0, "sources", 0),
    ("causes", 0),
    ("observations", 0),
    ("observations", 0, "reach", "seen"),
    ("observations", 0, "sign_in", "seen"),
    ("observations", 0, "clock", "seen"),
    ("observations", 3, "reach", "not_seen"),
    ("observations", 0, "answers", "oauth"),
]


@pytest.mark.parametrize("path", FIXED, ids=lambda path: ".".join(map(str, path)) or "case")
def test_that_an_unknown_or_missing_field_is_refused_at_every_level(path: tuple[str | int, ...]) -> None:
    document = json.loads(to_text(replica_stopped(), lambda _finding: ToldFinding(sources=(("Page", "https://example.org"),))))
    place = document
    for key in path:
        place = place[key]
    fields = {name: value for name, value in place.items() if name != "schema"}
    with pytest.raises(DamagedCase, match="surprise is not a field"):
        from_text(json.dumps(replaced(document, path, {**place, "surprise": 1})))
    for field in fields:
        with pytest.raises(DamagedCase, match=f"{field} is missing"):
            from_text(json.dumps(replaced(document, path, {name: value for name, value in place.items() if name != field})))


@pytest.mark.parametrize("number", [0, 2, 99, "1", 1.0, True, None, [1]])
def test_that_another_schema_is_refused_with_both_numbers(number: object) -> None:
    with pytest.raises(OtherSchema) as caught:
        from_text(json.dumps({**DOCUMENT, "schema": number}))
    assert caught.value.facts["known"] == "1"
    assert caught.value.facts["found"] == str(number)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("findings", 0, "verdict"), "maybe", "findings[0].verdict"),
        (("findings", 0, "server"), "other.contoso.lab", "findings[0].id"),
        (("findings", 0, "facts", "port"), 2**64, "findings[0].facts.port"),
        (("targets", 0, "port"), 0, "targets[0].port"),
        (("targets", 0, "port"), True, "targets[0].port"),
        (("targets", 0, "scheme"), "ftp", "targets[0].scheme"),
        (("targets", 0, "name"), "", "targets[0].name"),
        (("targets", 0, "fingerprint"), "AA", "targets[0].fingerprint"),
        (("started",), "2026-11-21T10:00:00", "started"),
        (("started",), "yesterday", "started"),
        (("started",), "0001-01-01T00:00:00+14:00", "started"),
        (("observations", 0, "reach"), {}, "observations[0].reach"),
        (("observations", 0, "reach"), {"seen": 1, "not_seen": 2}, "observations[0].reach"),
        (("observations", 0, "answers", "oauth", "ok"), 1, "observations[0].answers.oauth.ok"),
        (("causes", 0, "explains"), "x", "causes[0].explains"),
    ],
)
def test_that_a_wrong_value_is_refused_with_its_place(path: tuple[str | int, ...], value: object, where: str) -> None:
    with pytest.raises(DamagedCase) as caught:
        from_text(json.dumps(replaced(DOCUMENT, path, value)))
    assert caught.value.facts["where"] == where


@pytest.mark.parametrize(
    "text",
    [
        '{"schema": 1, "schema": 1}',
        '{"schema": NaN}',
        '{"schema": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=["repeated", "nan", "long-number", "nested-lists", "nested-objects"],
)
def test_that_json_made_to_hurt_is_refused(text: str) -> None:
    with pytest.raises(CaseFileError):
        from_text(text)


def test_that_numbers_beyond_all_numbers_are_refused() -> None:
    text = json.dumps(replaced(DOCUMENT, ("observations", 0, "clock", "seen", "offset_seconds"), 7.5)).replace("7.5", "1e999")
    with pytest.raises(DamagedCase):
        from_text(text)


def test_that_answers_nested_beyond_sense_are_refused() -> None:
    deep: JsonValue = 1
    for _ in range(60):
        deep = [deep]
    with pytest.raises(DamagedCase):
        from_text(json.dumps(replaced(DOCUMENT, ("observations", 0, "answers", "oauth", "value"), [deep])))
    with pytest.raises(DamagedCase):
        from_text(json.dumps(replaced(DOCUMENT, ("shared_values", 0, 0), deep)))


def test_that_what_json_cannot_hold_is_written_as_null() -> None:
    deep: JsonValue = 1
    for _ in range(60):
        deep = [deep]
    case = a_case([])
    object.__setattr__(case, "observations", replica_stopped().observations[:1])
    answers = {"odd": Answer("odd", True, (float("inf"), float("nan"), deep))}
    object.__setattr__(case.observations[0], "answers", answers)
    assert from_text(to_text(case)).observations[0].answers["odd"].value[:2] == (None, None)


def test_that_a_byte_order_mark_does_no_harm() -> None:
    assert from_text("\ufeff" + to_text(replica_stopped())) == replica_stopped()


def test_that_a_file_beyond_all_bounds_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oauthcert.model.codec.LONGEST_TEXT", 10)
    with pytest.raises(CaseTooLarge):
        from_text(" " * 11)


def test_that_the_words_stand_beside_the_facts() -> None:
    told = ToldFinding("A title", "A meaning", "An action", (("Page", "https://example.org"),))
    first: Any = json.loads(to_text(replica_stopped(), lambda _finding: told, "de"))
    assert first["language"] == "de"
    assert first["findings"][0]["title"] == "A title"
    assert first["findings"][0]["sources"] == [{"title": "Page", "url": "https://example.org"}]


def test_that_the_text_is_ascii() -> None:
    assert to_text(replica_stopped(), lambda finding: ToldFinding("Schlüssel ⟨\u202e⟩ " + finding.check)).isascii()
