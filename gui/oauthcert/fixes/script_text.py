"""Joins the script files of a repair function into one text for the server, as `collect.library` does for looks."""

from functools import cache

from oauthcert import assets
from oauthcert.collect.library import stripped


@cache
def library(scripts: tuple[str, ...]) -> str:
    """Files of resources/powershell, each once, without comments."""
    return "\n".join(stripped(assets.text(f"powershell/{name}")) for name in dict.fromkeys(scripts)) + "\n"
