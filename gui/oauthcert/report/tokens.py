"""The colours, from `resources/report/tokens.toml`: one file for pictures, reports and the window."""

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from oauthcert import assets
from oauthcert.model.finding import Verdict

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Palette = Mapping[str, str]
"""Name -> `#rrggbb`; the colours of verdicts also under the verdict's own id, their grounds as `<verdict>-soft`."""

VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "pass",
        Verdict.WARN: "warning",
        Verdict.FAIL: "failed",
        Verdict.UNKNOWN: "could-not-look",
        Verdict.NOT_APPLICABLE: "mute",
    }
)
"""Verdict -> the name of its colour in the file."""


def themes(root: "Traversable | None" = None) -> Mapping[str, Palette]:
    """`light` and `dark`."""
    found: Mapping[str, Palette] = tomllib.loads(assets.text("report/tokens.toml", root))
    return {theme: _with_verdicts(colours) for theme, colours in found.items()}


def _with_verdicts(colours: Palette) -> Palette:
    shades = {f"{verdict.value}{ending}": colours[f"{name}{ending}"] for verdict, name in VERDICTS.items() for ending in ("", "-soft")}
    return {**colours, **shades}


def palette(theme: str = "light", root: "Traversable | None" = None) -> Palette:
    return themes(root)[theme]


def as_css(palettes: Mapping[str, Palette]) -> str:
    """Custom properties (`--text`) for light, and for dark where the reader's system is dark and it is not printed."""
    light, dark = (_properties(palettes[theme]) for theme in ("light", "dark"))
    return f":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _properties(colours: Palette) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
