"""Colours and type of the window: tokens to palette and style sheet, for light, dark and high contrast."""

import re
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from oauthcert import assets
from oauthcert.model.finding import Verdict

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
        return Theme(style, _from_system(system), text_percent)
    return Theme(style, dict(tokens[style.value]), text_percent)


def _from_system(system: QPalette) -> dict[str, str]:
    role = QPalette.ColorRole
    window, text, link = (system.color(which).name() for which in (role.Window, role.WindowText, role.Highlight))
    plain = dict.fromkeys(("pass", "warning", "failed", "could-not-look", "text", "mute", "line"), text)
    return {
        **plain,
        "background": window,
        "panel": window,
        "rail": window,
        "accent": link,
        "on-accent": system.color(role.HighlightedText).name(),
    }


def style_sheet(theme: Theme, template: str | None = None) -> str:
    """`resources/style/wizard.qss` with `@token`, `@tint(token)` and scaled font sizes filled in. Raises KeyError for an unknown token."""
    text = template if template is not None else assets.text("style/wizard.qss")
    text = re.sub(r"@tint\(([\w-]+)\)", lambda found: theme.tint(found[1]).name(), text)
    text = re.sub(r"@([a-z][\w-]*)", lambda found: theme.colours[found[1]], text)
    return _SCALED.sub(lambda found: f"{found[1]}{theme.pixels(int(found[2]))}px", text)


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
