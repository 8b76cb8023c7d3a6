"""Opens what may stand in a file: a saved case or the evidence of one server, judged by this version."""

from datetime import datetime
from pathlib import Path

from oauthcert.casework.case_file import open_case
from oauthcert.casework.diagnose import judge_again
from oauthcert.checks.thresholds import Thresholds
from oauthcert.collect.evidence_file import looks_like_evidence
from oauthcert.model.case import Case
from oauthcert.report.masking import is_masked


def open_judged(file: Path, now: datetime, thresholds: Thresholds | None = None) -> Case:
    """The case in this file, judged anew, or that of an evidence file. Raises CaseFileError for all else.

    A masked case stays as it is: without its certificates it would be judged wrongly, and what was found stands in it.
    """
    if _is_evidence(file):
        from oauthcert.casework.evidence_files import collected_file

        return collected_file(file, now, thresholds)
    opened = open_case(file)
    return opened if is_masked(opened) else judge_again(opened, thresholds)


def _is_evidence(file: Path) -> bool:
    """What cannot be read is left to `open_case`, which says so."""
    if not file.is_file():
        return False
    try:
        with file.open("rb") as stream:
            return looks_like_evidence(stream.read(4096))
    except OSError:
        return False
