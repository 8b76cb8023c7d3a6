"""A case for readers: on a terminal, as one HTML file, as JSON; and the pictures they share with the window."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oauthcert.report.as_json import render_json
    from oauthcert.report.html import render_html
    from oauthcert.report.text import render_text

__all__ = ["render_html", "render_json", "render_text"]

_PLACES = {"render_html": "html", "render_json": "as_json", "render_text": "text"}


def __getattr__(name: str) -> object:
    """Imports a kind of report when it is first wanted."""
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"oauthcert.report.{_PLACES[name]}"), name)
