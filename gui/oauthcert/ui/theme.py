"""Colours and type of the window: tokens to palette and style sheet, for light, dark and high contrast."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from oauthcert import assets
from oauthcert.model.finding import Verdict

_HIGH = 7.0  # the contrast that counts as high
_SCALED = re.compile(r"((?:font-size|min-height): )(\d+)px")


class Style(StrEnum):
    """AUTO follows the desktop; CONTRAST takes every colour from the system's palette."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Theme:
    """`colours`: token name -> `#rrggbb`. `text_percent` scales type, 100 to 200."""

    style: Style
    colours: dict[str, str]
    text_percent: int = 100

    def colour(self, token: str) -> QColor:
        return QColor(self.colours[token])

    def verdict(self, verdict: Verdict) -> QColor:
        return self.colour(VERDICT_TOKENS[verdict])

    def tint(self, token: str) -> QColor:
        """The token's colour as a pale ground behind text of the same colour (text on it keeps 4.5 : 1)."""
        front, back = self.colour(token), self.colour("panel")
        if self.style is Style.CONTRAST:
            return back
        share = 0.12 if self.style is not Style.DARK else 0.16
        return QColor.fromRgbF(
            share * front.redF() + (1 - share) * back.redF(),
            share * front.greenF() + (1 - share) * back.greenF(),
            share * front.blueF() + (1 - share) * back.blueF(),
        )

    def pixels(self, size: int) -> int:
        """A size of the design at this text scale."""
        return round(size * self.text_percent / 100)


VERDICT_TOKENS = {
    Verdict.PASS: "pass",
    Verdict.WARN: "warning",
    Verdict.FAIL: "failed",
    Verdict.UNKNOWN: "could-not-look",
    Verdict.NOT_APPLICABLE: "mute",
}


def theme_of(style: Style, tokens: dict[str, dict[str, str]], system: QPalette, text_percent: int = 100) -> Theme:
    """The theme for a style; `tokens` maps `light` and `dark` to colours, `system` is the desktop's palette."""
    if style is Style.AUTO:
        style = Style.DARK if system.color(QPalette.ColorRole.Window).lightness() < 128 else Style.LIGHT
    if style is Style.CONTRAST:
        return Theme(style, _from_system(system, tuple(tokens["light"])), text_percent)
    return Theme(style, dict(tokens[style.value]), text_percent)


def _from_system(system: QPalette, names: tuple[str, ...]) -> dict[str, str]:
    """Every token in the system's own colours. A desktop whose colours are not of high contrast gets black on white, or white on black."""
    role = QPalette.ColorRole
    window, text = system.color(role.Window), system.color(role.WindowText)
    if contrast(text, window) < _HIGH:
        dark = window.lightness() < 128
        window, text = QColor(0 if dark else 0xFFFFFF), QColor(0xFFFFFF if dark else 0)
    accent, on_accent = system.color(role.Highlight), system.color(role.HighlightedText)
    if contrast(accent, window) < _HIGH or contrast(on_accent, accent) < _HIGH:
        accent, on_accent = text, window
    grounds = {"background", "panel", "rail", *(name for name in names if name.endswith("-soft"))}
    made = {name: (window if name in grounds else text).name() for name in names}
    return {**made, "accent": accent.name(), "on-accent": on_accent.name()}


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, 1 to 21, as the Web Content Accessibility Guidelines define it."""

    def luminance(colour: QColor) -> float:
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def style_sheet(theme: Theme, template: str | None = None) -> str:
    """`resources/style/wizard.qss` with `@token`, `@tint(token)`, `@image(name)` and scaled sizes filled in.

    Raises KeyError for an unknown token. Style sheets take pictures from files only, and these have their colours in them.
    """
    text = template if template is not None else assets.text("style/wizard.qss")
    text = re.sub(r"@image\(([\w-]+)\)", lambda found: f'url("{_picture(theme, found[1])}")', text)
    text = re.sub(r"@tint\(([\w-]+)\)", lambda found: theme.tint(found[1]).name(), text)
    text = re.sub(r"@([a-z][\w-]*)", lambda found: theme.colours[found[1]], text)
    return _SCALED.sub(lambda found: f"{found[1]}{theme.pixels(int(found[2]))}px", text)


def _picture(theme: Theme, name: str) -> str:
    """The path of `resources/style/<name>.svg`; a tick stands on the accent colour and comes in two shades."""
    if name == "tick":
        name = "tick-light" if theme.colour("on-accent").lightness() > 127 else "tick-dark"
    return Path(str(assets.resources() / "style" / f"{name}.svg")).as_posix()


def palette(theme: Theme) -> QPalette:
    colour, role = theme.colour, QPalette.ColorRole
    made = QPalette()
    for which, token in (
        (role.Window, "background"),
        (role.Base, "panel"),
        (role.AlternateBase, "rail"),
        (role.Button, "panel"),
        (role.ToolTipBase, "panel"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "mute"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on-accent"),
        (role.Link, "accent"),
    ):
        made.setColor(which, colour(token))
    return made


def apply(theme: Theme, application: QApplication) -> None:
    font = application.font()
    font.setPixelSize(theme.pixels(13))
    application.setFont(font)
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
