"""The server's clock from Date headers: whatever the network does, the true offset lies in what is said."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.remote.clock import Moment, ServerClock, parse_date

START = 1_790_000_000.0


def header(server_time: float) -> str:
    """As http.sys writes it: whole seconds, the rest cut off."""
    return format_datetime(datetime.fromtimestamp(int(server_time), UTC), usegmt=True)


class Workstation:
    """A simulated pair of computers; `offset` is the server's clock minus ours."""

    def __init__(self, offset: float) -> None:
        self.offset = offset
        self.clock = ServerClock()
        self._wall = START
        self._monotonic = 1000.0

    def moment(self) -> Moment:
        return Moment(self._wall, self._monotonic)

    def passes(self, seconds: float) -> None:
        self._wall += seconds
        self._monotonic += seconds

    def our_clock_is_set(self, seconds: float) -> None:
        self._wall += seconds
        self.offset -= seconds

    def exchange(self, there: float, back: float) -> None:
        sent = self.moment()
        self.passes(there)
        date = header(self._wall + self.offset)
        self.passes(back)
        self.clock.heard(date, sent, self.moment())


offsets = st.floats(-1e6, 1e6)
delays = st.floats(0, 30)


@given(offsets, st.lists(st.tuples(delays, delays, st.floats(0, 100)), min_size=1, max_size=10))
def test_that_the_true_offset_is_always_inside(offset: float, exchanges: list[tuple[float, float, float]]) -> None:
    station = Workstation(offset)
    for there, back, pause in exchanges:
        station.exchange(there, back)
        station.passes(pause)
    seen = station.clock.seen
    assert seen is not None
    assert abs(seen.offset_seconds - offset) <= seen.error_seconds + 1e-6
    assert seen.samples == len(exchanges)
    assert station.clock.jumped == 0


@given(offsets, st.lists(st.tuples(st.floats(0, 0.05), st.floats(0, 0.05)), min_size=2, max_size=10))
def test_that_more_answers_never_make_it_less_certain(offset: float, exchanges: list[tuple[float, float]]) -> None:
    station = Workstation(offset)
    errors = []
    for there, back in exchanges:
        station.exchange(there, back)
        station.passes(0.3)
        assert station.clock.seen is not None
        errors.append(station.clock.seen.error_seconds)
    assert errors == sorted(errors, reverse=True)


@given(offsets, st.floats(60, 1e5), st.sampled_from([1, -1]))
def test_that_the_newest_answers_win_when_the_server_clock_is_set(offset: float, jump: float, sign: int) -> None:
    station = Workstation(offset)
    station.exchange(0.01, 0.01)
    station.offset += sign * jump
    station.exchange(0.01, 0.01)
    station.exchange(0.01, 0.01)
    seen = station.clock.seen
    assert seen is not None
    assert abs(seen.offset_seconds - station.offset) <= seen.error_seconds + 1e-6
    assert (seen.samples, station.clock.jumped) == (2, 1)
    assert 0 <= jump - sign * seen.jumped_seconds <= 2.1  # at least so far: each header tells whole seconds


@given(offsets, st.floats(1, 1e5), st.sampled_from([1, -1]))
def test_that_a_step_of_our_own_clock_throws_away_what_was_seen_before(offset: float, step: float, sign: int) -> None:
    station = Workstation(offset)
    station.exchange(0.01, 0.01)
    station.our_clock_is_set(sign * step)
    station.exchange(0.01, 0.01)
    seen = station.clock.seen
    assert seen is not None
    assert abs(seen.offset_seconds - station.offset) <= seen.error_seconds + 1e-6
    assert (seen.samples, station.clock.jumped) == (1, 1)
    assert seen.jumped_seconds == 0  # it was ours


@given(offsets, st.floats(1, 1e5), st.sampled_from([1, -1]))
def test_that_a_step_of_our_own_clock_during_a_wait_does_no_harm(offset: float, step: float, sign: int) -> None:
    station = Workstation(offset)
    sent = station.moment()
    station.passes(2)
    date = header(station.moment().wall + station.offset)
    station.our_clock_is_set(sign * step)
    station.passes(2)
    station.clock.heard(date, sent, station.moment())
    seen = station.clock.seen
    assert seen is not None
    assert abs(seen.offset_seconds - station.offset) <= seen.error_seconds + 1e-6


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "Sat, 21 Nov 1601 02:32:27 GMT",
        "Sat, 21 Nov 9999 02:32:27 GMT",
        "Sat, 99 Nov 2026 02:32:27 GMT",
        "x" * 10_000,
        "Sat, 21 Nov 2026 02:32:27 +9999",
    ],
)
def test_that_a_useless_header_tells_nothing(text: str | None) -> None:
    assert parse_date(text) is None
    clock = ServerClock()
    clock.heard(text, Moment(START, 0), Moment(START, 0))
    assert clock.seen is None


@given(st.text(max_size=70))
def test_that_no_header_raises(text: str) -> None:
    parse_date(text)


def test_that_a_date_is_read_as_utc_with_or_without_a_zone() -> None:
    expected = datetime(2026, 11, 21, 2, 32, 27, tzinfo=UTC)
    assert parse_date("Sat, 21 Nov 2026 02:32:27 GMT") == expected
    assert parse_date("Sat, 21 Nov 2026 02:32:27") == expected
    assert parse_date("Sat, 21 Nov 2026 03:32:27 +0100") == expected


def test_that_answers_that_came_before_they_were_asked_for_are_not_used() -> None:
    clock = ServerClock()
    clock.heard(header(START), Moment(START, 10), Moment(START, 9))
    assert clock.seen is None
