"""Colours: from the tokens alone, readable in every style, and a style sheet without gaps."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette

from oauthcert import assets
from oauthcert.model.finding import Verdict
from oauthcert.ui import icons
from oauthcert.ui.theme import VERDICT_TOKENS, Style, Theme, contrast, style_sheet, theme_of

TOKENS = tomllib.loads(assets.text("report/tokens.toml"))
UI = Path(__file__).parents[2] / "gui" / "oauthcert" / "ui"
GROUNDS = ("background", "panel", "rail")
FRONTS = ("text", "mute", "accent", "pass", "warning", "failed", "could-not-look")


def system(window: str, text: str, highlight: str, highlighted: str) -> QPalette:
    made, role = QPalette(), QPalette.ColorRole
    for which, colour in ((role.Window, window), (role.WindowText, text), (role.Highlight, highlight), (role.HighlightedText, highlighted)):
        made.setColor(which, QColor(colour))
    return made


PALETTES = {
    "light desktop": system("#efefef", "#000000", "#308cc6", "#ffffff"),
    "dark desktop": system("#31363b", "#eff0f1", "#3daee9", "#eff0f1"),
    "black": system("#000000", "#ffffff", "#1aebff", "#000000"),
    "pale": system("#dddddd", "#999999", "#eeeeee", "#ffffff"),
}
THEMES = {
    "light": theme_of(Style.LIGHT, TOKENS, QPalette()),
    "dark": theme_of(Style.DARK, TOKENS, QPalette()),
    **{name: theme_of(Style.CONTRAST, TOKENS, palette) for name, palette in PALETTES.items()},
}


@pytest.fixture(params=THEMES, ids=str)
def made(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


@pytest.mark.parametrize(("front", "ground"), list(product(FRONTS, GROUNDS)))
def test_that_every_colour_of_text_is_readable_on_every_ground(made: Theme, front: str, ground: str) -> None:
    assert contrast(made.colour(front), made.colour(ground)) >= 4.5


@pytest.mark.parametrize("token", ["accent", "pass", "warning", "failed", "could-not-look", "mute"])
def test_that_a_colour_is_readable_on_its_own_pale_ground(made: Theme, token: str) -> None:
    assert contrast(made.colour(token), made.tint(token)) >= 4.5
    assert contrast(made.colour(token), made.colour(f"{token}-soft")) >= 4.5
    assert contrast(made.colour("text"), made.colour(f"{token}-soft")) >= 4.5
    assert contrast(made.colour("mute"), made.colour("accent-soft")) >= 4.5


def test_that_the_primary_button_is_readable(made: Theme) -> None:
    assert contrast(made.colour("on-accent"), made.colour("accent")) >= 4.5


def test_that_every_style_has_every_token(made: Theme) -> None:
    assert set(made.colours) == set(TOKENS["light"]) == set(TOKENS["dark"])
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in made.colours.values())


def test_that_contrast_is_computed_as_the_guidelines_say() -> None:
    assert contrast(QColor("#ffffff"), QColor("#000000")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("percent", [100, 200])
def test_that_the_style_sheet_is_filled_in_completely(made: Theme, percent: int) -> None:
    sheet = style_sheet(Theme(made.style, made.colours, percent))
    assert "@" not in sheet.split("*/", 1)[1]
    assert f"font-size: {20 * percent // 100}px" in sheet


def test_that_an_unknown_token_is_an_error(made: Theme) -> None:
    with pytest.raises(KeyError):
        style_sheet(made, "QWidget { color: @tomato; }")


def test_that_auto_follows_the_desktop() -> None:
    assert theme_of(Style.AUTO, TOKENS, PALETTES["dark desktop"]).style is Style.DARK
    assert theme_of(Style.AUTO, TOKENS, PALETTES["light desktop"]).style is Style.LIGHT


def test_that_no_colour_is_written_outside_the_tokens() -> None:
    # white is what paper is
    literal = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\brgba?\(|QColor\(\s*[\"'\d]|GlobalColor\.(?!transparent|white\b)")
    found = {
        f"{file.name}: {match[0]}"
        for file in UI.rglob("*.py")
        if file.name != "theme.py"
        for match in literal.finditer(file.read_text(encoding="utf-8"))
    }
    assert found == set()
    assert literal.findall(assets.text("style/wizard.qss")) == []


def test_that_every_verdict_has_a_shape_and_a_colour(qapp: object) -> None:
    shapes = {bytes(icons.pixmap(verdict.value, QColor("black"), 16, 1.0).toImage().constBits()) for verdict in Verdict}
    assert len(shapes) == len(Verdict)
    assert set(VERDICT_TOKENS) == set(Verdict)
    assert len({VERDICT_TOKENS[verdict] for verdict in Verdict}) == len(Verdict)
