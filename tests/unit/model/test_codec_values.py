"""What several servers printed alike stands in the file once, comes back as one object, and cannot be used to hurt the reader."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.report.cases import a_case, replica_stopped

from oauthcert.model import codec_values
from oauthcert.model.case import Case
from oauthcert.model.codec import from_text, to_text
from oauthcert.model.codec_fields import DamagedCase
from oauthcert.model.evidence import Answer, JsonValue, NotSeen, Observation

TEXT = "MII" + "A" * 200
GONE = NotSeen("timed-out")


def case_of(*printed: JsonValue) -> Case:
    """One server for each value, whose only answer it is."""
    answers = [{"odd": Answer("odd", True, (value,))} for value in printed]
    return replace(
        a_case([]), observations=tuple(Observation(f"s{index}", GONE, GONE, GONE, answer) for index, answer in enumerate(answers))
    )


def value(case: Case, server: int) -> Any:
    return case.observations[server].answers["odd"].value[0]


def document(case: Case) -> Any:
    return json.loads(to_text(case))


def topology(machines: int) -> JsonValue:
    return {"machines": [f"fe{number}.contoso.lab" for number in range(machines)]}


def test_that_equal_values_stand_in_the_file_once_and_come_back_as_one_object() -> None:
    case = case_of(topology(50), topology(50), topology(51))
    text = to_text(case)

    assert text.count("fe49.contoso.lab") == 2
    assert text.count("fe50.contoso.lab") == 1
    again = from_text(text)
    assert again == case
    assert again.observations[0].answers["odd"].value is again.observations[1].answers["odd"].value


def test_that_equal_texts_in_different_values_stand_in_the_file_once_and_come_back_as_one_object() -> None:
    case = case_of({"name": "a", "der": [TEXT[:60] + TEXT[60:]]}, {"name": "b", "der": [TEXT]}, {"name": "c", "der": [TEXT.lower()]})
    text = to_text(case)

    assert text.count(TEXT) == 1
    again = from_text(text)
    assert again == case
    assert value(again, 0)["der"][0] is value(again, 1)["der"][0]


def test_that_the_size_grows_with_the_servers_and_not_with_their_square() -> None:
    sizes = [len(to_text(case_of(*[topology(servers) for _ in range(servers)]))) for servers in (100, 200, 400)]

    assert sizes[2] - sizes[1] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=0.05)


@pytest.mark.parametrize("printed", ["short", None, [], {}, 1.5])
def test_that_what_is_short_stays_where_it_is(printed: JsonValue) -> None:
    assert document(case_of(printed, printed))["shared_values"] == []


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), (0.0, -0.0)])
def test_that_values_python_takes_for_equal_are_not_mixed_up(one: JsonValue, other: JsonValue) -> None:
    again = from_text(to_text(case_of([TEXT, one], [TEXT, other])))

    assert [repr(value(again, server)) for server in range(2)] == [repr([TEXT, one]), repr([TEXT, other])]


@pytest.mark.parametrize(
    "printed",
    [
        {"shared_text": 0},
        {"shared_text": TEXT},
        {"deep": [{"shared_text": {"shared_text": None}}]},
        {"shared_text": 0, "and": "more"},
        {"shared_value": 0},
        [{"shared_text": 7}, TEXT, TEXT],
    ],
)
def test_that_a_server_cannot_print_a_reference(printed: JsonValue) -> None:
    case = case_of(printed, [TEXT, TEXT], [TEXT])

    assert from_text(to_text(case)) == case


WHOLE = document(case_of(topology(50), topology(50), ["a", TEXT], ["b", TEXT]))
WRONG = [-1, 1, 2**62, 2**70, 0.0, "0", True, None, [0], {"shared_value": 0}, {"shared_text": 0}]


def with_value(server: int, printed: object) -> str:
    copy = json.loads(json.dumps(WHOLE))
    copy["observations"][server]["answers"]["odd"]["value"] = printed
    return json.dumps(copy)


def test_that_the_references_are_where_the_tests_below_expect_them() -> None:
    assert [one["answers"]["odd"]["value"] for one in WHOLE["observations"]] == [
        {"shared_value": 0},
        {"shared_value": 0},
        [["a", {"shared_text": 0}]],
        [["b", {"shared_text": 0}]],
    ]
    assert from_text(with_value(0, {"shared_value": 0})) == from_text(json.dumps(WHOLE))


@pytest.mark.parametrize("index", WRONG)
def test_that_a_reference_to_nothing_is_refused_with_its_place(index: object) -> None:
    for printed in ({"shared_value": index}, [{"shared_text": index}], [["deep", {"shared_text": index}]]):
        with pytest.raises(DamagedCase) as caught:
            from_text(with_value(2, printed))
        assert caught.value.facts["where"].startswith("observations[2].answers.odd.value")


@pytest.mark.parametrize("printed", [{}, {"shared_text": 0}, {"shared_value": 0, "more": 1}, "text", 1, None])
def test_that_a_value_is_a_list_or_a_whole_reference(printed: object) -> None:
    with pytest.raises(DamagedCase):
        from_text(with_value(0, printed))


def test_that_what_stands_in_the_tables_refers_to_nothing() -> None:
    circle = {**WHOLE, "shared_values": [[{"shared_value": 0}, {"shared_text": 0}]]}

    assert value(from_text(json.dumps(circle)), 0) == {"shared_value": 0}
    assert from_text(json.dumps(circle)).observations[0].answers["odd"].value[1] == {"shared_text": 0}


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("shared_values", {}),
        ("shared_values", ["text"]),
        ("shared_values", [{"shared_value": 0}]),
        ("shared_texts", "text"),
        ("shared_texts", [["text"]]),
        ("shared_texts", [{"shared_text": 0}]),
        ("shared_texts", [1]),
        ("shared_texts", None),
    ],
)
def test_that_a_table_of_something_else_is_refused(table: str, content: object) -> None:
    with pytest.raises(DamagedCase) as caught:
        from_text(json.dumps({**WHOLE, table: content}))
    assert caught.value.facts["where"].startswith(table)


def test_that_a_small_file_cannot_stand_for_endless_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec_values, "LONGEST_MEANT", 10 * len(TEXT))
    from_text(with_value(2, [{"shared_text": 0}] * 9))  # and one more of the other server

    with pytest.raises(DamagedCase, match="more text than a case can hold"):
        from_text(with_value(2, [{"shared_text": 0}] * 10))


def test_that_every_finding_and_every_observation_is_one_line() -> None:
    case = replica_stopped()
    lines = to_text(case).splitlines()

    assert sum(line.startswith('  {"id": ') for line in lines) == len(case.findings)
    assert sum(line.startswith('  {"server": ') for line in lines) == len(case.observations)
