"""Judges evidence: `judge` turns what was seen of all servers into findings and causes. Pure; no I/O, no clock of its own."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oauthcert.checks.judgement import Judgement, judge, judge_server_provisional
    from oauthcert.checks.look import Look
    from oauthcert.checks.table import CHECKS
    from oauthcert.checks.thresholds import Thresholds

__all__ = ["CHECKS", "Judgement", "Look", "Thresholds", "judge", "judge_server_provisional"]

_PLACES = {"CHECKS": "table", "Judgement": "judgement", "Look": "look", "Thresholds": "thresholds"}


def __getattr__(name: str) -> object:
    """Imports a part when it is first named: who only wants the thresholds need not wait for all checks."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"oauthcert.checks.{_PLACES.get(name, 'judgement')}"), name)
