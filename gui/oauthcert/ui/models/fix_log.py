"""The log of a repair: one line for each thing that happened, with the time and the server."""

from collections.abc import Iterable
from datetime import datetime

from oauthcert.model.plan import Step
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.ui.desk import Desk
from oauthcert.words.showing import visible

# A server may note a lot; a person reads the end.
MOST_LINES = 2000
_LONGEST = 600


class FixLog:
    """`lines` are plain text, oldest first; times are local, since the person compares them with the clock on the wall."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.lines: list[str] = []

    def clear(self) -> None:
        self.lines.clear()

    def began(self, run: str) -> None:
        self._add("", self._desk.phrase("fix.log.began", run=run))

    def started(self, step: Step) -> None:
        self._add(step.server, self._desk.phrase("fix.log.started", step=self._desk.catalogue.step(step).title))

    def asked(self, step: Step, *, again: bool) -> None:
        key = "fix.log.asked.again" if again else "fix.log.asked"
        self._add(step.server, self._desk.phrase(key, step=self._desk.catalogue.step(step).title))

    def said(self, step: Step, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self._add(step.server, line.strip())

    def ended(self, step: Step, result: StepResult) -> None:
        text = self._desk.phrase(f"fix.outcome.{result.outcome.value}")
        if result.reason and result.outcome is not Outcome.ALREADY:
            text = f"{text}: {self._desk.catalogue.reason(result.reason, result.facts).title}"
        self._add(step.server, f"{self._desk.catalogue.step(step).title}: {text}")

    def verifying(self, servers: Iterable[str]) -> None:
        listed = self._desk.catalogue.formats.listed(tuple(visible(server) for server in servers))
        self._add("", self._desk.phrase("fix.log.verifying", servers=listed))

    def _add(self, server: str, text: str) -> None:
        time = f"{datetime.now().astimezone():%H:%M:%S}"
        short = visible(server).partition(".")[0]
        self.lines.append(visible(" ".join(part for part in (time, short, text) if part), _LONGEST))
        del self.lines[:-MOST_LINES]
