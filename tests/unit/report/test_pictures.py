"""The pictures: well-formed SVG for any case, right figures, colours that can be read."""

from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from tests.unit.model.strategies import cases
from tests.unit.report.cases import a_case, a_finding, large, replica_stopped
from tests.unit.report.test_html import NASTY, hostile

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.report.pictures.canvas import MARKS, fitted
from oauthcert.report.pictures.clocks import clocks
from oauthcert.report.pictures.replication import replication
from oauthcert.report.pictures.validity import validity
from oauthcert.report.tokens import palette, themes
from oauthcert.words import Catalogue

ENGLISH, LIGHT = Catalogue("en"), palette("light")
PICTURES = (clocks, validity, replication)
SVG = "{http://www.w3.org/2000/svg}"


def words(picture: str | None) -> list[str]:
    assert picture is not None
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", PICTURES)
@pytest.mark.parametrize("case", [replica_stopped(), large(60), *map(hostile, NASTY)], ids=lambda _case: "")
def test_that_pictures_are_whole_and_hold_only_shapes_and_text(draw: object, case: Case) -> None:
    assert callable(draw)
    picture = draw(case, ENGLISH, LIGHT)
    if picture is None:
        return
    root = ElementTree.fromstring(picture)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "g", "path", "rect", "circle", "line", "text"}
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "nan" not in picture.lower().replace("nance", "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases)
def test_that_any_case_can_be_drawn(case: Case) -> None:
    for draw in PICTURES:
        picture = draw(case, ENGLISH, LIGHT)
        assert picture is None or ElementTree.fromstring(picture) is not None


def test_that_without_a_measurement_there_is_no_picture() -> None:
    assert [draw(a_case([]), ENGLISH, LIGHT) for draw in PICTURES] == [None, None, None]


@pytest.mark.parametrize("offset", [float("inf"), float("nan"), True, None, "5", 10**400, -(10**400)])
def test_that_offsets_that_are_no_numbers_do_no_harm(offset: float) -> None:
    picture = clocks(a_case([a_finding("time-skew", "pass", "fe01", offset_seconds=offset)]), ENGLISH, LIGHT)
    assert picture is None or ElementTree.fromstring(picture) is not None


def test_that_the_clock_picture_names_direction_and_worst_first() -> None:
    findings = [
        a_finding("time-skew", "pass", "fe01.contoso.lab", offset_seconds=3.0),
        a_finding("time-skew", "too-large", "fe02.contoso.lab", offset_seconds=-432.0),
    ]
    shown = words(clocks(a_case(findings), ENGLISH, LIGHT))
    assert shown.index("fe02") < shown.index("fe01")
    assert "7 min 12 s behind" in shown
    assert "3 s ahead" in shown


def test_that_many_clocks_are_summed_up() -> None:
    assert any(text.startswith("and 156 more, all within ±") for text in words(clocks(a_case(list(large().findings)), ENGLISH, LIGHT)))


def test_that_both_the_current_and_the_previous_certificate_are_drawn_once() -> None:
    shown = words(validity(replica_stopped(), ENGLISH, LIGHT))
    assert sum(text.startswith("6D4A1C0E…") for text in shown) == 1
    assert sum(text.startswith("0F1E2D3C…") for text in shown) == 1
    assert "ends 26 Dec 2027" in shown
    assert "today" in shown


@pytest.mark.parametrize("ends", ["0001-01-02T00:00:00Z", "9999-12-31T00:00:00Z", "2026-11-21T14:30:00Z"])
def test_that_certificates_of_any_age_fit_the_picture(ends: str) -> None:
    for begins in ("0001-01-01T00:00:00Z", "9999-12-30T00:00:00Z", ""):
        case = a_case([a_finding("oauth-validity", "pass", "fe01", not_before=begins, not_after=ends)])
        picture = validity(case, ENGLISH, LIGHT)
        assert picture is not None
        for box in ElementTree.fromstring(picture).iter(f"{SVG}rect"):
            assert float(box.get("x", "0")) >= 0
            assert float(box.get("x", "0")) + float(box.get("width", "0")) <= 520


def test_that_the_replication_map_shows_the_master_and_the_ages() -> None:
    shown = words(replication(replica_stopped(), ENGLISH, LIGHT))
    assert "fe01 · master" in shown
    assert "23 h ago" in shown
    assert "could not look" in shown


def test_that_the_replication_map_shows_trouble_first_when_there_is_too_much() -> None:
    shown = words(replication(large(), ENGLISH, LIGHT))
    assert shown.count("failed") == 12
    assert "and 188 more" in shown


def test_that_every_verdict_has_a_shape_of_its_own() -> None:
    assert set(MARKS) == set(Verdict)
    assert len(set(MARKS.values())) == len(Verdict)


def test_that_text_that_does_not_fit_is_shortened() -> None:
    assert fitted("old-server-with-a-rather-long-name", 12, 100).endswith("…")
    assert fitted("fe01", 12, 100) == "fe01"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_every_text_can_be_read_on_its_ground(theme: str) -> None:
    colours = themes()[theme]
    pairs = [(text, ground) for text in ("text", "mute", "accent") for ground in ("background", "panel", "rail")]
    pairs += [(verdict.value, ground) for verdict in Verdict for ground in ("panel", "background", f"{verdict.value}-soft")]
    pairs += [("text", f"{verdict.value}-soft") for verdict in Verdict] + [("mute", f"{verdict.value}-soft") for verdict in Verdict]
    low = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}
