"""Values over time and the arithmetic of spans."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert.lab.durations import parse_duration, parse_when
from oauthcert.lab.timed import BEGINNING, END, Span, Timed, common, first_room

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_that_a_value_is_what_it_was_last_set_to_whatever_the_order_of_noting() -> None:
    state = Timed("Running")
    state.set(at(5), "Stopped")
    state.set(at(2), "Paused")
    assert [state.at(at(hour)) for hour in (0, 2, 4.9, 5, 99)] == ["Running", "Paused", "Paused", "Stopped", "Stopped"]
    assert state.changed(at(3)) == at(2)
    assert state.changed(at(0)) == BEGINNING


def test_that_of_two_changes_at_one_moment_the_later_noted_counts() -> None:
    state = Timed("Running")
    state.set(at(1), "Stopped")
    state.set(at(1), "Running")
    assert state.at(at(1)) == "Running"
    assert state.spans("Running".__eq__) == (Span(BEGINNING, END),)


def test_that_a_change_at_the_beginning_replaces_the_first_value() -> None:
    state = Timed("Running")
    state.set(BEGINNING, "Stopped")
    assert state.at(BEGINNING) == state.at(at(1)) == "Stopped"


def test_that_room_must_lie_within_one_span() -> None:
    spans = (Span(at(0), at(1)), Span(at(2), at(9)))
    assert first_room(spans, at(0.5), timedelta(minutes=20)) == at(0.5)
    assert first_room(spans, at(0.5), timedelta(minutes=30)) == at(2)
    assert first_room(spans, at(8.9), timedelta(hours=1)) is None
    assert first_room((), at(0), timedelta(0)) is None


_toggles = st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=12)


@settings(deadline=None)
@given(_toggles, _toggles, st.lists(st.integers(0, 210), max_size=20))
def test_that_common_spans_hold_exactly_where_both_values_do(
    left: list[tuple[int, bool]], right: list[tuple[int, bool]], asked: list[int]
) -> None:
    first, second = Timed(True), Timed(False)
    for timed, toggles in ((first, left), (second, right)):
        for hour, value in toggles:
            timed.set(at(hour), value)
    shared = common((first.spans(bool), second.spans(bool)))
    for hour in asked:
        inside = any(span.start <= at(hour) < span.end for span in shared)
        assert inside == (first.at(at(hour)) and second.at(at(hour)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", timedelta()),
        ("23h ago", -timedelta(hours=23)),
        ("2h58m30s ago", -timedelta(hours=2, minutes=58, seconds=30)),
        ("in 20d", timedelta(days=20)),
    ],
)
def test_that_times_of_scenarios_are_read(text: str, expected: timedelta) -> None:
    assert parse_when(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "3 h ago", "in", "-3h ago", "3h", "30m2h ago", "1.5h ago", " ago", "in 3w"])
def test_that_other_times_are_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        parse_when(text)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_that_no_text_breaks_the_reading_of_lengths(text: str) -> None:
    try:
        assert parse_duration(text) >= timedelta()
    except ValueError as problem:
        assert "such as" in str(problem)  # noqa: PT017 - some texts are lengths
