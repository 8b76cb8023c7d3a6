"""Numbers, durations and dates as each language writes them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthcert.model.finding import Fact
from oauthcert.words import Catalogue

ENGLISH, GERMAN = Catalogue("en").formats, Catalogue("de").formats


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (0, "0 s", "0 s"),
        (-0.0, "0 s", "0 s"),
        (0.44, "0.4 s", "0,4 s"),
        (12, "12 s", "12 s"),
        (59.96, "1 min", "1 min"),
        (60, "1 min", "1 min"),
        (432, "7 min 12 s", "7 min 12 s"),
        (-432, "−7 min 12 s", "−7 min 12 s"),
        (83400, "23 h 10 min", "23 h 10 min"),
        (86399.9, "1 day", "1 d"),
        (273600, "3 days 4 h", "3 d 4 h"),
        (float("inf"), "not known", "nicht bekannt"),
        (float("nan"), "not known", "nicht bekannt"),
    ],
)
def test_that_durations_show_their_two_largest_units(seconds: float, english: str, german: str) -> None:
    assert (ENGLISH.duration(seconds), GERMAN.duration(seconds)) == (english, german)


@pytest.mark.parametrize(
    ("name", "value", "english", "german"),
    [
        ("offset_seconds", 131.0, "2 min 11 s", "2 min 11 s"),
        ("age_minutes", 90, "1 h 30 min", "1 h 30 min"),
        ("age_hours", 23.2, "23 h 12 min", "23 h 12 min"),
        ("took_milliseconds", 1500, "1.5 s", "1,5 s"),
        ("days_left", 1, "1 day", "1 Tag"),
        ("days_left", 12, "12 days", "12 Tage"),
        ("days_left", 0.5, "0.5 days", "0,5 Tage"),
        ("warn_days", 90.0, "90 days", "90 Tage"),
        ("port", 4443, "4443", "4443"),
        ("event_id", 32178, "32178", "32178"),
        ("up_to_date", False, "no", "nein"),
        ("root", None, "not known", "nicht bekannt"),
        ("last_sync", "", "not known", "nicht bekannt"),
        ("assigned_at", "2026-11-21T14:05:00Z", "21 Nov 2026 14:05 UTC", "21. Nov 2026 14:05 UTC"),
        ("assigned_at", "2026-11-21T14:05:00+02:00", "21 Nov 2026 12:05 UTC", "21. Nov 2026 12:05 UTC"),
        ("support_ended", "2023-04-11", "11 Apr 2023", "11. Apr 2023"),
        ("required_since", "2022-07", "Jul 2022", "Jul 2022"),
        ("version", "2026-99", "2026-99", "2026-99"),
        ("assigned_at", "2026-99-99T99:99:99Z", "2026-99-99T99:99:99Z", "2026-99-99T99:99:99Z"),
        ("assigned_at", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("services", (), "none", "keine"),
        ("services", ("MASTER",), "MASTER", "MASTER"),
        ("services", ("MASTER", "FTA"), "MASTER and FTA", "MASTER und FTA"),
        ("thumbprint", "a" * 40, " ".join(["AAAAAAAA"] * 5), " ".join(["AAAAAAAA"] * 5)),
    ],
)
def test_that_facts_are_told_by_the_unit_in_their_name(name: str, value: Fact, english: str, german: str) -> None:
    assert (ENGLISH.fact(name, value), GERMAN.fact(name, value)) == (english, german)


def test_that_long_lists_are_summed_up() -> None:
    names = tuple(f"fe{number:02}.contoso.lab" for number in range(20))
    assert ENGLISH.short("servers", names) == "fe00, fe01, fe02, fe03, fe04, fe05, fe06 and 13 more"


def test_that_times_of_any_zone_are_told_in_utc() -> None:
    there = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert ENGLISH.moment(there) == "31 Dec 2025 22:30 UTC"
    assert GERMAN.date(datetime(2026, 3, 5, tzinfo=UTC)) == "5. Mär 2026"


@given(st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()).map(tuple))
def test_that_any_fact_becomes_short_text(name: str, value: Fact) -> None:
    for formats in (ENGLISH, GERMAN):
        assert len(formats.fact(name, value)) < 5000
        assert len(formats.short(name, value)) < 5000
        assert formats.direction(value)


def test_that_numbers_beyond_floating_point_do_no_harm() -> None:
    assert ENGLISH.fact("age_seconds", 10**400) == "not known"
    assert ENGLISH.fact("days_left", 10**400).endswith(" days")
