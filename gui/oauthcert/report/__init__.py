"""A case for readers: on a terminal, as one HTML file, as JSON; and the pictures they share with the window."""

from oauthcert.report.as_json import render_json
from oauthcert.report.html import render_html
from oauthcert.report.text import render_text

__all__ = ["render_html", "render_json", "render_text"]
