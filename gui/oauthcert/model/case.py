"""The value that travels: whom we asked, what we saw, what it means. Can be saved and reopened without any server."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from oauthcert.model.finding import Cause, Finding, Verdict
from oauthcert.model.target import Target

if TYPE_CHECKING:
    from oauthcert.model.evidence import Observation
    from oauthcert.model.repair_record import RepairRecord

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Case:
    """`source` is `live`, `practice:<scenario>`, `case` or `evidence`, with `masked:` in front when names were taken out; times in UTC.

    Findings are in the order they should be read; `repairs` are those that led to it, oldest first.
    """

    started: datetime
    finished: datetime
    source: str
    targets: tuple[Target, ...]
    observations: "tuple[Observation, ...]"
    findings: tuple[Finding, ...] = ()
    causes: tuple[Cause, ...] = ()
    tool_version: str = ""
    repairs: "tuple[RepairRecord, ...]" = ()

    def finding(self, finding_id: str) -> Finding:
        """The finding with this id; raises KeyError."""
        for finding in self.findings:
            if finding.id == finding_id:
                return finding
        raise KeyError(finding_id)

    @property
    def exit_code(self) -> int:
        """0 all pass, 1 warn, 2 fail, 3 unknown only (the monitoring-plugin convention)."""
        seen = {finding.verdict for finding in self.findings}
        for verdict, code in ((Verdict.FAIL, 2), (Verdict.WARN, 1), (Verdict.UNKNOWN, 3)):
            if verdict in seen:
                return code
        return 0
