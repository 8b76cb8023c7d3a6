"""Joins the script files that a round needs into one text for the server, without comments. Reads shipped files, touches nothing else."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oauthcert import assets
from oauthcert.collect.probes import Probe

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_HERE_STRING = re.compile(r"@['\"]\s*$", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"<#|#>")


def bootstrap() -> str:
    """What stands on the command line, comments included: it is short enough, and a person may meet it in a log."""
    return assets.text("powershell/bootstrap.ps1")


def round_script() -> str:
    """The script that runs the probes on the server."""
    return stripped(assets.text("powershell/round.ps1"))


def library(probes: Iterable[Probe], root: "Traversable | None" = None) -> str:
    """The functions these probes need, each file once, in the order of first need. Callers keep the text: it never changes."""
    names = dict.fromkeys(name for probe in probes for name in probe.scripts)
    return "\n".join(stripped(assets.text(f"powershell/probes/{name}", root)) for name in names) + "\n"


def stripped(script: str) -> str:
    """The script without comments, blank lines and indentation: about 40 % less to send.

    Only for scripts in the style of this project (a test holds it): no here-strings, no block comments, no texts over several
    lines, and a `#` that opens no comment stands inside quotes or directly behind something else.
    """
    if _HERE_STRING.search(script) or _BLOCK_COMMENT.search(script):
        raise ValueError("a script with here-strings or block comments cannot be stripped line by line")
    return "\n".join(line for line in map(_code_of, script.splitlines()) if line)


def _code_of(line: str) -> str:
    """The line up to its comment. A `#` inside quotes is text."""
    for match in re.finditer(r"(?<!\S)#", line):
        before = line[: match.start()]
        if before.count("'") % 2 == 0 and before.count('"') % 2 == 0:
            return before.strip()
    return line.strip()
