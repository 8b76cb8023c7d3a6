"""Times: shifting and printing never raise."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from oauthcert.checks.moments import iso, shifted, tenth

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_that_a_shift_moves_by_seconds() -> None:
    assert shifted(NOON, -90.5) == NOON - timedelta(seconds=90.5)


@pytest.mark.parametrize("seconds", [1e12, 1e300])
def test_that_a_shift_beyond_the_calendar_ends_at_its_edge(seconds: float) -> None:
    assert shifted(NOON, seconds).year == 9999
    assert shifted(NOON, -seconds).year == 1


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), float("-inf")])
def test_that_a_figure_that_is_no_number_shifts_by_nothing(seconds: float) -> None:
    assert shifted(NOON, seconds) == NOON


def test_that_times_are_printed_in_utc_to_the_second() -> None:
    assert iso(datetime(2026, 11, 21, 13, 0, 0, 999999, tzinfo=timezone(timedelta(hours=1)))) == "2026-11-21T12:00:00Z"
    assert iso(None) == ""
    assert iso(datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))).startswith("9999-12-31")


def test_that_there_is_no_negative_zero() -> None:
    assert str(tenth(-0.04)) == "0.0"
