"""A case as the text that was asked for."""

import os
import shutil
import sys
from collections.abc import Mapping

from oauthcert.cli.console import Console
from oauthcert.cli.sentences import Sentences
from oauthcert.model.case import Case
from oauthcert.report.as_json import render_json, render_ndjson

_FILE_COLUMNS = 100


def render(case: Case, shape: str, sentences: Sentences, console: Console, *, to_file: bool) -> str:
    """`shape` is one of `parser.FORMATS`. A terminal gets its own width and colours, a file neither."""
    if shape == "json":
        return render_json(case, sentences.catalogue)
    if shape == "ndjson":
        return render_ndjson(case, sentences.catalogue)
    if shape == "html":
        from oauthcert.report.html import render_html

        return render_html(case, sentences.catalogue)
    if shape == "markdown":
        from oauthcert.report.markdown import render_markdown

        return render_markdown(case, sentences.catalogue)
    if shape == "nagios":
        from oauthcert.report.nagios import render_nagios

        return render_nagios(case, sentences.catalogue)
    if shape == "prometheus":
        from oauthcert.report.prometheus import render_prometheus

        return render_prometheus(case)
    from oauthcert.report.text import render_text

    on_screen = console.shows_results and not to_file
    width = shutil.get_terminal_size().columns if on_screen else _FILE_COLUMNS
    return render_text(case, sentences.catalogue, width=width, colour=on_screen and wants_colour())


def saved_text(case: Case, sentences: Sentences) -> str:
    """What a saved case holds: the same as `--format json`."""
    return render_json(case, sentences.catalogue)


def wants_colour(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether this terminal takes colours (https://no-color.org). The classic Windows console prints the sequences instead."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return platform != "win32" or bool(environment.get("WT_SESSION"))
