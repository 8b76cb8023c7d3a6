"""How far a look is, in figures and in words."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.ui.models.board_rows import Row, Stage
from oauthcert.ui.page import News
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.showing import short_name

_NAMES = 3


class Tally:
    """Reads the rows of the board; the clock starts with `begin`."""

    def __init__(self, catalogue: Catalogue, rows: Callable[[], Sequence[Row]], clock: Callable[[], float] = time.monotonic) -> None:
        self._words, self._rows, self._clock = catalogue, rows, clock
        self._begun = clock()
        self._asked: frozenset[str] = frozenset()

    def begin(self, servers: Sequence[str]) -> None:
        self._begun, self._asked = self._clock(), frozenset(servers)

    def _asked_rows(self) -> list[Row]:
        return [row for row in self._rows() if row.server in self._asked]

    def answers(self) -> tuple[int, int]:
        """How many answers are in, and how many there will be."""
        rows = self._asked_rows()
        return sum(len(row.answered) for row in rows), sum(row.total for row in rows)

    def percent(self) -> int:
        rows = self._asked_rows()
        if rows and all(row.stage is Stage.FINISHED for row in rows):
            return 100
        done, total = self.answers()
        # 100 only when every server is done with: the last answers and the judgement take their time too
        return min(99, round(100 * done / total)) if total else 0

    def looking(self, *, again: bool) -> News:
        done, total = self.answers()
        words, rows = self._words, self._asked_rows()
        elapsed = words.formats.duration(int(self._clock() - self._begun))
        parts = [words.window("check.looking.sentence", done=done, total=total, elapsed=elapsed)]
        waiting = [short_name(row.server) for row in rows if row.stage is Stage.ASKING and row.server]
        if waiting:
            parts.append(words.window("check.looking.waiting", servers=words.formats.listed(tuple(waiting), _NAMES)))
        elif rows and all(row.stage is Stage.FINISHED for row in rows):
            parts.append(words.window("check.looking.judging"))
        key = "check.again.title" if again else "check.looking.title"
        names = words.formats.listed(tuple(sorted(short_name(name) for name in self._asked)), _NAMES)
        return News(words.window(key, count=len(self._asked), servers=names), " ".join(parts))

    def done(self, case: Case, *, stopped: bool) -> News:
        """What has come out, the news first."""
        words = self._words
        bad = {finding.server for finding in case.findings if finding.verdict in (Verdict.FAIL, Verdict.WARN)}
        unseen = sum(finding.verdict is Verdict.UNKNOWN for finding in case.findings)
        servers = len(bad - {None})
        if stopped:
            done = sum(len(row.answered) for row in self._rows())
            total = sum(len(row.probes) for row in self._rows())
            return News(words.window("check.stopped.title"), words.window("check.stopped.sentence", done=done, total=total))
        if servers:
            title = words.window("check.done.problems", count=servers, total=len(case.targets))
        elif bad:
            title = words.window("check.done.deployment")
        elif unseen:
            title = words.window("check.done.unseen", count=unseen)
        else:
            title = words.window("check.done.fine", count=len(case.targets))
        took = words.formats.duration(max(0, round((case.finished - case.started).total_seconds())))
        told = words.window("check.done.sentence", time=local_time(case.finished), took=took)
        return News(title, f"{self._first(case)} {told}".strip())

    def _first(self, case: Case) -> str:
        """What Findings will say is to be mended first."""
        first = case.causes[0].finding if case.causes else None
        for finding in case.findings:
            if finding.id == first and finding.verdict in (Verdict.FAIL, Verdict.WARN):
                return self._words.window("check.done.first", cause=self._words.finding(finding).title)
        return ""


def local_time(when: datetime) -> str:
    """`14:21:07`, on the clock of this machine."""
    return f"{when.astimezone():%H:%M:%S}"
