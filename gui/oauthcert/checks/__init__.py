"""Judges evidence: `judge` turns what was seen of all servers into findings and causes. Pure; no I/O, no clock of its own."""

from oauthcert.checks.judgement import Judgement, judge, judge_server_provisional
from oauthcert.checks.look import Look
from oauthcert.checks.table import CHECKS
from oauthcert.checks.thresholds import Thresholds

__all__ = ["CHECKS", "Judgement", "Look", "Thresholds", "judge", "judge_server_provisional"]
